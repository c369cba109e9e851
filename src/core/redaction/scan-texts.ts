/**
 * Applies the rules of today to texts that were stored before, in slices: between two of them questions are answered.
 * Each slice is one transaction, so a scan that is cut off has done what it did, and another one begins anew.
 */
import { MemoryError } from '../../protocol/errors';
import type { Turn } from '../lib/turns';
import { redactedJson } from '../observe/redact';
import type { Redacted, RedactedTree, Redactor } from '../observe/redact';
import { archivedRoots, linesOfBlock, partAfter, renameRoot, replacePart } from '../store/archive/rescan';
import type { SqlDriver } from '../store/sqlite/driver';
import { putTexts, textColumns, textsAfter, textsOf } from '../store/tables/stored-texts';
import type { TextColumns, TextRow } from '../store/tables/stored-texts';

export interface ScanPorts {
  redactor: Pick<Redactor, 'redact' | 'redactLines'>;
  turn: Turn;
  signal: AbortSignal;
  /** Called after each slice with the number of rows, or of parts, that it had. */
  onSlice: (count: number) => void;
}

/** What a scan has found, added up. */
export class ScanCounts {
  /** Marks that were made, by kind. */
  readonly kinds: Record<string, number> = {};
  changed = 0;

  add(before: string, after: string): void {
    const had = marksIn(before);
    for (const [kind, count] of marksIn(after)) {
      const more = count - (had.get(kind) ?? 0);
      if (more > 0) this.kinds[kind] = (this.kinds[kind] ?? 0) + more;
    }
  }
}

function marksIn(text: string): Map<string, number> {
  const found = new Map<string, number>();
  if (!text.includes('[REDACTED:')) return found;
  for (const [, kind = ''] of text.matchAll(/\[REDACTED:([a-z0-9][a-z0-9-]{1,40}):[0-9a-f]{8}\]/g))
    found.set(kind, (found.get(kind) ?? 0) + 1);
  return found;
}

/** Letters of one slice: about 20 ms of looking, and as much of writing when all of it changes. */
const sliceLetters = 128 * 1024;
/** A row that is written at the same moment is read again; its writer has applied the rules of today. */
const mostTries = 5;

export async function scanTexts(driver: SqlDriver, counts: ScanCounts, ports: ScanPorts): Promise<void> {
  for (const table of textColumns(driver)) {
    for (let after: string | number | undefined; ;) {
      ports.signal.throwIfAborted();
      const rows = textsAfter(driver, table, after, sliceLetters);
      const last = rows.at(-1);
      if (!last) break;
      // oxlint-disable-next-line no-await-in-loop -- one slice after the other
      await scanRows(driver, table, rows, counts, ports);
      after = last.key;
      ports.onSlice(rows.length);
      // oxlint-disable-next-line no-await-in-loop -- questions are answered in between
      await ports.turn();
    }
  }
}

async function scanRows(
  driver: SqlDriver,
  table: TextColumns,
  rows: readonly TextRow[],
  counts: ScanCounts,
  { redactor }: ScanPorts,
): Promise<void> {
  let open = rows;
  for (let tries = 0; open.length > 0 && tries < mostTries; tries++) {
    const texts: string[] = [];
    const note = (text: string): Redacted => {
      texts.push(text);
      return text as Redacted;
    };
    for (const row of open) mapRow(table, row, note);
    // oxlint-disable-next-line no-await-in-loop -- tried again only when a row was written meanwhile
    const { texts: safe } = await redactor.redact(texts);
    let next = 0;
    const changes = open.flatMap((before) => {
      const after = mapRow(table, before, () => safe[next++] as Redacted);
      return after.some((value, at) => value !== before.values[at]) ? [{ before, after }] : [];
    });
    if (changes.length === 0) return;
    const again: TextRow[] = [];
    driver.transaction(() => {
      for (const { before, after } of changes) {
        if (putTexts(driver, table, before, after)) {
          counts.changed++;
          after.forEach((value, at) => counts.add(before.values[at] ?? '', value ?? ''));
          continue;
        }
        const row = textsOf(driver, table, before.key);
        if (row) again.push(row);
      }
    });
    open = again;
  }
}

/** The values of a row with each text replaced; always in the same order. */
function mapRow(table: TextColumns, row: TextRow, visit: (text: string) => Redacted): (Redacted | null)[] {
  return table.columns.map(({ isJson }, at) => {
    const value = row.values[at] ?? null;
    if (value === null || value === '') return value as Redacted | null;
    if (!isJson) return visit(value);
    try {
      const tree = JSON.parse(value) as RedactedTree;
      const mapped = mapTree(tree, (text) => (table.hasNames && isName(text) ? (text as Redacted) : visit(text)));
      return JSON.stringify(mapped) === JSON.stringify(tree) ? (value as Redacted) : redactedJson(mapped);
    } catch {
      return visit(value);
    }
  });
}

/** Ids of rows and sessions, which are no text. */
const isId = (text: string): boolean =>
  /^[a-z]:[\w-]{22}$/.test(text) || /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/.test(text);

const isName = (text: string): boolean => /^[\w-]{22}$/.test(text);

function mapTree(value: RedactedTree, visit: (text: string) => Redacted): RedactedTree {
  if (typeof value === 'string') return value === '' || isId(value) ? value : visit(value);
  if (Array.isArray(value)) return value.map((each: RedactedTree) => mapTree(each, visit));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, mapTree(each, visit)]));
}

/** The same in the archive, block by block. Damaged blocks are left to the check that finds them. */
export async function scanArchive(archive: SqlDriver, counts: ScanCounts, ports: ScanPorts): Promise<void> {
  const { redactor, signal, turn, onSlice } = ports;
  const roots = archivedRoots(archive);
  const { texts } = await redactor.redact(roots);
  roots.forEach((root, at) => {
    const safe = texts[at] as Redacted;
    if (safe !== root) renameRoot(archive, root, safe);
  });
  // Files share blocks: one that is clean is looked at once.
  const clean = new Map<number, number>();
  let linesBefore = 0;
  let part = partAfter(archive, 0, -1);
  while (part) {
    signal.throwIfAborted();
    let lines = clean.get(part.block);
    for (let tries = 0; lines === undefined && tries < mostTries; tries++) {
      // oxlint-disable-next-line no-await-in-loop -- tried again only when it was appended to meanwhile
      const scanned = await scanPart(archive, part, linesBefore, counts, redactor);
      if (scanned?.isClean) clean.set(part.block, scanned.lines);
      if (!scanned) part = partAfter(archive, part.file, part.n - 1) ?? part;
      lines = scanned?.lines;
    }
    onSlice(1);
    const next = partAfter(archive, part.file, part.n);
    linesBefore = next?.file === part.file ? linesBefore + (lines ?? 0) : 0;
    part = next;
    // oxlint-disable-next-line no-await-in-loop -- questions are answered in between
    await turn();
  }
}

/** Undefined when the part was appended to meanwhile. */
async function scanPart(
  archive: SqlDriver,
  part: { file: number; n: number; block: number },
  linesBefore: number,
  counts: ScanCounts,
  redactor: Pick<Redactor, 'redactLines'>,
): Promise<{ lines: number; isClean: boolean } | undefined> {
  let lines: Uint8Array[];
  try {
    lines = linesOfBlock(archive, part.block);
  } catch (error) {
    if (MemoryError.is(error, 'corrupt')) return { lines: 0, isClean: true };
    throw error;
  }
  const safe = await redactor.redactLines(lines);
  if (safe.every(({ originalHash }) => originalHash === undefined)) return { lines: lines.length, isClean: true };
  if (!replacePart(archive, part, safe, linesBefore)) return undefined;
  counts.changed++;
  safe.forEach(({ bytes, originalHash }, at) => {
    if (originalHash !== undefined) counts.add(Buffer.from(lines[at] ?? []).toString(), Buffer.from(bytes).toString());
  });
  return { lines: lines.length, isClean: false };
}
