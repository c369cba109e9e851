/**
 * The class of what is stored, as it follows from type, content and what a person set. The nearest that a person set counts:
 * on the row, else on its session, else on its project. A secret that was found raises what was not set on the row itself.
 * What is made of rows has the highest class of them.
 */
import { classAt, hasSecret, madeClass, promptClass, rankOf, secretClass, usualClass } from '../../../protocol/classes';
import type { DataClass } from '../../../protocol/classes';
import type { SessionId } from '../../../protocol/model';
import { parseRowKey } from '../../../protocol/row-key';
import type { LineRef } from '../../../protocol/row-key';
import type { SqlDriver } from '../sqlite/driver';
import { observationHasSecret, promptHasSecret } from '../sqlite/migrations/0020-classes';
import { allSetClasses } from './classes';
import { allProjects, withJoined } from './projects';

/** Facts of a row that decide. */
export interface RowFacts {
  uid: string;
  session: SessionId;
  /** Numbers of the projects of its session and, where it is another one, of its own. */
  projects: readonly number[];
  isPrompt: boolean;
  hasSecret: boolean;
}

interface FoundRow {
  uid: string;
  session: string;
  project: number;
  own: number;
  isPrompt: number;
  hasSecret: number;
}

/** Of the rows of a table in which a secret was found: read from the index, not from their texts. */
const withSecret = {
  prompt: `SELECT id FROM prompts INDEXED BY prompts_with_secret WHERE session = r.session AND ${promptHasSecret}`,
  observation: `SELECT id FROM observations INDEXED BY observations_with_secret
    WHERE session = r.session AND ${observationHasSecret}`,
} as const;

const rowsFrom = (kind: LineRef['kind']): string =>
  `SELECT r.uid, s.id AS session, s.project_id AS project, coalesce(d.project_id, s.project_id) AS own,
    ${kind === 'prompt' ? "r.prompt_type = 'user'" : '0'} AS isPrompt, r.id IN (${withSecret[kind]}) AS hasSecret
    FROM ${kind}s r JOIN sessions s ON s.no = r.session
    LEFT JOIN documents d ON d.kind = ${kind === 'prompt' ? 0 : 1} AND d.row_id = r.id`;

const ranks = {
  usual: rankOf(usualClass),
  prompt: rankOf(promptClass),
  made: rankOf(madeClass),
  secret: rankOf(secretClass),
};

/** Classes as numbers, read once for one request: what a person sets meanwhile counts for the next. */
export class Classes {
  readonly #driver: SqlDriver;
  readonly #set = new Map<string, number>();
  readonly #projects = new Map<number, number>();
  /** The highest that was set on a row of the session. */
  readonly #rowsOf = new Map<SessionId, number>();
  readonly #known = new Map<string, number>();

  constructor(driver: SqlDriver) {
    this.#driver = driver;
    const roots = new Map<string, number>();
    for (const { what, target, session_id: session, class: rank } of allSetClasses(driver)) {
      this.#set.set(`${what} ${target}`, rank);
      if (what === 'project') roots.set(target, rank);
      if (what === 'row') this.#rowsOf.set(session, Math.max(rank, this.#rowsOf.get(session) ?? 0));
    }
    if (roots.size === 0) return;
    // Projects that are shown as one have one class.
    const projects = allProjects(driver);
    for (const { id, ownRoot } of projects) {
      const rank = roots.get(ownRoot);
      if (rank === undefined) continue;
      for (const each of withJoined(projects, new Set([id])))
        this.#projects.set(each, Math.max(rank, this.#projects.get(each) ?? 0));
    }
  }

  /** Of what nothing is known but that it is there. */
  readonly usual = ranks.usual;

  /** What a person set on the session, else on one of the projects. */
  placed(session: SessionId | undefined, projects: readonly number[]): number | undefined {
    const own = session === undefined ? undefined : this.#set.get(`session ${session}`);
    if (own !== undefined) return own;
    const set = projects.flatMap((id) => this.#projects.get(id) ?? []);
    return set.length === 0 ? undefined : Math.max(...set);
  }

  ofFacts({ uid, session, projects, isPrompt, hasSecret: isSecret }: RowFacts): number {
    const own = this.#set.get(`row ${uid}`);
    if (own !== undefined) return own;
    const base = this.placed(session, projects) ?? (isPrompt ? ranks.prompt : ranks.usual);
    return isSecret ? Math.max(base, ranks.secret) : base;
  }

  /** The highest when the key names nothing that is there: what is not known leaves by no way. */
  ofKey(key: string): number {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const rank = this.#ofRef(key);
    this.#known.set(key, rank);
    return rank;
  }

  #ofRef(key: string): number {
    const ref = parseRowKey(key);
    switch (ref?.kind) {
      case 'prompt':
      case 'observation': {
        const row = this.#driver.get<FoundRow & Record<string, never>>(`${rowsFrom(ref.kind)} WHERE r.id = ?`, [
          ref.row,
        ]);
        return row ? this.ofFacts(factsOf(row)) : rankOf('top_secret');
      }
      case 'learning':
        return this.ofLearning(ref.id);
      case 'session':
        return this.ofTitle(ref.id);
      case 'note': {
        const note = this.#driver.get<{ project: number | null; title: string; body: string }>(
          'SELECT project_id AS project, title, body FROM notes WHERE no = ?',
          [ref.row],
        );
        return note ? this.#made(undefined, note.project ?? 0, note.title + note.body) : rankOf('top_secret');
      }
      default:
        return rankOf('top_secret');
    }
  }

  ofUid(uid: string): number | undefined {
    for (const kind of ['prompt', 'observation'] as const) {
      const row = this.#driver.get<FoundRow & Record<string, never>>(`${rowsFrom(kind)} WHERE r.uid = ?`, [uid]);
      if (row) return this.ofFacts(factsOf(row));
    }
    return undefined;
  }

  /** What was said in a turn. */
  ofTurn(session: SessionId, turn: number): number {
    const rows = this.#driver.all<FoundRow & Record<string, never>>(
      `${rowsFrom('prompt')} WHERE r.session = (SELECT no FROM sessions WHERE id = ?) AND r.turn = ?`,
      [session, turn],
    );
    return Math.max(0, ...rows.map((row) => this.ofFacts(factsOf(row))));
  }

  /** Title, first prompt and the like, which are made of any of the rows. */
  ofTitle(session: SessionId, text?: string): number {
    const found = this.#driver.get<{ project: number; said: string }>(
      "SELECT project_id AS project, title || ' ' || first_prompt AS said FROM sessions WHERE id = ?",
      [session],
    );
    const made = this.#made(session, found?.project ?? 0, text ?? found?.said ?? '');
    return Math.max(made, this.#rowsOf.get(session) ?? 0);
  }

  /** The highest of all that is in a session. */
  ofSession(session: SessionId): number {
    const rank = this.ofTitle(session);
    return rank < ranks.secret && this.hasRowWithSecret(session) ? ranks.secret : rank;
  }

  hasRowWithSecret(session: SessionId): boolean {
    return (
      this.#driver.get(
        `SELECT 1 FROM sessions r WHERE r.id = ? AND (
          EXISTS (SELECT 1 FROM prompts INDEXED BY prompts_with_secret WHERE session = r.no AND ${promptHasSecret})
          OR EXISTS (SELECT 1 FROM observations INDEXED BY observations_with_secret
            WHERE session = r.no AND ${observationHasSecret}))`,
        [session],
      ) !== undefined
    );
  }

  /** Never lower than what a person set on what it was made of, whatever was set on the learning. */
  ofLearning(id: string): number {
    const learning = this.#driver.get<{ project: number | null; text: string; sessions: string }>(
      `SELECT project_id AS project, title || description || context || tags_json || coalesce(dead_end_json, '') AS text,
        source_sessions_json AS sessions FROM learnings WHERE id = ?`,
      [id],
    );
    if (!learning) return rankOf('top_secret');
    const sources = this.#sourcesOf(id, JSON.parse(learning.sessions) as SessionId[]);
    const own = this.#set.get(`learning ${id}`);
    const derived = Math.max(this.#made(undefined, learning.project ?? 0, learning.text), sources.derived);
    return Math.max(own ?? derived, sources.set);
  }

  #sourcesOf(id: string, sessions: readonly SessionId[]): { derived: number; set: number } {
    const evidence = this.#driver.all<{ session: string; lines: string }>(
      'SELECT session_id AS session, lines_json AS lines FROM learning_evidence WHERE learning_id = ?',
      [id],
    );
    let set = 0;
    for (const session of new Set([...sessions, ...evidence.map((each) => each.session)]))
      set = Math.max(set, this.placed(session, this.#projectOf(session)) ?? 0);
    let derived = 0;
    for (const { lines } of evidence)
      for (const { uid } of JSON.parse(lines) as { uid: string }[]) {
        set = Math.max(set, this.#set.get(`row ${uid}`) ?? 0);
        derived = Math.max(derived, this.ofUid(uid) ?? 0);
      }
    return { derived, set };
  }

  #projectOf(session: SessionId): number[] {
    const found = this.#driver.get<{ id: number }>('SELECT project_id AS id FROM sessions WHERE id = ?', [session]);
    return found ? [found.id] : [];
  }

  #made(session: SessionId | undefined, project: number, text: string): number {
    const base = this.placed(session, [project]) ?? ranks.made;
    return hasSecret(text) ? Math.max(base, ranks.secret) : base;
  }
}

/** Uids of the rows of a session whose class may be high: a secret was found in them, or a person set it. */
export const remarkableRows = (driver: SqlDriver, session: number): string[] =>
  driver
    .all<{ uid: string }>(
      `SELECT uid FROM prompts INDEXED BY prompts_with_secret WHERE session = ?1 AND ${promptHasSecret}
       UNION SELECT uid FROM observations INDEXED BY observations_with_secret WHERE session = ?1 AND ${observationHasSecret}
       UNION SELECT target FROM classes WHERE what = 'row' AND session_id = (SELECT id FROM sessions WHERE no = ?1)`,
      [session],
    )
    .map(({ uid }) => uid);

export const rowsOfSession = (driver: SqlDriver, session: number): { id: SessionId; project: number; rows: number } =>
  driver.get<{ id: SessionId; project: number; rows: number }>(
    `SELECT id, project_id AS project, (SELECT count(*) FROM prompts WHERE session = ?1) +
      (SELECT count(*) FROM observations WHERE session = ?1) AS rows FROM sessions WHERE no = ?1`,
    [session],
  ) ?? { id: '', project: 0, rows: 0 };

/** All rows in which a secret was found, and the sessions that they are of. */
export function countWithSecret(driver: SqlDriver): { rows: number; sessions: number } {
  return (
    driver.get<{ rows: number; sessions: number }>(
      `SELECT count(*) AS rows, count(DISTINCT session) AS sessions FROM (
        SELECT session FROM prompts INDEXED BY prompts_with_secret WHERE ${promptHasSecret} UNION ALL
        SELECT session FROM observations INDEXED BY observations_with_secret WHERE ${observationHasSecret})`,
    ) ?? { rows: 0, sessions: 0 }
  );
}

const factsOf = ({ project, own, isPrompt, hasSecret: isSecret, ...row }: FoundRow): RowFacts => ({
  ...row,
  projects: [project, own],
  isPrompt: isPrompt === 1,
  hasSecret: isSecret === 1,
});

/** For pages: absent where a class is not shown. */
export const shownClass = (rank: number): { class?: DataClass } =>
  rank >= ranks.secret ? { class: classAt(rank) } : {};
