/** What reads bytes that others wrote, and what must hold of it whatever they are. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createRedactor } from '../../src/core/observe/redact';
import { readWal } from '../../src/core/store/sqlite/wal-frames';
import { isWholeJson, parseLine } from '../../src/core/transcript/parse';
import { emptyCursor, readNewLines } from '../../src/core/transcript/tail';
import { FrameLimit } from '../../src/keeper/frame-limit';
import { fakeSecrets } from '../fixtures/secrets';
import { Transcript, sessionId } from '../fixtures/transcript-lines';

export interface FuzzTarget {
  name: string;
  /** Good inputs. */
  seeds: readonly Uint8Array[];
  /** @throws when something does not hold */
  check: (input: Buffer) => void | Promise<void>;
}

const hold = (isSo: boolean, what: string): void => {
  if (!isSo) throw new Error(what);
};

const transcript = new Transcript(sessionId(1));
transcript.prompt('please look at the teapot: "é" \u{1F375}');
transcript.thinking('hm');
transcript.tool('Bash', { command: 'make teapot' }, 'made\u001B[31m red\u001B[0m');
transcript.meta({ type: 'summary', summary: 'a teapot', leafUuid: 'x' });
transcript.answer('done <command-name>/x</command-name>');
const lines = transcript.text();

/** Any bytes are read to their end: lines and what is pending are all there is, and every whole line is parsed. */
const parser: FuzzTarget = {
  name: 'parser',
  seeds: [Buffer.from(lines)],
  async check(input) {
    const folder = mkdtempSync(path.join(tmpdir(), 'claude-mem-fuzz-'));
    try {
      const file = path.join(folder, 'a.jsonl');
      writeFileSync(file, input);
      let bytes = 0;
      let pending = 0;
      for await (const batch of readNewLines(file, emptyCursor, { maxLineBytes: 4096, prove: () => 'x' })) {
        for (const line of batch.lines) {
          bytes += line.bytes;
          if (line.text === undefined) continue;
          for (const { bodies, skip } of parseLine(line.text, line.nuls))
            hold(bodies.length === 0 || skip === undefined, 'an entry is skipped and has content');
        }
        pending = batch.pendingBytes;
      }
      hold(bytes + pending === input.length, `${bytes} + ${pending} of ${input.length} bytes`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

const redactor = createRedactor({ salt: 'salt' });
const secretLine = (secret: string) => Buffer.from(`${JSON.stringify({ text: `api_key=${secret} and more` })}\n`);

/** Redaction ends, changes nothing the second time, and leaves JSON that is JSON. */
const redaction: FuzzTarget = {
  name: 'redaction',
  seeds: [Buffer.from(lines.split('\n')[0]!), ...fakeSecrets.slice(0, 20).map(({ value }) => secretLine(value))],
  async check(input) {
    const [once] = await redactor.redactLines([input]);
    const [twice] = await redactor.redactLines([once!.bytes]);
    hold(Buffer.compare(once!.bytes, twice!.bytes) === 0, 'redacting again changes it');
    const text = input.toString();
    if (isWholeJson(text)) hold(isWholeJson(Buffer.from(once!.bytes).toString()), 'JSON is JSON no more');
    const { texts } = await redactor.redact([text]);
    hold((await redactor.redact(texts)).texts[0] === texts[0], 'redacting a text again changes it');
  },
};

const frame = (body: string) => `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
const call = frame(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'prove', params: ['x'] }));

/** What passes is a beginning of what came, in whole headers, and never more than a message may have. */
const frames: FuzzTarget = {
  name: 'frames',
  seeds: [Buffer.from(call), Buffer.from(call + call), Buffer.from(frame('x'.repeat(4000)))],
  async check(input) {
    const limit = new FrameLimit();
    const passed: Buffer[] = [];
    limit.on('data', (chunk: Buffer) => passed.push(chunk));
    const over = new Promise<void>((resolve) => limit.once('close', resolve));
    limit.on('error', () => {});
    for (let at = 0; at < input.length; at += 37) limit.write(input.subarray(at, at + 37));
    limit.end();
    await over;
    const all = Buffer.concat(passed);
    hold(all.compare(input, 0, all.length) === 0, 'something else came out');
    let rest = all.toString('latin1');
    while (rest !== '') {
      const end = rest.indexOf('\r\n\r\n');
      hold(end >= 0 && end <= 1024, 'a header is no header');
      const length = Number(/^content-length: *(\d+)$/i.exec(rest.slice(0, end))?.[1]);
      hold(length <= 4096, 'a stranger’s message is too long');
      rest = rest.slice(end + 4 + length);
    }
  },
};

const pageSize = 512;
const wal = makeWal([
  [1, 1, 0],
  [2, 2, 2],
  [1, 3, 2],
  [3, 4, 3],
]);
const committed = readWal(wal, pageSize)!;

/** Pages of a torn or altered log are those that were committed, or there are none. */
const pages: FuzzTarget = {
  name: 'pages',
  seeds: [wal],
  check(input) {
    const read = readWal(input, pageSize);
    if (!read) return;
    hold(read.pageCount >= 1 && read.pageCount <= committed.pageCount, `${read.pageCount} pages`);
    for (const [number, content] of read.pages) {
      hold(number >= 1 && number <= 3, `page ${number}`);
      hold(content.length === pageSize && content.every((byte) => byte === content[0]), 'a page that nobody wrote');
    }
  },
};

/** A log of frames [page, letter that fills it, size of the database after a commit or 0], with right checksums. */
function makeWal(written: readonly (readonly [number, number, number])[]): Buffer {
  const log = Buffer.alloc(32 + written.length * (24 + pageSize));
  log.writeUInt32BE(0x377f_0683, 0);
  log.writeUInt32BE(3_007_000, 4);
  log.writeUInt32BE(pageSize, 8);
  log.writeUInt32BE(7, 16);
  log.writeUInt32BE(9, 20);
  let [first, second] = [0, 0];
  const add = (from: number, to: number) => {
    for (let at = from; at < to; at += 8) {
      first = (first + log.readUInt32BE(at) + second) >>> 0;
      second = (second + log.readUInt32BE(at + 4) + first) >>> 0;
    }
  };
  const sign = (at: number) => {
    log.writeUInt32BE(first, at);
    log.writeUInt32BE(second, at + 4);
  };
  add(0, 24);
  sign(24);
  for (const [index, [page, letter, size]] of written.entries()) {
    const at = 32 + index * (24 + pageSize);
    log.writeUInt32BE(page, at);
    log.writeUInt32BE(size, at + 4);
    log.copy(log, at + 8, 16, 24);
    log.fill(letter, at + 24, at + 24 + pageSize);
    add(at, at + 8);
    add(at + 24, at + 24 + pageSize);
    sign(at + 16);
  }
  return log;
}

export const targets: readonly FuzzTarget[] = [parser, redaction, frames, pages];

export const corpusOf = (name: string): string => path.resolve('test/fuzz/corpus', name);
export const readInput = (file: string): Buffer => readFileSync(file);
