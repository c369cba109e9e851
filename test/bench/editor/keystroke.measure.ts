/**
 * Time from a key to the frame that shows the results, in the real editor: letters are typed one by one into the search
 * of the side bar, over a history of many tool calls.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { expect, it } from 'vitest';
import { MemoryPage } from '../../editor/pages/memory';
import { openEditor } from '../../editor/support/editor';
import type { Editor } from '../../editor/support/editor';
import { artefactDir } from '../../editor/support/places';
import { makeProfile } from '../../editor/support/profile';
import { until } from '../../editor/support/until';
import { vocabulary, writeHistory } from '../history';
import { machine, ms, percentile, printTable } from '../measure';

const calls = Number(process.env['BENCH_CALLS'] ?? 100_000);
/** Milliseconds between two keys: a fast typist, and one who pauses after each letter. */
const paces = [120, 300];
/** Frequent, less frequent and rare words, alone and combined. */
const queries = [
  [vocabulary[3]],
  [vocabulary[40], vocabulary[7]],
  [vocabulary[900]],
  [vocabulary[12], vocabulary[150], vocabulary[5]],
  [vocabulary[2500], vocabulary[60]],
  [vocabulary[33], vocabulary[410]],
].map((words) => words.join(' '));

interface Key {
  text: string;
  at: number;
  /** Undefined when the next key came before the answer. */
  paintedAt?: number;
}

it('measures a key to its results', async () => {
  const profile = makeProfile();
  const bytes = writeHistory(profile.configDir, calls);
  const editor = await openEditor(profile);
  try {
    const memory = await MemoryPage.open(editor);
    await memory.firstRun.getByRole('button', { name: 'Got It' }).click();
    const started = performance.now();
    await until(async () => /\d+ ?%/.test(await readStatus(editor)), {
      what: 'the import to begin',
      timeoutMs: 60_000,
    });
    await until(() => isIdle(editor), { what: 'the import to end', timeoutMs: 500_000, everyMs: 1000 });
    const importMs = performance.now() - started;
    await memory.showTab('Search');
    await memory.choose('All projects');
    await watch(memory.frame);
    await typeAll(memory, queries.slice(0, 2), paces[0]!);
    const rows: string[][] = [];
    const kept: Record<string, Key[]> = {};
    for (const pace of paces) {
      const keys = await typeAll(memory, queries, pace);
      kept[pace] = keys;
      rows.push(rowOf(`a key every ${pace} ms`, keys));
    }
    writeFileSync(join(artefactDir, 'keystrokes.json'), JSON.stringify(kept));
    await editor.screenshot('keystroke');
    console.log(`# keystroke (${machine()})`);
    console.log(
      `${calls} tool calls, ${(bytes / 1e6).toFixed(0)} MB of transcripts, read in ${(importMs / 1000).toFixed(0)} s`,
    );
    printTable(
      'From a key to the painted results of its text in the editor, ms',
      ['', 'keys', 'answered', 'p50', 'p95', 'p99', 'longest'],
      rows,
    );
    expect(kept[paces.at(-1)!]!.filter(({ paintedAt }) => paintedAt !== undefined).length).toBeGreaterThanOrEqual(60);
  } finally {
    await editor.close();
  }
}, 900_000);

const readStatus = (editor: Editor): Promise<string> => editor.workbench.statusItem.innerText();
let quietLooks = 0;
/**
 * True when no progress is shown in several checks in a row, because work after the last file belongs to the import
 * too.
 */
async function isIdle(editor: Editor): Promise<boolean> {
  quietLooks = /%/.test(await readStatus(editor)) ? 0 : quietLooks + 1;
  return quietLooks >= 5;
}

function rowOf(name: string, keys: readonly Key[]): string[] {
  const times = keys.flatMap(({ at, paintedAt }) => (paintedAt === undefined ? [] : [paintedAt - at]));
  return [
    name,
    String(keys.length),
    String(times.length),
    ...[0.5, 0.95, 0.99].map((part) => ms(percentile(times, part))),
    ms(Math.max(...times)),
  ];
}

/** Types each query letter by letter into an empty field; returns all keys that changed the text. */
async function typeAll(memory: MemoryPage, texts: readonly string[], everyMs: number): Promise<Key[]> {
  for (const text of texts) {
    await memory.searchField.fill('');
    await memory.searchField.focus();
    await memory.searchField.pressSequentially(text, { delay: everyMs });
    // Waits for the answer to the last letter.
    await until(() => memory.frame.evaluate<boolean>(`window.measured.keys.at(-1)?.paintedAt !== undefined`), {
      what: `the results of ${text}`,
      everyMs: 20,
    });
  }
  return memory.frame.evaluate<Key[]>('window.measured.keys.splice(0)');
}

/**
 * A script that runs in the page, therefore a string. The time starts at the key event. Results are displayed when the
 * list names the text it answers, and painted in the next frame, so the time ends at the start of the frame after that.
 */
async function watch(frame: Frame): Promise<void> {
  await frame.evaluate(`(() => {
    const measured = (window.measured = { keys: [] });
    let keyAt = 0;
    const field = document.querySelector('[role=search] input');
    field.addEventListener('keydown', (event) => { keyAt = event.timeStamp; }, true);
    const isText = () => field.value.trim() !== '' && !field.value.endsWith(' ');
    field.addEventListener('input', () => { if (isText()) measured.keys.push({ text: field.value, at: keyAt }); }, true);
    const look = () => {
      const key = measured.keys.at(-1);
      const shown = document.querySelector('[data-answers]');
      if (!key || key.paintedAt !== undefined || shown?.dataset.answers !== key.text) return;
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => { key.paintedAt ??= performance.now(); };
        channel.port2.postMessage(0);
      });
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
  })()`);
}
