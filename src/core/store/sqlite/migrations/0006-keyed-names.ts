import { createNameKey } from '../../../lib/keyed-name';
import type { NameKey } from '../../../lib/keyed-name';
import type { SqlDriver } from '../driver';
import { keyedEvidence, withKeyedUids } from '../keyed-uids';
import type { Migration } from '../migrate';

/**
 * Ids of transcripts and hashes of texts are keyed by the secret of the store. The texts are not needed for it: the new
 * name is the keyed hash of the old one, and the reader makes the same of what it reads. So every row is recognised, and
 * what refers to a row by its uid goes along.
 */
export const keyedNames: Migration = {
  version: 6,
  derived: [],
  precious: [],
  up(driver) {
    const names = createNameKey(secretOf(driver));
    driver.define('keyed_name', (name) => (typeof name === 'string' ? names.of(name) : null));
    driver.define('keyed_uid', (uid) => (typeof uid === 'string' ? names.ofRow(uid) : null));
    driver.define('keyed_uids', (json) => (typeof json === 'string' ? withKeyedUids(json, names) : null));
    driver.define('keyed_state', (json) => (typeof json === 'string' ? keyedState(json, names) : null));
    driver.exec(`
      UPDATE prompts SET uid = keyed_uid(uid), content_hash = keyed_name(content_hash), answer_key = keyed_name(answer_key);
      UPDATE observations SET uid = keyed_uid(uid), tool_use_id = keyed_name(tool_use_id),
        error_fingerprint = keyed_name(error_fingerprint);
      -- Rows of ours, which settle the client's sums, are known by their plain names.
      UPDATE message_usage SET message = keyed_name(message) WHERE message NOT LIKE 'cost:%';
      UPDATE sessions SET last_uuid = keyed_name(last_uuid) WHERE last_uuid IS NOT NULL;
      UPDATE leaf_titles SET leaf_uuid = keyed_name(leaf_uuid);
      UPDATE sources SET state_json = keyed_state(state_json) WHERE json_valid(state_json);
      UPDATE marks SET uid = keyed_uid(uid);
      UPDATE summaries SET body_json = keyed_uids(body_json) WHERE json_valid(body_json);
    `);
    for (const { id, evidence_key, lines_json } of driver.all<{ id: number; evidence_key: string; lines_json: string }>(
      'SELECT id, evidence_key, lines_json FROM learning_evidence WHERE json_valid(lines_json)',
    )) {
      const keyed = keyedEvidence(evidence_key, lines_json, names);
      driver.run('UPDATE learning_evidence SET evidence_key = ?, lines_json = ? WHERE id = ?', [
        keyed.evidence_key,
        keyed.lines_json,
        id,
      ]);
    }
  },
};

const saltKey = 'redaction.salt';

/** A memory that has rows has a secret, unless that was lost to damage. A new one gets its secret when it is used. */
function secretOf(driver: SqlDriver): string {
  const known = driver.get<{ value_json: string }>('SELECT value_json FROM configurations WHERE key = ?', [saltKey]);
  if (known) return JSON.parse(known.value_json) as string;
  const isEmpty = ['prompts', 'observations', 'sources', 'marks', 'learning_evidence'].every(
    (table) => driver.get(`SELECT 1 FROM ${table} LIMIT 1`) === undefined,
  );
  if (isEmpty) return '';
  const { secret = '' } = driver.get<{ secret: string }>('SELECT lower(hex(randomblob(16))) AS secret') ?? {};
  driver.run('INSERT INTO configurations (key, value_json, updated_at) VALUES (?, ?, 0)', [
    saltKey,
    JSON.stringify(secret),
  ]);
  return secret;
}

interface Named {
  uid?: string;
  hash?: string;
  ids?: string[];
}

interface OldState {
  leaves?: string[];
  thread?: {
    lastUuid?: string;
    waiting?: Named[];
    recent?: Named[];
    messages?: { id: string; request: string; thread?: string; usageKey?: string }[];
    reused?: string[];
    injected?: string[];
    unanswered?: { uid: string; hash: string };
  };
}

/** The state of the reader between two readings of a file. */
function keyedState(json: string, names: NameKey): string {
  const state = JSON.parse(json) as OldState | null;
  if (state === null) return json;
  const all = (list: readonly string[]) => list.map((name) => names.of(name));
  const keyed = <Item extends Named>(each: Item): Item => ({
    ...each,
    hash: names.of(each.hash ?? ''),
    ids: all(each.ids ?? []),
    ...(each.uid !== undefined && { uid: names.ofRow(each.uid) }),
  });
  if (state.leaves) state.leaves = all(state.leaves);
  const { thread } = state;
  if (!thread) return JSON.stringify(state);
  if (thread.lastUuid !== undefined) thread.lastUuid = names.of(thread.lastUuid);
  if (thread.waiting) thread.waiting = thread.waiting.map(keyed);
  if (thread.recent) thread.recent = thread.recent.map(keyed);
  if (thread.reused) thread.reused = all(thread.reused);
  if (thread.injected) thread.injected = all(thread.injected);
  if (thread.messages)
    thread.messages = thread.messages.map((each) => ({
      ...each,
      id: names.of(each.id),
      request: names.of(each.request),
      ...(each.thread !== undefined && { thread: names.of(each.thread) }),
      ...(each.usageKey !== undefined && { usageKey: names.of(each.usageKey) }),
    }));
  if (thread.unanswered)
    thread.unanswered = { uid: names.ofRow(thread.unanswered.uid), hash: names.of(thread.unanswered.hash) };
  return JSON.stringify(state);
}
