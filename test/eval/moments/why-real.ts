/**
 * Real sessions: the files as they were last read in them, and who is said to have written their lines. Nobody has labelled
 * them, but the sessions contradict an answer when the line had been read before the edit that is said to have written it. Lines
 * that an edit put in before the file was read, and nobody had read before, should have an answer.
 */
import { cpSync } from 'node:fs';
import path from 'node:path';
import { sessionHead, sessionLines } from '../../../src/core/store/tables/session-lines';
import type { CallLine } from '../../../src/core/store/tables/session-lines';
import { formOf, tellingOf } from '../../../src/core/why/line-forms';
import { maxWhyLines, maxWhyText } from '../../../src/protocol/why-limits';
import { printTable, withFolder } from '../../bench/measure';
import { openBench } from '../../bench/open';
import { indexAll } from './why-report';

interface Seen {
  at: number;
  lines: string[];
}

interface OfFile {
  reads: Seen[];
  /** Lines by form: when an edit first put them in. */
  put: Map<string, number>;
  /** When an edit last changed the file. */
  editedAt: number;
}

const fewestLines = 5;

/** `folder` is as Claude's `projects`. */
export async function reportRealWhy(folder: string): Promise<void> {
  await withFolder(async (place) => {
    const bench = await openBench(place);
    cpSync(folder, path.join(bench.configDir, 'projects'), { recursive: true });
    await bench.import({ isArchiving: false });
    await indexAll(bench);
    const files = new Map<string, OfFile>();
    for (const { id } of bench.driver.all<{ id: string }>("SELECT id FROM sessions WHERE status <> 'deleted'"))
      for (const line of sessionLines(bench.driver, sessionHead(bench.driver, id)!.no))
        if (line.kind === 'call' && !line.isCopy && line.type !== 'error' && line.isAnswered) note(files, line);
    const counts = { files: 0, lines: 0, told: 0, stood: 0, expected: 0, answered: 0 };
    for (const [file, known] of files) {
      const last = known.reads.at(-1);
      // What was edited after it was read stood otherwise at the end.
      if (!last || known.editedAt === 0 || known.editedAt > last.at || last.lines.join('\n').length > maxWhyText)
        continue;
      counts.files++;
      const often = new Map<string, number>();
      for (const line of last.lines) often.set(formOf(line), (often.get(formOf(line)) ?? 0) + 1);
      const before = (form: string, at: number) =>
        known.reads.some((read) => read.at < at && read.lines.some((line) => formOf(line) === form));
      for (let from = 0; from < last.lines.length; from += maxWhyLines) {
        // oxlint-disable-next-line no-await-in-loop -- one question at a time, as a person asks
        const { turns } = await bench.memory.why({
          file,
          text: last.lines.join('\n'),
          from,
          to: Math.min(from + maxWhyLines, last.lines.length) - 1,
        });
        const saidAt = new Map(turns.flatMap((turn) => turn.lines.map((line) => [line, turn.at] as const)));
        for (let line = from; line < Math.min(from + maxWhyLines, last.lines.length); line++) {
          const text = last.lines[line]!;
          // The same bracket stands in every file, so of it nothing is known here.
          if (tellingOf(text) === 0) continue;
          counts.lines++;
          const form = formOf(text);
          const told = saidAt.get(line);
          const put = known.put.get(form);
          if (told !== undefined) {
            counts.told++;
            if (before(form, told)) counts.stood++;
          }
          // Of a line that stands more than once it is not known which of them the edit put in.
          if (put !== undefined && often.get(form) === 1 && put < last.at && !before(form, put)) {
            counts.expected++;
            if (told !== undefined) counts.answered++;
          }
        }
      }
    }
    const { told, stood, expected, answered } = counts;
    const share = (part: number, of: number) => `${((100 * part) / of).toFixed(1)} %`;
    printTable(
      'why is this here: files as real sessions last read them',
      ['files', 'lines', 'told', 'had stood before', 'not contradicted', 'should be told', 'of them told'],
      [
        [
          `${counts.files}`,
          `${counts.lines}`,
          `${told}`,
          `${stood}`,
          share(told - stood, told),
          `${expected}`,
          share(answered, expected),
        ],
      ],
    );
    await bench.memory.close();
  });
}

function note(files: Map<string, OfFile>, { tool, files: named, output, diffs, at }: CallLine): void {
  const ofFile = (name: string): OfFile => {
    const known = files.get(name) ?? { reads: [], put: new Map<string, number>(), editedAt: 0 };
    files.set(name, known);
    return known;
  };
  const [name] = named;
  const lines = tool === 'Read' && name !== undefined ? wholeText(output) : undefined;
  if (lines) {
    ofFile(name!).reads.push({ at, lines });
    ofFile(name!).reads.sort((a, b) => a.at - b.at);
  }
  for (const { file, before, after } of diffs) {
    const old = new Set(before.split('\n').map(formOf));
    const edited = ofFile(file);
    const { put } = edited;
    edited.editedAt = Math.max(edited.editedAt, at);
    for (const line of after.split('\n')) {
      const form = formOf(line);
      if (tellingOf(line) > 0 && !old.has(form)) put.set(form, Math.min(at, put.get(form) ?? at));
    }
  }
}

/** Lines of a file that was read from its beginning and whole, as far as the output tells. */
function wholeText(output: string): string[] | undefined {
  if (output.includes('[… shortened …]')) return undefined;
  const lines: string[] = [];
  for (const line of output.split('\n')) {
    const match = /^\s*(\d+)(?:→|\t)(.*)$/.exec(line);
    if (!match) {
      if (lines.length > 0) break;
      continue;
    }
    if (Number(match[1]) !== lines.length + 1) return undefined;
    lines.push(match[2] ?? '');
  }
  return lines.length >= fewestLines ? lines : undefined;
}
