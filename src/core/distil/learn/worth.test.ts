/** What the inbox leads with, and what waits until another session meets it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestMemory } from '../../../../test/fakes/test-memory';
import type { TestMemory } from '../../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../../test/fixtures/transcript-lines';

let test: TestMemory;
beforeEach(async () => void (test = await openTestMemory()));
afterEach(() => test.close());

const failed = { is_error: true };
const shop = '/work/shop';
const open = (number: number, cwd = shop) =>
  new Transcript(sessionId(number), { cwd, startedAt: Date.UTC(2026, 10, number, 9) });
const edit = (transcript: Transcript, file: string, before: string, after: string) =>
  transcript.tool('Edit', { file_path: file, old_string: before, new_string: after }, 'updated');
const learn = async (...transcripts: Transcript[]) => {
  await Promise.all(transcripts.map((each) => writeTranscript(test.configDir, each.sessionId, each)));
  await test.import();
  await test.memory.relearn();
};
const titles = async (more: object = {}) =>
  (await test.memory.listLearnings({ state: 'proposed', ...more })).items.map(({ title }) => title);

const findings = [
  'shop/cart.go:12:2: must not be called. use the one with a context (noctx)',
  'shop/cart.go:40:9: G304: file is opened by a variable (gosec)',
  'shop/tax.go:7:1: `Rate` is too long (lll)',
];
/** A linter with several findings, of which an edit solved those in cart.go. */
function lint(number: number, after = 'call(ctx)', cwd = shop): Transcript {
  const transcript = open(number, cwd);
  transcript.prompt('the linter is red');
  transcript.tool('Bash', { command: 'make lint' }, `Exit code 1\n${findings.join('\n')}\n3 issues:`, failed);
  edit(transcript, `${cwd}/shop/cart.go`, 'call()', after);
  transcript.tool('Bash', { command: 'make lint' }, '0 issues.');
  return transcript;
}

describe('a rule of a linter', () => {
  it('waits until a second session meets it, and is found by its words until then', async () => {
    await learn(lint(1));
    expect(await titles()).toEqual(['The linter runs with make lint']);
    expect(await titles({ text: 'noctx' })).toEqual(['noctx: must not be called. use the one with a context']);
    expect((await titles({ isAll: true })).toSorted()).toEqual([
      'The linter runs with make lint',
      'gosec G304: file is opened by a variable',
      'noctx: must not be called. use the one with a context',
    ]);
    expect(await test.memory.newProposals()).toMatchObject({ count: 1 });
    await learn(lint(2));
    expect((await titles()).toSorted()).toEqual([
      'The linter runs with make lint',
      'gosec G304: file is opened by a variable',
      'noctx: must not be called. use the one with a context',
    ]);
    expect(await test.memory.newProposals()).toMatchObject({ count: 3 });
  });

  it('is none where the finding was silenced, or is about a file that nobody touched', async () => {
    const silent = (number: number) => lint(number, 'call() //nolint:noctx,gosec // it is short');
    await learn(silent(1), silent(2));
    expect(await titles()).toEqual(['The linter runs with make lint']);
    expect(await titles({ text: 'lll' })).toEqual([]);
  });
});

describe('the same of two projects', () => {
  it('is one row with the weight of both, and stands in the list of each', async () => {
    await learn(lint(1), lint(2, 'call(ctx)', '/work/till'));
    expect(await titles()).toHaveLength(3);
    expect(await test.memory.newProposals()).toMatchObject({ count: 3 });
    const listed = [await titles({ scope: { roots: [shop] } }), await titles({ scope: { roots: ['/work/till'] } })];
    expect(listed).toEqual([['The linter runs with make lint'], ['The linter runs with make lint']]);
  });

  it('is asked of the next project when it was reviewed in one, behind all else', async () => {
    await learn(lint(1), lint(2, 'call(ctx)', '/work/till'));
    const { items } = await test.memory.listLearnings({ state: 'proposed' });
    const first = items.find(({ title }) => title.includes('make lint'))!;
    expect(items.indexOf(first)).toBe(0);
    await test.memory.reviewLearning(first.id, 'accept');
    const rest = (await test.memory.listLearnings({ state: 'proposed' })).items;
    expect(rest.map(({ title }) => title.includes('make lint'))).toEqual([false, false, true]);
    expect(rest[2]!.project?.root).not.toBe(first.project?.root);
  });
});

describe('a failed check', () => {
  const fix = (number: number, { said = '', error = '', file = 'src/cart.ts', command = 'npm test' }) => {
    const transcript = open(number);
    transcript.prompt('the check is red');
    transcript.tool('Bash', { command }, `Exit code 1\n${error}\n Tests  1 failed`, failed);
    if (said !== '') transcript.answer(said);
    edit(transcript, `${shop}/${file}`, 'const sum = 2;', 'const sum = 3;');
    transcript.tool('Bash', { command }, ' Tests  4 passed');
    return transcript;
  };
  const solutions = () => titles({ category: 'solution' });

  it('teaches by its reason: what only says a value or a type waits', async () => {
    await learn(
      fix(1, { error: 'AssertionError: expected 2 to be 3' }),
      fix(4, { error: 'AssertionError: expected 6 to be 3' }),
      fix(2, { error: 'src/cart.ts(3,1): error TS2769: No overload matches this call.', command: 'npm run build' }),
    );
    expect(await solutions()).toEqual([]);
    await learn(
      fix(3, { error: 'Error: the sum is off by the tax', said: 'It fails because src/cart.ts counts the tax twice.' }),
    );
    expect(await solutions()).toEqual(['the sum is off by the tax']);
  });

  it('teaches nothing when only the tests were behind', async () => {
    const late = { error: 'Error: no row at 0', said: 'Two tests in cart.test.ts still expect the old path.' };
    await learn(fix(1, { ...late, file: 'src/cart.test.ts' }));
    expect(await titles({ category: 'solution', text: 'row' })).toEqual([]);
  });

  it('teaches once what one change solved', async () => {
    const transcript = open(1);
    transcript.prompt('all is red');
    const [unit, whole] = ['npm test', 'make test'];
    transcript.tool(
      'Bash',
      { command: unit },
      'Exit code 1\nError: lock 7 is held by the cart\n Tests  1 failed',
      failed,
    );
    transcript.tool('Bash', { command: whole }, 'Exit code 1\nError: nobody unlocks 7\n Tests  1 failed', failed);
    edit(transcript, `${shop}/src/cart.ts`, 'lock(7);', 'using held = lock(7);');
    for (const command of [unit, whole]) transcript.tool('Bash', { command }, ' Tests  4 passed');
    await learn(transcript);
    expect(await solutions()).toHaveLength(1);
  });
});

describe('what a library does not do', () => {
  const said = 'kysely never returns the old rows, so we read them again.';
  const quirk = (number: number, { imported = "import { sql } from 'kysely';", isGreen = true } = {}) => {
    const transcript = open(number);
    transcript.prompt('the rows are old');
    transcript.tool('Read', { file_path: `${shop}/src/rows.ts` }, `     1→${imported}\n     2→const rows = 1;`);
    transcript.answer(said);
    edit(transcript, `${shop}/src/rows.ts`, 'const rows = 1;', 'const rows = await again();');
    if (isGreen) transcript.tool('Bash', { command: 'npm test' }, ' Tests  4 passed');
    return transcript;
  };
  const facts = () => titles({ category: 'general' });

  it('is proposed with its words and what followed', async () => {
    await learn(quirk(1));
    expect(await facts()).toEqual(['kysely never returns the old rows.']);
    const [learning] = (await test.memory.listLearnings({ state: 'proposed', category: 'general' })).items;
    const { evidence } = await test.memory.learningProof(learning!.id);
    expect(evidence.flatMap(({ lines }) => lines.map(({ quote }) => quote))).toEqual(
      expect.arrayContaining([said, 'const rows = await again();', 'npm test']),
    );
  });

  it.each([
    ['it is not imported', { imported: "import { rows } from './kysely';" }],
    ['no check was green afterwards', { isGreen: false }],
  ])('is none when %s', async (_, how) => {
    await learn(quirk(1, how));
    expect(await facts()).toEqual([]);
  });
});
