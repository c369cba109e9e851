/**
 * Final order of a search: relevance first, then importance, recency and earlier use. Every part is between 0 and 1 and
 * is shown with its weight, so that a rank can be explained.
 */
import type { SearchQuery } from '../../protocol/questions/search';
import type { HitReasons } from '../../protocol/search-hit';
import type { DocumentColumns } from '../index/columns';
import type { RankedSession } from '../index/full-text';
import { strengthOf } from '../index/memory-kinds';
import { dayMs } from '../lib/clock';
import { latestPlausible } from '../lib/plausible';
import type { SqlDriver } from '../store/sqlite/driver';
import { liveMs } from '../store/tables/sessions';
import { flaggedSessions, usesBySession } from '../store/tables/uses';

type Part = HitReasons['parts'][number];
export type PartWeights = Readonly<Record<Part['name'], number>>;

/** Found by measurement. The first guess of .40, .25, .20, .15 gave worse ranks: see docs/evaluation.md. */
export const defaultWeights: PartWeights = { relevance: 0.94, importance: 0.01, recency: 0.02, use: 0.03 };
const recencyWeights = { off: 0, usual: defaultWeights.recency, strong: 0.3 } as const;
/** After this many days recency counts half. */
const halfLifeDays = 30;

/** Importance and use of sessions, cached until the next change. */
export class Merits {
  #uses: Map<number, number> | undefined;
  #flagged: Set<number> | undefined;

  constructor(readonly driver: SqlDriver) {}

  invalidate(): void {
    this.#uses = undefined;
    this.#flagged = undefined;
  }

  /** 0.5 after the first use, 0.75 after the second, and so on towards 1. */
  useOf(session: number): number {
    this.#uses ??= usesBySession(this.driver);
    return 1 - 0.5 ** (this.#uses.get(session) ?? 0);
  }

  /** Number of uses, and whether a person flagged something in the session. */
  heldBy(session: number): { uses: number; isKept: boolean } {
    this.#uses ??= usesBySession(this.driver);
    this.#flagged ??= flaggedSessions(this.driver);
    return { uses: this.#uses.get(session) ?? 0, isKept: this.#flagged.has(session) };
  }

  /** Sessions with much work are more important than those with questions only; flagged ones are most important. */
  importanceOf(columns: DocumentColumns, session: number): number {
    this.#flagged ??= flaggedSessions(this.driver);
    if (this.#flagged.has(session)) return 1;
    return Math.min(
      1,
      0.1 +
        0.1 * Math.log2(1 + columns.sessions.filesOf(session).length) +
        0.05 * Math.log2(1 + columns.workOf(session)),
    );
  }
}

/** The same sessions ordered by all parts; `now` in milliseconds. Their scores must be relevances of at most 1. */
export function rerank(
  sessions: readonly RankedSession[],
  columns: DocumentColumns,
  merits: Merits,
  now: number,
  recency: NonNullable<SearchQuery['recency']> = 'usual',
  weights: PartWeights = defaultWeights,
): RankedSession[] {
  const ranked = sessions.map((each): RankedSession => {
    const { session, best } = each;
    const parts: Part[] = [
      { name: 'relevance', value: each.score, weight: weights.relevance },
      {
        name: 'importance',
        value: session === undefined ? 1 : fadedImportance(session, best.at, columns, merits, now),
        weight: weights.importance,
      },
      {
        name: 'recency',
        value: best.at > latestPlausible(now) ? 0 : 0.5 ** (Math.max(0, now - best.at) / (halfLifeDays * dayMs)),
        weight: recency === 'usual' ? weights.recency : recencyWeights[recency],
      },
      { name: 'use', value: session === undefined ? 0 : merits.useOf(session), weight: weights.use },
    ];
    return {
      ...each,
      score: parts.reduce((sum, { value, weight }) => sum + value * weight, 0),
      why: { ...each.why, parts },
    };
  });
  return ranked.sort((a, b) => b.score - a.score);
}

/**
 * Importance after fading: short-term memory in days, sessions in months, slower with every use. A flagged session does
 * not fade.
 */
function fadedImportance(
  session: number,
  lastAt: number,
  columns: DocumentColumns,
  merits: Merits,
  now: number,
): number {
  // What a wrong clock dates in the future has faded.
  const at = lastAt > latestPlausible(now) ? 0 : lastAt;
  const kind = now - at < liveMs ? 'working' : 'episodic';
  return strengthOf(
    { kind, importance: merits.importanceOf(columns, session), lastAt: at, ...merits.heldBy(session) },
    now,
  );
}
