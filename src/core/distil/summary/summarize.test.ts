import { readdirSync } from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { openTestMemory } from '../../../../test/fakes/test-memory';
import { manyTurns } from '../../../../test/fixtures/hostile-rows';
import { asked, call, edited, headOf, ran, said } from '../../../../test/fixtures/session-lines';
import { Transcript, sessionId, writeTranscript } from '../../../../test/fixtures/transcript-lines';
import { growthOf, maxGrowth } from '../../../../test/growth';
import { sessionHead, sessionLines } from '../../store/tables/session-lines';
import type { SessionLine } from '../../store/tables/session-lines';
import { quotesOf } from '../../store/tables/summaries';
import { standsIn } from '../reading/evidence';
import { summarizeLocally, summarySteps } from './summarize';
import type { LocalSummary } from './summarize';

const summarize = (lines: readonly SessionLine[], title = '') => summarizeLocally(headOf(lines, { title }), lines);
const textsOf = (claims: readonly { text: string }[]) => claims.map(({ text }) => text);

/** What must hold for every summary of every session. */
function judge(summary: LocalSummary, lines: readonly SessionLine[]): void {
  const byUid = new Map(lines.map((line) => [line.uid, line]));
  for (const { uid, quote } of quotesOf(summary.body)) {
    const line = byUid.get(uid);
    expect(line && standsIn(line, quote), `${uid}: ${quote}`).toBe(true);
    expect(quote.length).toBeLessThanOrEqual(300);
  }
  const { asked: asks, done, decisions, openEnds, keyPoints, errors } = summary.body;
  const claims = [...asks, ...done, ...decisions, ...openEnds, ...keyPoints, ...errors.flatMap(({ fix }) => fix ?? [])];
  for (const { text, evidence } of claims) {
    expect(text).toMatch(/^[^\n`]{1,240}$/);
    expect(evidence.length).toBeGreaterThan(0);
  }
  expect(keyPoints.length).toBeLessThanOrEqual(6);
  expect(summary.quality).toBeGreaterThanOrEqual(0);
  expect(summary.quality).toBeLessThanOrEqual(1);
}

describe('a summary', () => {
  const red = ran('npm test', 'src/cart.ts(3,1): error TS2304: Cannot find name tax.\n1 failed', 1);
  const cart = '/home/me/shop/src/cart.ts';
  const lines = [
    asked('The total in the cart is wrong. Can you fix it?\n\n```\nTypeError: undefined\n```'),
    said("I'll look at the cart."),
    red,
    said('The total is wrong because the tax is missing. Let me add it.'),
    edited(cart, 'a', 'a + tax'),
    ran('cd /home/me/shop && npm test 2>&1 | tail -5', 'Tests  4 passed (4)'),
    ran('git commit -m "Add the tax to the total of the cart"', '[main 1234567] Add the tax'),
    said(
      'All tests pass.\n\n## Summary\n\n- Added the **tax** to the total in `src/cart.ts`.\n- We keep ' +
        'whole cents instead of fractions, because sums must be exact.\n\nNext steps:\n- The invoice ' +
        'still needs the tax.',
      { turn: 1 },
    ),
    asked("no, let's use the gross price in the list instead of the net one", { turn: 2 }),
    said('[Request interrupted by user]', { role: 'system', note: 'notice', turn: 2 }),
  ];
  const summary = summarize(lines, 'The total in the cart');

  it('rests on its lines', () => judge(summary, lines));

  it('says what was asked, without what was pasted', () => {
    expect(textsOf(summary.body.asked)).toEqual([
      'The total in the cart is wrong. Can you fix it?',
      "no, let's use the gross price in the list instead of the net one",
    ]);
    expect(summary.title).toBe('The total in the cart');
  });

  it('says what was done, not what was going to be', () => {
    expect(textsOf(summary.body.done)).toEqual(
      expect.arrayContaining(['Add the tax to the total of the cart', 'Added the tax to the total in src/cart.ts.']),
    );
    expect(textsOf(summary.body.done).join('\n')).not.toMatch(/look at|Let me|All tests pass/);
  });

  it('says what was decided, and by whom it was chosen', () => {
    expect(textsOf(summary.body.decisions)).toEqual([
      'We keep whole cents instead of fractions, because sums must be exact.',
      "no, let's use the gross price in the list instead of the net one",
    ]);
  });

  it('says what went wrong and what made it go away', () => {
    const [error] = summary.body.errors;
    expect(error).toMatchObject({ times: 1, text: 'src/cart.ts(3,1): error TS2304: Cannot find name tax.' });
    expect(error?.fix?.text).toBe('src/cart.ts: The total is wrong because the tax is missing.');
  });

  it('counts files and commands', () => {
    expect(summary.body.files).toMatchObject([{ path: cart, edits: 1, isNew: false }]);
    expect(summary.body.commands).toMatchObject([
      { command: 'npm test', runs: 2, failures: 1, outcome: 'passed', check: 'test' },
      { command: 'git commit -m Add the tax to the total of the cart', runs: 1 },
    ]);
  });

  it('says what was left', () => {
    expect(textsOf(summary.body.openEnds).join('\n')).toMatch(
      /Interrupted while working on: no, let's use the gross price/,
    );
  });

  it('is the same for the same rows', () => {
    expect(summarize(lines, 'The total in the cart')).toEqual(summary);
  });
});

describe('open ends', () => {
  it('todos that are not ticked off, a red check, a call without a result', () => {
    const todo = call({ tool: 'TodoWrite', input: '[x] write the test\n[>] fix the list\n[ ] tell the others' });
    const open = textsOf(
      summarize([
        asked('fix the list of the shop'),
        todo,
        ran('npm test', '--- FAIL: TestList', 1),
        call({ tool: 'Task', headline: 'look for the rest', isAnswered: false }),
      ]).body.openEnds,
    );
    expect(open).toEqual([
      'npm test failed when it was last run: --- FAIL: TestList',
      'It ends in the middle of a call: Task look for the rest',
      'Not done: fix the list',
      'Not done: tell the others',
    ]);
  });

  it('tasks of newer clients', () => {
    const made = (id: number, subject: string) =>
      call({
        tool: 'TaskCreate',
        input: `subject: ${subject}\ndescription: x`,
        output: `Task #${id} created successfully: ${subject}`,
      });
    const lines = [
      asked('do both things please'),
      made(1, 'Write the parser'),
      made(2, 'Write the printer'),
      call({ tool: 'TaskUpdate', input: 'taskId: 1\nstatus: completed' }),
      said('The parser is written.'),
    ];
    expect(textsOf(summarize(lines).body.openEnds)).toEqual(['Not done: Write the printer']);
  });

  it('a later green of the same sort closes an earlier red', () => {
    const lines = [
      asked('fix the list'),
      ran('npx vitest run a.test.ts', '1 failed', 1),
      ran('npm test', 'Tests  9 passed (9)'),
      said('Fixed the list of the shop.'),
    ];
    expect(summarize(lines).body.openEnds).toEqual([]);
  });
});

describe('all sorts of sessions', () => {
  it('an empty one, a greeting, a prompt without an answer', () => {
    for (const lines of [
      [],
      [asked('hello')],
      [asked('why is the list empty?')],
      [said('Hello! How can I help you today?')],
    ])
      judge(summarize(lines), lines);
    expect(summarize([]).body.keyPoints).toEqual([]);
    expect(textsOf(summarize([asked('hello')]).body.asked)).toEqual(['hello']);
  });

  it('one in Chinese', () => {
    const lines = [
      asked('请修复购物车的总价计算。现在税没有算进去。'),
      edited('/home/me/shop/src/cart.ts', 'a', 'b'),
      said('已修复 `cart.ts` 中的总价计算:现在包含税。我们决定使用整数分,而不是小数。\n\n让我运行测试。'),
    ];
    const summary = summarize(lines);
    judge(summary, lines);
    expect(textsOf(summary.body.asked)).toEqual(['请修复购物车的总价计算。现在税没有算进去。']);
    expect(textsOf(summary.body.done)).toContain('已修复 cart.ts 中的总价计算:现在包含税。');
    expect(textsOf(summary.body.decisions)).toEqual(['我们决定使用整数分,而不是小数。']);
  });

  it('a sub-agent talks to nobody outside', () => {
    const lines = [
      asked('find the bug in the list'),
      said('I fixed the list and added three tests.', { agentId: 'a1' }),
      asked('Please find all callers of list()', { agentId: 'a1' }),
      said('The bug is in the sort: it compares text, because the ids are strings.'),
    ];
    const summary = summarize(lines);
    expect(JSON.stringify(summary.body)).not.toMatch(/three tests|callers/);
    expect(textsOf(summary.body.done)).toEqual([
      'The bug is in the sort: it compares text, because the ids are strings.',
    ]);
  });

  it('what clients add and what is pasted stays out', () => {
    const noise = [
      'Caveat: The messages below were generated',
      '[Request interrupted by user]',
      '> quoted words that ask: can you do it?',
      '```\ncan you run this?\n```',
      '| can you | read tables |',
      '$ can you run',
    ];
    for (const text of noise) {
      const lines = [
        asked(`Rename the basket to cart everywhere.\n\n${text}`),
        said(`Renamed the basket.\n\n${text}`),
        asked('and the tests as well please', { turn: 2 }),
      ];
      const words = JSON.stringify(textsOf([...summarize(lines).body.asked, ...summarize(lines).body.done]));
      expect(words).not.toMatch(/Caveat|interrupted|quoted|can you/);
    }
  });

  it('any text, any calls', () => {
    const words = [
      'fix',
      'Added',
      'because',
      'instead of',
      '`a.ts`',
      '**bold**',
      '- ',
      '\n',
      '. ',
      '? ',
      'npm test',
      '😀',
      '请',
      '完成了',
      'error:',
      '```',
      '| a |',
      '# ',
      'e.g. ',
      '…',
      '"',
      "let's",
      'TODO',
      '\uD83D',
      '[x](y)',
      ':',
      '1. ',
    ];
    const text = fc
      .array(fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 10 })), { maxLength: 30 })
      .map((parts) => parts.join(' '));
    const line = fc.oneof(
      text.map((each) => asked(each)),
      text.map((each) => said(each)),
      fc.tuple(text, text, fc.nat(2)).map(([input, output, status]) => ran(input, output, status)),
      fc.tuple(text, text).map(([before, after]) => edited('/home/me/shop/a.ts', before, after)),
      text.map((input) => call({ tool: 'TodoWrite', input })),
      text.map((output) =>
        call({ tool: 'AskUserQuestion', output: `User has answered your questions: "${output}"="yes"` }),
      ),
      text.map((input) => call({ tool: 'ExitPlanMode', input: `# ${input}`, output: 'User has approved your plan.' })),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(line, fc.nat(3)), { maxLength: 25 }), (parts) => {
        let turn = 1;
        const lines = parts.map(([each, step]) => ({ ...each, turn: (turn += step === 0 ? 1 : 0) }));
        judge(summarize(lines), lines);
      }),
      { numRuns: 300 },
    );
  });

  it('a huge one in time that grows with it', async () => {
    const linesOf = (turns: number) =>
      Array.from({ length: turns }, (_, turn) => [
        asked('a b '.repeat(2000), { turn }),
        said('word '.repeat(4000), { turn }),
        said('`'.repeat(5000), { turn }),
        ran('x '.repeat(2000), 'line\n'.repeat(4000), 1, { turn }),
      ]).flat();
    const lines = linesOf(300);
    judge(summarize(lines), lines);
    expect(await growthOf((turns) => summarize(linesOf(turns)), 40)).toBeLessThan(maxGrowth);
  });

  it('one of many edits before and after its checks turned green in time that grows with them', async () => {
    const stock = '/home/me/shop/src/stock.ts';
    const edits = (count: number, name: string) =>
      Array.from({ length: count }, (_, at) =>
        edited(stock, `const ${name}${at} = shelvesOf(${at});`, `const ${name}${at} = palletsOf(${at});`),
      );
    const linesOf = (count: number) => [
      asked('count pallets instead of shelves'),
      ran('npm test', 'src/stock.ts(3,1): error TS2304: Cannot find name pallets.\n1 failed', 1),
      ...edits(count, 'first'),
      ran('npm test', 'Tests  4 passed (4)'),
      ...edits(count, 'second'),
    ];
    expect(summarize(linesOf(50)).body.errors[0]?.fix?.text).toMatch(/^Edited src\/stock\.ts/);
    expect(await growthOf((count) => summarize(linesOf(count)), 200)).toBeLessThan(maxGrowth);
  });
});

describe('asked of a memory', () => {
  it('is made now when there is none, and again when the session has grown', async () => {
    const test = await openTestMemory();
    const transcript = new Transcript(sessionId(1), { cwd: '/work/shop' });
    transcript.prompt('rename the basket to cart');
    transcript.tool('Bash', { command: 'npm test' }, 'Tests  4 passed (4)');
    transcript.answer('Renamed the basket to cart in all files.');
    await writeTranscript(test.configDir, sessionId(1), transcript, '-work-shop');
    await test.import();
    const first = await test.memory.summary(sessionId(1));
    expect(first).toMatchObject({
      source: 'local',
      version: 1,
      isPublished: true,
      isBehind: false,
      asked: [{ text: 'rename the basket to cart' }],
    });
    await vi.waitFor(() =>
      expect(test.events.findLast(({ name }) => name === 'changed')?.event).toMatchObject({
        sessions: [sessionId(1)],
        distilled: true,
      }),
    );
    const [evidence] = first!.asked[0]!.evidence;
    expect(await test.memory.getItem(evidence!.key!)).toMatchObject({ text: 'rename the basket to cart' });
    transcript.prompt('and rename the list to shelf');
    await writeTranscript(test.configDir, sessionId(1), transcript, '-work-shop');
    await test.import();
    expect((await test.memory.summary(sessionId(1)))?.asked).toHaveLength(2);
    expect(await test.memory.summaryVersions(sessionId(1))).toHaveLength(1);
    expect(await test.memory.summary(sessionId(9))).toBeNull();
    await test.close();
  });
});

/**
 * Tests a person's own sessions when their folder is given: `CODING_SESSIONS=FOLDER npm run test:unit -- summarize`.
 * Without it no test is defined, so none is skipped.
 */
const folder = process.env['CODING_SESSIONS'] ?? '';
if (folder !== '') {
  it('real sessions have no quote that is not there', async () => {
    expect(readdirSync(folder).length).toBeGreaterThan(0);
    const test = await openTestMemory();
    await test.import({ configDirs: [path.resolve(folder)] });
    for (const { id } of test.driver.all<{ id: string }>('SELECT id FROM sessions')) {
      const head = sessionHead(test.driver, id)!;
      const lines = sessionLines(test.driver, head.no);
      judge(summarizeLocally(head, lines), lines);
    }
    await test.close();
  }, 300_000);
}

it('is the same in steps, which others can work between', () => {
  const rows = manyTurns(12);
  const steps = summarySteps(headOf(rows), rows);
  let count = 0;
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) count++;
  expect(step.value).toEqual(summarizeLocally(headOf(rows), rows));
  expect(count).toBeGreaterThanOrEqual(6);
});
