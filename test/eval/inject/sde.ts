/** sde-bench: bug reports, each hinging on a decision in one of many chats, some of them amended later. */
import { cpSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { findAmendmentsStep } from '../../../src/core/give/find-amendments';
import { packFor } from '../../../src/core/give/need';
import { FullText } from '../../../src/core/index/full-text';
import { estimateTokens } from '../../../src/core/lib/tokens';
import { sessionHead, sessionLines } from '../../../src/core/store/tables/session-lines';
import { printTable, withFolder } from '../../bench/measure';
import { openBench } from '../../bench/open';

interface Report {
  task: string;
  query: string;
  sessions: string[];
  superseded: string[];
}

const budget = 1500;

/** `folder` has `projects` and `queries.json`. */
export async function reportSde(folder: string): Promise<void> {
  const reports = JSON.parse(readFileSync(path.join(folder, 'queries.json'), 'utf8')) as Report[];
  await withFolder(async (place) => {
    const bench = await openBench(place);
    cpSync(path.join(folder, 'projects'), path.join(bench.configDir, 'projects'), { recursive: true });
    await bench.import({ isArchiving: false });
    const { driver } = bench;
    for (const { id } of driver.all<{ id: string }>('SELECT id FROM sessions')) await bench.memory.summary(id);
    const index = new FullText(driver);
    const now = Date.now();
    while (findAmendmentsStep({ driver, index, now: () => now }));
    const rows = reports.map(({ task, query, sessions, superseded }) => {
      const packed = packFor({ driver, index }, { text: query, scopeIds: undefined, budget, now });
      const order = [...new Set(packed.items.map(({ sessionId }) => sessionId ?? ''))];
      const at = Math.min(...sessions.map((id) => order.indexOf(id)).filter((place_) => place_ >= 0));
      const old = Math.min(...superseded.map((id) => order.indexOf(id)).filter((place_) => place_ >= 0));
      const raw = order.reduce((sum, id) => sum + rawTokens(id), 0);
      if (process.env['SHOW'] !== undefined) console.log(task, '\n', packed.text);
      return { task, at, old, isAmended: superseded.length > 0, tokens: packed.tokens, raw, sessions: order.length };
    });
    function rawTokens(id: string): number {
      const head = sessionHead(driver, id);
      return head
        ? sessionLines(driver, head.no).reduce(
            (sum, line) => sum + estimateTokens(line.kind === 'said' ? line.text : line.input + line.output),
            0,
          )
        : 0;
    }
    const show = (place_: number) => (Number.isFinite(place_) ? String(place_ + 1) : '–');
    printTable(
      'sde-bench: place of the decision among the sessions given',
      ['report', 'decision', 'superseded', 'sessions', 'tokens', 'of the raw sessions'],
      rows.map((row) => [
        row.task,
        show(row.at),
        row.isAmended ? show(row.old) : '',
        String(row.sessions),
        String(row.tokens),
        `${((100 * row.tokens) / Math.max(1, row.raw)).toFixed(0)} %`,
      ]),
    );
    const given = rows.filter(({ at }) => Number.isFinite(at)).length;
    const amended = rows.filter(({ isAmended }) => isAmended);
    const first = amended.filter(({ at, old }) => Number.isFinite(at) && at < old).length;
    console.log(
      `\nDecision among what is given: ${given} of ${rows.length}; amendment before what it amends: ${first} of ${amended.length}.`,
    );
    await bench.close();
  });
}
