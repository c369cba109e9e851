/** Entities and their relations. They are stored per session: a session's part is replaced and deleted as a whole. */
import type { EntityKind, RelationKind } from '../../../protocol/insights';
import type { SessionId } from '../../../protocol/model';
import type { Redacted } from '../../observe/redact';
import type { SqlDriver } from '../sqlite/driver';
import { hasWord, wordPattern } from '../sqlite/word-in';
import { deleteRelations, dropLoneEntities } from './forget-distilled';

export interface SealedEntity {
  kind: EntityKind;
  /** 0 when the entity belongs to no project. */
  projectId: number;
  name: Redacted;
  label: Redacted;
}

/** A relation between two entities of a list, by their indexes. */
export interface NewRelation {
  from: number;
  to: number;
  kind: RelationKind;
  weight: number;
  /** Epoch milliseconds. */
  firstAt: number;
  lastAt: number;
}

export interface EntityRow {
  id: number;
  kind: EntityKind;
  projectId: number;
  name: string;
  label: string;
}

export interface RelationRow {
  from: number;
  to: number;
  kind: RelationKind;
  weight: number;
  lastAt: number;
  /** Row number of the newest session with this relation. */
  session: number;
}

/** Replaces the session's part of the graph. Repeating the call changes nothing. */
export function replaceGraph(
  driver: SqlDriver,
  session: number,
  entities: readonly SealedEntity[],
  relations: readonly NewRelation[],
): void {
  driver.transaction(() => {
    const before = deleteRelations(driver, session);
    const ids = entities.map((entity) => entityId(driver, entity));
    for (const { from, to, kind, weight, firstAt, lastAt } of relations) {
      driver.run(
        'INSERT INTO relations (session, from_entity, to_entity, kind, weight, first_at, last_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
        [session, ids[from] ?? 0, ids[to] ?? 0, kind, weight, firstAt, lastAt],
      );
    }
    dropLoneEntities(driver, before);
  });
}

function entityId(driver: SqlDriver, { kind, projectId, name, label }: SealedEntity): number {
  const known = driver.get<{ id: number }>('SELECT id FROM entities WHERE kind = ? AND project_id = ? AND name = ?', [
    kind,
    projectId,
    name,
  ]);
  if (known) return known.id;
  driver.run('INSERT INTO entities (kind, project_id, name, label) VALUES (?, ?, ?, ?)', [
    kind,
    projectId,
    name,
    label,
  ]);
  return driver.lastInsertId();
}

const columns = 'e.id, e.kind, e.project_id AS projectId, e.name, e.label';

export const entityById = (driver: SqlDriver, id: number): EntityRow | undefined =>
  driver.get<EntityRow>(`SELECT ${columns} FROM entities e WHERE e.id = ?`, [id]);

export function entitiesById(driver: SqlDriver, ids: readonly number[]): EntityRow[] {
  return driver.all<EntityRow>(`SELECT ${columns} FROM entities e WHERE e.id IN (SELECT value FROM json_each(?))`, [
    JSON.stringify(ids),
  ]);
}

/**
 * The file entity with this path, or whose path ends with this one, or that this path ends with. Of several, the one
 * with the longest name.
 */
export function fileEntity(
  driver: SqlDriver,
  path: string,
  projectIds: readonly number[] | undefined,
): EntityRow | undefined {
  const plain = path.replaceAll('\\', '/').replace(/^\.\//, '');
  return driver.get<EntityRow>(
    `SELECT ${columns} FROM entities e WHERE e.kind = 'file' AND (?2 IS NULL OR e.project_id IN (SELECT value FROM json_each(?2)))
       AND (e.name = ?1 OR substr(?1, -length(e.name) - 1) = '/' || e.name OR substr(e.name, -length(?1) - 1) = '/' || ?1)
     ORDER BY e.name = ?1 DESC, length(e.name) DESC, e.id LIMIT 1`,
    [plain, projectIds ? JSON.stringify(projectIds) : null],
  );
}

/**
 * Relations of these entities over all sessions, the `most` heaviest for each. The other end belongs to these projects
 * or to none.
 */
export function relationsAround(
  driver: SqlDriver,
  ids: readonly number[],
  projectIds: readonly number[] | undefined,
  most: number,
): RelationRow[] {
  const found: RelationRow[] = [];
  for (const id of ids) {
    found.push(
      ...driver.all<RelationRow & Record<string, never>>(
        `SELECT from_entity AS "from", to_entity AS "to", kind, sum(weight) AS weight, max(last_at) AS lastAt, session FROM (
           SELECT * FROM relations WHERE from_entity = ?1 UNION ALL SELECT * FROM relations WHERE to_entity = ?1 AND from_entity <> ?1)
         WHERE ?3 IS NULL OR (SELECT project_id = 0 OR project_id IN (SELECT value FROM json_each(?3)) FROM entities
           WHERE id = CASE from_entity WHEN ?1 THEN to_entity ELSE from_entity END)
         GROUP BY from_entity, to_entity, kind ORDER BY weight DESC, lastAt DESC, from_entity, to_entity LIMIT ?2`,
        [id, most, projectIds ? JSON.stringify(projectIds) : null],
      ),
    );
  }
  return found;
}

/** Relations whose both ends are among these entities. */
export function relationsWithin(driver: SqlDriver, ids: readonly number[]): RelationRow[] {
  const list = JSON.stringify(ids);
  return driver.all<RelationRow & Record<string, never>>(
    `SELECT from_entity AS "from", to_entity AS "to", kind, sum(weight) AS weight, max(last_at) AS lastAt, session FROM relations
     WHERE from_entity IN (SELECT value FROM json_each(?1)) AND to_entity IN (SELECT value FROM json_each(?1))
       GROUP BY from_entity, to_entity, kind`,
    [list],
  );
}

/** In how many sessions each entity is mentioned, and when last (epoch ms). */
export function entityUse(
  driver: SqlDriver,
  ids: readonly number[],
): Map<number, { sessions: number; lastAt: number }> {
  const use = new Map<number, { sessions: number; lastAt: number }>();
  for (const id of ids) {
    const row = driver.get<{ sessions: number; lastAt: number | null }>(
      `SELECT count(DISTINCT session) AS sessions, max(last_at) AS lastAt FROM (SELECT session, last_at
        FROM relations WHERE from_entity = ?1 UNION ALL SELECT session, last_at FROM relations WHERE to_entity = ?1)`,
      [id],
    );
    use.set(id, { sessions: row?.sessions ?? 0, lastAt: row?.lastAt ?? 0 });
  }
  return use;
}

/** Summed weights of these entities in each session. */
export function sessionShares(
  driver: SqlDriver,
  ids: readonly number[],
): { session: number; entity: number; weight: number }[] {
  return driver.all(
    `SELECT session, entity, sum(weight) AS weight FROM (
       SELECT session, from_entity AS entity, weight FROM relations WHERE from_entity IN (SELECT value FROM json_each(?1))
       UNION ALL SELECT session, to_entity, weight FROM relations WHERE to_entity IN (SELECT value
         FROM json_each(?1))) GROUP BY session, entity`,
    [JSON.stringify(ids)],
  );
}

export function sessionRefs(
  driver: SqlDriver,
  rows: readonly number[],
): Map<number, { id: SessionId; title: string; at: number }> {
  const found = driver.all<{ no: number; id: SessionId; title: string; at: number }>(
    "SELECT no, id, title, updated_at AS at FROM sessions WHERE status <> 'deleted' AND no IN (SELECT value FROM json_each(?))",
    [JSON.stringify(rows)],
  );
  return new Map(found.map(({ no, ...rest }) => [no, rest]));
}

/** Entities whose names contain all words. */
export function findByWords(
  driver: SqlDriver,
  words: readonly string[],
  projectIds: readonly number[] | undefined,
  limit: number,
): EntityRow[] {
  const like = words.map((_, index) => hasWord("e.name || ' ' || e.label", `?${index + 3}`));
  return driver.all<EntityRow>(
    `SELECT ${columns} FROM entities e WHERE (?1 IS NULL OR e.project_id = 0 OR e.project_id IN (SELECT value
      FROM json_each(?1))) AND ${['1', ...like].join(' AND ')}
     ORDER BY length(e.label), e.id LIMIT ?2`,
    [projectIds ? JSON.stringify(projectIds) : null, limit, ...words.map(wordPattern)],
  );
}

/** Files, symbols and errors of the newest sessions, the heaviest first. */
export function lately(driver: SqlDriver, projectIds: readonly number[] | undefined, limit: number): EntityRow[] {
  return driver.all<EntityRow>(
    `SELECT ${columns} FROM (
       SELECT no FROM sessions WHERE status <> 'deleted' AND (?1 IS NULL OR project_id IN (SELECT value
         FROM json_each(?1))) ORDER BY updated_at DESC, no DESC LIMIT 20) s
     JOIN relations r ON r.session = s.no JOIN entities e ON e.id IN (r.from_entity, r.to_entity)
     WHERE e.kind IN ('file', 'symbol', 'error', 'solution') GROUP BY e.id ORDER BY sum(r.weight) DESC, e.id LIMIT ?2`,
    [projectIds ? JSON.stringify(projectIds) : null, limit],
  );
}

/** Tags that a person put on rows of the session. */
export function tagsOfSession(driver: SqlDriver, id: SessionId): string[] {
  return driver
    .all<{ tag: string }>(
      'SELECT DISTINCT value AS tag FROM marks, json_each(tags_json) WHERE session_id = ? ORDER BY tag',
      [id],
    )
    .map(({ tag }) => tag);
}

/**
 * Pairs of files that were edited in the same turn: in how many sessions that happened, and in how many each file was
 * edited together with any other.
 */
export function filesChangedTogether(
  driver: SqlDriver,
  session: number,
  least: number,
): { one: string; other: string; both: number; one_all: number; other_all: number }[] {
  const all = (entity: string) =>
    `(SELECT count(DISTINCT x.session) FROM relations x JOIN entities f ON f.id = CASE
      WHEN x.from_entity = ${entity} THEN x.to_entity ELSE x.from_entity END
      WHERE x.kind = 'related_to' AND f.kind = 'file' AND (x.from_entity = ${entity} OR x.to_entity = ${entity}))`;
  return driver.all(
    `WITH pairs AS (
       SELECT a.id AS a, b.id AS b, a.name AS one, b.name AS other, (SELECT count(DISTINCT session) FROM relations x
         WHERE x.from_entity = a.id AND x.to_entity = b.id AND x.kind = 'related_to') AS both
       FROM relations r JOIN entities a ON a.id = r.from_entity JOIN entities b ON b.id = r.to_entity
         WHERE r.session = ?1 AND r.kind = 'related_to' AND a.kind = 'file' AND b.kind = 'file')
     SELECT one, other, both, ${all('pairs.a')} AS one_all, ${all('pairs.b')} AS other_all FROM pairs
       WHERE both >= ?2 ORDER BY both DESC, one, other LIMIT 40`,
    [session, least],
  );
}
