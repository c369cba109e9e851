/** The question on a real memory: what a head is told of a line. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../test/fixtures/transcript-lines';
import { parseLineKey } from '../../protocol/row-key';
import type { Why } from '../../protocol/why';
import { createNameKey } from '../lib/keyed-name';
import { sessionHead, sessionLines } from '../store/tables/session-lines';
import { updateEditMarks } from './edit-marks';

const root = '/work/shop';
const file = `${root}/src/invoice.ts`;
const invoice = 'function sendInvoice(order) {\n  const parcel = packParcel(order);\n  return courier.send(parcel);\n}';
const taped = invoice.replace('packParcel(order)', 'packParcel(order, tape)');
let test: TestMemory;

beforeEach(async () => {
  test = await openTestMemory();
});
afterEach(() => test.close());

const day = (number: number) => ({ cwd: root, startedAt: Date.UTC(2026, 10, number, 9) });

async function remember(...transcripts: Transcript[]): Promise<void> {
  for (const transcript of transcripts)
    // oxlint-disable-next-line no-await-in-loop -- a few files
    await writeTranscript(test.configDir, transcript.sessionId, transcript);
  await test.import();
}

function written(number: number, text = invoice, name = file): Transcript {
  const transcript = new Transcript(sessionId(number), day(number));
  transcript.prompt('Send an invoice with each parcel.');
  transcript.tool('Write', { file_path: name, content: text }, `File created successfully at: ${name}`);
  return transcript;
}

const ask = (text: string, from: number, to = from, name = file): Promise<Why> =>
  test.memory.why({ file: name, text, from, to, scope: { roots: [root] } });

/** As the background work does for a session that rests. */
function mark(): void {
  for (const { id } of test.driver.all<{ id: string }>('SELECT id FROM sessions')) {
    const head = sessionHead(test.driver, id)!;
    const calls = sessionLines(test.driver, head.no).flatMap((line) =>
      line.kind === 'call' && line.diffs.length > 0 ? [{ row: parseLineKey(line.key)!.row, diffs: line.diffs }] : [],
    );
    updateEditMarks({ driver: test.driver, names: createNameKey('salt') }, head, calls);
  }
}

describe('who wrote a line', () => {
  it('is the turn, with its words, what stood there before and who took it back', async () => {
    const second = new Transcript(sessionId(2), day(2));
    second.prompt('That is wrong: parcels need tape.');
    second.tool(
      'Edit',
      { file_path: file, old_string: 'packParcel(order)', new_string: 'packParcel(order, tape)' },
      'ok',
    );
    await remember(written(1), second);
    const { turns, unknown, changes } = await ask(`// of a person\n${taped}`, 2);
    expect(unknown).toEqual([]);
    expect(changes).toBe(2);
    expect(turns).toMatchObject([
      {
        sessionId: sessionId(2),
        turn: 1,
        tool: 'Edit',
        asked: { text: 'That is wrong: parcels need tape.' },
        lines: [2],
        form: 'same',
        standing: { lines: 1, of: 1 },
        tried: [{ sessionId: sessionId(1), lines: ['  const parcel = packParcel(order);'], rejected: 'That is wrong' }],
      },
    ]);
    const [first] = (await ask(taped, 0)).turns;
    expect(first).toMatchObject({ sessionId: sessionId(1), since: [{ sessionId: sessionId(2) }] });
  });

  it('is not known of what a person typed, nor in a file that no turn changed', async () => {
    await remember(written(1));
    const typed = invoice.replace('  return', '  checkWeight(parcel);\n  return');
    expect(await ask(typed, 2)).toMatchObject({ turns: [], unknown: [{ line: 2, why: 'others' }] });
    expect(await ask(invoice, 1, 1, `${root}/src/other.ts`)).toMatchObject({ turns: [], unknown: [{ why: 'never' }] });
    // The same name in another folder is another file, and so it is in another project.
    const other = new Transcript(sessionId(7), { ...day(7), cwd: '/work/barn' });
    other.prompt('Count the barns.');
    await remember(other);
    const barn = { file: '/work/barn/src/invoice.ts', text: invoice, from: 1, to: 1 };
    expect((await test.memory.why(barn)).turns).toEqual([]);
    expect((await test.memory.why({ ...barn, file })).turns).toHaveLength(1);
    expect((await ask(invoice, 1, 1, `${root}/lib/invoice.ts`)).turns).toEqual([]);
  });

  it('is not known of an edit that failed', async () => {
    const failed = new Transcript(sessionId(3), day(3));
    failed.prompt('Send an invoice.');
    failed.tool('Edit', { file_path: file, old_string: '', new_string: invoice }, 'refused', { is_error: true });
    await remember(failed);
    expect((await ask(invoice, 0, 3)).turns).toEqual([]);
  });

  it('is not the turn that only moved lines from another file which it had read', async () => {
    const moving = new Transcript(sessionId(4), day(4));
    moving.prompt('Move the invoices to a file of their own.');
    const read = invoice.split('\n').map((line, at) => `${String(at + 1).padStart(6)}→${line}`);
    moving.tool('Read', { file_path: `${root}/src/shop.ts` }, read.join('\n'));
    moving.tool('Write', { file_path: file, content: invoice }, `File created successfully at: ${file}`);
    await remember(moving);
    const { turns, unknown } = await ask(invoice, 0, 3);
    expect(turns).toEqual([]);
    expect(unknown.every(({ why }) => why === 'before')).toBe(true);
  });

  it('is known after the file was renamed, but not of a copy beside the original', async () => {
    const old = path.join(test.configDir, 'shop/src/invoice.ts');
    const now = path.join(test.configDir, 'shop/src/billing.ts');
    const home = path.join(test.configDir, 'shop');
    const transcript = new Transcript(sessionId(5), { ...day(5), cwd: home });
    transcript.prompt('Send an invoice with each parcel.');
    transcript.tool('Write', { file_path: old, content: invoice }, `File created successfully at: ${old}`);
    await remember(transcript);
    mark();
    const asked = () => test.memory.why({ file: now, text: invoice, from: 0, to: 3, scope: { roots: [home] } });
    expect((await asked()).turns).toMatchObject([{ form: 'moved', file: old, lines: [0, 1, 2, 3] }]);
    await mkdir(path.dirname(old), { recursive: true });
    await writeFile(old, invoice);
    expect((await asked()).turns).toEqual([]);
  });

  it('is known by the marks of a session as without them, and gone when the session is forgotten', async () => {
    await remember(written(1));
    const before = await ask(invoice, 0, 3);
    mark();
    expect(await ask(invoice, 0, 3)).toEqual(before);
    expect(before.turns[0]!.lines).toEqual([0, 1, 2, 3]);
    await test.memory.forgetSession(sessionId(1));
    expect((await ask(invoice, 0, 3)).turns).toEqual([]);
    expect(test.driver.all('SELECT * FROM edit_marks')).toEqual([]);
  });

  it('is known of cells of a notebook, as cells and in the file', async () => {
    const book = `${root}/study.ipynb`;
    const cell = 'prices = load_prices(orders)\nmedian_price = prices.groupby("zone").median()';
    const transcript = new Transcript(sessionId(6), day(6));
    transcript.prompt('Which zone is dearest?');
    transcript.tool('NotebookEdit', { notebook_path: book, new_source: cell, edit_mode: 'insert' }, 'Inserted cell');
    await remember(transcript);
    expect((await ask(cell, 0, 1, book)).turns[0]!.lines).toEqual([0, 1]);
    const saved = `  "source": [\n    "prices = load_prices(orders)\\n",\n    "median_price = prices.groupby(\\"zone\\").median()"\n   ]`;
    expect((await ask(saved, 1, 2, book)).turns[0]!.lines).toEqual([1, 2]);
  });

  it('is told with the commit of the file that followed, when git is asked', async () => {
    await test.close();
    const at = (number: number) => Date.UTC(2026, 10, number, 12);
    const commit = (subject: string, when: number, name = 'src/invoice.ts') => ({
      subject,
      at: when,
      files: [`${root}/${name}`],
    });
    const commits = [
      commit('Tape for parcels', at(9)),
      commit('Send invoices', at(1)),
      commit('Something else', at(1), 'src/other.ts'),
      commit('Before all that', at(0)),
    ];
    test = await openTestMemory({
      commits: {
        commits: async () => commits,
        trusted: () => [],
        head: async () => undefined,
        files: async () => new Map(),
        setRoots() {},
      },
    });
    await remember(written(1));
    const query = { file, text: invoice, from: 1, to: 1 };
    expect((await test.memory.why({ ...query, withCommits: true })).turns[0]!.commit).toEqual({
      subject: 'Send invoices',
      at: at(1),
      more: 1,
    });
    expect((await test.memory.why(query)).turns[0]!.commit).toBeUndefined();
  });

  it('is told of a part of a long document by its own line numbers', async () => {
    await remember(written(1));
    const why = await test.memory.why({ file, text: invoice, firstLine: 5000, from: 5001, to: 5001 });
    expect(why.turns[0]!.lines).toEqual([5001]);
  });
});
