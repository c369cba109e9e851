// The demo history: two invented projects with eight sessions of the last days. Used only when there is no real
// history.
import { createSession } from './write-session.mjs';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const tidepool = '/home/demo/tidepool';
const quince = '/home/demo/quince';

/** Sessions that end before `now`, oldest first. */
export function makeDemoSessions(now) {
  const open = (number, cwd, ago, title, gitBranch) =>
    createSession({
      id: `de300000-0000-4000-8000-00000000000${number}`,
      cwd,
      startedAt: now - ago,
      title: `Demo: ${title}`,
      gitBranch,
    });
  return [
    open(1, tidepool, 6 * day + 3 * hour, 'Tide table shows yesterday near midnight', 'fix/midnight')
      .prompt('Near midnight the tide table shows the day before for people in Auckland. Can you find out why?')
      .bash(
        'grep -rn "new Date(" src --include=*.ts',
        'src/table.ts:14:  const day = new Date(tide.at).toISOString().slice(0, 10);\nsrc/chart.ts:31:  const start = new Date(range.from);',
        { description: 'Find date handling', say: 'I will look for places that turn a time into a day.' },
      )
      .read(
        'src/table.ts',
        'import type { Tide } from "./model";\n\nexport function groupByDay(tides: Tide[]) {\n  const days = new Map<string, Tide[]>();\n  for (const tide of tides) {\n    const day = new Date(tide.at).toISOString().slice(0, 10);\n    days.set(day, [...(days.get(day) ?? []), tide]);\n  }\n  return days;\n}',
      )
      .answer(
        "`groupByDay` takes the day from `toISOString()`, which is **UTC**. Auckland is 12 or 13 hours ahead, so a tide at 9 in the morning lands on the day before. The day has to be taken in the station's own time zone.",
      )
      .prompt('Yes, use the time zone of the station, not the one of the browser.')
      .edit(
        'src/table.ts',
        '    const day = new Date(tide.at).toISOString().slice(0, 10);',
        '    const day = dayIn(station.timeZone, tide.at);',
        { say: 'I add `dayIn`, made once per zone because `Intl.DateTimeFormat` is slow to build.' },
      )
      .write(
        'src/day.ts',
        'const formats = new Map<string, Intl.DateTimeFormat>();\n\n/** The calendar day of a moment in a time zone, as YYYY-MM-DD. */\nexport function dayIn(timeZone: string, at: number): string {\n  let format = formats.get(timeZone);\n  if (!format) formats.set(timeZone, (format = new Intl.DateTimeFormat("en-CA", { timeZone })));\n  return format.format(at);\n}\n',
      )
      .bash(
        'npm test -- table',
        ' ✓ test/table.test.ts (7 tests) 41ms\n\n Test Files  1 passed (1)\n      Tests  7 passed (7)',
        { description: 'Run the table tests' },
      )
      .answer(
        "Fixed. Days are now counted in the station's time zone:\n\n- `src/day.ts` is new and caches one formatter per zone\n- `src/table.ts` uses it\n- a test covers Auckland, Apia (which skipped a day in 2011) and UTC",
      ),

    open(2, quince, 5 * day + 2 * hour, 'Scale recipes with fractions', 'main')
      .prompt(
        'quince scale pancakes --servings 6 prints 0.6666666666666666 cups. Make it print fractions a cook can use.',
      )
      .read(
        'quince/scale.py',
        'def scale(amount: float, factor: float) -> float:\n    return amount * factor\n\n\ndef show(amount: float) -> str:\n    return str(amount)',
      )
      .edit(
        'quince/scale.py',
        'def show(amount: float) -> str:\n    return str(amount)',
        'def show(amount: float) -> str:\n    whole, rest = divmod(Fraction(amount).limit_denominator(8), 1)\n    parts = [str(whole)] if whole else []\n    if rest:\n        parts.append(GLYPHS.get(rest, str(rest)))\n    return " ".join(parts) or "0"',
      )
      .bash(
        'python -m pytest -q',
        "F.....\n>       assert show(2 / 3) == \"⅔\"\nE       AssertionError: assert '5/8' == '⅔'\n1 failed, 5 passed in 0.08s",
        { description: 'Run the tests', exitCode: 1 },
      )
      .think(
        'limit_denominator(8) rounds 2/3 to 5/8, because 3 does not divide 8. The measure has to choose among the denominators a cook has.',
      )
      .edit(
        'quince/scale.py',
        '    whole, rest = divmod(Fraction(amount).limit_denominator(8), 1)',
        '    whole, rest = divmod(nearest(amount, (2, 3, 4, 8)), 1)',
        {
          say: 'Thirds do not fit into eighths. I pick the nearest fraction among halves, thirds, quarters and eighths.',
        },
      )
      .bash('python -m pytest -q', '......\n6 passed in 0.07s', { description: 'Run the tests' })
      .answer(
        'Amounts now read like a recipe: `⅔ cup`, `1 ½ tsp`, `2 ¼ cups`. The nearest half, third, quarter or eighth wins; anything smaller than 1/16 prints as "a pinch".',
      ),

    open(3, tidepool, 4 * day + 5 * hour, 'Work offline with a service worker', 'offline')
      .prompt('People use this on boats. Make the last seen tables work without a network.')
      .agent(
        'Survey what is fetched',
        'List every request the app makes at start and which of them change daily.',
        (sub) =>
          sub
            .bash(
              'grep -rn "fetch(" src',
              'src/api.ts:8:  const answer = await fetch(`/api/stations/${id}/tides?days=7`);\nsrc/api.ts:21:  const answer = await fetch("/api/stations");',
            )
            .answer(
              'Two requests: `/api/stations` (changes rarely) and `/api/stations/:id/tides?days=7` (changes daily). Everything else is static.',
            ),
        'Two requests: the station list changes rarely, the tides of a station change daily.',
      )
      .write(
        'src/worker.ts',
        'const shell = "shell-v3";\nconst tables = "tables-v1";\n\nself.addEventListener("fetch", (event) => {\n  const { pathname } = new URL(event.request.url);\n  if (pathname.startsWith("/api/")) event.respondWith(freshOrKept(event.request));\n  else event.respondWith(keptOrFresh(event.request));\n});\n',
      )
      .answer(
        'The app now opens without a network. Tables come **fresh when possible, kept otherwise**, with the time they were fetched shown in the corner; the shell is **kept first**. I chose seven days per station as the limit: about 40 KB each.',
      )
      .prompt('What happens when I deploy a new version?')
      .answer(
        'The shell cache has a version in its name (`shell-v3`). A new worker fills a new cache while the old one still serves open tabs, and deletes the old cache when the last tab is gone. Tables survive, because they live in a cache of their own.',
      ),

    open(4, tidepool, 3 * day + 7 * hour, 'CI fails only on Windows: path separators', 'main')
      .prompt(
        "CI is red on Windows since yesterday, green everywhere else. Here is the log:\n\nError: ENOENT: no such file or directory, open 'D:\\a\\tidepool\\fixtures/stations.json'",
      )
      .bash('git log --oneline -5 -- test', 'a81c2f0 Read fixtures by URL\n09e7d4c Add station fixtures', {
        description: 'What changed',
      })
      .read(
        'test/fixtures.ts',
        'export const fixture = (name: string) =>\n  readFileSync(new URL(`../fixtures/${name}`, import.meta.url).pathname, "utf8");',
      )
      .edit(
        'test/fixtures.ts',
        '  readFileSync(new URL(`../fixtures/${name}`, import.meta.url).pathname, "utf8");',
        '  readFileSync(new URL(`../fixtures/${name}`, import.meta.url), "utf8");',
      )
      .answer(
        '`.pathname` of a file URL is `/D:/a/…` on Windows, which is no path. `readFileSync` takes the URL itself, so I pass it as it is. Where a string is needed, `fileURLToPath` is the way.',
      ),

    open(5, quince, 2 * day + 4 * hour, 'Import recipes from a folder of Markdown', 'import-md')
      .prompt('Write an importer for my old recipes. They are Markdown files with "## Ingredients" and "## Steps".')
      .bash(
        'head -20 ~/recipes/plum-tart.md',
        '# Plum tart\n\n## Ingredients\n- 200 g flour\n- 100 g butter, cold\n- 8 plums\n\n## Steps\n1. Rub the butter into the flour.\n2. Rest for an hour.',
        { description: 'Look at one recipe' },
      )
      .write(
        'quince/importer.py',
        'AMOUNT = re.compile(r"^(?P<amount>[\\d./]+)\\s*(?P<unit>g|kg|ml|l|cup|cups|tsp|tbsp)?\\s+(?P<name>.+)$")\n\n\ndef read_recipe(text: str) -> Recipe:\n    sections = split_sections(text)\n    return Recipe(title=sections.title, ingredients=[read_line(line) for line in sections["Ingredients"]], steps=sections["Steps"])\n',
      )
      .bash(
        'quince import ~/recipes --dry-run',
        'read 61 files\n58 recipes\n3 without amounts: stock.md, vinaigrette.md, "grandma soup.md"',
        { description: 'Try it without writing' },
      )
      .answer(
        '58 of 61 recipes import cleanly. Three have ingredients without amounts ("some oil"); they are imported with the text as it is, and cannot be scaled.',
      ),

    open(6, tidepool, 1 * day + 6 * hour, 'Chart is slow with a year of tides', 'perf/chart')
      .prompt('The year view takes two seconds to draw. Profile it and make it fast.')
      .bash('npm run profile -- --range year', 'draw 1840 ms\n  pointsToPath 1702 ms (2820 calls)\n  axis 96 ms', {
        description: 'Profile the year view',
      })
      .edit(
        'src/chart.ts',
        'path += ` L ${x(point.at)} ${y(point.height)}`;',
        'parts.push(x(point.at), y(point.height));',
        { say: '`pointsToPath` rebuilds the scales for every point. I hoist them and build the path once.' },
      )
      .bash('npm run profile -- --range year', 'draw 61 ms\n  pointsToPath 22 ms (1 call)\n  axis 31 ms', {
        description: 'Profile again',
      })
      .answer(
        'From **1840 ms to 61 ms**. The scales were rebuilt for each of 2820 points. For a year the curve is also thinned to one high and one low per day; zooming in brings all points back.',
      ),

    open(7, quince, 9 * hour, 'Shopping list forgets units', 'main')
      .prompt('quince shop adds 200 g flour and 1 cup flour to "201 flour". Please fix.')
      .bash(
        'python -m pytest -q tests/test_shop.py',
        "F\nE       AssertionError: assert '201 flour' == '200 g + 1 cup flour'\n1 failed in 0.05s",
        { description: 'Reproduce', exitCode: 1 },
      )
      .edit(
        'quince/shop.py',
        'totals[item.name] += item.amount',
        'totals[item.name, item.unit.dimension] += item.in_base_unit()',
      )
      .bash('python -m pytest -q', '.......\n7 passed in 0.09s', { description: 'Run the tests' })
      .answer(
        'Amounts are added per dimension now: weights with weights, volumes with volumes. What cannot be added stays side by side: `200 g + 1 cup flour`.',
      ),

    open(8, tidepool, 50 * minute, 'Release 1.4: notes and checks', 'main')
      .prompt('We release 1.4 today. What changed since 1.3, in words for users?')
      .bash(
        'git log v1.3..HEAD --oneline',
        '3f0c9aa Draw a year in one go\n77b1e02 Work offline\na81c2f0 Read fixtures by URL\n5d2e6f1 Count days in the zone of the station',
        { description: 'Commits since 1.3' },
      )
      .answer(
        '## 1.4\n\n- **Works offline**: the tables you looked at last open without a network.\n- **Right day everywhere**: days are counted in the time zone of the station.\n- **Fast year view**: about thirty times faster.\n\nBefore you tag: the service worker needs `shell-v4`, because the chart changed.',
      ),
  ];
}
