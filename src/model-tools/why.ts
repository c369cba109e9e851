/** Which sessions and turns made a file, or one line of it. */
import * as z from 'zod/mini';
import { MemoryError } from '../protocol/errors';
import type { FileEdit } from '../protocol/model';
import { pathInside, withoutWorktree } from '../protocol/paths';
import { path } from '../protocol/questions/schemas';
import { oneLine } from '../protocol/text';
import { project, sightOf } from './project-scope';
import type { Sight } from './project-scope';
import { modelTool } from './tool';
import type { ToolPorts } from './tool';
import { fitting, history, line, moment, toolName } from './words';

const maxTurnsOfSession = 4;
const maxCallsOfTurn = 6;

export const why = modelTool({
  name: 'why',
  title: 'Why is this file or line so',
  about:
    'Answers which earlier sessions and turns edited a file, the latest first, with what the person had asked there. ' +
    'With a line (`src/cart.ts:12`, or `line`) the turns that wrote that line as it stands now. ' +
    'Helps before changing code whose reason is not clear.',
  takes: z.object({
    file: path.check(
      z.describe('Path of a file: absolute, or from the folder that Claude works in; `:12` at its end names a line.'),
    ),
    line: z.exactOptional(z.int().check(z.gte(1), z.lte(10_000_000), z.describe('Number of a line, from 1.'))),
    project,
  }),
  async answer(input, ports, signal) {
    const sight = await sightOf(ports, input.project);
    const place = placeOf(input.file, input.line);
    const file = fileOf(place.file, ports.folder, sight);
    const words = place.line === undefined ? undefined : await lineOf(file.path, place.line, ports);
    const edits = await ports.memory.fileEdits(
      {
        file: file.name,
        ...(words !== undefined && { line: words }),
        ...(sight.scope && { scope: sight.scope }),
      },
      signal,
    );
    const own = edits.filter(({ wroteLine }) => wroteLine);
    const found = await describe(own.length > 0 ? own : edits, ports);
    // The line itself is not repeated: it comes from the disk, where nothing took secrets out of it.
    return history(heading(file.name, words !== undefined, edits.length, own.length), fitting(found).join('\n'));
  },
});

interface Wanted {
  path: string;
  /** From the root of the project, so that it is the same wherever the repository is, or was. */
  name: string;
}

function placeOf(file: string, number: number | undefined): { file: string; line?: number } {
  const match = /^(.*[^:]):([1-9]\d{0,7})(?::\d{1,7})?$/.exec(file);
  if (number === undefined && match) return { file: match[1] ?? '', line: Number(match[2]) };
  return { file, ...(number !== undefined && { line: number }) };
}

function fileOf(file: string, folder: string, { projects }: Sight): Wanted {
  const isAbsolute = /^([a-zA-Z]:)?[/\\]/.test(file);
  const whole = isAbsolute ? file : `${folder}/${file.replace(/^\.[/\\]/, '')}`;
  const inside = projects
    .flatMap(({ root, joined = [] }) => [root, ...joined.map((part) => part.root)])
    .map((root) => pathInside(root, whole))
    .find((each) => each !== undefined);
  return { path: whole, name: withoutWorktree(inside ?? pathInside(folder, whole) ?? file).replaceAll('\\', '/') };
}

/** @throws MemoryError `not_found`, `invalid_input` when there is no such line, or no word in it */
async function lineOf(file: string, number: number, { readFile }: ToolPorts): Promise<string> {
  const text = await readFile(file);
  if (text === undefined)
    throw new MemoryError('not_found', `${line(file, 200)} cannot be read, so it has no line ${number} now.`);
  const words = text.split(/\r?\n/)[number - 1]?.trim();
  if (words === undefined) throw new MemoryError('invalid_input', `${line(file, 200)} has no line ${number}.`);
  if (!/[\p{L}\p{N}]{2}/u.test(words))
    throw new MemoryError('invalid_input', `Line ${number} has no word to look for. Name a line with some text.`);
  return words;
}

async function describe(edits: readonly FileEdit[], { memory }: ToolPorts): Promise<string[]> {
  const parts: string[] = [];
  for (const [id, own] of grouped(edits, ({ sessionId }) => sessionId)) {
    const prompts = new Map((await memory.outline(id)).map(({ turn, text }) => [turn, text]));
    const turns = [...grouped(own, ({ turn }) => turn)];
    parts.push(
      [
        `- session ${id} | ${line(own[0]?.title ?? '', 120)}`,
        ...turns.slice(0, maxTurnsOfSession).map(([turn, rows]) => turnLines(turn, rows, prompts.get(turn))),
        ...(turns.length > maxTurnsOfSession ? [`  ${turns.length - maxTurnsOfSession} more turns`] : []),
      ].join('\n'),
    );
  }
  return parts;
}

function turnLines(turn: number, rows: readonly FileEdit[], asked: string | undefined): string {
  const calls = rows.slice(0, maxCallsOfTurn).map((row) => `${row.key} ${toolName(row)}`);
  const head = `  turn ${turn} | ${moment(rows[0]?.at ?? 0)} | ${calls.join(', ')}`;
  return asked === undefined ? head : `${head}\n    asked: ${line(asked, 200)}`;
}

/** In the order of their first members. */
function grouped<T, Key>(all: readonly T[], keyOf: (each: T) => Key): Map<Key, T[]> {
  const groups = new Map<Key, T[]>();
  for (const each of all) groups.set(keyOf(each), [...(groups.get(keyOf(each)) ?? []), each]);
  return groups;
}

function heading(name: string, isOfLine: boolean, edits: number, own: number): string {
  const file = oneLine(line(name, 200));
  if (edits === 0) return `No earlier session in memory edited ${file}.`;
  if (!isOfLine) return `Turns that edited ${file}, the latest first.`;
  return own > 0
    ? `Turns that wrote this line of ${file}, the latest first.`
    : `No turn in memory wrote this line of ${file} as it stands. Turns that edited the file, the latest first.`;
}
