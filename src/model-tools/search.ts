/** The cheap index: one line for each session or learning that matches. */
import * as z from 'zod/mini';
import { MemoryError } from '../protocol/errors';
import type { ReaderItem } from '../protocol/model';
import { cursor } from '../protocol/questions/schemas';
import { searchQuery } from '../protocol/questions/search';
import { isInSession } from '../protocol/search-hit';
import type { Relaxation, SearchHit, SearchResult } from '../protocol/search-hit';
import { project, sightOf } from './project-scope';
import { modelTool, neverKeys } from './tool';
import type { ClassedPorts } from './tool';
import { bytesOf, fitting, history, line, moment, nextPage, roleName, tokensLine, toolName } from './words';

/** Notes are not offered. */
const searchTypes = z.exactOptional(
  z.array(z.enum(['tool_result', 'error', 'warning', 'info', 'user', 'assistant', 'learning'])).check(z.maxLength(20)),
);
const defaultHits = 10;
/** Most hits of all pages together, as the question takes them. */
const maxHits = 100;
const maxNotes = 8;

export const search = modelTool({
  name: 'search',
  title: 'Search earlier sessions',
  about:
    'Searches the earlier Claude Code sessions of this project: prompts, answers, ' +
    'commands, errors, edits, and learnings a person accepted. ' +
    'Answers a cheap index, best first: key, time, project, tokens, title, and one line of the best place in each session. ' +
    'Call it first; then get_observations with the keys that matter, or get_session.',
  takes: z.object({
    query: searchQuery.shape.text,
    types: searchTypes,
    sort: searchQuery.shape.sort,
    project,
    limit: z.exactOptional(z.int().check(z.gte(1), z.lte(50), z.describe(`${defaultHits} when absent.`))),
    cursor: z.exactOptional(cursor),
  }),
  async answer({ query: wanted, types, sort, project: name, limit = defaultHits, cursor: from }, ports, signal) {
    const sight = await sightOf(ports, name);
    const start = placeOf(from);
    const end = Math.min(start + limit, maxHits);
    const found = await ports.memory.search(
      {
        text: wanted,
        // Claude Code reads its own files itself.
        withNotes: false,
        limit: end,
        ...(sight.scope && { scope: sight.scope }),
        ...(types && { types }),
        ...(sort && { sort }),
      },
      signal,
    );
    const never = await neverKeys(ports);
    const asked = found.hits.slice(start, end);
    const hits = asked.filter(({ key }) => !never.has(key));
    const leftOut = asked.length - hits.length;
    const sizes = await Promise.all(hits.map((hit) => sizeOf(hit, ports)));
    const shown = fitting(hits.map((hit, at) => hitLines(hit, sizes[at])));
    // What is left out behind the last one shown is passed over with it.
    const next = start + (shown.length === hits.length ? asked.length : asked.indexOf(hits[shown.length]!));
    const isEnd = asked.length === 0 || next === start || next >= Math.min(found.total, maxHits);
    const here = shown.length === 0 ? '' : `; ${start + 1} to ${next} here`;
    const text = history(
      `${found.total} match in ${sight.name}${here}${leftOut === 0 ? '' : `, ${leftOut} left out by the person`}.`,
      shown.join('\n'),
      notes(found),
      nextPage(isEnd ? undefined : String(next)),
    );
    return {
      text,
      items: hits.slice(0, shown.length).map(({ key, sessionId }) => ({ id: key, ...(sessionId && { sessionId }) })),
    };
  },
});

/** @throws MemoryError `invalid_input` */
function placeOf(from: string | undefined): number {
  if (from === undefined) return 0;
  if (!/^\d{1,3}$/.test(from)) throw new MemoryError('invalid_input', 'search: this cursor is none of its own.');
  return Math.min(Number(from), maxHits);
}

/** Bytes of what `get_observations` would answer; undefined when that is not one text. */
async function sizeOf(hit: SearchHit, { memory }: ClassedPorts): Promise<number | undefined> {
  if (hit.kind === 'session' || !isInSession(hit)) return undefined;
  // The row may have been forgotten since it was found.
  const item = await memory.getItem(hit.key).catch(() => undefined);
  return item && bytesOfItem(item);
}

const bytesOfItem = (item: ReaderItem): number =>
  item.truncatedBytes +
  (item.kind === 'message'
    ? bytesOf(item.text)
    : bytesOf(item.input + item.output + item.diffs.map(({ before, after }) => before + after).join('')));

function hitLines(hit: SearchHit, bytes: number | undefined): string {
  const head = [
    hit.key,
    moment(hit.at),
    ...(hit.project ? [line(hit.project.name, 60)] : []),
    ...(bytes === undefined ? [] : [tokensLine(bytes)]),
    line(hit.title, 120),
  ].join(' | ');
  const place = isInSession(hit)
    ? `session ${hit.sessionId} turn ${hit.turn}${hit.moreInSession > 0 ? `, ${hit.moreInSession} more turns` : ''}`
    : hit.kind;
  return `- ${head}\n  ${sayerOf(hit)}: ${line(hit.snippet, 240)}\n  (${place})`;
}

function sayerOf(hit: SearchHit): string {
  if (hit.kind === 'tool') return toolName(hit);
  if (hit.kind === 'message') return roleName(hit.role);
  return hit.kind === 'session' ? 'first prompt' : 'learnt';
}

/** How the query was read, where that is not as it was written. */
function notes({ relaxed, problems }: SearchResult): string {
  return [...relaxed.map(describeRelaxation), ...problems.map(({ message }) => line(message, 200))]
    .slice(0, maxNotes)
    .join('\n');
}

function describeRelaxation(each: Relaxation): string {
  switch (each.kind) {
    case 'apart':
      return `${each.sessions} have all words in one message, the others in several.`;
    case 'some':
      return `${each.sessions} have all words, the others only some.`;
    case 'beginning':
      return `“${line(each.from, 60)}” is taken as the beginning of a word.`;
    case 'phrase':
      return `Nothing has exactly “${line(each.from, 60)}”.`;
    case 'typo':
      return `“${line(each.to, 60)}” is taken instead of “${line(each.from, 60)}”.`;
    default:
      return `“${line(each.from, 60)}” was looked for in the newest ${each.texts} texts only.`;
  }
}
