/**
 * Marks of erased rows in a file beside the memory, written before the first row goes: when a copy of an earlier day takes
 * its place, what was erased is erased there too.
 */
import nodeFs from 'node:fs';
import path from 'node:path';
import { erasedFileName } from '../../protocol/data-folder';
import type { SessionId } from '../../protocol/model';
import { markPieces } from '../lib/byte-finder';
import type { SqlDriver } from '../store/sqlite/driver';
import { erasedRowsOf, erasedTest, getErasure, putErasedRows, putErasure } from '../store/tables/erasures';
import type { ErasedRow, Erasure, ErasureState } from '../store/tables/erasures';

interface Line {
  id: string;
  at: number;
  /** Marks by session. */
  rows: Record<SessionId, string[]>;
}

const fileOf = (dataDir: string): string => path.join(dataDir, erasedFileName);

/** Notes the marks of an erasure, unless they stand there already. */
export function noteErased(dataDir: string, driver: SqlDriver, { id, at }: Pick<Erasure, 'id' | 'at'>): void {
  if (readErased(dataDir).some((line) => line.id === id)) return;
  const line: Line = { id, at, rows: {} };
  for (const { mark, session } of erasedRowsOf(driver, id)) (line.rows[session] ??= []).push(mark);
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
 * Notes what the file says is erased and this memory does not know, because it is one of an earlier day. What is noted is
 * erased at the start.
 */
export function catchUpErased(driver: SqlDriver, dataDir: string, now: number): void {
  const isErased = erasedTest(driver) ?? (() => false);
  for (const { id, rows } of readErased(dataDir)) {
    const missing = Object.entries(rows).flatMap(([session, marks]) =>
      marks.flatMap((mark): ErasedRow[] => (isErased(mark) ? [] : [{ mark, session }])),
    );
    if (missing.length === 0) continue;
    driver.transaction(() => {
      putErasedRows(driver, missing, id);
      putErasure(driver, {
        id: getErasure(driver, id) ? `${id}.again`.slice(0, 200) : id,
        kind: 'again',
        at: now,
        stage: 'rows',
        state: { ...emptyState(id), sessions: [...new Set(missing.flatMap(({ session }) => session || []))] },
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
