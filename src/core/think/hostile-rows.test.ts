/** Rows that were made to be slow to read: four times the letters may take four times as long, not sixteen. Measured beside plain linear work of the same run. */
import { describe, expect, it } from 'vitest';
import { asked, edited, headOf, ran, said } from '../../../test/fixtures/session-lines';
import type { Learning } from '../../protocol/model';
import type { SqlDriver } from '../store/driver';
import type { SessionLine } from '../store/session-lines';
import { readGraph } from './graph/entities';
import { promote, promotedIn } from './learn/promote';
import { checksIn } from './learn/rules/checks';
import { deadEndsIn } from './learn/rules/dead-ends';
import { failingCommandsIn } from './learn/rules/failing';
import { fixesIn } from './learn/rules/fixes';
import { filesTogether } from './learn/rules/together';
import { whatWasTold } from './learn/rules/told';
import { factsOf } from './learn/session-facts';
import type { SessionFacts } from './learn/session-facts';
import { changesFiles, pairChecks, readRun } from './reading/outcomes';
import { readReactions } from './reading/reactions';
import { summarizeLocally } from './summary/summarize';

const units: Readonly<Record<string, string>> = {
  newlines: '\n', spaces: ' ', tabs: '\t', words: 'a ', letters: 'a', capitals: 'A', bullets: '- ', 'lines of bullets': '- a:\n', hashes: '#', 'lines of hashes': '\n#', backticks: '`', stars: '*a', brackets: '[', parentheses: '(', digits: '1', 'indented lines': '\n ',
  'single quotes': "'", 'double quotes': '"', semicolons: ';', 'semicolons and spaces': '; ', slashes: '/', folders: 'a/', dots: '.', colons: ': ', 'places in files': 'a.ts:1: ', 'beginnings of functions': 'export ', 'lines of functions': 'function (\n', equals: '=', failures: '--- FAIL ', commits: 'git commit ', 'here documents': '<<E\n',
};
const [small, large] = [16 * 1024, 64 * 1024];
/** Sixteen when it is quadratic, four when it is not. */
const mostGrowth = 9;
const mostRounds = 6;

/** Long enough for the clock, and linear: other work is measured on top of it. */
function readLetters(length: number): number {
  const text = 'the quick brown fox '.repeat(length / 20);
  let sum = 0;
  for (let round = 0; round < 20; round++) for (let at = 0; at < text.length; at++) sum = (Math.imul(sum, 31) + text.charCodeAt(at)) | 0;
  return sum;
}

/** The same thing said in every place of a session: prompts, answers, commands, what they print, edits. */
function rowsOf(hostile: string): SessionLine[] {
  const file = '/home/me/shop/src/cart.ts';
  const error = "FAIL src/cart.test.ts\nTypeError: cannot read properties of null (reading 'items')\n Tests  1 failed";
  return [
    asked(`please fix the cart${hostile}x and always use npm`, { turn: 1 }),
    ran('npm run lint && npm test', `${hostile}x error: no${hostile}\n${error}`, 1, { turn: 1 }),
    said(`Let me try this.\nThe problem is that cart.ts is missing items.${hostile}x Fixed because it was ${hostile}`, { turn: 1 }),
    edited(file, `const items = basket.items;${hostile}`, `const items = basket?.items ?? other;${hostile}const x = ${hostile}`, { turn: 1 }),
    ran(`npm test;${hostile}y`, `${hostile}${error}`, 1, { turn: 1 }),
    ran('npm run lint && npm test', `${hostile}x Tests  4 passed${hostile}x`, 0, { turn: 1 }),
    edited(file, `const items = basket?.items ?? other;${hostile}const x = ${hostile}`, `const items = basket.items;${hostile}`, { turn: 1 }),
    ran(`git commit -m "${hostile}x" ${hostile}x`, `${hostile}x`, 1, { turn: 1 }),
    ran(`foo ${hostile}x`, `foo: command not found${hostile}x`, 127, { turn: 1 }),
    said(`${hostile}x Fixed the cart${hostile}x`, { turn: 1 }),
    asked(`revert that, it is wrong${hostile}x`, { turn: 2 }),
    said(`${hostile}Done.${hostile}x`, { turn: 2 }),
    asked(`${hostile}x`, { turn: 3 }),
  ];
}

const learning = (text: string): Learning => ({ id: 'found-12345678', title: 'x', description: `${text}x${text}`, state: 'accepted' }) as Learning;
const pairOfFiles = [{ one: 'src/cart.ts', other: 'src/list.ts', both: 5, one_all: 5, other_all: 5 }];
const driver = { all: () => pairOfFiles } as unknown as SqlDriver;

interface Hostile {
  text: string;
  rows: SessionLine[];
  facts: SessionFacts;
}
const works: Readonly<Record<string, (hostile: Hostile) => unknown>> = {
  readRun: ({ rows }) => rows.map((line) => line.kind === 'call' && readRun(line)),
  changesFiles: ({ rows }) => rows.map((line) => line.kind === 'call' && changesFiles(line)),
  factsOf: ({ rows }) => factsOf(headOf(rows), rows),
  summarizeLocally: ({ rows }) => summarizeLocally(headOf(rows), rows),
  readGraph: ({ rows }) => readGraph(headOf(rows), rows),
  pairChecks: ({ rows }) => pairChecks(rows),
  readReactions: ({ rows }) => readReactions(rows),
  ...Object.fromEntries(Object.entries({ whatWasTold, fixesIn, deadEndsIn, failingCommandsIn, checksIn }).map(([name, rule]) => [name, ({ facts }: Hostile) => rule(facts)])),
  filesTogether: ({ facts }) => filesTogether(driver, facts),
  promote: ({ text }) => promotedIn(promote([learning(text)], [], `${text}x${text}`).text),
};

/** Time of the large over time of the small, each with its linear work. */
function growthOf(work: (hostile: Hostile) => unknown, few: Hostile, many: Hostile): number {
  const [short, long] = [few, many].map((hostile) => {
    // Rows are made outside of the clock, and anew: some answers are kept by row.
    const fresh = { ...hostile, rows: rowsOf(hostile.text) };
    const started = performance.now();
    readLetters(hostile.text.length);
    work(fresh);
    return performance.now() - started;
  });
  return (long ?? NaN) / (short ?? NaN);
}

function hostileOf(unit: string, length: number): Hostile {
  const text = unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
  const rows = rowsOf(text);
  return { text, rows, facts: factsOf(headOf(rows), rows) };
}

describe('rows full of', () => {
  it.each(Object.entries(units))('%s', (_, unit) => {
    const [few, many] = [hostileOf(unit, small), hostileOf(unit, large)];
    const slow = Object.entries(works).filter(([, work]) => {
      // What is slow is slow each time; what only waited for another program is not.
      for (let round = 0; round < mostRounds; round++) if (growthOf(work, few, many) <= mostGrowth) return false;
      return true;
    });
    expect(slow.map(([name]) => name)).toEqual([]);
  }, 60_000);
});
