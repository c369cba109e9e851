/**
 * Tokens of sessions. Every answer tells its own. Some stand in no answer: the client asks a model itself, for a
 * compaction or a title, and retries what failed. It notes the sum of a session from time to time; what its answers do
 * not account for is kept as one message of each model. A fork's sum contains that of its origin.
 */
import type { Redacted } from '../../observe/redact';
import type { CostDraft, UsageDraft } from '../../transcript/drafts';
import type { SqlDriver } from '../sqlite/driver';

const fields = ['input', 'output', 'cache_read', 'cache_write', 'cache_write_hour'] as const;
type Tokens = Record<(typeof fields)[number], number>;
type TokensOfModel = Tokens & { model: Redacted };

/**
 * A message may be written several times with growing usage. The largest counts, once, for the session that had the
 * message first.
 */
export function putUsage(driver: SqlDriver, session: number, usage: UsageDraft<Redacted>): void {
  const known = driver.get<{
    session: number;
    input: number;
    output: number;
    cache_read: number;
    cache_write: number;
    cache_write_hour: number;
    said: number;
    at: number;
  }>('SELECT * FROM message_usage WHERE message = ?', [usage.message]);
  const owner = known?.session ?? session;
  const next = {
    input: Math.max(usage.input, known?.input ?? 0),
    output: Math.max(usage.output, known?.output ?? 0),
    cacheRead: Math.max(usage.cacheRead, known?.cache_read ?? 0),
    cacheWrite: Math.max(usage.cacheWrite, known?.cache_write ?? 0),
  };
  const grown = [
    next.input - (known?.input ?? 0),
    next.output - (known?.output ?? 0),
    next.cacheRead - (known?.cache_read ?? 0),
    next.cacheWrite - (known?.cache_write ?? 0),
  ] as const;
  const cacheWriteHour = Math.max(usage.cacheWriteHour, known?.cache_write_hour ?? 0);
  const said = Math.max(usage.said, known?.said ?? 0);
  if (known && grown.every((each) => each === 0) && cacheWriteHour === known.cache_write_hour && said === known.said)
    return;
  driver.run(
    `INSERT OR REPLACE INTO message_usage (message, session, model, input, output, cache_read, cache_write,
      cache_write_hour, said, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      usage.message,
      owner,
      usage.model,
      next.input,
      next.output,
      next.cacheRead,
      next.cacheWrite,
      cacheWriteHour,
      said,
      known?.at || usage.at,
    ],
  );
  addTokens(driver, owner, grown);
}

export function putCosts(driver: SqlDriver, session: number, { models, at }: CostDraft<Redacted>): void {
  for (const { model, input, output, cacheRead, cacheWrite, cacheWriteHour } of models)
    driver.run(
      `INSERT OR REPLACE INTO session_costs (session, model, input, output, cache_read, cache_write,
        cache_write_hour, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      [session, model, input, output, cacheRead, cacheWrite, cacheWriteHour, at],
    );
}

/** Compares the noted sums of a session with its answers, sub-agents' included. To be called when either has grown. */
export function settleCosts(driver: SqlDriver, session: number): void {
  const noted = driver.all<TokensOfModel & { at: number }>('SELECT * FROM session_costs WHERE session = ?', [session]);
  if (noted.length === 0) return;
  const answered = driver.all<TokensOfModel>(
    `SELECT model, ${fields.map((field) => `sum(${field}) AS ${field}`).join(', ')} FROM message_usage
     WHERE (session = ?1 AND message NOT LIKE ?2) OR session IN (
       SELECT p.session FROM copies c JOIN prompts p ON p.id = c.prompt_id WHERE c.session = ?1
       UNION SELECT o.session FROM copies c JOIN observations o ON o.id = c.observation_id WHERE c.session = ?1)
     GROUP BY model`,
    [session, `${keyPrefix(session)}%`],
  );
  const sum = (rows: readonly Tokens[], field: (typeof fields)[number]) =>
    rows.reduce((all, row) => all + row[field], 0);
  // A model may have another name in the sum than in its answers: no more is missing than over all models.
  const left = Object.fromEntries(
    fields.map((field) => [field, Math.max(0, sum(noted, field) - sum(answered, field))]),
  ) as Tokens;
  for (const { model, at, ...total } of noted) {
    const own = answered.filter((row) => plainName(row.model) === plainName(model));
    const missing = Object.fromEntries(
      fields.map((field) => {
        const tokens = Math.min(left[field], Math.max(0, total[field] - sum(own, field)));
        left[field] -= tokens;
        return [field, tokens];
      }),
    ) as Tokens;
    put(driver, session, { model, at, ...missing });
  }
}

/** Below so many tokens an estimate says too little. */
const leastSaid = 20;

/**
 * SQL: true for an answer whose count of output is a placeholder. A client that streams writes the first lines of an answer
 * with the few tokens the API had counted when it began; when the last line never comes, or has the same, they stay.
 * Where the client noted a sum of the session, that makes up for it.
 */
export const hasPlaceholder = (usage: string): string =>
  `(${usage}.said >= ${leastSaid} AND ${usage}.output * 4 < ${usage}.said
    AND ${usage}.session NOT IN (SELECT session FROM session_costs))`;

/** SQL: true for an answer; the others are what a session's sum has beyond its answers. */
export const isAnswer = (usage: string): string => `${usage}.message NOT LIKE 'cost:%'`;

const keyPrefix = (session: number): string => `cost:${session}:`;
const plainName = (model: string): string => model.replace(/\[\w+\]$/, '').replace(/-\d{8}$/, '');

function put(driver: SqlDriver, session: number, { model, at, ...next }: TokensOfModel & { at: number }): void {
  const key = keyPrefix(session) + model;
  const before = driver.get<Tokens & Record<string, number>>(
    `SELECT ${fields.join(', ')} FROM message_usage WHERE message = ?`,
    [key],
  );
  const grown = fields.map((field) => next[field] - (before?.[field] ?? 0));
  if (grown.every((tokens) => tokens === 0)) return;
  driver.run(
    `INSERT OR REPLACE INTO message_usage (message, session, model, ${fields.join(', ')}, at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [key, session, model, ...fields.map((field) => next[field]), at],
  );
  addTokens(driver, session, grown);
}

/** Adds tokens, in the order of `fields`, to the sums of a session. Those written for an hour are cache writes too. */
function addTokens(driver: SqlDriver, session: number, grown: readonly number[]): void {
  driver.run(
    `UPDATE sessions SET tokens_input = tokens_input + ?1, tokens_output = tokens_output + ?2,
       tokens_cache_read = tokens_cache_read + ?3, tokens_cache_write = tokens_cache_write + ?4,
       token_count = token_count + ?1 + ?2 + ?3 + ?4 WHERE no = ?5`,
    [...grown.slice(0, 4), session],
  );
}
