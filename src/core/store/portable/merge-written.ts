/** Merges summaries, and what a person put on rows, sessions and projects. The newest of two is kept. */
import { rankOf } from '../../../protocol/classes';
import type { DataClass } from '../../../protocol/classes';
import type { Redacted } from '../../observe/redact';
import { redactedJson } from '../../observe/redact';
import { Classes } from '../tables/class-of';
import { mergeClasses } from '../tables/classes';
import { getConfiguration, setConfiguration } from '../tables/configuration';
import { mergeChoices } from '../tables/give-choices';
import { mergeRefusals } from '../tables/past-fixes';
import { mergeJoins } from '../tables/project-joins';
import { uidOf } from '../tables/row-aliases';
import { listSearches } from '../tables/searches';
import { showName } from '../tables/session-titles';
import { sentencesOf, textsOf } from '../tables/summaries';
import type { SummaryBody } from '../tables/summaries';
import { metSession, withOwnUids } from './merge';
import type { Merge, Outcome } from './merge';

export interface SummaryRecord {
  session: string;
  source: 'local' | 'model' | 'editor';
  request?: string;
  title: Redacted;
  model: Redacted;
  body: SummaryBody<Redacted>;
  costUsd: number;
  quality: number;
  droppedClaims: number;
  lastSequence: number;
  rawTokens: number;
  tokens: number;
  createdAt: number;
  isPublished: boolean;
}

export function mergeSummary(merge: Merge, record: SummaryRecord): Outcome {
  const { driver } = merge;
  const { session, source, request = null } = record;
  const met = metSession(merge, session);
  if (typeof met === 'string') return met;
  const known = driver.get(
    `SELECT 1 FROM summaries WHERE request_id = ?1 OR (session_id = ?2 AND summary_type = 'session' AND source = ?3
      AND (?3 = 'local' OR created_at = ?4))`,
    [request, session, source, record.createdAt],
  );
  if (known) return 'known';
  // It is made again from the rows, which are here.
  if (source === 'local' && met.isNative) return 'ownTranscript';
  if (merge.isDry) return 'added';
  driver.run(
    `INSERT INTO summaries (session_id, source, request_id, title, content, body_json, key_points_json,
      action_items_json, model_used, generation_cost, quality_score, dropped_claims, last_sequence, raw_tokens,
      token_count, created_at, version)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, (SELECT coalesce(max(version), 0) + 1
       FROM summaries WHERE session_id = ?1 AND summary_type = 'session'))`,
    [
      session,
      source,
      request,
      record.title,
      sentencesOf(record.title, record.body),
      withOwnUids(driver, record.body),
      JSON.stringify(textsOf(record.body.keyPoints)),
      JSON.stringify(textsOf(record.body.openEnds)),
      record.model,
      record.costUsd,
      record.quality,
      record.droppedClaims,
      record.lastSequence,
      record.rawTokens,
      record.tokens,
      record.createdAt,
    ],
  );
  const id = driver.lastInsertId();
  const shown = driver.get<{ id: number; source: string }>(
    "SELECT id, source FROM summaries WHERE session_id = ? AND summary_type = 'session' AND is_published = 1",
    [session],
  );
  if (!shown || (record.isPublished && shown.source === 'local' && source !== 'local')) {
    if (shown) driver.run('UPDATE summaries SET is_published = 0 WHERE id = ?', [shown.id]);
    driver.run('UPDATE summaries SET is_published = 1 WHERE id = ?', [id]);
  }
  return 'added';
}

const newest = (known: { at: number } | undefined, at: number): 'known' | 'newerHere' | undefined =>
  known === undefined || known.at < at ? undefined : known.at === at ? 'known' : 'newerHere';

export function mergeMark(
  merge: Merge,
  record: { uid: string; session: string; isFlagged: boolean; tags: Redacted[]; updatedAt: number },
): Outcome {
  const { driver } = merge;
  const met = metSession(merge, record.session);
  if (typeof met === 'string') return met;
  const uid = uidOf(driver, record.uid);
  const known = driver.get<{ at: number }>('SELECT updated_at AS at FROM marks WHERE uid = ?', [uid]);
  const skip = newest(known, record.updatedAt);
  if (skip) return skip;
  if (!merge.isDry)
    driver.run(
      'INSERT OR REPLACE INTO marks (uid, session_id, is_flagged, tags_json, updated_at) VALUES (?, ?, ?, ?, ?)',
      [uid, record.session, record.isFlagged ? 1 : 0, redactedJson(record.tags), record.updatedAt],
    );
  return known ? 'changed' : 'added';
}

export function mergeName(
  merge: Merge,
  record: { session: string; name: Redacted; isPinned: boolean; updatedAt: number },
): Outcome {
  const { driver } = merge;
  const met = metSession(merge, record.session);
  if (typeof met === 'string') return met;
  const known = driver.get<{ at: number }>('SELECT updated_at AS at FROM session_marks WHERE session_id = ?', [
    record.session,
  ]);
  const skip = newest(known, record.updatedAt);
  if (skip) return skip;
  if (!merge.isDry) {
    driver.run('INSERT OR REPLACE INTO session_marks (session_id, is_pinned, name, updated_at) VALUES (?, ?, ?, ?)', [
      record.session,
      record.isPinned ? 1 : 0,
      record.name,
      record.updatedAt,
    ]);
    showName(driver, met.no, record.name);
  }
  return known ? 'changed' : 'added';
}

const maxSearches = 100;

export function mergeSearch(
  merge: Merge,
  {
    id,
    updatedAt,
    ...search
  }: { id: string; name: Redacted; text: Redacted; uses: number; usedAt: number; updatedAt: number },
): Outcome {
  const { driver } = merge;
  const key = `search:${id}`;
  const all = listSearches(driver);
  if (getConfiguration<{ isDeleted?: boolean }>(driver, key)?.isDeleted) return 'newerHere';
  const known = all.find((each) => each.id === id);
  if (known && known.usedAt >= search.usedAt) return known.usedAt === search.usedAt ? 'known' : 'newerHere';
  if (!known && all.some(({ name, text }) => name === search.name && text === search.text)) return 'known';
  if (!known && all.length >= maxSearches) return 'full';
  if (!merge.isDry) setConfiguration(driver, key, search, updatedAt);
  return known ? 'changed' : 'added';
}

export function mergeJoin(
  merge: Merge,
  { from, into, why, at, undoneAt }: { from: Redacted; into: Redacted; why: string; at: number; undoneAt?: number },
): Outcome {
  const { driver } = merge;
  const isHere = () =>
    driver.get('SELECT 1 FROM project_joins WHERE from_root = ? AND into_root = ?', [from, into]) !== undefined;
  if (from === into) return 'alone';
  if (isHere()) return 'known';
  if (driver.get('SELECT 1 FROM project_joins WHERE from_root = ? AND undone_at IS NULL', [from])) return 'newerHere';
  if (merge.isDry) return 'added';
  mergeJoins(driver, [{ from_root: from, into_root: into, why, at, undone_at: undoneAt ?? null }], false);
  return isHere() ? 'added' : 'forgotten';
}

export function mergeGiven(
  merge: Merge,
  record: { request: string; session: string; source: string; items: object[]; tokens: number; at: number },
): Outcome {
  const { driver } = merge;
  const met = record.session === '' ? undefined : metSession(merge, record.session);
  if (typeof met === 'string') return met;
  if (driver.get('SELECT 1 FROM given WHERE request_id = ?', [record.request])) return 'known';
  if (!merge.isDry)
    driver.run('INSERT INTO given (request_id, session_id, source, tokens, items_json, at) VALUES (?, ?, ?, ?, ?, ?)', [
      record.request,
      record.session,
      record.source,
      record.tokens,
      JSON.stringify(record.items),
      record.at,
    ]);
  return 'added';
}

export function mergeChoice(
  merge: Merge,
  record: { what: string; target: Redacted; session: string; item: string; uid: string; at: number },
): Outcome {
  const { driver } = merge;
  const isHere = () =>
    driver.get('SELECT 1 FROM give_choices WHERE what = ? AND target = ?', [record.what, record.target]) !== undefined;
  if (isHere()) return 'known';
  const met = record.session === '' ? undefined : metSession(merge, record.session);
  if (typeof met === 'string') return met;
  if (merge.isDry) return 'added';
  const { what, target, session, item, uid, at } = record;
  mergeChoices(
    driver,
    [{ what, target, session_id: session, item_id: item, uid: uid === '' ? '' : uidOf(driver, uid), at }],
    false,
  );
  return isHere() ? 'added' : 'forgotten';
}

/** Only a higher class than what it has here comes: whoever made the export protects nothing less by it. */
export function mergeClass(
  merge: Merge,
  record: {
    what: 'project' | 'session' | 'row' | 'learning';
    root?: Redacted;
    session?: string;
    uid?: string;
    learning?: string;
    class: DataClass;
    at: number;
  },
): Outcome {
  const { driver } = merge;
  const { what, session = '' } = record;
  const met = session === '' ? undefined : metSession(merge, session);
  if (typeof met === 'string') return met;
  const target = {
    project: record.root,
    session,
    row: record.uid && uidOf(driver, record.uid),
    learning: record.learning && (merge.learnings.get(record.learning) ?? record.learning),
  }[what];
  if (target === undefined || target === '' || (what === 'row' && session === '')) return 'alone';
  const classes = new Classes(driver);
  const project = driver.get<{ id: number }>('SELECT id FROM projects WHERE root = ?', [target])?.id;
  const here = {
    project: () => classes.placed(undefined, project === undefined ? [] : [project]) ?? classes.usual,
    session: () => classes.ofTitle(session, ''),
    row: () => classes.ofUid(target) ?? 0,
    learning: () => classes.ofLearning(target),
  }[what]();
  const rank = rankOf(record.class);
  if (what === 'learning' && driver.get('SELECT 1 FROM learnings WHERE id = ?', [target]) === undefined)
    return merge.isDry ? 'added' : 'alone';
  if (rank <= here) return 'known';
  if (!merge.isDry) mergeClasses(driver, [{ what, target, session_id: session, class: rank, updated_at: record.at }]);
  return 'added';
}

export function mergeRefusal(
  merge: Merge,
  { error, fix, session, at }: { error: string; fix: string; session: string; at: number },
): Outcome {
  const { driver } = merge;
  const met = metSession(merge, session);
  if (typeof met === 'string') return met;
  const own = uidOf(driver, fix);
  if (driver.get('SELECT 1 FROM past_fix_refusals WHERE error = ? AND fix = ?', [error, own])) return 'known';
  if (!merge.isDry) mergeRefusals(driver, [{ error, fix: own, session_id: session, at }]);
  return 'added';
}
