/** Reading a growing file gives the same lines whenever it is read, and counts every byte once. */
import { createHash } from 'node:crypto';
import { appendFile, mkdtemp, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyCursor, maxLines, readNewLines } from './tail';
import type { Cursor, Line, TailOptions } from './tail';

let folder: string;
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'claude-mem-tail-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
const newFile = () => path.join(folder, `${files++}.jsonl`);

interface Reading {
  lines: Line[];
  cursor: Cursor;
  pendingBytes: number;
  isRestart: boolean;
  batches: number;
}

const prove = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function read(file: string, from: Cursor = emptyCursor, options: Partial<TailOptions> = {}): Promise<Reading> {
  const reading: Reading = { lines: [], cursor: from, pendingBytes: 0, isRestart: false, batches: 0 };
  for await (const batch of readNewLines(file, from, { maxLineBytes: 1 << 20, prove, ...options })) {
    reading.lines.push(...batch.lines);
    reading.cursor = batch.cursor;
    reading.pendingBytes = batch.pendingBytes;
    reading.isRestart ||= batch.isRestart;
    reading.batches++;
  }
  return reading;
}

const texts = ({ lines }: Reading) => lines.map(({ text }) => text);
const sizeOf = (lines: readonly Line[]) => lines.reduce((sum, { bytes }) => sum + bytes, 0);

/** Lines of transcripts and other text: objects, incomplete objects, empty lines, other scripts. */
const anyLine = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .record({ type: fc.constantFrom('user', 'assistant'), text: fc.string({ unit: 'grapheme', maxLength: 40 }) })
      .map((value) => JSON.stringify(value)),
  },
  fc.string({ unit: 'grapheme', maxLength: 30 }).map((text) => text.replace(/[\r\n]/g, ' ')),
  fc.constantFrom('', '42', 'null', '{"half":', '"text"', '[]', '\uFEFF{"a":1}', '{"a":1}{"b":2}'),
);

describe('reading new lines', () => {
  it('ends a batch after so many lines, however short, and each cursor is a place to go on from', async () => {
    const file = newFile();
    const count = maxLines * 3 + 5;
    await writeFile(file, '\n'.repeat(count));
    const sizes: number[] = [];
    let at = 0;
    for await (const batch of readNewLines(file, emptyCursor, { maxLineBytes: 1 << 20, prove })) {
      sizes.push(batch.lines.length);
      at += sizeOf(batch.lines);
      expect([batch.cursor.offset, batch.pendingBytes]).toEqual([at, 0]);
      expect((await read(file, batch.cursor)).lines).toHaveLength(count - at);
    }
    expect(sizes).toEqual([maxLines, maxLines, maxLines, 5]);
  });

  it('gives the same lines for any split into appends, and a cursor that balances', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyLine, { maxLength: 12 }),
        fc.array(fc.nat(400), { maxLength: 6 }),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        async (lines, cuts, end, hasLastEnd) => {
          const bytes = Buffer.from(
            lines.map((line, index) => line + (index < lines.length - 1 || hasLastEnd ? end : '')).join(''),
          );
          const file = newFile();
          await writeFile(file, '');
          const seen: Line[] = [];
          let cursor = emptyCursor;
          let pendingBytes = 0;
          let at = 0;
          for (const cut of [...cuts.sort((a, b) => a - b).filter((each) => each < bytes.length), bytes.length]) {
            await appendFile(file, bytes.subarray(at, cut));
            at = cut;
            const reading = await read(file, cursor);
            expect(reading.isRestart).toBe(false);
            seen.push(...reading.lines);
            ({ cursor, pendingBytes } = reading);
            expect(sizeOf(seen)).toBe(cursor.offset);
            expect(cursor.offset + pendingBytes).toBe(cut);
          }
          const whole = await read(file);
          // A line that was complete before its newline was written leaves an empty line; joined objects may be split.
          const said = (all: readonly (string | undefined)[]) =>
            all
              .map((text) => text?.replace(/\r$/, ''))
              .join('')
              .replaceAll('\r', '');
          expect(said(seen.map(({ text }) => text))).toBe(said(texts(whole)));
          const objects = (all: readonly (string | undefined)[]) => all.filter((text) => text?.startsWith('{"type"'));
          expect(objects(seen.map(({ text }) => text?.trimEnd()))).toEqual(
            objects(texts(whole).map((text) => text?.trimEnd())),
          );
          expect(sizeOf(whole.lines) + whole.pendingBytes).toBe(bytes.length);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('gives the same lines for any size of a batch', async () => {
    const lines = Array.from({ length: 4000 }, (_, index) =>
      JSON.stringify({ index, text: '汉字 '.repeat(index % 90) }),
    );
    const file = newFile();
    await writeFile(file, lines.join('\n'));
    for (const batchBytes of [1, 1000, 100_000, 1 << 30]) {
      const reading = await read(file, emptyCursor, { batchBytes });
      expect(texts(reading)).toEqual(lines);
      if (batchBytes < 1 << 30) expect(reading.batches).toBeGreaterThan(2);
    }
  });

  it('goes on from the cursor of any batch as if it had never stopped', async () => {
    const lines = Array.from({ length: 6000 }, (_, index) => JSON.stringify({ index, text: 'x'.repeat(index % 200) }));
    const file = newFile();
    await writeFile(file, `${lines.join('\n')}\n`);
    const cursors: { cursor: Cursor; count: number }[] = [];
    let taken = 0;
    for await (const batch of readNewLines(file, emptyCursor, { maxLineBytes: 1000, batchBytes: 1000, prove }))
      cursors.push({ cursor: batch.cursor, count: (taken += batch.lines.length) });
    expect(cursors.length).toBeGreaterThan(2);
    for (const { cursor, count: done } of cursors) expect(texts(await read(file, cursor))).toEqual(lines.slice(done));
  });

  it('reads a file that grows in many small steps once, line by line', async () => {
    const file = newFile();
    await writeFile(file, '');
    const all = Array.from({ length: 60 }, (_, index) => `{"n":${index},"t":"é汉👍"}\n`).join('');
    const bytes = Buffer.from(all);
    let cursor = emptyCursor;
    const seen: (string | undefined)[] = [];
    for (let at = 0; at < bytes.length; at += 7) {
      await appendFile(file, bytes.subarray(at, at + 7));
      const reading = await read(file, cursor);
      cursor = reading.cursor;
      seen.push(...texts(reading));
    }
    expect(seen.filter((text) => text !== '')).toEqual(all.trimEnd().split('\n'));
  });

  it.skipIf(process.platform === 'win32')('reads a file through a link, and goes on from its cursor', async () => {
    const [file, link] = [newFile(), newFile()];
    await writeFile(file, '{"a":1}\n');
    await symlink(file, link);
    const first = await read(link);
    expect(texts(first)).toEqual(['{"a":1}']);
    await appendFile(file, '{"a":2}\n');
    const second = await read(link, first.cursor);
    expect(texts(second)).toEqual(['{"a":2}']);
    expect(second.isRestart).toBe(false);
  });

  it('waits for the rest of half a line, and takes a whole object without its line break', async () => {
    const file = newFile();
    await writeFile(file, '{"a":1}\n{"b":');
    const first = await read(file);
    expect([texts(first), first.pendingBytes]).toEqual([['{"a":1}'], 5]);
    await appendFile(file, '2}');
    const second = await read(file, first.cursor);
    expect([texts(second), second.pendingBytes]).toEqual([['{"b":2}'], 0]);
    await appendFile(file, '\n{"c":3}\r\n');
    expect(texts(await read(file, second.cursor))).toEqual(['', '{"c":3}']);
  });

  it.each(['4', '-1.', 'tru', '"half', '[1,2]', '{"a":1}{"b"'])(
    'takes %j at the end of a file for half a line',
    async (end) => {
      const file = newFile();
      await writeFile(file, `{"a":1}\n${end}`);
      const reading = await read(file);
      expect([texts(reading), reading.pendingBytes]).toEqual([['{"a":1}'], end.length]);
    },
  );

  it('reads what grew behind more NULs than a line may have letters', async () => {
    const file = newFile();
    await writeFile(file, Buffer.concat([Buffer.alloc(600_000), Buffer.from('{"a":1}'), Buffer.alloc(300_000)]));
    const options = { maxLineBytes: 1000 };
    const first = await read(file, emptyCursor, options);
    expect([texts(first), first.pendingBytes]).toEqual([['{"a":1}'], 0]);
    await appendFile(file, Buffer.concat([Buffer.alloc(10), Buffer.from('{"b":2}\n')]));
    const second = await read(file, first.cursor, options);
    expect(texts(second)).toEqual(['{"b":2}']);
    expect(second.lines[0]).toMatchObject({ nuls: 10, bytes: 18 });
  });

  it('takes a byte order mark for what it is', async () => {
    const file = newFile();
    await writeFile(file, '\uFEFF{"a":1}');
    expect((await read(file)).pendingBytes).toBe(0);
  });

  it.each([
    ['truncated', (file: string) => truncate(file, 8)],
    [
      'replaced by another',
      async (file: string) => {
        await writeFile(`${file}.new`, '{"z":1}\n{"z":2}\n{"z":3}\n{"z":4}\n');
        await rename(`${file}.new`, file);
      },
    ],
    ['rewritten in place', (file: string) => writeFile(file, '{"z":1}\n{"z":2}\n{"z":3}\n')],
    ['changed just before the cursor', (file: string) => writeFile(file, '{"a":1}\n{"b":9}\n')],
  ])('begins anew when the file was %s', async (_, change) => {
    const file = newFile();
    await writeFile(file, '{"a":1}\n{"b":2}\n');
    const first = await read(file);
    await change(file);
    const second = await read(file, first.cursor);
    expect(second.isRestart).toBe(true);
    expect(texts(second)).toEqual(texts(await read(file)));
  });

  it('does not begin anew when nothing or only the end changed', async () => {
    const file = newFile();
    await writeFile(file, '{"a":1}\n'.repeat(1000));
    const first = await read(file);
    expect(await read(file, first.cursor)).toMatchObject({ lines: [], isRestart: false, cursor: first.cursor });
    await appendFile(file, '{"b":2}\n');
    expect(texts(await read(file, first.cursor))).toEqual(['{"b":2}']);
  });

  it('counts a line over the cap, keeps its beginning and lets the rest go', async () => {
    const cap = 10_000;
    const head = `{"type":"user","uuid":"u1","text":"`;
    for (const [before, long] of [
      [0, cap + 1],
      [100, 300_000],
      [262_100, 800_000],
      [262_143, 262_144],
    ] as const) {
      const file = newFile();
      const lead = before === 0 ? '' : `${'x'.repeat(before - 1)}\n`;
      const line = head + 'y'.repeat(long - head.length - 1);
      await writeFile(file, `${lead}${line}\n{"after":1}\n`);
      const reading = await read(file, emptyCursor, { maxLineBytes: cap });
      const [giant, after] = reading.lines.slice(-2);
      expect(giant).toMatchObject({ text: undefined, bytes: long });
      expect(giant?.head).toBe(line.slice(0, Math.min(4096, long)));
      expect(after?.text).toBe('{"after":1}');
      expect(reading.cursor.offset).toBe(sizeOf(reading.lines));
    }
  });

  it('takes a line of exactly the cap whole', async () => {
    const file = newFile();
    await writeFile(file, `${'x'.repeat(99)}\n${'y'.repeat(100)}\n`);
    expect(texts(await read(file, emptyCursor, { maxLineBytes: 100 }))).toEqual(['x'.repeat(99), undefined]);
  });

  it('leaves a giant last line without an end pending, whatever it holds', async () => {
    const file = newFile();
    await writeFile(file, `{"a":1}\n{"b":"${'y'.repeat(500_000)}"}`);
    const reading = await read(file, emptyCursor, { maxLineBytes: 1000 });
    expect([texts(reading), reading.pendingBytes]).toEqual([['{"a":1}'], 500_008]);
  });

  it('reads an empty file as nothing, and an aborted reading not at all', async () => {
    const file = newFile();
    await writeFile(file, '');
    expect(await read(file)).toMatchObject({ lines: [], pendingBytes: 0, isRestart: false });
    await expect(read(file, emptyCursor, { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
    await expect(read(path.join(folder, 'nowhere.jsonl'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('survives bytes that are no UTF-8', async () => {
    const file = newFile();
    await writeFile(
      file,
      Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff, 0xc3, 0x28]), Buffer.from('"}\n{"b":1}\n')]),
    );
    expect(texts(await read(file))).toEqual(['{"a":"\uFFFD\uFFFD("}', '{"b":1}']);
  });
});
