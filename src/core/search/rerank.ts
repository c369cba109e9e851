/**
 * From words to the order a person sees: relevance first, then what mattered more, what is newer and what was of use
 * before. Every part is between 0 and 1 and is shown with its weight, so that a place in the list can be explained.
 */
import type { HitReasons } from '../../protocol/model';
import type { SearchQuery } from '../../protocol/questions/search';
import type { DocumentColumns } from '../index/columns';
import type { RankedSession } from '../index/full-text';
import { strengthOf } from '../index/memory-kinds';
import type { SqlDriver } from '../store/sqlite/driver';
import { liveMs } from '../store/tables/sessions';
import { flaggedSessions, usesBySession } from '../store/tables/uses';

type Part = HitReasons['parts'][number];
export type PartWeights = Readonly<Record<Part['name'], number>>;

/** Learned by measurement from a start of .40, .25, .20, .15, which loses places: see docs/evaluation.md. */
export const defaultWeights: PartWeights = { relevance: 0.94, importance: 0.01, recency: 0.02, use: 0.03 };
const recencyWeights = { off: 0, usual: defaultWeights.recency, strong: 0.3 } as const;
/** After so many days recency counts half. */
const halfLifeDays = 30;
const dayMs = 86_400_000;

/** What speaks for sessions beside the words. Asked anew after every change. */
export class Merits {
  #uses: Map<number, number> | undefined;
  #flagged: Set<number> | undefined;

  constructor(readonly driver: SqlDriver) {}

  invalidate(): void {
    this.#uses = undefined;
    this.#flagged = undefined;
  }

  /** Half of what can be known for the second use, three quarters for the next. */
  useOf(session: number): number {
    this.#uses ??= usesBySession(this.driver);
    return 1 - 0.5 ** (this.#uses.get(session) ?? 0);
  }

  /** Uses so far, and whether a person flagged something in it. */
  heldBy(session: number): { uses: number; isKept: boolean } {
    this.#uses ??= usesBySession(this.driver);
    this.#flagged ??= flaggedSessions(this.driver);
    return { uses: this.#uses.get(session) ?? 0, isKept: this.#flagged.has(session) };
  }

  /** A session that did much matters more than one that asked something; one that a person flagged matters most. */
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

/** The same sessions in the order of all parts; `now` in ms. Their scores are those of relevance, 1 at most. */
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
        value: 0.5 ** (Math.max(0, now - best.at) / (halfLifeDays * dayMs)),
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
 * What was at hand a minute ago fades within days, what happened within months, and slower what is used; a flag keeps
 * it.
 */
function fadedImportance(
  session: number,
  lastAt: number,
  columns: DocumentColumns,
  merits: Merits,
  now: number,
): number {
  const kind = now - lastAt < liveMs ? 'working' : 'episodic';
  return strengthOf(
    { kind, importance: merits.importanceOf(columns, session), lastAt, ...merits.heldBy(session) },
    now,
  );
}
