/**
 * Merges learnings with their evidence and history. Of two versions of one, that which was changed last is kept; what was
 * deleted here stays deleted.
 */
import { redactedJson } from '../../observe/redact';
import type { Redacted } from '../../observe/redact';
import type { SqlDriver } from '../sqlite/driver';
import { isProjectBuried } from '../tables/buried-roots';
import { documentKinds, indexRow, learningEntry, unindexRow } from '../tables/documents';
import { erasedTest, hasErased, isLearningErased } from '../tables/erasures';
import { isForgotten } from '../tables/forget';
import { ensureProject } from '../tables/projects';
import { uidOf } from '../tables/row-aliases';
import { withOwnUids } from './merge';
import type { Merge, Outcome } from './merge';

export interface LearningRecord {
  id: string;
  state: string;
  origin: string;
  category: string;
  title: Redacted;
  description: Redacted;
  context: Redacted;
  project?: Redacted;
  projectName?: Redacted;
  verificationNotes: Redacted;
  factKey?: Redacted;
  memoryKind: string;
  staleReason: Redacted;
  supersededBy?: string;
  examples: Redacted[];
  tags: Redacted[];
  sessions: string[];
  deadEnd?: { when: Redacted; because: Redacted; instead: Redacted };
  cites: { files: Redacted[]; symbols: Redacted[] };
  confidence: number;
  importance: number;
  uses: number;
  lastUsedAt?: number;
  promotedAt?: number;
  createdAt: number;
  updatedAt: number;
  isVerified: boolean;
  isPinned: boolean;
}

interface Known {
  no: number;
  id: string;
  state: string;
  updated_at: number;
  deleted_at: number | null;
}

export function mergeLearning(merge: Merge, record: LearningRecord): Outcome {
  const { driver, learnings } = merge;
  const skip = whyNot(merge, record);
  if (skip) {
    learnings.set(record.id, undefined);
    return skip;
  }
  const known = knownAs(merge, record);
  learnings.set(record.id, known?.id ?? record.id);
  if (known?.deleted_at != null) {
    learnings.set(record.id, undefined);
    return 'newerHere';
  }
  if (known && (known.id !== record.id ? known.state !== 'proposed' : known.updated_at >= record.updatedAt))
    return known.updated_at > record.updatedAt ? 'newerHere' : 'known';
  if (merge.isDry) return known ? 'changed' : 'added';
  const projectId =
    record.project === undefined ? null : ensureProject(driver, record.project, record.projectName ?? record.project);
  const values = valuesOf(record, projectId);
  const columns = Object.keys(values);
  if (known?.state === 'accepted') unindexRow(driver, documentKinds.learning, known.no);
  if (known)
    driver.run(`UPDATE learnings SET ${columns.map((column) => `${column} = ?`).join(', ')} WHERE no = ?`, [
      ...Object.values(values),
      known.no,
    ]);
  else
    driver.run(`INSERT INTO learnings (id, ${columns.join(', ')}) VALUES (?, ${columns.map(() => '?').join(', ')})`, [
      record.id,
      ...Object.values(values),
    ]);
  const no = known?.no ?? driver.lastInsertId();
  if (record.state === 'accepted') indexRow(driver, learningEntry(no, projectId, record.updatedAt));
  return known ? 'changed' : 'added';
}

function whyNot(
  { driver, isExcluded }: Merge,
  record: LearningRecord,
): 'forgotten' | 'erased' | 'excluded' | undefined {
  const { id, project, sessions, updatedAt, state } = record;
  if (project !== undefined && isProjectBuried(driver, project, updatedAt)) return 'forgotten';
  if (isForgotten(driver, '', '', updatedAt)) return 'forgotten';
  // What nobody accepted may quote the forgotten session.
  if (state !== 'accepted' && sessions.some((each) => isForgotten(driver, each, '', Number.MAX_SAFE_INTEGER)))
    return 'forgotten';
  // Nor is known what of it is the words of a row that was erased.
  if (isLearningErased(driver, id) || (state !== 'accepted' && sessions.some((each) => hasErased(driver, each))))
    return 'erased';
  return project !== undefined && isExcluded(project, project) ? 'excluded' : undefined;
}

/** The same learning here: by its id, by the fact it is about, or by its words. */
function knownAs({ driver }: Merge, { id, factKey, title, description, project }: LearningRecord): Known | undefined {
  const columns = 'l.no, l.id, l.state, l.updated_at, l.deleted_at';
  return (
    driver.get<Known & Record<string, string | number | null>>(`SELECT ${columns} FROM learnings l WHERE l.id = ?`, [
      id,
    ]) ??
    (factKey === undefined
      ? undefined
      : driver.get<Known & Record<string, string | number | null>>(
          `SELECT ${columns} FROM learnings l WHERE l.fact_key = ?`,
          [factKey],
        )) ??
    driver.get<Known & Record<string, string | number | null>>(
      `SELECT ${columns} FROM learnings l LEFT JOIN projects p ON p.id = l.project_id
        WHERE l.title = ? AND l.description = ? AND p.root IS ? AND l.fact_key IS ? LIMIT 1`,
      [title, description, project ?? null, factKey ?? null],
    )
  );
}

const valuesOf = (record: LearningRecord, projectId: number | null) => ({
  category: record.category,
  title: record.title,
  description: record.description,
  context: record.context,
  examples_json: redactedJson(record.examples),
  tags_json: redactedJson(record.tags),
  confidence_score: record.confidence,
  usage_count: record.uses,
  last_used_at: record.lastUsedAt ?? null,
  source_sessions_json: JSON.stringify(record.sessions),
  is_verified: record.isVerified ? 1 : 0,
  verification_notes: record.verificationNotes,
  is_pinned: record.isPinned ? 1 : 0,
  project_id: projectId,
  created_at: record.createdAt,
  updated_at: record.updatedAt,
  state: record.state,
  origin: record.origin,
  fact_key: record.factKey ?? null,
  dead_end_json: record.deadEnd ? redactedJson(record.deadEnd) : null,
  memory_kind: record.memoryKind,
  importance_score: record.importance,
  cites_json: redactedJson(record.cites),
  stale_reason: record.staleReason,
  superseded_by: record.supersededBy ?? null,
  promoted_at: record.promotedAt ?? null,
});

/** How a learning of the import is called here; undefined when it did not come. */
function learningHere({ driver, learnings, isDry }: Merge, id: string): string | undefined {
  if (learnings.has(id)) {
    const here = learnings.get(id);
    return here !== undefined && (isDry || driver.get('SELECT 1 FROM learnings WHERE id = ?', [here]))
      ? here
      : undefined;
  }
  return driver.get('SELECT 1 FROM learnings WHERE id = ? AND deleted_at IS NULL', [id]) ? id : undefined;
}

export interface EvidenceRecord {
  learning: string;
  key: Redacted;
  kind: string;
  message: Redacted;
  session: string;
  mergedFrom?: string;
  args: (Redacted | number)[];
  lines: { uid: string; quote: Redacted }[];
  speaks: -1 | 0 | 1;
  value?: number;
  at: number;
}

/** Evidence has words of rows, and of a session of another memory nobody can tell which row was erased here. */
function quotesErased(driver: SqlDriver, learning: string, { session, lines }: EvidenceRecord): boolean {
  const isErased = erasedTest(driver);
  if (!isErased) return false;
  if (session !== '') return hasErased(driver, session);
  if (lines.some(({ uid }) => isErased(uid) || isErased(uidOf(driver, uid)))) return true;
  const sources = driver.get<{ ids: string }>('SELECT source_sessions_json AS ids FROM learnings WHERE id = ?', [
    learning,
  ]);
  return (JSON.parse(sources?.ids ?? '[]') as string[]).some((each) => hasErased(driver, each));
}

export function mergeEvidence(merge: Merge, record: EvidenceRecord): Outcome {
  const { driver } = merge;
  const learning = learningHere(merge, record.learning);
  if (learning === undefined) return 'alone';
  if (record.session !== '' && isForgotten(driver, record.session, '', Number.MAX_SAFE_INTEGER)) return 'forgotten';
  if (quotesErased(driver, learning, record)) return 'erased';
  // Evidence about one row names itself by the row's uid.
  const key = record.key.replace(/(?<=^[a-z]+:)[a-z]:[\w-]{22}$/, (uid) => uidOf(driver, uid));
  if (driver.get('SELECT 1 FROM learning_evidence WHERE learning_id = ? AND evidence_key = ?', [learning, key]))
    return 'known';
  if (merge.isDry) return 'added';
  driver.run(
    `INSERT INTO learning_evidence (learning_id, evidence_key, kind, speaks, value, message, args_json, session_id,
      lines_json, at, merged_from) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      learning,
      key,
      record.kind,
      record.speaks,
      record.value ?? null,
      record.message,
      redactedJson(record.args),
      record.session,
      withOwnUids(driver, record.lines),
      record.at,
      record.mergedFrom ?? null,
    ],
  );
  return 'added';
}

export function mergeTrail(
  merge: Merge,
  record: { learning: string; by: string; action: string; note: Redacted; other?: string; at: number },
): Outcome {
  const { driver } = merge;
  const learning = learningHere(merge, record.learning);
  if (learning === undefined) return 'alone';
  if (
    driver.get('SELECT 1 FROM learning_trail WHERE learning_id = ? AND at = ? AND action = ? AND note = ?', [
      learning,
      record.at,
      record.action,
      record.note,
    ])
  )
    return 'known';
  if (merge.isDry) return 'added';
  driver.run('INSERT INTO learning_trail (learning_id, at, by, action, note, other) VALUES (?, ?, ?, ?, ?, ?)', [
    learning,
    record.at,
    record.by,
    record.action,
    record.note,
    record.other ?? null,
  ]);
  return 'added';
}

export function mergeMerge(
  merge: Merge,
  record: {
    merged: string;
    into: string;
    sessions: string[];
    at: number;
    mergedUpdatedAt: number;
    intoUpdatedAt: number;
  },
): Outcome {
  const { driver } = merge;
  const [merged, into] = [learningHere(merge, record.merged), learningHere(merge, record.into)];
  if (merged === undefined || into === undefined) return 'alone';
  if (driver.get('SELECT 1 FROM learning_merges WHERE merged = ?', [merged])) return 'known';
  if (merge.isDry) return 'added';
  driver.run(
    `INSERT INTO learning_merges (merged, into_id, sessions_json, at, merged_updated_at, into_updated_at)
      VALUES (?, ?, ?, ?, ?, ?)`,
    [merged, into, JSON.stringify(record.sessions), record.at, record.mergedUpdatedAt, record.intoUpdatedAt],
  );
  return 'added';
}
