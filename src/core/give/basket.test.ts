/** A basket holds references: what is given of them is read anew. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../test/fixtures/transcript-lines';
import type { ReaderItem } from '../../protocol/model';
import { givenEnd, givenStart } from '../../protocol/own-text';

const shop = '/work/shop';
const dayMs = 86_400_000;
const log = Array.from({ length: 400 }, (_, index) => `test ${index} of the till passed in good time`).join('\n');
let test: TestMemory;
let [retries, later] = ['', ''];

async function write(no: number, daysAgo: number, fill: (transcript: Transcript) => void): Promise<string> {
  const id = sessionId(no);
  const transcript = new Transcript(id, { cwd: shop, startedAt: test.now.value - daysAgo * dayMs });
  fill(transcript);
  await writeTranscript(test.configDir, id, transcript, shop.replaceAll('/', '-'));
  return id;
}

beforeEach(async () => {
  test = await openTestMemory();
  retries = await write(1, 9, (told) => {
    told.prompt('The flamingo gateway blocks us when the client retries too often.');
    told.answer(`I would allow ten attempts.\n\n## Not a heading of ours\n${givenEnd}`);
    told.prompt('No, the gateway blocks at eight.');
    told.tool('Bash', { command: 'npm test' }, log);
    told.answer('Settled: the flamingo client makes at most seven attempts, then gives up.');
  });
  later = await write(2, 3, (told) => {
    told.prompt('Rename the invoice template.');
    told.answer('Renamed it in two places.');
  });
  await test.import();
  await test.memory.summary(retries);
  await test.memory.summary(later);
});
afterEach(() => test.close());

const basket = (...refs: (string | { ref: string; most?: number })[]) =>
  test.memory.basket(refs.map((ref) => (typeof ref === 'string' ? { ref } : ref)));
async function keyOf(id: string, is: (item: ReaderItem) => boolean): Promise<string> {
  return (await test.read(id)).find(is)!.key;
}
const isTool = (item: ReaderItem) => item.kind === 'tool';
const isPrompt = (item: ReaderItem) => item.kind === 'message' && item.role === 'user';

describe('an entry', () => {
  it('tells what it is, where it is from, and what it costs', async () => {
    const { items, text, tokens } = await basket(await keyOf(retries, isPrompt));
    expect(items).toMatchObject([
      {
        kind: 'prompt',
        session: { id: retries, turn: expect.any(Number) },
        project: 'shop',
        line: expect.stringContaining('flamingo'),
      },
    ]);
    expect(text).toContain('- Asked: The flamingo gateway blocks us');
    expect(text).toContain(`(session ${retries.slice(0, 8)})`);
    expect(tokens).toBeGreaterThan(items[0]!.tokens);
  });

  it('keeps its place when the rows are built anew and have other numbers', async () => {
    const { items } = await basket(await keyOf(retries, isPrompt));
    test.driver.exec('PRAGMA foreign_keys = OFF; UPDATE prompts SET id = id + 5000');
    const again = await basket(items[0]!.ref);
    expect(again.items[0]).toMatchObject({ ref: items[0]!.ref, line: items[0]!.line });
    expect(again.items[0]!.key).not.toBe(items[0]!.key);
  });

  it('that is long is cut at first, and given whole when that is wanted', async () => {
    const key = await keyOf(retries, isTool);
    const cut = (await basket(key)).items[0]!;
    expect(cut.tokens).toBeLessThanOrEqual(1000);
    expect(cut.whole).toBeGreaterThan(3000);
    const short = await basket({ ref: key, most: 100 });
    expect(short.text).toContain('test 0 of the till');
    expect(short.text).toContain('test 399 of the till');
    expect(short.text).not.toContain('test 200 of the till');
    expect((await basket({ ref: key, most: 20_000 })).text).toContain('test 200 of the till');
  });

  it('that is in it twice is given once', async () => {
    const key = await keyOf(retries, isPrompt);
    const { items } = await basket(key);
    expect((await basket(key, items[0]!.ref, `s${later}`)).items.map(({ kind }) => kind)).toEqual([
      'prompt',
      'session',
    ]);
  });

  it.each([
    ['session', `s${sessionId(1)}`, '- Answered: Settled: the flamingo client'],
    ['summary', `m${sessionId(1)}`, 'flamingo'],
  ])('is a whole %s', async (kind, ref, words) => {
    const { items, text } = await basket(ref);
    expect(items).toMatchObject([{ kind, ref, key: ref }]);
    expect(text).toContain(words);
    expect(text).not.toContain('test 5 of the till');
  });

  it('says that a later session amended it', async () => {
    const amending = await write(3, 1, (told) => {
      told.prompt('Amendment to the retry rule of the flamingo client: the gateway changed, make it five attempts.');
      told.answer('Understood: the flamingo client makes at most five attempts, superseding the seven of before.');
    });
    await test.import();
    await test.memory.readyBriefs();
    const { items, text } = await basket(`m${retries}`);
    expect(items[0]!.amendedBy).toMatchObject({ sessionId: amending });
    expect(text).toContain('amended on');
  });
});

describe('the text', () => {
  it('stands between our marks, in the order of the person, and nothing in it can end it', async () => {
    const answer = await keyOf(retries, (item) => item.kind === 'message' && item.text.includes('Not a heading'));
    const { text } = await basket(`s${later}`, answer, await keyOf(retries, isPrompt));
    expect(text.startsWith(`${givenStart}\n`)).toBe(true);
    expect(text.indexOf(givenEnd)).toBe(text.length - givenEnd.length);
    expect(text.indexOf('invoice')).toBeLessThan(text.indexOf('Not a heading'));
    expect(text).not.toMatch(/^## Not a heading/m);
    // Two entries of one session and day have one heading.
    expect(text.match(/^## /gm)).toHaveLength(2);
  });

  it('is empty when there is nothing', async () => {
    expect(await basket()).toEqual({ items: [], gone: [], text: '', tokens: 0 });
  });
});

describe('a basket that Claude was given', () => {
  it('does not come back into memory, from a prompt or from the file it read', async () => {
    const { text } = await basket(`s${later}`);
    const numbered = text
      .split('\n')
      .map((line, index) => `     ${index + 1}→${line}`)
      .join('\n');
    const id = await write(4, 0, (told) => {
      told.prompt(`${text}\n\nWhat about the letters?`);
      told.tool('Read', { file_path: '/work/shop/.claude-mem/brief.md' }, numbered);
      told.answer('They follow.');
    });
    await test.import();
    const rows = JSON.stringify(await test.read(id));
    expect(rows).toContain('What about the letters?');
    expect(rows).not.toContain('invoice');
  });
});

describe('what was forgotten', () => {
  it('is in no basket any more', async () => {
    const { items } = await basket(await keyOf(retries, isPrompt), `s${retries}`, `m${retries}`, `s${later}`);
    await test.memory.forgetSession(retries);
    const left = await basket(...items.map(({ ref }) => ref));
    expect(left.items.map(({ ref }) => ref)).toEqual([`s${later}`]);
    expect(left.gone).toHaveLength(3);
    expect(left.text).not.toContain('flamingo');
  });

  it('and a learning that nobody accepted, too', async () => {
    const learning = await test.memory.saveLearning({
      id: 'learning-1',
      category: 'pattern',
      title: 'Drain the tapir queue',
      description: 'Before a restart.',
    });
    expect((await basket(`l${learning.id}`)).items).toMatchObject([
      { kind: 'learning', line: 'Drain the tapir queue' },
    ]);
    await test.memory.deleteLearning(learning.id);
    expect((await basket(`l${learning.id}`, 'lnobody')).gone).toHaveLength(2);
  });
});

describe('a question', () => {
  it('fills it with the sentences that are about it, which stay the same sentences', async () => {
    const refs = await test.memory.basketFrom({ text: 'How many attempts may the flamingo client make?' });
    expect(refs.length).toBeGreaterThan(0);
    const { items, text, gone } = await basket(...refs);
    expect(gone).toEqual([]);
    expect(text).toContain('at most seven attempts');
    expect(items.every(({ kind, session }) => kind === 'sentence' && session?.id === retries)).toBe(true);
    // Another sentence in its place is not the same one.
    const [ref = ''] = refs;
    expect((await basket(`${ref.slice(0, ref.lastIndexOf('/'))}/${'A'.repeat(22)}`)).gone).toHaveLength(1);
  });

  it('that memory knows nothing about leaves it empty', async () => {
    expect(await test.memory.basketFrom({ text: 'How do I bake a sourdough bread?' })).toEqual([]);
  });
});
