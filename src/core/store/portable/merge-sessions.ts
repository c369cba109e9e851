/** Merges sessions of another memory. Of one that a transcript here has told, nothing is changed. */
import type { Redacted } from '../../observe/redact';
import { hasErased } from '../tables/erasures';
import { isForgotten } from '../tables/forget';
import { ensureProject } from '../tables/projects';
import { settleCosts } from '../tables/session-costs';
import { applyName } from '../tables/session-marks';
import { setTitle } from '../tables/session-titles';
import { metSession, sessionHere } from './merge';
import type { Merge, Outcome } from './merge';

export interface SessionRecord {
  id: string;
  project: Redacted;
  projectName: Redacted;
  title: Redacted;
  titleRank: number;
  firstPrompt: Redacted;
  cwd: Redacted;
  branch: Redacted;
  model: Redacted;
  origin?: string;
  metadata: object;
  files: Redacted[];
  turns: number;
  nextSequence: number;
  createdAt: number;
  updatedAt: number;
  endedAt?: number;
}

export function mergeSession(merge: Merge, record: SessionRecord): Outcome {
  const { driver, sessions, isDry } = merge;
  const { id, project, cwd, createdAt } = record;
  const skip = isForgotten(driver, id, project, createdAt)
    ? 'forgotten'
    : hasErased(driver, id)
      ? 'erased'
      : merge.isExcluded(project, cwd)
        ? 'excluded'
        : undefined;
  if (skip) {
    sessions.set(id, skip);
    return skip;
  }
  const here = sessionHere(driver, id);
  if (here) {
    sessions.set(id, here);
    if (here.isNative) return 'known';
    return isDry || !grow(merge, here.no, record) ? 'known' : 'changed';
  }
  if (isDry) {
    sessions.set(id, { no: 0, projectId: 0, isNew: true, isNative: false, isLive: false });
    return 'added';
  }
  const projectId = ensureProject(driver, project, record.projectName);
  driver.run(
    `INSERT INTO sessions (id, project_id, status, cwd, git_branch, model_used, origin_id, first_prompt, metadata_json,
      files_json, turns, next_sequence, created_at, updated_at, ended_at)
     VALUES (?, ?, 'archived', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      id,
      projectId,
      cwd,
      record.branch,
      record.model,
      record.origin ?? null,
      record.firstPrompt,
      JSON.stringify(record.metadata),
      JSON.stringify(record.files),
      record.turns,
      Math.max(1, record.nextSequence),
      createdAt,
      record.updatedAt,
      record.endedAt ?? null,
    ],
  );
  const no = driver.lastInsertId();
  setTitle(driver, no, record.title, record.titleRank);
  applyName(driver, id);
  sessions.set(id, { no, projectId, isNew: true, isNative: false, isLive: false });
  return 'added';
}

/** An earlier import may have brought less of it. True when something changed. */
function grow({ driver }: Merge, no: number, { updatedAt, turns, title, titleRank }: SessionRecord): boolean {
  const changed = driver.run(
    `UPDATE sessions SET updated_at = max(updated_at, ?1), ended_at = max(coalesce(ended_at, 0), ?1), turns = max(turns, ?2)
      WHERE no = ?3 AND (updated_at < ?1 OR turns < ?2)`,
    [updatedAt, turns, no],
  );
  if (changed > 0) setTitle(driver, no, title, titleRank);
  return changed > 0;
}

interface Tokens {
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
  cacheWriteHour: number;
}

export interface UsageRecord extends Tokens {
  session: string;
  message: string;
  model: Redacted;
  said: number;
  at: number;
}

/** Names of what is imported have a beginning of their own, so that it goes when a transcript says it. */
export function mergeUsage(merge: Merge, record: UsageRecord): Outcome {
  const { driver } = merge;
  const met = metSession(merge, record.session);
  if (typeof met === 'string') return met;
  const { message, model, input, output, cacheRead, cacheWrite, at } = record;
  const name = `import:${message}`;
  if (driver.get('SELECT 1 FROM message_usage WHERE message IN (?, ?)', [message, name])) return 'known';
  if (met.isNative) return 'ownTranscript';
  if (
    !met.isNew &&
    driver.get(
      `SELECT 1 FROM message_usage WHERE at = ? AND session = ? AND model = ? AND input = ? AND output = ? AND cache_read = ?`,
      [at, met.no, model, input, output, cacheRead],
    )
  )
    return 'known';
  if (merge.isDry) return 'added';
  driver.run(
    `INSERT INTO message_usage (message, session, model, input, output, cache_read, cache_write, cache_write_hour, said, at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [name, met.no, model, input, output, cacheRead, cacheWrite, record.cacheWriteHour, record.said, at],
  );
  driver.run(
    `UPDATE sessions SET tokens_input = tokens_input + ?1, tokens_output = tokens_output + ?2,
      tokens_cache_read = tokens_cache_read + ?3, tokens_cache_write = tokens_cache_write + ?4,
      token_count = token_count + ?1 + ?2 + ?3 + ?4 WHERE no = ?5`,
    [input, output, cacheRead, cacheWrite, met.no],
  );
  return 'added';
}

export interface CostRecord extends Tokens {
  session: string;
  model: Redacted;
  at: number;
}

export function mergeCost(merge: Merge, { session, model, at, ...tokens }: CostRecord): Outcome {
  const { driver } = merge;
  const met = metSession(merge, session);
  if (typeof met === 'string') return met;
  if (driver.get('SELECT 1 FROM session_costs WHERE session = ? AND model = ?', [met.no, model])) return 'known';
  if (met.isNative) return 'ownTranscript';
  if (merge.isDry) return 'added';
  driver.run(
    `INSERT INTO session_costs (session, model, input, output, cache_read, cache_write, cache_write_hour, at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    [met.no, model, tokens.input, tokens.output, tokens.cacheRead, tokens.cacheWrite, tokens.cacheWriteHour, at],
  );
  settleCosts(driver, met.no);
  return 'added';
}

export function mergeUses(
  merge: Merge,
  { session, uses, lastUsedAt }: { session: string; uses: number; lastUsedAt: number },
): Outcome {
  const { driver } = merge;
  const met = metSession(merge, session);
  if (typeof met === 'string') return met;
  const known = driver.get<{ uses: number }>('SELECT uses FROM session_uses WHERE session_id = ?', [session]);
  if (known && known.uses >= uses) return 'known';
  if (!merge.isDry)
    driver.run(
      `INSERT INTO session_uses (session_id, uses, last_used_at) VALUES (?1, ?2, ?3)
        ON CONFLICT (session_id) DO UPDATE SET uses = ?2, last_used_at = max(last_used_at, ?3)`,
      [session, uses, lastUsedAt],
    );
  return known ? 'changed' : 'added';
}
