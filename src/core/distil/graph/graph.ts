/** The graph of entities mentioned in sessions: updates it per session, and reads the neighbourhood of an entity. */
import { MemoryError } from '../../../protocol/errors';
import type { GraphEdge, GraphNode, GraphPicture } from '../../../protocol/insights';
import type { SessionId } from '../../../protocol/model';
import type { InsightsApi, GraphQuery } from '../../../protocol/questions/insights';
import type { Scope } from '../../../protocol/questions/schemas';
import { parseLineKey } from '../../../protocol/row-key';
import type { Seal } from '../../observe/redact';
import type { SqlDriver } from '../../store/sqlite/driver';
import { filterWords } from '../../store/sqlite/word-in';
import {
  entitiesById,
  entityById,
  entityUse,
  fileEntity,
  findByWords,
  lately,
  relationsAround,
  relationsWithin,
  replaceGraph,
  sessionRefs,
  sessionShares,
  tagsOfSession,
} from '../../store/tables/graph';
import type { EntityRow, RelationRow } from '../../store/tables/graph';
import { sessionHead, sessionLines } from '../../store/tables/session-lines';
import type { SessionHead, SessionLine } from '../../store/tables/session-lines';
import { updateEditMarks } from '../../why/edit-marks';
import { updatePastFixes } from '../past-fixes/past-fixes';
import type { PastFixPorts } from '../past-fixes/past-fixes';
import type { TaskHandler } from '../task';
import { readGraph } from './entities';
import { rankNodes } from './pagerank';

export interface GraphPorts {
  driver: SqlDriver;
  seal: Seal;
  /** Ids of the projects in a scope; undefined for all. */
  inScope: (scope: Scope | undefined) => Promise<number[] | undefined>;
  /** Called when the graph has changed. */
  changed: (id: SessionId) => void;
}

/** Most relations read per node, and most nodes in all: a file with a thousand sessions must not block the window. */
const maxOfNode = 60;
const maxNeighbours = 40;
const maxNodes = 600;
const maxFound = 20;
const maxSessions = 8;
/** Almost everything is related to the project and its tools, so no path may lead through them. */
const hubs = new Set(['project', 'tool']);
const none: GraphPicture = { center: null, nodes: [], edges: [], sessions: [] };

export function graphApi({
  driver,
  inScope,
}: Pick<GraphPorts, 'driver' | 'inScope'>): Pick<InsightsApi, 'around' | 'findEntities'> {
  return {
    async around(query, signal) {
      const ids = await inScope(query.scope);
      signal?.throwIfAborted();
      return lookAround(driver, query, ids);
    },
    async findEntities(text, scope) {
      const ids = await inScope(scope);
      const words = filterWords(text);
      return toNodes(
        driver,
        words.length === 0 ? lately(driver, ids, maxFound) : findByWords(driver, words, ids, maxFound),
        new Map(),
        new Map(),
      );
    },
  };
}

/** Replaces the session's part of the graph. */
export async function updateGraph(
  { driver, seal }: Pick<GraphPorts, 'driver' | 'seal'>,
  head: SessionHead,
  lines: readonly SessionLine[],
): Promise<void> {
  const { entities, relations } = readGraph(head, lines, tagsOfSession(driver, head.id));
  const sealed = await seal(entities.flatMap(({ name, label }) => [name, label]));
  // The session may have been forgotten while its texts were redacted.
  if (sessionHead(driver, head.id)?.no !== head.no) return;
  replaceGraph(
    driver,
    head.no,
    entities.map((entity, index) => ({ ...entity, name: sealed[index * 2]!, label: sealed[index * 2 + 1]! })),
    relations,
  );
}

/** The subject is a session's id. Nothing is done when the session is gone. */
export const indexTask =
  (ports: GraphPorts & Pick<PastFixPorts, 'names'>): TaskHandler =>
  async (task, signal) => {
    const head = sessionHead(ports.driver, task.subject);
    if (!head) return;
    signal.throwIfAborted();
    const lines = sessionLines(ports.driver, head.no);
    updatePastFixes(ports, head, lines);
    updateEditMarks(ports, head, editsIn(lines));
    await updateGraph(ports, head, lines);
    ports.changed(task.subject);
  };

/** The rows of a copy belong to another session, which is read for itself. */
const editsIn = (lines: readonly SessionLine[]) =>
  lines.flatMap((line) => {
    const ref = parseLineKey(line.key);
    return line.kind === 'call' && !line.isCopy && line.diffs.length > 0 && ref
      ? [{ row: ref.row, diffs: line.diffs }]
      : [];
  });

function lookAround(driver: SqlDriver, query: GraphQuery, projectIds: readonly number[] | undefined): GraphPicture {
  const depth = clamp(query.depth ?? 2, 1, 2);
  const limit = clamp(query.limit ?? 24, 5, 60);
  if (query.entity === undefined && query.file === undefined)
    throw new MemoryError('invalid_input', 'Name an entity or a file.');
  const center =
    query.entity === undefined ? fileEntity(driver, query.file ?? '', projectIds) : entityById(driver, query.entity);
  if (!center || !isInScope(center, projectIds)) return none;
  const { rows, relations, depths } = gather(driver, center, depth, projectIds);
  const place = new Map([...rows.keys()].map((id, index) => [id, index]));
  const links = relations.map(({ from, to, weight }) => ({
    from: place.get(from) ?? 0,
    to: place.get(to) ?? 0,
    weight,
  }));
  const ranks = rankNodes(rows.size, links, [0]);
  const top = ranks[0] ?? 1;
  const rankOf = new Map(
    [...place].map(([id, at]) => [id, id === center.id ? 1 : Math.min(1, (ranks[at] ?? 0) / top)]),
  );
  const shown = [...rows.values()]
    .sort((a, b) => (rankOf.get(b.id) ?? 0) - (rankOf.get(a.id) ?? 0) || a.id - b.id)
    .slice(0, limit);
  const ids = new Set(shown.map(({ id }) => id));
  const edges = relations.filter(({ from, to }) => ids.has(from) && ids.has(to));
  const nodes = toNodes(driver, shown, rankOf, depths);
  return {
    center: nodes.find(({ id }) => id === center.id) ?? null,
    nodes,
    edges: toEdges(driver, edges),
    sessions: sessionsAround(driver, shown, rankOf),
  };
}

/** Entities without a project, such as tools, belong to every scope. */
const isInScope = ({ projectId }: EntityRow, projectIds: readonly number[] | undefined): boolean =>
  projectId === 0 || projectIds === undefined || projectIds.includes(projectId);

/** The entity and its neighbours up to two steps away; the entity itself is first. */
function gather(
  driver: SqlDriver,
  center: EntityRow,
  depth: number,
  projectIds: readonly number[] | undefined,
): { rows: Map<number, EntityRow>; relations: RelationRow[]; depths: Map<number, number> } {
  const depths = new Map([[center.id, 0]]);
  let open = [center.id];
  for (let step = 1; step <= depth && depths.size < maxNodes; step++) {
    const found = relationsAround(driver, open, projectIds, maxOfNode).sort((a, b) => b.weight - a.weight);
    const fresh = new Set(found.flatMap(({ from, to }) => [from, to]).filter((id) => !depths.has(id)));
    for (const id of [...fresh].slice(0, maxNodes - depths.size)) depths.set(id, step);
    // No further step from project and tools.
    const next = new Map(entitiesById(driver, [...fresh]).map((row) => [row.id, row]));
    open = [...fresh].filter((id) => depths.has(id) && !hubs.has(next.get(id)?.kind ?? '')).slice(0, maxNeighbours);
  }
  const known = new Map(entitiesById(driver, [...depths.keys()]).map((row) => [row.id, row]));
  const rows = new Map(
    [...depths.keys()].flatMap((id) => (known.has(id) ? [[id, known.get(id) as EntityRow] as const] : [])),
  );
  return { rows, relations: relationsWithin(driver, [...rows.keys()]), depths };
}

function toNodes(
  driver: SqlDriver,
  rows: readonly EntityRow[],
  ranks: ReadonlyMap<number, number>,
  depths: ReadonlyMap<number, number>,
): GraphNode[] {
  const use = entityUse(
    driver,
    rows.map(({ id }) => id),
  );
  return rows.map(({ id, kind, name, label }) => ({
    id,
    kind,
    name,
    label,
    rank: Math.round((ranks.get(id) ?? 0) * 1e4) / 1e4,
    sessions: use.get(id)?.sessions ?? 0,
    lastAt: use.get(id)?.lastAt ?? 0,
    depth: depths.get(id) ?? 0,
  }));
}

function toEdges(driver: SqlDriver, relations: readonly RelationRow[]): GraphEdge[] {
  const sessions = sessionRefs(driver, [...new Set(relations.map(({ session }) => session))]);
  return relations.map(({ from, to, kind, weight, lastAt, session }) => ({
    from,
    to,
    kind,
    weight: Math.round(weight * 100) / 100,
    lastAt,
    sessionId: sessions.get(session)?.id ?? '',
  }));
}

/** Sessions with the most of the neighbouring entities, ignoring project and tools. */
function sessionsAround(
  driver: SqlDriver,
  rows: readonly EntityRow[],
  ranks: ReadonlyMap<number, number>,
): GraphPicture['sessions'] {
  const own = rows.filter(({ kind }) => !hubs.has(kind)).map(({ id }) => id);
  const scores = new Map<number, number>();
  for (const { session, entity, weight } of sessionShares(driver, own))
    scores.set(session, (scores.get(session) ?? 0) + Math.log1p(weight) * (ranks.get(entity) ?? 0));
  const best = [...scores].sort((a, b) => b[1] - a[1] || b[0] - a[0]).slice(0, maxSessions * 2);
  const refs = sessionRefs(
    driver,
    best.map(([session]) => session),
  );
  return best
    .flatMap(([session, score]) =>
      refs.has(session) ? [{ ...refs.get(session)!, score: Math.round(score * 1000) / 1000 }] : [],
    )
    .slice(0, maxSessions);
}

const clamp = (value: number, least: number, most: number): number =>
  Math.min(Math.max(Math.floor(value) || least, least), most);
