/**
 * What the extension costs the extension host: activation time, and the longest block of its event loop during an
 * import.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openEditor } from '../../editor/support/editor';
import type { Editor } from '../../editor/support/editor';
import { makeProfile } from '../../editor/support/profile';
import { until } from '../../editor/support/until';
import { writeHistory } from '../history';
import { machine, ms, printTable } from '../measure';
import { measureDelay, packMeter } from './meter';
import type { Delay } from './meter';

const windowMs = 12_000;
const rounds = 3;
const calls = 3000;

it('measures the extension host', async () => {
  const profile = makeProfile();
  const meter = await packMeter(join(profile.dir, 'meter'));
  const editor = await openEditor(profile, { moreVsix: [meter] });
  try {
    const pass = (time: number) => new Promise<void>((resolve) => setTimeout(resolve, time));
    // Waits until the editor's own start is over.
    await pass(windowMs);
    const idle: Delay[] = [];
    const busy: Delay[] = [];
    let bytes = 0;
    for (let round = 0; round < rounds; round++) {
      idle.push(await measureDelay(profile.configDir, () => pass(windowMs)));
      busy.push(
        await measureDelay(profile.configDir, async () => {
          // The next sweep finds these files.
          bytes += writeHistory(profile.configDir, calls, 60, 1 + round * calls);
          await until(async () => (await percent(editor)) !== undefined, {
            what: 'the import to begin',
            timeoutMs: 60_000,
          });
          await until(async () => (await percent(editor)) === undefined, {
            what: 'the import to end',
            timeoutMs: 240_000,
          });
        }),
      );
    }
    const row = (name: string, delays: Delay[]) => [
      name,
      delays.map(({ max }) => ms(max)).join(', '),
      delays.map(({ p99 }) => ms(p99)).join(', '),
    ];
    console.log(`# extension host (${machine()})`);
    printTable(
      `Event loop delay of the extension host, ms (${rounds} paired rounds; ${(bytes / 1e6).toFixed(0)} MB read in all)`,
      ['', 'longest', 'p99'],
      [row('extension idle', idle), row('while reading a history', busy)],
    );
    const median = (delays: Delay[]) =>
      delays.map(({ max }) => max).sort((a, b) => a - b)[Math.floor(delays.length / 2)] ?? NaN;
    console.log(`added block, median of longest: ${ms(median(busy) - median(idle))} ms`);
    console.log(`activation: ${activationTimes(profile.userData).map(ms).join(', ')} ms`);
    expect(busy).toHaveLength(rounds);
  } finally {
    await editor.close();
  }
});

/** The progress in the status bar, if any. */
async function percent(editor: Editor): Promise<string | undefined> {
  return /\d+ ?%/.exec(await editor.workbench.statusItem.innerText())?.[0];
}

/** Activation times from the extension's log. */
function activationTimes(userData: string): number[] {
  const times: number[] = [];
  for (const entry of readdirSync(join(userData, 'logs'), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.startsWith('Claude-Mem')) continue;
    for (const [, time] of readFileSync(join(entry.parentPath, entry.name), 'utf8').matchAll(
      /activated in ([\d.]+) ms/g,
    ))
      times.push(Number(time));
  }
  return times;
}
