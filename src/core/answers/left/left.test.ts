/** What is left over several sessions, asked of a real memory whose summaries were made by rules. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestMemory } from '../../../../test/fakes/test-memory';
import type { TestMemory } from '../../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../../test/fixtures/transcript-lines';

const root = '/work/shop';
const dayAt = (day: number, hour = 9) => Date.UTC(2026, 10, day, hour);
let test: TestMemory;

beforeEach(async () => {
  test = await openTestMemory();
});
afterEach(() => test.close());

const begin = (day: number, prompt: string, cwd = root): Transcript => {
  const told = new Transcript(sessionId(day), { cwd, startedAt: dayAt(day) });
  told.prompt(prompt);
  return told;
};
const edit = (told: Transcript, file = `${root}/src/cart/total.ts`) =>
  told.tool('Edit', { file_path: file, old_string: 'one', new_string: `two ${told.lines.length}` }, 'ok');
const todos = (told: Transcript, ...items: [done: boolean, text: string][]) =>
  told.tool(
    'TodoWrite',
    { todos: items.map(([isDone, content]) => ({ content, status: isDone ? 'completed' : 'pending' })) },
    'ok',
  );

async function remember(...all: Transcript[]): Promise<void> {
  for (const told of all)
    // oxlint-disable-next-line no-await-in-loop -- a few files
    await writeTranscript(test.configDir, told.sessionId, told);
  await test.import();
  // oxlint-disable-next-line no-await-in-loop -- as the background work does
  for (const { sessionId: id } of all) await test.memory.summary(id);
}

const left = () => test.memory.whatIsLeft({ scope: { roots: [root] } });

describe('open ends', () => {
  it('are closed by a later session that did them, with what it did; others stay', async () => {
    const first = begin(1, 'Build the cart totals.');
    edit(first);
    first.tool('Bash', { command: 'npm test' }, 'Exit code 1\nFAIL cart rounds up', { is_error: true });
    todos(
      first,
      [false, 'Round the tax of vouchers'],
      [false, 'Document the courier zones'],
      [false, 'Cache the parcel labels'],
      [false, 'Run tests and lint'],
    );
    first.answer('The totals are built, the rest is open.');
    const second = begin(2, 'Go on with the cart.');
    edit(second);
    todos(second, [true, 'Round the tax of vouchers']);
    second.tool('Bash', { command: 'npm test' }, '12 passed');
    second.answer('Rounded the tax. All tests pass.');
    const third = begin(3, 'And the zones.');
    edit(third, `${root}/docs/zones.md`);
    third.tool('Bash', { command: 'git commit -m "docs: document courier zones"' }, '[main 1a2b3c4] docs');
    third.answer('Committed.');
    await remember(first, second, third);
    const { openEnds, closed, sessions, pending, topics } = await left();
    expect({ sessions, pending }).toEqual({ sessions: 3, pending: 0 });
    expect(openEnds.map(({ text }) => text)).toEqual(['Not done: Cache the parcel labels']);
    expect(openEnds[0]).toMatchObject({ sessionId: sessionId(1), topic: 'src/cart', times: 1 });
    expect(openEnds[0]!.key).toMatch(/^o\d+$/);
    expect(topics).toContainEqual({ topic: 'src/cart', openEnds: 1, decisions: 0 });
    const by = (text: string) => closed.find((end) => end.text.includes(text))?.by;
    expect(by('npm test')).toMatchObject({ how: 'check', sessionId: sessionId(2), text: 'npm test' });
    expect(by('Round the tax')).toMatchObject({ how: 'todo', sessionId: sessionId(2) });
    expect(by('courier zones')).toMatchObject({ how: 'done', sessionId: sessionId(3) });
    expect(closed).toHaveLength(3);
  });

  it('are closed and opened by a person, each by itself, and by a session that names it again later', async () => {
    const first = begin(1, 'Build the cart totals.');
    edit(first);
    todos(first, [false, 'Document the courier zones'], [false, 'Cache the parcel labels']);
    first.answer('The rest is open.');
    await remember(first);
    test.now.value = dayAt(2);
    const labels = (await left()).openEnds.find(({ text }) => text.includes('labels'))!;
    await test.memory.setNeverGiven(labels.pieceId, true);
    const { openEnds, closed } = await left();
    expect(openEnds.map(({ text }) => text)).toEqual(['Not done: Document the courier zones']);
    expect(closed).toMatchObject([{ text: labels.text, by: { how: 'person', at: dayAt(2) } }]);
    const told = async (day: number) =>
      (await test.memory.digest({ from: dayAt(day, 0), to: dayAt(day + 1, 0) })).projects.flatMap((project) =>
        project.closed.map(({ text }) => text),
      );
    expect([await told(1), await told(2)]).toEqual([[], []]);

    await test.memory.setNeverGiven(labels.pieceId, false);
    expect((await left()).openEnds).toHaveLength(2);

    await test.memory.setNeverGiven(labels.pieceId, true);
    const third = begin(3, 'Go on.');
    edit(third);
    todos(third, [false, 'Cache the parcel labels']);
    third.answer('Still open.');
    await remember(third);
    expect((await left()).openEnds.map(({ text, times }) => [text, times])).toContainEqual([labels.text, 2]);
    expect(await told(2)).toEqual([]);
  });

  it('of another project, of an earlier session or in other words are not closed', async () => {
    const before = begin(1, 'Zones.');
    edit(before);
    before.tool('Bash', { command: 'git commit -m "docs: document courier zones"' }, '[main 1a2b3c4] docs');
    const open = begin(2, 'Leave it.');
    edit(open);
    todos(open, [false, 'Document the courier zones']);
    const elsewhere = begin(3, 'Zones there.', '/work/other');
    edit(elsewhere, '/work/other/zones.md');
    elsewhere.tool('Bash', { command: 'git commit -m "docs: document courier zones"' }, '[main 1a2b3c4] docs');
    const otherwise = begin(4, 'Only look.');
    edit(otherwise);
    otherwise.tool('Bash', { command: 'git commit -m "remove courier zones"' }, '[main 1a2b3c4] remove');
    await remember(before, open, elsewhere, otherwise);
    const { openEnds, closed } = await left();
    expect(openEnds.map(({ text }) => text)).toEqual(['Not done: Document the courier zones']);
    expect(closed).toEqual([]);
  });

  it('that several sessions left are one, of the last, and are gone when its session is forgotten', async () => {
    const twice = [1, 2].map((day) => {
      const told = begin(day, `Work of day ${day}.`);
      edit(told);
      todos(told, [false, 'Document the courier zones']);
      return told;
    });
    await remember(...twice);
    expect((await left()).openEnds).toMatchObject([{ sessionId: sessionId(2), times: 2 }]);
    await test.memory.forgetSession(sessionId(2));
    expect((await left()).openEnds).toMatchObject([{ sessionId: sessionId(1), times: 1 }]);
  });
});

describe('decisions and errors', () => {
  it('stay in force until a later one contradicts them, which says so', async () => {
    const told = (day: number, words: string) => {
      const one = begin(day, 'How do we install packages?');
      one.answer('There are two ways.');
      one.prompt(words);
      edit(one);
      one.answer('Understood.');
      return one;
    };
    await remember(told(1, 'Use npm instead of pnpm.'), told(2, 'Use pnpm instead of npm.'));
    const { decisions } = await left();
    expect(decisions.map(({ text, superseded }) => [text, superseded.map((before) => before.text)])).toEqual([
      ['Use pnpm instead of npm.', ['Use npm instead of pnpm.']],
    ]);
  });

  it('come back when two sessions met the same, whatever its numbers', async () => {
    const met = (day: number, line: number) => {
      const one = begin(day, 'Run it.');
      one.tool(
        'Bash',
        { command: 'npm run build' },
        `Exit code 2\nsrc/a${line}.ts(${line},3): error TS2304: Cannot find name 'cartZone'.`,
        {
          is_error: true,
        },
      );
      one.answer('It fails.');
      return one;
    };
    await remember(met(1, 10), met(2, 77));
    expect((await left()).errors).toMatchObject([{ sessions: 2, times: 2, line: { sessionId: sessionId(2) } }]);
  });
});

describe('a time', () => {
  it('is told project by project: done, and left open; and what was done since', async () => {
    const first = begin(1, 'Zones.');
    edit(first);
    first.tool('Bash', { command: 'git commit -m "feat: courier zones of the north"' }, '[main 1a2b3c4] feat');
    const second = begin(2, 'Labels.', '/work/other');
    edit(second, '/work/other/labels.ts');
    second.tool('Bash', { command: 'git commit -m "feat: parcel labels in colour"' }, '[main 1a2b3c5] feat');
    todos(second, [false, 'Cache the parcel labels']);
    await remember(first, second);
    const digest = await test.memory.digest({ from: dayAt(2, 0), to: dayAt(3, 0) });
    expect(digest.projects).toMatchObject([
      {
        name: 'other',
        sessions: [{ sessionId: sessionId(2) }],
        openEnds: [{ text: 'Not done: Cache the parcel labels' }],
      },
    ]);
    expect(digest.projects[0]!.sessions[0]!.done.map(({ text }) => text).join()).toContain('parcel labels in colour');
    const { since } = await test.memory.whatIsLeft({ since: dayAt(1, 12) });
    expect(since.map((session) => session.sessionId)).toEqual([sessionId(2)]);
    expect((await test.memory.digest({ from: 0, to: 1 })).projects).toEqual([]);
  });
});
