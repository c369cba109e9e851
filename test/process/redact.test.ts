/** The thread for redaction as it is built: the same answer as without it, and no harm when it hangs or dies. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { silentLog } from '../../src/core/lib/log';
import type { LineThread } from '../../src/core/observe/line-thread';
import { createRedactor } from '../../src/core/observe/redact';
import type { RedactedLine } from '../../src/core/observe/redact';
import { createRedactThread } from '../../src/keeper/redact-thread';
import { fakeSecrets } from '../fixtures/secrets';

const salt = 'salt';
const line = (text: string) => Buffer.from(`${JSON.stringify({ text })}\n`);
const lines = [line('nothing to hide'), ...fakeSecrets.map(({ value }) => line(`token=${value}`)), line('the end')];
/** Bytes come over as another kind of array. */
const asBuffer = (each: RedactedLine) => ({ ...each, bytes: Buffer.from(each.bytes) });
const none = { patterns: [], words: [], kinds: [] };

let folder: string;
let thread: LineThread | undefined;
let warnings: string[];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'claude-mem-redact-'));
  warnings = [];
});
afterEach(() => {
  thread?.close();
  rmSync(folder, { recursive: true, force: true });
});

function start(workerFile = path.resolve('dist/redact.cjs'), timing = {}): LineThread {
  const log = { ...silentLog, warn: (text: string) => void warnings.push(text) };
  return (thread = createRedactThread({ workerFile, log, timing })(salt));
}

/** A worker that notes its start and then does what `code` says with each message. */
function actor(code: string): string {
  const file = path.join(folder, 'actor.cjs');
  const starts = JSON.stringify(path.join(folder, 'starts'));
  writeFileSync(
    file,
    `require('node:fs').appendFileSync(${starts}, 'x');
    const { parentPort } = require('node:worker_threads');
    parentPort.on('message', (request) => { ${code} });`,
  );
  return file;
}
const starts = () => readFileSync(path.join(folder, 'starts'), 'utf8').length;

it('answers what redacting here gives, batch after batch', async () => {
  const redactor = createRedactor({ salt, thread: start() });
  const others = lines.map((each) => Buffer.from(each.toReversed()));
  redactor.begin(lines);
  redactor.begin(others);
  const plain = createRedactor({ salt });
  for (const batch of [lines, others]) {
    const ahead = await redactor.redactLines(batch);
    expect(ahead.map(asBuffer)).toEqual((await plain.redactLines(batch)).map(asBuffer));
  }
  expect(warnings).toEqual([]);
});

it('applies rules of one’s own, those before its start too', async () => {
  start().setRules({ ...none, words: ['Kestrel'] });
  const early = await thread!.redactLines([line('a Kestrel, a Merlin')]);
  expect(Buffer.from(early!.changed.get(0)!.bytes).toString()).toMatch(/\[REDACTED:[^\]]+\], a Merlin/);
  thread!.setRules({ ...none, words: ['Merlin'] });
  const late = await thread!.redactLines([line('a Kestrel, a Merlin')]);
  expect(Buffer.from(late!.changed.get(0)!.bytes).toString()).toMatch(/a Kestrel, a \[REDACTED/);
});

it('that hangs is ended, and another one is started for the next lines', async () => {
  start(actor('for (;;);'), { answerMs: 50 });
  expect(await thread!.redactLines(lines)).toBeUndefined();
  expect(await thread!.redactLines(lines)).toBeUndefined();
  expect(warnings).toHaveLength(2);
});

it('that fails again and again is not started any more, and the lines are redacted here', async () => {
  start(actor('throw new Error("no");'));
  for (let count = 0; count < 5; count++) expect(await thread!.redactLines(lines)).toBeUndefined();
  expect(starts()).toBe(3);
  const redactor = createRedactor({ salt, thread: thread! });
  redactor.begin(lines);
  expect(await redactor.redactLines(lines)).toEqual(await createRedactor({ salt }).redactLines(lines));
});

it('ends when nothing was asked for a while, and begins again', async () => {
  start(actor('parentPort.postMessage({ id: request.id, changed: [], slow: [] });'), { idleMs: 1 });
  await thread!.redactLines(lines);
  await expect.poll(async () => (await thread!.redactLines(lines), starts())).toBeGreaterThan(1);
  expect(warnings).toEqual([]);
});

it('that is closed answers what is open', async () => {
  start(actor(''));
  const open = thread!.redactLines(lines);
  thread!.close();
  expect(await open).toBeUndefined();
});
