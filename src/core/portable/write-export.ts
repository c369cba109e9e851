/** Writes the memory, or a part of it, as JSON Lines or CSV: a file for each kind of record, slice by slice. */
import type { DataClass } from '../../protocol/classes';
import { recordKinds } from '../../protocol/portable';
import type { ExportReport, KindCounts, RecordKind } from '../../protocol/portable';
import type { Turn } from '../lib/turns';
import { kindTables } from '../store/portable/kinds';
import { countRecords, readRecords } from '../store/portable/read-records';
import type { Part } from '../store/portable/read-records';
import type { SqlDriver } from '../store/sqlite/driver';
import { csvLine } from './csv';
import { ExportFolder } from './export-folder';
import type { Manifest } from './manifest';
import { leavingBy } from './may-leave';
import { readmeName, schemaName } from './names';

export interface ExportPorts {
  driver: SqlDriver;
  version: string;
  turn: Turn;
  signal: AbortSignal;
  onProgress(done: number, total: number): void;
}

export interface ExportWish extends Part {
  folder: string;
  format: 'jsonl' | 'csv';
  onlyLearnings?: boolean;
  at: number;
  /** The highest class that the person asked for. */
  upTo?: DataClass;
  /** For this memory's own import of another one: it leaves nothing. */
  isInside?: true;
  /** By which it is known again. */
  request: string;
}

const ofLearnings: readonly RecordKind[] = ['learnings', 'evidence', 'trail', 'merges', 'classes'];

/** Letters that are written before other work is done. */
const stepLetters = 128 * 1024;

export async function writeExport(wish: ExportWish, ports: ExportPorts): Promise<ExportReport> {
  const { driver, turn, signal, version } = ports;
  const folder = await ExportFolder.create(wish.folder, wish.at);
  try {
    const total = countRecords(driver, wish);
    const counts: KindCounts = {};
    let done = 0;
    const leaving = leavingBy(driver, wish);
    for (const kind of wish.onlyLearnings ? ofLearnings : recordKinds) {
      // oxlint-disable-next-line no-await-in-loop -- one file after the other
      await folder.begin(`${kind}.${wish.format}`, wish.format === 'jsonl' ? kind : undefined);
      const names = kindTables[kind].fields.map(({ name }) => name);
      // oxlint-disable-next-line no-await-in-loop -- one file after the other
      if (wish.format === 'csv') await folder.write(`\uFEFF${csvLine(names)}`, 0);
      for (const slice of readRecords(driver, kind, wish)) {
        signal.throwIfAborted();
        let letters = 0;
        for (const record of slice) {
          const going = leaving.of(kind, record);
          if (!going) continue;
          const line = wish.format === 'csv' ? csvLine(names.map((name) => going[name])) : `${JSON.stringify(going)}\n`;
          letters += line.length;
          // oxlint-disable-next-line no-await-in-loop -- in order
          await folder.write(line);
          if (letters < stepLetters) continue;
          letters = 0;
          // oxlint-disable-next-line no-await-in-loop -- questions are answered in between
          await turn();
        }
        done += slice.length;
        ports.onProgress(Math.min(done, total), total);
        // oxlint-disable-next-line no-await-in-loop -- questions are answered in between
        await turn();
      }
      // oxlint-disable-next-line no-await-in-loop -- one file after the other
      counts[kind] = (await folder.end()).records;
    }
    await writeBeside(folder, wish.format);
    signal.throwIfAborted();
    const report = await finished(folder, { format: wish.format, counts }, whatOf(wish), {
      version,
      at: wish.at,
      request: wish.request,
    });
    return { ...report, ...leaving.left() };
  } catch (error) {
    await folder.abandon();
    throw error;
  }
}

export async function finished(
  folder: ExportFolder,
  { format, counts }: Pick<ExportReport, 'format' | 'counts'>,
  what: Manifest['what'],
  { version, at, request }: { version: string; at: number; request: string },
): Promise<ExportReport> {
  const target = await folder.finish({
    format: 'claude-mem-export',
    version: 1,
    madeBy: version,
    at,
    fileFormat: format,
    what,
    request,
    counts,
  });
  return reportOf(target, { fileFormat: format, counts, files: folder.files });
}

export const reportOf = (
  folder: string,
  { fileFormat: format, counts, files }: Pick<Manifest, 'fileFormat' | 'counts' | 'files'>,
): ExportReport => ({
  folder,
  format,
  counts,
  bytes: files.reduce((sum, file) => sum + file.bytes, 0),
  files: files.length,
});

export function whatOf({ onlyLearnings, projectIds, sessionIds }: Omit<ExportWish, 'format'>): Manifest['what'] {
  if (onlyLearnings) return 'learnings';
  return projectIds ? 'projects' : sessionIds ? 'sessions' : 'everything';
}

/** What the fields are, and what the files are for. */
async function writeBeside(folder: ExportFolder, format: 'jsonl' | 'csv'): Promise<void> {
  const schema = Object.fromEntries(
    recordKinds.map((kind) => [
      kind,
      Object.fromEntries(kindTables[kind].fields.map(({ name, type }) => [name, type])),
    ]),
  );
  await folder.begin(schemaName);
  await folder.write(`${JSON.stringify(schema, null, 2)}\n`, 0);
  await folder.end();
  await folder.begin(readmeName);
  await folder.write(format === 'csv' ? aboutCsv : aboutLines, 0);
  await folder.end();
}

const about = `# Export of a Claude-Mem memory

One file for each kind of record. \`schema.json\` says what fields they have; \`manifest.json\` names all files with their
length and SHA-256. Times are milliseconds since 1970, in universal time. Secrets were replaced before anything was stored.
`;
const aboutLines = `${about}
*Import Memory…* of the extension, or \`claude-mem-vscode import-memory FOLDER\`, brings it into another memory.
`;
const aboutCsv = `${about}
Fields of the type json hold JSON. A text that begins with =, +, - or @ has an apostrophe before it, so that no program for
tables takes it for a formula. Only an export as JSON Lines can be imported again.
`;
