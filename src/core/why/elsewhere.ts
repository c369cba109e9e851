/** Lines that were written in another file: it was renamed since, or they were moved. */
import { readFile, stat } from 'node:fs/promises';
import { fileName } from '../../protocol/paths';
import type { NameKey } from '../lib/keyed-name';
import { inTurns } from '../lib/turns';
import type { SqlDriver } from '../store/sqlite/driver';
import { editCalls, rowsOfFile, rowsOfLines } from '../store/tables/edit-marks';
import type { EditCall } from '../store/tables/edit-marks';
import { changedName, changesOf, replay } from './changes';
import type { History } from './changes';
import { fileMark, lineMark } from './edit-marks';
import { formOf } from './line-forms';
import type { KnownLine } from './replay';
import { standingOf } from './stand';
import type { DocumentLines } from './stand';

export interface FoundElsewhere {
  history: History;
  line: KnownLine;
}

interface Ports {
  driver: SqlDriver;
  names: NameKey;
}

/** Lines asked for, calls that are looked at for them, and files. */
const maxMarks = 400;
const maxRows = 60;
const maxFiles = 3;
/** Lines in common that make it worth looking at a file. */
const fewest = 3;
/** A line that so many calls put in says nothing about where it comes from. */
const tooMany = 12;
/** With this share of the document's lines it is the same file under another name. */
const renamed = 0.5;
const maxFileBytes = 2_000_000;

/** @param open numbers of lines that are looked for */
export async function findElsewhere(
  { driver, names }: Ports,
  document: DocumentLines,
  open: readonly number[],
  ownNames: readonly string[],
  projectIds: readonly number[] | undefined,
): Promise<Map<number, FoundElsewhere>> {
  const found = new Map<number, FoundElsewhere>();
  const asked = open.filter((at) => document.telling[at]! > 0).slice(0, maxMarks);
  if (asked.length < fewest) return found;
  const lineOf = new Map(asked.map((at) => [lineMark(names, document.texts[at]!), at]));
  const files = candidates(driver, rowsOfLines(driver, new Set(lineOf.keys()), projectIds), ownNames);
  for (const { name, hits } of files) {
    const calls = editCalls(driver, rowsOfFile(driver, name, fileMark(names, name), projectIds));
    // oxlint-disable-next-line no-await-in-loop -- lets other work run between two files
    const history = await inTurns(replay(changesOf(calls, [name])));
    const isRenamed = hits >= asked.length * renamed;
    const { lines } = standingOf(history.replayed.chunks, document, { isElsewhere: !isRenamed });
    // oxlint-disable-next-line no-await-in-loop -- one of at most three files
    const still = await formsOnDisk(history);
    for (const at of open) {
      const line = lines[at];
      // What still stands there was copied, and who copied it is not known.
      if (!line || line.by === -1 || still.has(document.forms[at]!)) continue;
      const other = found.get(at);
      if (!other || timeOf(other) < timeOf({ history, line })) found.set(at, { history, line });
    }
  }
  return found;
}

const timeOf = ({ history, line }: FoundElsewhere): number => history.changes[line.by]!.call.at;

function candidates(
  driver: SqlDriver,
  rows: ReadonlyMap<number, readonly number[]>,
  ownNames: readonly string[],
): { name: string; hits: number }[] {
  const marksOf = new Map<number, Set<number>>();
  for (const [mark, own] of rows) {
    if (own.length > tooMany) continue;
    for (const row of own) marksOf.set(row, (marksOf.get(row) ?? new Set()).add(mark));
  }
  const best = [...marksOf].sort(([, a], [, b]) => b.size - a.size).slice(0, maxRows);
  const calls = editCalls(
    driver,
    best.map(([row]) => row),
  );
  const marks = new Map<string, Set<number>>();
  for (const call of calls)
    for (const name of namesIn(call)) {
      if (ownNames.includes(name)) continue;
      const known = marks.get(name) ?? new Set();
      for (const mark of marksOf.get(call.row)!) known.add(mark);
      marks.set(name, known);
    }
  return [...marks]
    .map(([name, { size: hits }]) => ({ name, hits }))
    .filter(({ hits }) => hits >= fewest)
    .sort((a, b) => b.hits - a.hits || (a.name < b.name ? -1 : 1))
    .slice(0, maxFiles);
}

const namesIn = (call: EditCall): string[] => [
  ...new Set(call.diffs.filter(({ file }) => fileName(file) !== '').map(({ file }) => changedName(call, file))),
];

async function formsOnDisk({ changes }: History): Promise<ReadonlySet<string>> {
  const file = changes.at(-1)?.file;
  if (file === undefined) return new Set();
  try {
    if ((await stat(file)).size > maxFileBytes) return new Set();
    return new Set((await readFile(file, 'utf8')).split(/\r?\n/).map(formOf));
  } catch {
    // It is not there any more, or not on this machine.
    return new Set();
  }
}
