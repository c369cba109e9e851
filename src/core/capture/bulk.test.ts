/** A large import, whose lines are redacted in another thread, stores what an import without that thread stores. */
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { fakeSecrets, secretPart } from '../../../test/fixtures/secrets';
import { Transcript, sessionId, writeTranscript } from '../../../test/fixtures/transcript-lines';
import type { LineThread } from '../observe/line-thread';
import { createRedactor } from '../observe/redact';
import type { RedactedLine } from '../observe/redact';

const files = 12;
/** So much that all files together are a large import. */
const filler = (seed: number) => `line ${seed} of what a command printed, and printed again\n`.repeat(200);
const open: TestMemory[] = [];
afterEach(async () => {
  for (const test of open.splice(0)) await test.close();
});

/** As the real thread, in this one. */
function countingThread(salt: string, onAsked: (count: number) => void = () => {}): LineThread & { lines: number } {
  const redactor = createRedactor({ salt });
  const thread = {
    lines: 0,
    setRules() {},
    async redactLines(lines: readonly Uint8Array[]) {
      thread.lines += lines.length;
      onAsked(thread.lines);
      const redacted = await redactor.redactLines(lines);
      const changed = redacted.flatMap((each, index): [number, RedactedLine][] =>
        each.originalHash === undefined ? [] : [[index, each]],
      );
      return { changed: new Map(changed), slow: [] };
    },
    close() {},
  };
  return thread;
}

async function fill(test: TestMemory): Promise<void> {
  for (let number = 1; number <= files; number++) {
    const transcript = new Transcript(sessionId(number), { cwd: `/work/shop${number % 3}` });
    for (let step = 0; step < 20; step++) {
      const secret = fakeSecrets[(number * 20 + step) % fakeSecrets.length]!;
      transcript.prompt(`step ${step} of ${number} with ${step % 3 === 0 ? `api_key=${secret.value}` : 'nothing'}`);
      transcript.tool('Bash', { command: `make ${step}` }, filler(number * 100 + step));
    }
    await writeTranscript(test.configDir, sessionId(number), transcript, `-work-shop${number % 3}`);
  }
}

async function imported(thread?: (salt: string) => LineThread): Promise<TestMemory> {
  const test = await openTestMemory(thread ? { startLineThread: thread } : {});
  open.push(test);
  await fill(test);
  await test.import();
  return test;
}

const contentOf = (test: TestMemory) => ({
  prompts: test.driver.all('SELECT uid, content FROM prompts ORDER BY uid'),
  calls: test.driver.all('SELECT uid, input, content, turn FROM observations ORDER BY uid'),
  files: test.archive.all('SELECT session_id, lines, bytes, redactions, left_out_json FROM files ORDER BY session_id'),
  blocks: test.archive.all('SELECT hash FROM blocks ORDER BY hash'),
  changed: test.archive.all('SELECT original_hash FROM changed_lines ORDER BY original_hash'),
});

it('is the same memory and archive', async () => {
  let thread: (LineThread & { lines: number }) | undefined;
  const without = contentOf(await imported());
  const test = await imported((salt) => (thread = countingThread(salt)));
  expect(contentOf(test)).toEqual(without);
  expect(without.changed.length).toBeGreaterThan(files);
  // Every line but those of the first file, which is not begun before it is read.
  expect(thread!.lines).toBeGreaterThan((files - 1) * 40);
  for (const secret of fakeSecrets)
    expect(JSON.stringify(contentOf(test).prompts)).not.toContain(JSON.stringify(secretPart(secret)).slice(1, -1));
});

it('has what a file got after it was begun', async () => {
  const grown = path.join('projects', '-work-shop1', `${sessionId(1)}.jsonl`);
  let isGrown = false;
  const late = new Transcript(sessionId(1), { cwd: '/work/shop1', startedAt: Date.UTC(2026, 10, 21) });
  late.line('user', { message: { role: 'user', content: 'written while the others were read' } });
  const holder: { configDir?: string } = {};
  const test = await openTestMemory({
    startLineThread: (salt) =>
      countingThread(salt, (count) => {
        if (isGrown || count < 200 || holder.configDir === undefined) return;
        isGrown = true;
        appendFileSync(path.join(holder.configDir, grown), late.text());
      }),
  });
  open.push(test);
  holder.configDir = test.configDir;
  await fill(test);
  await test.import();
  await test.import();
  expect(isGrown).toBe(true);
  const rows = test.driver.all<{ content: string }>("SELECT content FROM prompts WHERE content LIKE 'written while%'");
  expect(rows).toHaveLength(1);
  const [file] = test.archive.all<{ bytes: number; left_out_json: string }>(
    'SELECT bytes, left_out_json FROM files WHERE session_id = ?',
    [sessionId(1)],
  );
  expect(file?.left_out_json).toBe('{}');
});
