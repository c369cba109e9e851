/** A line that stopped two keepers is passed over by the third: the file goes on, and the Doctor names the place. */
import nodeFs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../test/fixtures/transcript-lines';
import { LineGuard } from './line-guard';

let test: TestMemory;
let file: string;
let lines: string[];
beforeEach(async () => {
  test = await openTestMemory({ startTouching: () => () => {} });
  const transcript = new Transcript(sessionId(1));
  for (let turn = 0; turn < 5; turn++) transcript.prompt(`prompt number ${turn}`);
  file = await writeTranscript(test.configDir, sessionId(1), transcript);
  lines = nodeFs.readFileSync(file, 'utf8').split(/(?<=\n)/);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await test.close();
});

const bytesOf = (text: string) => Buffer.byteLength(text);
const offsetOf = (line: number) => lines.slice(0, line).reduce((sum, text) => sum + bytesOf(text), 0);
const noteFile = () => path.join(test.dataDir, 'reading.json');
/** What a keeper leaves that died `lastedMs` after it began with these bytes. */
async function dies(place: { offset: number; bytes: number; isLine: boolean }, lastedMs: number): Promise<void> {
  const before = nodeFs.existsSync(noteFile()) ? (JSON.parse(nodeFs.readFileSync(noteFile(), 'utf8')) as object) : {};
  const at = test.now.value;
  await test.memory.close();
  nodeFs.writeFileSync(noteFile(), JSON.stringify({ ...before, current: { path: file, at, ...place } }));
  nodeFs.utimesSync(noteFile(), (at + lastedMs) / 1000, (at + lastedMs) / 1000);
  await test.reopen();
}
const prompts = () =>
  test.driver.all<{ content: string }>('SELECT content FROM prompts ORDER BY id').map(({ content }) => content);
const all = [0, 1, 2, 3, 4].map((turn) => `prompt number ${turn}`);

describe('a line', () => {
  it('at which two keepers were stuck is passed over, with its reason, and named', async () => {
    await dies({ offset: 0, bytes: offsetOf(lines.length), isLine: false }, 6000);
    const entered = vi.spyOn(LineGuard.prototype, 'enter');
    await dies({ offset: offsetOf(3), bytes: bytesOf(lines[3]!), isLine: true }, 6000);
    await test.import();
    expect(prompts()).toEqual(all.filter((text) => !text.endsWith('3')));
    expect(entered.mock.calls.filter(([, isLine]) => isLine).length).toBeGreaterThanOrEqual(5);
    const [ledger] = (await test.memory.ledger()).items;
    expect(ledger!.bytesSkipped).toMatchObject({ stuck: bytesOf(lines[3]!) });
    const { findings } = await test.memory.diagnose();
    expect(findings.find(({ id }) => id === 'transcripts.stuck')?.args).toEqual([1, path.basename(file), offsetOf(3)]);
  });

  it('of a batch in which one keeper was stuck is read, alone, and the rest in batches again', async () => {
    await dies({ offset: 0, bytes: offsetOf(2), isLine: false }, 6000);
    const entered = vi.spyOn(LineGuard.prototype, 'enter');
    await test.import();
    expect(prompts()).toEqual(all);
    expect(entered.mock.calls.slice(0, 3).map(([{ bytes }, isLine]) => [bytes, isLine])).toEqual([
      [bytesOf(lines[0]!), true],
      [bytesOf(lines[1]!), true],
      [offsetOf(lines.length) - offsetOf(2), false],
    ]);
  });

  it('at which a keeper was killed soon is innocent, however often', async () => {
    for (let time = 0; time < 3; time++) {
      await dies({ offset: 0, bytes: offsetOf(lines.length), isLine: false }, 900);
      await dies({ offset: offsetOf(3), bytes: bytesOf(lines[3]!), isLine: true }, 900);
    }
    await test.import();
    expect(prompts()).toEqual(all);
  });

  it('of a file that was written anew is read', async () => {
    await dies({ offset: offsetOf(3), bytes: bytesOf(lines[3]!), isLine: true }, 6000);
    nodeFs.writeFileSync(file, lines.join('').replace('prompt number 3', 'another prompt 3'));
    await test.import();
    expect(prompts()).toHaveLength(5);
  });
});
