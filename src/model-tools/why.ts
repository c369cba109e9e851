/** Which sessions and turns made a file, or one line of it. */
import * as z from 'zod/mini';
import type { FileEdit } from '../protocol/model';
import { pathInside, withoutWorktree } from '../protocol/paths';
import { path } from '../protocol/questions/schemas';
import { oneLine } from '../protocol/text';
import type { Why } from '../protocol/why';
import { placeIn, whyQueryOf } from '../protocol/why-text';
import type { LineRange } from '../protocol/why-text';
import { project, sightOf } from './project-scope';
import type { Sight } from './project-scope';
import { modelTool } from './tool';
import type { ClassedPorts } from './tool';
import { toldLines } from './why-told';
import { fitting, history, line, moment, toolName } from './words';

const maxTurnsOfSession = 4;
const maxCallsOfTurn = 6;

export const why = modelTool({
  name: 'why',
  title: 'Why is this file or line so',
  about:
    'Answers which earlier sessions and turns edited a file, the latest first, with what the person had asked there. ' +
    'With a line (`src/cart.ts:12`, `src/cart.ts:12-20`, or `line`) the turn that wrote that line as it stands now, what ' +
    'was there before and what happened since, or that this is not known. ' +
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
    const { file, lines } = placeIn(input.file);
    const asked = input.line === undefined ? lines : { from: input.line - 1, to: input.line - 1 };
    const wanted = fileOf(file, ports.folder, sight);
    const name = oneLine(line(wanted.name, 200));
    const told = asked && (await askWhy(wanted, asked, ports, sight, signal));
    if (told && told.turns.length > 0)
      return history(`Who wrote these lines of ${name}, as far as it is known.`, fitting(toldLines(told)).join('\n'));
    const edits = await ports.memory.fileEdits(
      { file: wanted.name, ...(sight.scope && { scope: sight.scope }) },
      signal,
    );
    const found = await describe(edits, ports);
    // The line itself is not repeated: it comes from the disk, where nothing took secrets out of it.
    return history(heading(name, told, edits.length), fitting(found).join('\n'));
  },
});

async function askWhy(
  { path: file, name }: Wanted,
  { from, to }: LineRange,
  { readFile, memory }: ClassedPorts,
  { scope }: Sight,
  signal: AbortSignal | undefined,
): Promise<Why> {
  const text = await readFile(file);
  const query = whyQueryOf(file, text, from, to);
  // Another clone, or a folder that is read elsewhere, has the name from the root of the project.
  return memory.why({ ...query, file: name, withCommits: true, ...(scope && { scope }) }, signal);
}

interface Wanted {
  path: string;
  /** From the root of the project, so that it is the same wherever the repository is, or was. */
  name: string;
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

async function describe(edits: readonly FileEdit[], { memory }: ClassedPorts): Promise<string[]> {
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

function heading(file: string, asked: Why | undefined, edits: number): string {
  if (edits === 0) return `No earlier session in memory edited ${file}.`;
  if (!asked) return `Turns that edited ${file}, the latest first.`;
  const told = toldLines(asked).join('\n');
  return `No turn in memory is known to have written this of ${file}.\n${told}\nTurns that edited the file, the latest first.`;
}
