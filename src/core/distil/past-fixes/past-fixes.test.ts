/** An error that was fixed in one session is known in another, and its look-alikes are not. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestMemory } from '../../../../test/fakes/test-memory';
import type { TestMemory } from '../../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../../test/fixtures/transcript-lines';
import type { PastFix } from '../../../protocol/past-fix';
import { createNameKey } from '../../lib/keyed-name';
import { mergeWritten, readWritten } from '../../store/backup/written';
import { sessionHead, sessionLines } from '../../store/tables/session-lines';
import { updatePastFixes } from './past-fixes';

const shop = '/work/shop';
const missing =
  "src/cart.ts(12,5): error TS2741: Property 'retryBudget' is missing in type '{ url: string; }' " +
  "but required in type 'ClientOptions'.";
const asked = {
  text: "Property 'retryBudget' is missing in type '{ url: string; }' but required in type 'ClientOptions'.",
  code: 'TS2741',
  file: `${shop}/src/order.ts`,
};

let test: TestMemory;
let sessions = 0;

beforeEach(async () => {
  sessions = 0;
  test = await openTestMemory();
});
afterEach(() => test.close());

/** A session in which an error is met and, by an edit, gone. */
async function fix(
  error: string,
  { cwd = shop, file = 'src/cart.ts', added = 'retryBudget: 7,' } = {},
): Promise<string> {
  const id = sessionId(++sessions);
  const transcript = new Transcript(id, { cwd, startedAt: test.now.value - (30 - sessions) * 86_400_000 });
  transcript.prompt(`Make it compile again, part ${sessions}`);
  transcript.tool('Bash', { command: 'npx tsc --noEmit' }, `Exit code 2\n${error}`, { isError: true });
  transcript.tool(
    'Edit',
    { file_path: `${cwd}/${file}`, old_string: 'url,', new_string: `url,\n  ${added}` },
    'updated',
  );
  transcript.tool('Bash', { command: 'npx tsc --noEmit' }, '');
  transcript.answer('It compiles.');
  await writeTranscript(test.configDir, id, transcript, cwd.replaceAll('/', '-'));
  await test.import();
  read(id);
  return id;
}

function read(id: string): void {
  const head = sessionHead(test.driver, id)!;
  updatePastFixes({ driver: test.driver, names: createNameKey('salt') }, head, sessionLines(test.driver, head.no));
}

const ask = (more: Partial<typeof asked> & { scope?: { roots: string[] } } = {}): Promise<PastFix[]> =>
  test.memory.pastFixes({ ...asked, ...more });
const rows = () => test.driver.get<{ n: number }>('SELECT count(*) AS n FROM past_fixes')?.n;

describe('an error that was fixed before', () => {
  it('is known in another file, with the edit that fixed it', async () => {
    const id = await fix(missing);
    const [found, ...others] = await ask();
    expect(others).toEqual([]);
    expect(found).toMatchObject({ sessionId: id, match: 'same', likeness: 1, turn: 1, error: missing });
    expect(found?.edits).toEqual([
      {
        key: expect.stringMatching(/^o\d+$/) as string,
        index: 0,
        file: expect.stringContaining('cart.ts') as string,
        added: ['  retryBudget: 7,'],
        removed: [],
      },
    ]);
  });

  it('is found in what a command put out', async () => {
    await fix(missing);
    const output = `> tsc\n\n${missing.replace('src/cart.ts(12,5)', 'src/zone.ts(3,1)')}\nFound 1 error.`;
    expect(await test.memory.pastFixes({ text: output })).toHaveLength(1);
  });

  it.each([
    ['another code', { code: 'TS2739' }],
    ['another name', { text: asked.text.replace('retryBudget', 'shippingZone') }],
    ['a failure that says nothing', { text: 'Command failed with exit code 2', code: '' }],
  ])('is not taken for %s', async (_, more) => {
    await fix(missing);
    expect(await ask(more)).toEqual([]);
  });

  it('is asked for in one project', async () => {
    await fix(missing, { cwd: '/work/other' });
    expect(await ask({ scope: { roots: [shop] } })).toEqual([]);
    expect(await ask({ scope: { roots: ['/work/other'] } })).toHaveLength(1);
  });

  it('has its latest fixes, at most three, each once', async () => {
    // oxlint-disable-next-line no-await-in-loop -- in order
    for (const budget of [1, 2, 3, 4]) await fix(missing, { added: `retryBudget: ${budget},` });
    const found = await ask();
    expect(found.map(({ edits }) => edits[0]?.added[0]?.trim())).toEqual([
      'retryBudget: 4,',
      'retryBudget: 3,',
      'retryBudget: 2,',
    ]);
  });

  it('that still stands when the check passes was not fixed', async () => {
    const id = sessionId(++sessions);
    const transcript = new Transcript(id, { cwd: shop });
    const warning = 'src/a.ts\n  3:1  error  Imports of node: are forbidden  shop/no-node-builtins';
    transcript.prompt('Lint');
    transcript.tool('Bash', { command: 'npx eslint .' }, `Exit code 1\n${warning}`, { isError: true });
    transcript.tool('Edit', { file_path: `${shop}/src/a.ts`, old_string: 'a', new_string: 'b' }, 'updated');
    transcript.tool('Bash', { command: 'npx eslint .' }, warning);
    await writeTranscript(test.configDir, id, transcript, '-work-shop');
    await test.import();
    read(id);
    expect(rows()).toBe(0);
  });

  it('is read once, however often its session is', async () => {
    const id = await fix(missing);
    expect(rows()).toBe(1);
    read(id);
    expect(rows()).toBe(1);
  });

  it('goes with its session', async () => {
    const id = await fix(missing);
    await test.memory.refusePastFix(asked, (await ask())[0]!.id, true);
    await test.memory.forgetSession(id);
    expect(rows()).toBe(0);
    expect(test.driver.all('SELECT * FROM past_fix_refusals')).toEqual([]);
    expect(await ask()).toEqual([]);
  });

  it('keeps no text of its own', async () => {
    await fix(missing);
    expect(JSON.stringify(test.driver.all('SELECT * FROM past_fixes'))).not.toMatch(/retry|2741|cart/i);
  });
});

describe('a fix that is not one for an error', () => {
  it('is not shown again, until that is taken back', async () => {
    await fix(missing);
    const [found] = await ask();
    await test.memory.refusePastFix(asked, found!.id, true);
    await test.memory.refusePastFix(asked, found!.id, true);
    expect(await ask()).toEqual([]);
    await test.memory.refusePastFix(asked, found!.id, false);
    expect(await ask()).toHaveLength(1);
  });

  it('is still one for others', async () => {
    await fix(missing);
    await test.memory.refusePastFix({ ...asked, code: 'TS9999' }, (await ask())[0]!.id, true);
    expect(await ask()).toHaveLength(1);
  });

  it('is known in a restored backup', async () => {
    await fix(missing);
    await test.memory.refusePastFix(asked, (await ask())[0]!.id, true);
    const written = readWritten(test.driver);
    test.driver.run('DELETE FROM past_fix_refusals');
    expect(await ask()).toHaveLength(1);
    mergeWritten(test.driver, written, 'incoming');
    expect(await ask()).toEqual([]);
  });

  it('that is gone cannot be refused', async () => {
    await expect(test.memory.refusePastFix(asked, 'o:nothing', true)).rejects.toThrow(/no longer there/);
  });
});
