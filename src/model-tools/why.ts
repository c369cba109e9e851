/** Which sessions and turns made a file, or one line of it. */
import * as z from 'zod/mini';
import { MemoryError } from '../protocol/errors';
import type { ReaderTool, SessionId, ToolHit } from '../protocol/model';
import { fileName, pathInside, withoutWorktree } from '../protocol/paths';
import { path } from '../protocol/questions/schemas';
import type { RowKey } from '../protocol/row-key';
import { oneLine } from '../protocol/text';
import { project, sightOf } from './project-scope';
import type { Sight } from './project-scope';
import { modelTool } from './tool';
import type { ToolPorts } from './tool';
import { fitting, history, line, moment } from './words';

const maxSessions = 10;
const maxRowsOfSession = 30;
const maxTurnsOfSession = 4;
/** Tools of Claude Code that write files. */
const editTools = ['Edit', 'MultiEdit', 'Write', 'NotebookEdit'];

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
    const edits = await editsOf(file, ports, sight, signal);
    const own =
      words === undefined ? [] : edits.filter(({ item }) => item.diffs.some((diff) => wrote(diff, words, file)));
    const shown = own.length > 0 ? own : edits;
    const found = await describe(shown, ports);
    // The line itself is not repeated: it comes from the disk, where nothing took secrets out of it.
    return history(heading(file.name, words !== undefined, edits.length, own.length), fitting(found).join('\n'));
  },
});

/** The same file wherever its repository is: in a worktree, or in a folder that the project had before. */
interface Wanted {
  path: string;
  /** From the root of the project, with forward slashes. */
  name: string;
}

interface Edit {
  sessionId: SessionId;
  title: string;
  key: RowKey;
  item: ReaderTool;
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

function isSame(file: string, { path: whole, name }: Wanted): boolean {
  const plain = withoutWorktree(file).replaceAll('\\', '/');
  return file === whole || plain === name || plain.endsWith(`/${name}`);
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

/** The latest sessions first; within a session, the latest edit. */
async function editsOf(file: Wanted, ports: ToolPorts, sight: Sight, signal: AbortSignal | undefined): Promise<Edit[]> {
  const { memory } = ports;
  const spellings = spellingsOf(file.name);
  const { hits, problems } = await memory.search(
    {
      text: `file:${spellings.map((each) => `"${each}"`).join(',')}`,
      tools: editTools,
      sort: 'newest',
      limit: maxSessions * 2,
      roads: 'words',
      ...(sight.scope && { scope: sight.scope }),
    },
    signal,
  );
  // A search goes on without a value that nothing has; here nothing else is wanted.
  if (problems.filter(({ code }) => code === 'unknown_value').length === spellings.length) return [];
  const edits: Edit[] = [];
  let sessions = 0;
  for (const hit of hits.filter((each): each is ToolHit => each.kind === 'tool')) {
    if (sessions === maxSessions) break;
    const found = await editsInSession(hit, file, ports, signal);
    if (found.length > 0) sessions++;
    edits.push(...found);
  }
  return edits;
}

/** With either separator: a transcript has that of its system. */
function spellingsOf(name: string): string[] {
  const plain = name.replaceAll('"', '');
  return [...new Set([plain, plain.replaceAll('/', '\\')])];
}

async function editsInSession(
  { sessionId, title }: ToolHit,
  file: Wanted,
  { memory }: ToolPorts,
  signal: AbortSignal | undefined,
): Promise<Edit[]> {
  const named = await memory.findInSession(sessionId, fileName(file.name), signal);
  const keys = named
    .map(({ key }) => key as RowKey)
    .filter((key) => key.startsWith('o'))
    .slice(-maxRowsOfSession)
    .toReversed();
  const items = await Promise.all(keys.map((key) => memory.getItem(key).catch(() => undefined)));
  return items.flatMap((item) =>
    item?.kind === 'tool' && item.diffs.some((diff) => isSame(diff.file, file))
      ? [{ sessionId, title, key: item.key, item }]
      : [],
  );
}

/** The line is in the text after the edit, and was not in it before. */
function wrote(diff: { file: string; before: string; after: string }, words: string, file: Wanted): boolean {
  const has = (text: string) => text.split(/\r?\n/).some((each) => each.trim() === words);
  return isSame(diff.file, file) && has(diff.after) && !has(diff.before);
}

async function describe(edits: readonly Edit[], { memory }: ToolPorts): Promise<string[]> {
  const bySession = grouped(edits, ({ sessionId }) => sessionId);
  const parts: string[] = [];
  for (const [id, own] of bySession) {
    const [first] = own;
    if (!first) continue;
    const prompts = new Map((await memory.outline(id)).map(({ turn, text }) => [turn, text]));
    const turns = [...grouped(own, ({ item }) => item.turn)];
    parts.push(
      [
        `- session ${id} | ${line(first.title, 120)}`,
        ...turns.slice(0, maxTurnsOfSession).map(([turn, rows]) => {
          const keys = rows.map(({ key, item }) => `${key} ${item.tool}${item.type === 'error' ? ' (failed)' : ''}`);
          const asked = prompts.get(turn);
          return `  turn ${turn} | ${moment(rows[0]?.item.at ?? 0)} | ${keys.slice(0, 6).join(', ')}${
            asked === undefined ? '' : `\n    asked: ${line(asked, 200)}`
          }`;
        }),
        ...(turns.length > maxTurnsOfSession ? [`  ${turns.length - maxTurnsOfSession} more turns`] : []),
      ].join('\n'),
    );
  }
  return parts;
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
