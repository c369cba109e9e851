/** Answers which turns wrote lines of a document. */
import { isInside } from '../../protocol/paths';
import type { Scope } from '../../protocol/questions/schemas';
import type { WhyApi, WhyQuery } from '../../protocol/questions/why';
import type { Why, WhyNot } from '../../protocol/why';
import { maxWhyLines } from '../../protocol/why-limits';
import type { CommitHistory } from '../lib/git';
import type { NameKey } from '../lib/keyed-name';
import { breathe, inTurns } from '../lib/turns';
import type { SqlDriver } from '../store/sqlite/driver';
import { editCalls, rowsOfFile } from '../store/tables/edit-marks';
import { allProjects, withJoined } from '../store/tables/projects';
import { changedName, changesOf, namesFrom, replay } from './changes';
import type { MadeChange } from './changes';
import { fileMark } from './edit-marks';
import { findElsewhere } from './elsewhere';
import { formOf, tellingOf } from './line-forms';
import { documentOf, standingOf } from './stand';
import type { DocumentLines } from './stand';
import { stoodBefore } from './stood-before';
import type { Claim } from './told';
import { toldOf } from './told';

export interface WhyPorts {
  driver: SqlDriver;
  names: NameKey;
  /** Ids of the projects in a scope; undefined for all. */
  inScope: (scope: Scope | undefined) => Promise<number[] | undefined>;
  /** Redacts what comes from git. */
  seal: (texts: readonly string[]) => Promise<string[]>;
  commits: CommitHistory | undefined;
  /** Words of a prompt that take back what was done before it. */
  rejecting: (prompt: string) => string | undefined;
}

/** Lines of a document; a longer one is asked about in parts. */
const maxLines = 30_000;

export function whyApi(ports: WhyPorts): WhyApi {
  return { why: (query, signal) => answer(ports, query, signal) };
}

async function answer(ports: WhyPorts, query: WhyQuery, signal: AbortSignal | undefined): Promise<Why> {
  const { driver, names, inScope } = ports;
  const { projectIds, roots } = projectsOf(driver, await inScope(query.scope), query);
  signal?.throwIfAborted();
  const isJson = /\.ipynb$/i.test(query.file);
  const first = query.firstLine ?? 0;
  const texts = query.text.split(/\r?\n/, maxLines).map((line) => (isJson ? plainCell(line) : line));
  const document = documentOf(texts);
  const files = namesFrom(roots, query.file);
  const calls = editCalls(driver, rowsOfFile(driver, query.file, fileMark(names, query.file), projectIds));
  await breathe();
  const history = await inTurns(replay(changesOf(calls, files)), async () => {
    await breathe();
    signal?.throwIfAborted();
  });
  const own = standingOf(history.replayed.chunks, document, {
    areWhole: history.replayed.isWhole && first === 0,
  });
  await breathe();
  const asked = askedLines(query, first, document);
  const claims = new Map<number, Claim>();
  for (const [at, line] of own.lines.entries())
    if (line && line.by !== -1) claims.set(at, { line, history, isMoved: false, isReflowed: own.reflowed[at] === 1 });
  const carried = dropCarried(driver, claims, asked);
  await breathe();
  signal?.throwIfAborted();
  if (asked.some((at) => !claims.has(at))) {
    const open = texts.flatMap((_, at) => (claims.has(at) || isFar(at, asked) ? [] : [at]));
    const found = new Map<number, Claim>();
    for (const [at, other] of await findElsewhere(ports, document, open, files, projectIds))
      found.set(at, { ...other, isMoved: true, isReflowed: false });
    for (const at of dropCarried(driver, found, asked)) carried.add(at);
    for (const [at, claim] of found) claims.set(at, claim);
  }
  dropLonely(document, claims, asked);
  fillBlanks(document, claims, asked);
  signal?.throwIfAborted();
  const unknown = asked
    .filter((at) => !claims.has(at) && texts[at]!.trim() !== '')
    .map((at) => ({ line: at + first, why: whyNot(document, at, history.changes.length, carried) }));
  return {
    turns: await toldOf(ports, query, { asked, claims, first, files }),
    unknown,
    changes: new Set(history.changes.map(({ call }) => `${call.session} ${call.turn}`)).size,
  };
}

/** Lines around those that are asked about tell whether they came from another file together. */
const around = 200;
const isFar = (at: number, asked: readonly number[]): boolean =>
  asked.length === 0 || at < asked[0]! - around || at > asked.at(-1)! + around;

/**
 * The projects that the file may belong to: those it lies in, with what is shown as one with them. The same name in another
 * project is another file. When it lies in none, as a name from the root of its project does, all that are in scope.
 */
function projectsOf(
  driver: SqlDriver,
  inScope: readonly number[] | undefined,
  { file, scope }: WhyQuery,
): { projectIds: readonly number[] | undefined; roots: string[] } {
  const all = allProjects(driver);
  const seen = all.filter(({ id }) => !inScope || inScope.includes(id));
  const holding = seen.filter(({ ownRoot, root }) => isInside(ownRoot, file) || isInside(root, file));
  const own = holding.length > 0 ? withJoined(all, new Set(holding.map(({ id }) => id))) : undefined;
  const roots = all.filter(({ id }) => !own || own.has(id)).flatMap(({ ownRoot, root }) => [ownRoot, root]);
  return {
    projectIds: own ? [...own] : inScope,
    roots: [...new Set([...roots, ...(scope?.roots ?? [])])].filter((root) => root !== ''),
  };
}

const askedLines = ({ from, to }: WhyQuery, first: number, { texts }: DocumentLines): number[] => {
  const [low, high] = [
    Math.max(0, from - first),
    Math.min(texts.length - 1, to - first, from - first + maxWhyLines - 1),
  ];
  return Array.from({ length: Math.max(0, high - low + 1) }, (_, index) => low + index);
};

/** Takes back claims on lines that their edit only carried there. Returns them. */
function dropCarried(driver: SqlDriver, claims: Map<number, Claim>, asked: readonly number[]): Set<number> {
  const carried = new Set<number>();
  const claimed = new Map<MadeChange, [number, Claim][]>();
  for (const [at, claim] of [...claims].sort(([a], [b]) => a - b)) {
    const change = claim.history.changes[claim.line.by]!;
    const own = claimed.get(change);
    if (own) own.push([at, claim]);
    else claimed.set(change, [[at, claim]]);
  }
  const isAsked = new Set(asked);
  for (const [change, own] of claimed) {
    if (!own.some(([at]) => isAsked.has(at))) continue;
    const { call } = change;
    const name = changedName(call, change.file);
    const isOwn = (file: string) => changedName(call, file) === name;
    // As the edit had them, since a formatter may have been there.
    const written = own.map(([, { line }]) => line);
    const moved = stoodBefore(driver, call, putIn(change), isOwn);
    if (moved.size === 0) continue;
    // A line that says nothing was carried with the nearest that says something.
    const isMoved = (index: number, step: 1 | -1) => {
      let near = index;
      for (; near >= 0 && near < written.length; near += step)
        if (tellingOf(written[near]!.text) > 0) return moved.has(written[near]!.form);
      return false;
    };
    for (const [index, [at]] of own.entries()) if (isMoved(index, -1) || isMoved(index, 1)) carried.add(at);
  }
  for (const at of carried)
    for (const step of [-1, 1]) for (let near = at + step; isSilent(claims.get(near)); near += step) carried.add(near);
  for (const at of carried) claims.delete(at);
  return carried;
}

/** Claimed with the lines around it, since it says nothing itself. */
const isSilent = (claim: Claim | undefined): boolean => claim !== undefined && tellingOf(claim.line.text) === 0;

/** The lines of a change that were not in what it replaced. */
function putIn({ before, after }: MadeChange): string[] {
  const old = new Set(before.split('\n').map(formOf));
  return after.split('\n').filter((line) => !old.has(formOf(line)));
}

/** A line that says nothing needs one of its change above or below that does, or that has one. */
function dropLonely({ forms }: DocumentLines, claims: Map<number, Claim>, asked: readonly number[]): void {
  const lonely = asked.filter((at) => {
    const claim = claims.get(at);
    if (!claim || !isSilent(claim) || forms[at] === '') return false;
    return [-1, 1].every((step) => {
      let near = at + step;
      while (forms[near] === '' || (isSilent(claims.get(near)) && isSameChange(claims.get(near), claim))) near += step;
      return !isSameChange(claims.get(near), claim);
    });
  });
  for (const at of lonely) claims.delete(at);
}

const isSameChange = (one: Claim | undefined, other: Claim): boolean =>
  one?.history === other.history && one.line.by === other.line.by;

/** A line without text belongs to the lines above and below it, when they are one turn's. */
function fillBlanks({ forms }: DocumentLines, claims: Map<number, Claim>, asked: readonly number[]): void {
  for (const at of asked) {
    if (forms[at] !== '' || claims.has(at)) continue;
    let [above, below] = [at - 1, at + 1];
    while (above >= 0 && forms[above] === '') above--;
    while (below < forms.length && forms[below] === '') below++;
    const [one, other] = [claims.get(above), claims.get(below)];
    if (one && other && one.history === other.history && one.line.by === other.line.by) claims.set(at, one);
  }
}

function whyNot({ telling }: DocumentLines, at: number, changes: number, carried: ReadonlySet<number>): WhyNot {
  if (carried.has(at)) return 'before';
  if (changes === 0) return 'never';
  return telling[at] === 0 ? 'common' : 'others';
}

/** A line of a cell's source, as a notebook file has it. */
function plainCell(line: string): string {
  const text = /^\s*("(?:[^"\\]|\\.)*"),?\s*$/.exec(line)?.[1];
  if (text === undefined) return line;
  try {
    return (JSON.parse(text) as string).replace(/\n$/, '');
  } catch {
    return line;
  }
}
