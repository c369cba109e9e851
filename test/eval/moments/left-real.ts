/** Real sessions: how much is left of them, and with `--tell` which open ends are said to be done by what, to be read by a person. */
import { cpSync } from 'node:fs';
import path from 'node:path';
import { ms, printTable, withFolder } from '../../bench/measure';
import { openBench } from '../../bench/open';

/** `folder` is as Claude's `projects`. */
export async function reportRealLeft(folder: string, isTelling: boolean): Promise<void> {
  await withFolder(async (place) => {
    const bench = await openBench(place);
    cpSync(folder, path.join(bench.configDir, 'projects'), { recursive: true });
    await bench.import({ isArchiving: false });
    for (const { id } of bench.driver.all<{ id: string }>("SELECT id FROM sessions WHERE status <> 'deleted'"))
      // oxlint-disable-next-line no-await-in-loop -- one after the other, as they are done
      await bench.memory.summary(id);
    await bench.memory.readyBriefs?.();
    const started = performance.now();
    const left = await bench.memory.whatIsLeft({});
    const took = performance.now() - started;
    const named = left.closed.length + left.openEnds.length;
    printTable(
      'what is left: real sessions',
      ['sessions', 'open ends', 'closed', 'decisions', 'superseded', 'errors that came back', 'ms'],
      [
        [
          `${left.sessions}`,
          `${named}`,
          `${left.closed.length}`,
          `${left.decisions.length}`,
          `${left.decisions.reduce((sum, { superseded }) => sum + superseded.length, 0)}`,
          `${left.errors.length}`,
          ms(took),
        ],
      ],
    );
    if (isTelling) {
      for (const { text, by } of left.closed)
        console.log(`CLOSED ${by.how}: ${text}\n    BY: ${by.how === 'person' ? '' : by.text}`);
      for (const { text, superseded } of left.decisions)
        for (const before of superseded) console.log(`NOW: ${text}\n    BEFORE: ${before.text}`);
      for (const { line, sessions } of left.errors) console.log(`ERROR ${sessions}: ${line.text}`);
      for (const { text } of left.openEnds) console.log(`OPEN ${text}`);
    }
    await bench.memory.close();
  });
}
