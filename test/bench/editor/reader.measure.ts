/**
 * The reader in the real editor: from the click on a hit to the painted row, and how long frames take while a person
 * scrolls. Frames are timed in the page; the wheel turns as a hand turns it, through the whole session.
 */
import { loadavg } from 'node:os';
import type { Frame } from 'playwright-core';
import { expect, it } from 'vitest';
import { MemoryPage } from '../../editor/pages/memory';
import { ReaderPage } from '../../editor/pages/reader';
import { openEditor } from '../../editor/support/editor';
import type { Editor } from '../../editor/support/editor';
import { makeProfile } from '../../editor/support/profile';
import { machine, ms, percentile, printTable } from '../measure';
import { hiddenWord, writeLongRead } from '../reading';

/** Tool calls of the two sessions; with prompts and answers the first has about 1,000 rows. */
const sizes = [625, 303];
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 5);
const frames = 280;
/** Pixels of one frame: a brisk turn of the wheel. */
const paces = [60, 240];

const titleOf = (calls: number) => `Long read of ${calls} calls`;

it('measures the reader', async () => {
  const profile = makeProfile();
  sizes.forEach((calls, index) => writeLongRead(profile.configDir, calls, index + 1, titleOf(calls)));
  const editor = await openEditor(profile, { viewport: { width: 1400, height: 900 } });
  try {
    const memory = await MemoryPage.open(editor);
    await memory.firstRun.getByRole('button', { name: 'Got It' }).click();
    await memory.showTab('Search');
    await memory.choose('All projects');
    const opened: string[][] = [];
    const scrolled: string[][] = [];
    for (const calls of sizes) {
      const times: number[] = [];
      for (let round = 0; round < rounds; round++) {
        times.push(await timeOpening(editor, memory, titleOf(calls)));
        if (round < rounds - 1) await editor.workbench.closeEditors();
      }
      const reader = await ReaderPage.find(editor, titleOf(calls));
      opened.push([String(calls), ...[0.5, 1].map((part) => ms(percentile(times, part))), times.map(ms).join(', ')]);
      for (const pace of paces)
        for (const direction of [-1, 1]) {
          const taken = await scroll(reader.frame, pace * direction);
          scrolled.push([
            String(calls),
            `${pace} ${direction < 0 ? 'up' : 'down'}`,
            String(taken.length),
            ...[0.5, 0.95, 0.99, 1].map((part) => ms(percentile(taken, part))),
            String(taken.filter((time) => time > 50).length),
          ]);
        }
      await editor.screenshot(`bench-reader-${calls}`);
      await editor.workbench.closeEditors();
    }
    console.log(
      `# reader (${machine()}, load ${loadavg()
        .map((load) => load.toFixed(1))
        .join(' ')})`,
    );
    printTable('From the click on a hit to its row in the reader, ms', ['calls', 'p50', 'longest', 'each'], opened);
    printTable(
      'Frames while scrolling, ms',
      ['calls', 'pixels a frame', 'frames', 'p50', 'p95', 'p99', 'longest', 'above 50'],
      scrolled,
    );
    expect(scrolled).toHaveLength(sizes.length * paces.length * 2);
  } finally {
    await editor.close();
  }
}, 900_000);

/** As this test sees it: how often it looks, and finding the panel of the reader, count too. */
async function timeOpening(editor: Editor, memory: MemoryPage, title: string): Promise<number> {
  const hit = await memory.findHit(hiddenWord, title);
  const clickedAt = performance.now();
  await hit.locator('.card-title').click();
  const reader = await ReaderPage.find(editor, title);
  await reader.lit.first().waitFor();
  return performance.now() - clickedAt;
}

/** Intervals between frames while the conversation is scrolled by as much in each. */
function scroll(frame: Frame, pixels: number): Promise<number[]> {
  return frame.evaluate<number[]>(`new Promise((resolve) => {
    const list = document.querySelector('.conversation');
    const taken = [];
    let before = 0;
    const step = (now) => {
      if (before > 0) taken.push(now - before);
      before = now;
      if (taken.length >= ${frames}) { resolve(taken); return; }
      list.scrollBy(0, ${pixels});
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  })`);
}
