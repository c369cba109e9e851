/** Which questions a history gives, and the session each belongs to. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../test/fixtures/transcript-lines';
import type { Commit } from '../lib/git';
import { gatherQuestions, withoutBestWords } from './questions';

let test: TestMemory;
beforeEach(async () => {
  test = await openTestMemory();
});
afterEach(() => test.close());

const start = Date.UTC(2026, 10, 20, 9);
const minute = 60_000;
const at = (minutes: number) => ({ timestamp: new Date(start + minutes * minute).toISOString() });

/** A session that edits these files between two times. */
async function write(
  number: number,
  from: number,
  to: number,
  files: string[],
  fill: (transcript: Transcript) => void = () => {},
): Promise<void> {
  const transcript = new Transcript(sessionId(number), { cwd: '/work/shop' });
  transcript.prompt('please do it', at(from));
  for (const file of files) {
    const id = `toolu_${number}_${file}`;
    transcript.line('assistant', {
      message: {
        id: `m_${number}_${file}`,
        role: 'assistant',
        content: [{ type: 'tool_use', id, name: 'Edit', input: { file_path: file, old_string: 'a', new_string: 'b' } }],
      },
      ...at(from),
    });
    transcript.result(id, 'done', at(from));
  }
  fill(transcript);
  transcript.answer('it is done', at(to));
  await writeTranscript(test.configDir, sessionId(number), transcript);
}
const rowOf = (number: number) =>
  test.driver.get<{ no: number }>('SELECT no FROM sessions WHERE id = ?', [sessionId(number)])!.no;
const fromCommits = async (...commits: Commit[]) =>
  (await gatherQuestions(test.driver, { commits: async () => commits })).map(({ text, session }) => [text, session]);
const commit = (subject: string, minutes: number, ...files: string[]): Commit => ({
  subject,
  at: start + minutes * minute,
  files,
});

it('a commit belongs to the only session that was active and had edited one of its files', async () => {
  await write(1, 0, 30, ['/work/shop/cart.ts']);
  await write(2, 20, 60, ['/work/shop/price.ts']);
  await write(3, 500, 510, ['/work/shop/cart.ts']);
  await test.import();
  expect(await fromCommits(commit('rename the cart', 25, '/work/shop/cart.ts'))).toEqual([
    ['rename the cart', rowOf(1)],
  ]);
  expect(await fromCommits(commit('soon after its end', 45, '/work/shop/cart.ts'))).toEqual([
    ['soon after its end', rowOf(1)],
  ]);
  expect(await fromCommits(commit('price it is', 25, '/work/shop/price.ts'))).toEqual([['price it is', rowOf(2)]]);
  // No question: two sessions edited the files; none did; the commit is before the edit; it is long after.
  expect(await fromCommits(commit('both of them', 25, '/work/shop/cart.ts', '/work/shop/price.ts'))).toEqual([]);
  expect(await fromCommits(commit('some other file', 25, '/work/shop/other.ts'))).toEqual([]);
  expect(await fromCommits(commit('before the edit', -5, '/work/shop/cart.ts'))).toEqual([]);
  expect(await fromCommits(commit('long after it', 200, '/work/shop/cart.ts'))).toEqual([]);
});

it('what says the subject word for word is left out', async () => {
  await write(1, 0, 30, ['/work/shop/cart.ts'], (transcript) =>
    transcript.tool('Bash', { command: 'git commit -m "rename the cart"' }, '[main 1a2b3c] rename the cart', at(24)),
  );
  await test.import();
  const [question] = await gatherQuestions(test.driver, {
    commits: async () => [commit('rename the cart', 25, '/work/shop/cart.ts')],
  });
  const bash = test.driver.get<{ id: number }>("SELECT id FROM documents WHERE kind = 1 AND tool = 'Bash'")!.id;
  expect(question).toMatchObject({ session: rowOf(1), leftOut: [bash] });
});

it('titles ask for their session, without their own document; one that several sessions have asks nothing', async () => {
  for (const [number, title] of [
    [1, 'the cart'],
    [2, 'again and again'],
    [3, 'again and again'],
  ] as const) {
    await write(number, number, number, [], (transcript) =>
      transcript.meta({ type: 'custom-title', customTitle: title, sessionId: sessionId(number) }),
    );
  }
  await write(4, 4, 4, []);
  await test.import();
  const document = test.driver.get<{ id: number }>('SELECT id FROM documents WHERE kind = 3 AND row_id = ?', [
    rowOf(1),
  ])!.id;
  expect(await gatherQuestions(test.driver, undefined)).toEqual([
    { text: 'the cart', session: rowOf(1), leftOut: [document] },
  ]);
});

it('a git that fails asks nothing', async () => {
  expect(await gatherQuestions(test.driver, { commits: () => Promise.reject(new Error('no')) })).toEqual([]);
});

describe('a question without its best words', () => {
  const words = (...terms: string[]) => terms.map((term, index) => ({ term, score: 10 - index }));

  it.each([
    ['rename the basket service', words('basket', 'renam'), 'rename the service'],
    ['rename the basket service', words('servic', 'renam', 'basket'), 'the basket'],
    ['move BasketService.java away', words('basketserviceˑjava', 'basket', 'servic'), 'move away'],
  ])('%j, found by %j', (text, found, left) => {
    expect(withoutBestWords(text, found)).toBe(left);
  });

  it('is none where no word of the question is left, or none was found', () => {
    expect(withoutBestWords('the basket', words('basket'))).toBeUndefined();
    expect(withoutBestWords('the basket', [])).toBeUndefined();
  });
});
