/**
 * The ledger balances: every byte seen is stored or skipped for a reason, whatever a file contains and however it
 * grows.
 */
import { appendFile, rm, truncate } from 'node:fs/promises';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openTestMemory } from '../../../../test/fakes/test-memory';
import type { TestMemory } from '../../../../test/fakes/test-memory';
import { anyLineValue } from '../../../../test/fixtures/any-lines';
import { Transcript, sessionId, writeTranscript } from '../../../../test/fixtures/transcript-lines';

const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, each) => total + each, 0);

async function expectBalanced(test: TestMemory, sizes: ReadonlyMap<string, number>): Promise<void> {
  const { items } = await test.memory.ledger();
  for (const { path, bytesSeen, bytesStored, bytesSkipped } of items) {
    expect(bytesStored + sum(bytesSkipped)).toBe(bytesSeen);
    expect(bytesSeen).toBe(sizes.get(path));
    for (const count of Object.values(bytesSkipped)) expect(count).toBeGreaterThanOrEqual(0);
  }
  const { ledger } = await test.memory.status();
  expect(ledger.bytesStored + sum(ledger.bytesSkipped)).toBe(ledger.bytesSeen);
  expect(ledger.bytesSeen).toBe([...sizes.values()].reduce((total, each) => total + each, 0));
}

/** A real line, an unknown one, a broken one, a copy, a very long one. */
const anyLines = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constantFrom(
        'prompt',
        'answer',
        'tool',
        'title',
        'private',
        'queued',
        'copy',
        'giant',
        'own',
        'blank',
        'junk',
      ),
      text: fc.constantFrom('rename the basket', 'again', '<private>all of it</private>', '修复 👍'),
    }),
    anyLineValue.map((value) => ({ kind: 'any' as const, text: JSON.stringify(value) })),
  ),
  { maxLength: 14 },
);

function linesOf(events: readonly { kind: string; text: string }[]): string {
  const transcript = new Transcript(sessionId(1));
  for (const { kind, text } of events) {
    if (kind === 'prompt') transcript.prompt(text);
    else if (kind === 'answer') transcript.answer(text);
    else if (kind === 'tool') transcript.tool('Bash', { command: text }, text);
    else if (kind === 'title') transcript.meta({ type: 'custom-title', customTitle: text });
    else if (kind === 'private') transcript.prompt(`<private>${text}</private>`);
    else if (kind === 'queued') transcript.line('attachment', { attachment: { type: 'queued_command', prompt: text } });
    else if (kind === 'copy' && transcript.lines.length > 0)
      transcript.lines.push(transcript.lines[0] as object as Record<string, unknown>);
    else if (kind === 'giant') transcript.prompt('x'.repeat(6000));
    else if (kind === 'own') transcript.call('mcp__claude-mem-vscode__search', { query: text });
    else if (kind === 'blank') transcript.raw('  ');
    else transcript.raw(text);
  }
  return transcript.text();
}

describe('the ledger', () => {
  it('balances after every reading of any file, grown in any steps', async () => {
    const test = await openTestMemory();
    let run = 0;
    try {
      await fc.assert(
        fc.asyncProperty(
          anyLines,
          fc.array(fc.nat(), { maxLength: 3 }),
          fc.boolean(),
          async (events, cuts, isTruncated) => {
            const bytes = Buffer.from(linesOf(events));
            const name = sessionId(1000 + run++);
            const file = await writeTranscript(test.configDir, name, '');
            let at = 0;
            for (const cut of [...cuts.map((each) => each % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]) {
              await appendFile(file, bytes.subarray(at, cut));
              at = cut;
              await test.import({ maxLineBytes: 5000 });
              const item = (await test.memory.ledger()).items.find(({ path }) => path === file);
              expect(item?.bytesSeen ?? 0).toBe(cut);
              expect((item?.bytesStored ?? 0) + sum(item?.bytesSkipped ?? {})).toBe(cut);
            }
            if (isTruncated) {
              await truncate(file, Math.floor(bytes.length / 2));
              await test.import({ maxLineBytes: 5000 });
            }
            await expectBalanced(test, new Map([[file, isTruncated ? Math.floor(bytes.length / 2) : bytes.length]]));
            await test.memory.deleteEverything();
            // All runs share one folder: tombstones of the last run must not count in the next.
            test.driver.run('DELETE FROM tombstones');
            test.driver.run('DELETE FROM sources');
            await rm(file);
          },
        ),
        { numRuns: 30 },
      );
    } finally {
      await test.close();
    }
  });

  it('shows the same session for any steps of growing', async () => {
    const shape = async (steps: readonly number[], bytes: Buffer) => {
      const test = await openTestMemory();
      try {
        const file = await writeTranscript(test.configDir, sessionId(1), '');
        let at = 0;
        for (const cut of [...steps, bytes.length]) {
          await appendFile(file, bytes.subarray(at, cut));
          at = cut;
          await test.import({ maxLineBytes: 5000 });
        }
        const { sessions, prompts, observations } = await test.memory.status();
        const items = sessions === 0 ? [] : await test.read(sessionId(1));
        const keys = test.driver.all('SELECT uid, answer_key FROM prompts ORDER BY uid');
        return { sessions, prompts, observations, keys, items: items.map(({ key: _, ...item }) => item) };
      } finally {
        await test.close();
      }
    };
    await fc.assert(
      fc.asyncProperty(
        anyLines.map((events) => events.filter(({ kind }) => kind !== 'any')),
        fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
        async (events, cuts) => {
          const bytes = Buffer.from(linesOf(events));
          const steps = cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b);
          expect(await shape(steps, bytes)).toEqual(await shape([], bytes));
        },
      ),
      { numRuns: 15 },
    );
  });
});
