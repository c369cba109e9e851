/**
 * Real sessions: clients write the whole file as it was before an edit into the result of the edit. The memory does not keep that,
 * so it tells whether what is replayed is right: each line that is said to stand in the file before a turn, and whether a file that
 * is said to be known whole is the same to the letter.
 */
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { scrub } from '../../../src/core/observe/clean';
import type { SqlDriver } from '../../../src/core/store/sqlite/driver';
import { keptLines } from '../../../src/core/why/pair-lines';
import { percentile, printTable, withFolder, ms } from '../../bench/measure';
import { openBench } from '../../bench/open';
import { indexAll } from './why-report';

interface Truth {
  sessionId: string;
  /** Uid of nothing: the call's place among the edits of its session. */
  file: string;
  original: string;
  at: number;
}

/** `folder` is as Claude's `projects`. */
export async function reportRealStory(folder: string): Promise<void> {
  await withFolder(async (place) => {
    const bench = await openBench(place);
    cpSync(folder, path.join(bench.configDir, 'projects'), { recursive: true });
    await bench.import({ isArchiving: false });
    await indexAll(bench);
    const counts = {
      asked: 0,
      whole: 0,
      exact: 0,
      sure: 0,
      sureExact: 0,
      parts: 0,
      nothing: 0,
      lines: 0,
      right: 0,
      of: 0,
    };
    const times: number[] = [];
    const turnOf = turnsOf(bench.driver);
    const asked = new Set<string>();
    for (const { sessionId, file, original, at } of truths(folder)) {
      const turn = turnOf(sessionId, at);
      // The first edit of a file in a turn: what stood before the turn.
      const key = `${sessionId} ${turn} ${file}`;
      if (turn === undefined || asked.has(key)) continue;
      asked.add(key);
      const started = performance.now();
      const stood = await bench.memory.fileAtTurn({ sessionId, turn, file, isBefore: true });
      times.push(performance.now() - started);
      counts.asked++;
      const truth = scrub(original);
      counts.of += truth.split('\n').length;
      if (stood.known === 'nothing') counts.nothing++;
      if (stood.known === 'parts') counts.parts++;
      const text = stood.pieces.join('\n');
      if (stood.known === 'whole') {
        counts.whole++;
        if (text === truth) counts.exact++;
        if (stood.doubt === undefined) counts.sure++;
        if (stood.doubt === undefined && text === truth) counts.sureExact++;
      }
      for (const piece of stood.pieces) {
        const lines = piece.split('\n');
        counts.lines += lines.length;
        counts.right += keptLines(lines, truth.split('\n')).of.filter((from) => from !== -1).length;
      }
    }
    const share = (part: number, of: number) => `${((100 * part) / Math.max(1, of)).toFixed(1)} %`;
    printTable(
      'a file as it stood: before turns that edited it, real sessions',
      [
        'asked',
        'known whole',
        'without doubt',
        'of these exact',
        'whole and exact',
        'in parts',
        'nothing',
        'lines told right',
        'of all lines',
      ],
      [
        [
          `${counts.asked}`,
          `${counts.whole}`,
          `${counts.sure}`,
          share(counts.sureExact, counts.sure),
          share(counts.exact, counts.whole),
          `${counts.parts}`,
          `${counts.nothing}`,
          share(counts.right, counts.lines),
          share(counts.right, counts.of),
        ],
      ],
    );
    printTable(
      'a file as it stood: time',
      ['asked', 'median ms', '95 of 100', 'longest'],
      [[`${times.length}`, ms(percentile(times, 0.5)), ms(percentile(times, 0.95)), ms(Math.max(...times))]],
    );
    const nets: number[] = [];
    let [files, whole] = [0, 0];
    for (const { id } of bench.driver.all<{ id: string }>("SELECT id FROM sessions WHERE status <> 'deleted'")) {
      const started = performance.now();
      // oxlint-disable-next-line no-await-in-loop -- one question at a time, as a person asks
      const changes = await bench.memory.sessionChanges(id);
      nets.push(performance.now() - started);
      files += changes.files.length;
      whole += changes.files.filter(({ known }) => known === 'whole').length;
    }
    printTable(
      'what a session changed: real sessions',
      ['sessions', 'files', 'known whole', 'median ms', '95 of 100', 'longest'],
      [
        [
          `${nets.length}`,
          `${files}`,
          share(whole, files),
          ms(percentile(nets, 0.5)),
          ms(percentile(nets, 0.95)),
          ms(Math.max(...nets)),
        ],
      ],
    );
    await bench.memory.close();
  });
}

function turnsOf(driver: SqlDriver): (id: string, at: number) => number | undefined {
  const turns = new Map(
    driver
      .all<{ id: string; at: number; turn: number }>(
        "SELECT s.id, o.created_at AS at, o.turn FROM observations o JOIN sessions s ON s.no = o.session WHERE o.diffs_json <> '[]'",
      )
      .map(({ id, at, turn }) => [`${id} ${at}`, turn]),
  );
  return (id, at) => turns.get(`${id} ${at}`);
}

function* truths(folder: string): Generator<Truth> {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.jsonl')) continue;
    const sessionId = path.basename(name, '.jsonl');
    const calls = new Map<string, number>();
    for (const line of readFileSync(path.join(folder, name), 'utf8').split('\n')) {
      let json: Record<string, never>;
      try {
        json = JSON.parse(line) as Record<string, never>;
      } catch {
        continue;
      }
      const content = (json['message'] as { content?: unknown } | undefined)?.content;
      if (!Array.isArray(content)) continue;
      for (const block of content as { type?: string; id?: string; tool_use_id?: string; name?: string }[]) {
        if (block.type === 'tool_use' && block.name === 'Edit') calls.set(block.id!, Date.parse(json['timestamp']!));
        const at = block.type === 'tool_result' ? calls.get(block.tool_use_id!) : undefined;
        const details = json['toolUseResult'] as { originalFile?: string; filePath?: string } | undefined;
        if (at !== undefined && typeof details?.originalFile === 'string' && details.filePath !== undefined)
          yield { sessionId, file: details.filePath, original: details.originalFile, at };
      }
    }
  }
}
