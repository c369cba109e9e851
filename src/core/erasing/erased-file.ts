/**
 * Marks of erased rows in a file beside the memory, written before anything is erased: when the memory is lost, or a copy
 * of an earlier day takes its place, what was erased is erased there too.
 */
import nodeFs from 'node:fs';
import path from 'node:path';
import { erasedFileName } from '../../protocol/data-folder';
import type { SessionId } from '../../protocol/model';
import { markPieces } from '../lib/byte-finder';
import type { SqlDriver } from '../store/sqlite/driver';
import { countErasedRows, erasedTest, putErasedRows, putErasure } from '../store/tables/erasures';
import type { ErasedRow, ErasureState } from '../store/tables/erasures';

interface Line {
  id: string;
  at: number;
  /** Marks by session. */
  rows: Record<SessionId, string[]>;
}

const fileOf = (dataDir: string): string => path.join(dataDir, erasedFileName);

export function noteErased(dataDir: string, id: string, at: number, rows: readonly ErasedRow[]): void {
  const line: Line = { id, at, rows: {} };
  for (const { mark, session } of rows) (line.rows[session] ??= []).push(mark);
  const handle = nodeFs.openSync(fileOf(dataDir), 'a', 0o600);
  try {
    // A line that a crash cut off ends here, and is passed over when it is read.
    nodeFs.writeFileSync(handle, `\n${JSON.stringify(line)}\n`);
    nodeFs.fsyncSync(handle);
  } finally {
    nodeFs.closeSync(handle);
  }
}

function readErased(dataDir: string): Line[] {
  if (!nodeFs.existsSync(fileOf(dataDir))) return [];
  return nodeFs
    .readFileSync(fileOf(dataDir), 'utf8')
    .split('\n')
    .flatMap((text) => {
      try {
        const line = JSON.parse(text) as Partial<Line>;
        return typeof line.id === 'string' && typeof line.at === 'number' && typeof line.rows === 'object'
          ? [line as Line]
          : [];
      } catch {
        return [];
      }
    });
}

/**
 * Notes what the file says is erased and this memory does not know: it is older, or its last erasure was cut off at the
 * very beginning. What is noted is erased at the start.
 */
export function catchUpErased(driver: SqlDriver, dataDir: string, now: number): void {
  const lines = readErased(dataDir);
  const count = lines.reduce((sum, { rows }) => sum + Object.values(rows).flat().length, 0);
  if (count === 0 || count === countErasedRows(driver)) return;
  const isErased = erasedTest(driver) ?? (() => false);
  for (const { id, rows } of lines) {
    const missing = Object.entries(rows).flatMap(([session, marks]) =>
      marks.flatMap((mark): ErasedRow[] => (isErased(mark) ? [] : [{ mark, session }])),
    );
    if (missing.length === 0) continue;
    driver.transaction(() => {
      putErasedRows(driver, missing, id);
      putErasure(driver, {
        id: `${id}.again`.slice(0, 200),
        kind: 'again',
        at: now,
        stage: 'rows',
        state: { ...emptyState(id), sessions: [...new Set(missing.map(({ session }) => session))] },
      });
    });
  }
}

export const emptyState = (key: string): ErasureState => ({
  sessions: [],
  erased: { prompts: 0, observations: 0, sessions: 0, titles: 0, learnings: 0, notes: 0 },
  pieces: markPieces([], key),
  shared: 0,
  foundBefore: 0,
  withoutPiece: 0,
  sampled: 0,
  backupsReplaced: 0,
  rounds: 0,
});
