/** Full-text search: which documents match, which sessions they form, and in what order. */
import { MemoryError } from '../../protocol/errors';
import type { SearchQuery } from '../../protocol/questions/search';
import type { HitReasons, QueryProblem, Relaxation } from '../../protocol/search-hit';
import { foldForComparison, foldLetters } from '../lib/text';
import type { SqlDriver } from '../store/sqlite/driver';
import { Segments } from '../store/sqlite/segments';
import type { DocumentFacts } from '../store/tables/documents';
import { sessionOf } from '../store/tables/documents';
import type { AskedQuery } from './asked-query';
import { comparisonWith, hasCodeWord } from './code-words';
import { DocumentColumns } from './columns';
import { certaintyOf, countTurns, explainWords } from './explain';
import { filterOf } from './filter';
import type { DocumentTest } from './filter';
import { Narrowing, placesIn } from './narrow';
import { maxQueryLength, termsOf, withWords } from './query';
import type { ParsedQuery } from './query';
import { Scores, matchesOf } from './score';
import type { GroupedPlaces } from './score';
import { Groups } from './sessions';
import type { RankedGroup } from './sessions';
import { SignalReader } from './signals';
import { findTime } from './time-words';
import { defaultRanking } from './weigh';
import type { RankWeights } from './weigh';
import { Words } from './words';
import type { QueryTerms } from './words';

export interface RankedSession {
  /** Undefined for a learning. */
  session: number | undefined;
  /** 1 for the best session of this search. */
  score: number;
  /** Turn of the best document. */
  turn: number;
  best: DocumentFacts;
  /** Time of its newest match in milliseconds, or what `orderTime` makes of it. */
  newest: number;
  why: HitReasons;
}

export interface Ranking {
  /** The best sessions and learnings, at most `maxRanked`. */
  sessions: RankedSession[];
  /** By score or by newest match, as requested; by newest match when the query has no words. */
  order: 'best' | 'newest';
  /** Number of all matching sessions. */
  total: number;
  /** All matches, for facets. */
  matches: Matches;
  terms: Set<string>;
  prefix: string;
  /** Words of code to mark as they stand. */
  codeWords: readonly string[];
  relaxed: Relaxation[];
  problems: QueryProblem[];
  /** The filters of the query over the present `matches.columns`; undefined when every document passes. */
  isAllowed: DocumentTest | undefined;
  /** The score of a place by its words; valid until the next search. */
  scoreOf(at: number): number;
  /** How sure the words are of the best session, 0 to 1; for weighing them against meaning. */
  certainty(): number;
  /** The number of turns that match and the contribution of each word; called only for sessions that are shown. */
  detail(session: RankedSession): { turns: number; words: HitReasons['words'] };
}

export interface SearchChange {
  /** Ids of documents to ignore. */
  leftOut?: ReadonlySet<number>;
  /** Words to search for instead of those in the text; its filters and exclusions still apply. */
  words?: readonly string[];
}

export interface Matches extends GroupedPlaces {
  columns: DocumentColumns;
}

/** More than a person reads; the rest is only counted. */
const maxRanked = 200;
/** When this many sessions match strictly, the query is not relaxed. */
const enoughSessions = 20;
/** Documents read in one idle step: about 50 ms. */
const warmedAtOnce = 2500;

export class FullText {
  readonly #columns: DocumentColumns;
  readonly #scores = new Scores();
  readonly #groups = new Groups();
  readonly #words: Words;
  readonly #narrowing: Narrowing;
  #isStale = true;

  /** `correct` suggests a known term for an unknown one, `wordOf` gives the word of a term. */
  constructor(
    readonly driver: SqlDriver,
    correct: (term: string) => string | undefined = () => undefined,
    ranking: RankWeights = defaultRanking,
    wordOf: (term: string) => string = (term) => term,
  ) {
    this.#columns = new DocumentColumns(ranking);
    this.#words = new Words(new Segments(driver), correct, wordOf);
    this.#narrowing = new Narrowing(driver, this.#columns, this.#scores, this.#words);
  }

  /** Rows were added; with `isReset` rows were deleted or moved. */
  invalidate(isReset = false): void {
    this.#isStale = true;
    if (isReset) this.#columns.clear();
  }

  /**
   * Loads a part of what a search needs; false when there is more. Called in idle time, because a large memory takes
   * seconds.
   */
  warm(): boolean {
    return !this.#isStale || this.#columns.update(this.driver, warmedAtOnce);
  }

  /** The columns, up to date with the database. */
  columns(): DocumentColumns {
    if (this.#isStale) {
      this.#columns.update(this.driver);
      this.#isStale = false;
    }
    return this.#columns;
  }

  /** Number of documents that contain a term. */
  frequency(term: string): number {
    this.#words.refresh();
    return this.#words.find(term)?.documents.length ?? 0;
  }

  search(asked: AskedQuery, { leftOut, words }: SearchChange = {}): Ranking {
    const { query, now } = asked;
    const columns = this.columns();
    this.#words.refresh();
    const parsed = words ? withWords(asked.parsed, words) : asked.parsed;
    const { test, problems } = filterOf(this.driver, columns, asked);
    const isAllowed: DocumentTest | undefined = leftOut
      ? (at) => !leftOut.has(columns.id(at)) && (!test || test(at))
      : test;
    const prefix = query.isTyping ? lastWord(query.text.slice(0, maxQueryLength)) : '';
    const ranking: Ranking = {
      sessions: [],
      order: query.sort ?? 'best',
      total: 0,
      matches: { columns, groups: [], places: new Int32Array(0), starts: [0] },
      scoreOf: (at) => this.#scores.values[at] ?? 0,
      certainty: () => 0,
      detail: () => ({ turns: 1, words: [] }),
      terms: new Set([...parsed.terms, ...parsed.phrases.flatMap(termsOf)]),
      prefix,
      codeWords: parsed.codeWords.map(({ text }) => text),
      relaxed: [],
      problems,
      isAllowed,
    };
    if (parsed.terms.length === 0 && parsed.prefixes.length === 0) return this.#newest(parsed, isAllowed, ranking, now);
    const found = this.#words.resolve(parsed, prefix, ranking.relaxed);
    for (const term of found.corrected) ranking.terms.add(term);
    this.#scores.fill(columns, found.terms, isAllowed);
    this.#narrowing.dropExcluded(parsed, ranking.problems);
    if (parsed.phrases.length > 0) this.#narrowing.keepPhrases(parsed.phrases, ranking.relaxed);
    if (parsed.codeWords.length > 0)
      this.#narrowing.keepCodeWords(parsed.codeWords, otherWordsOf(found, parsed), ranking.relaxed);
    this.#scores.liftNear(columns, found.terms);
    this.#groups.fill(columns, this.#scores, found.all, query.sort === 'newest', now);
    const isKept = this.#relax(found, ranking.relaxed);
    return this.#finish(ranking, found, query.sort, findTime(parsed.plain, now), isKept, parsed.plain);
  }

  /**
   * Documents that have every word and phrase of the query themselves and pass its filters, the newest last. Nothing is
   * loosened, corrected or cut off: this is for erasing.
   * @throws MemoryError `invalid_input` when the query has nothing to look for, or something in it is not understood
   */
  strictly(asked: AskedQuery): DocumentFacts[] {
    const columns = this.columns();
    this.#words.refresh();
    const { parsed } = asked;
    const { test, problems } = filterOf(this.driver, columns, asked);
    const [problem] = problems;
    if (problem) throw new MemoryError('invalid_input', problem.message);
    const words = parsed.wholes.length > 0 ? parsed.wholes : parsed.terms;
    const sets: { has(at: number): boolean }[] = [
      ...words.map((word) => this.#narrowing.placesOf(word)),
      ...parsed.prefixes.map((prefix) => placesIn(columns, this.#words.findEvery(prefix)?.documents ?? [])),
      ...parsed.phrases.map((phrase) => this.#narrowing.rowsOf(phrase)),
    ];
    if (sets.length === 0 && !test)
      throw new MemoryError('invalid_input', 'Say what should be erased: words, a phrase or a filter.');
    const phrases = parsed.phrases.map(foldForComparison);
    const excluded = parsed.exclusions.map(({ term, text }) => ({
      places: term === undefined ? this.#narrowing.rowsOf(text) : this.#narrowing.placesOf(term),
      hasIt: term === undefined ? comparisonWith(text) : () => true,
    }));
    const found: DocumentFacts[] = [];
    for (const at of columns.each()) {
      if (!sets.every((places) => places.has(at)) || (test && !test(at))) continue;
      const mustRead = phrases.length > 0 || parsed.codeWords.length > 0 || excluded.length > 0;
      const text = mustRead ? this.#narrowing.foldedText(at) : '';
      const isMeant =
        phrases.every((phrase) => text.includes(phrase)) &&
        parsed.codeWords.every((word) => hasCodeWord(text, word.text, word.isOpen)) &&
        !excluded.some(({ places, hasIt }) => places.has(at) && hasIt(text));
      if (isMeant) found.push(columns.facts(at));
    }
    return found;
  }

  /** For a query without words: all documents that pass the filters and have the signs it names, newest first. */
  #newest(parsed: ParsedQuery, isAllowed: DocumentTest | undefined, ranking: Ranking, now: number): Ranking {
    const signs = [...parsed.phrases, ...ranking.codeWords];
    if (!isAllowed && signs.length === 0) return ranking;
    const columns = this.#columns;
    let places: number[] = [];
    for (const at of columns.each()) if (!isAllowed || isAllowed(at)) places.push(at);
    if (signs.length > 0) places = this.#narrowing.newestWith(signs, places, ranking.relaxed, now);
    this.#scores.set(columns.size, places, () => 1);
    this.#narrowing.dropExcluded(parsed, ranking.problems);
    this.#groups.fill(columns, this.#scores, 0, true, now);
    return this.#finish(ranking, { terms: [], all: 0, corrected: [], unknown: 0 }, 'newest', undefined, () => true);
  }

  /**
   * Uses the strictest rule that enough sessions match: all words in one message, all words in one session, some of the
   * words. A relaxed rule is reported. The top sessions by score always stay: a long question is rarely answered in its
   * own words, and dropping sessions that lack a word cost five points of hit@5.
   */
  #relax({ all }: QueryTerms, relaxed: Relaxation[]): (group: number) => boolean {
    const groups = this.#groups;
    const isSingle = (all & (all - 1)) === 0;
    if (isSingle) return () => true;
    const { together, apart } = groups.countWith(all);
    const isStrict = together >= enoughSessions;
    if (!isStrict && apart < enoughSessions) {
      if (groups.count > together) relaxed.push({ kind: 'some', sessions: together });
      return () => true;
    }
    if (!isStrict) relaxed.push({ kind: 'apart', sessions: together });
    const first = new Set(groups.rank(this.#columns, enoughSessions).map(({ group }) => group));
    return (group) => first.has(group) || (isStrict ? groups.isTogether(group) : groups.hasAll(group, all));
  }

  #finish(
    ranking: Ranking,
    { terms, unknown }: QueryTerms,
    order: SearchQuery['sort'],
    isThen: ((at: number) => boolean) | undefined,
    isKept: (group: number) => boolean,
    plain = '',
  ): Ranking {
    const columns = this.#columns;
    const grouped = this.#scores.byGroup(columns, isKept);
    const reader = new SignalReader(columns, this.#scores.words, terms, plain);
    const ranked = this.#groups.rank(columns, maxRanked, order, isKept).map((each) => {
      if (terms.length === 0) return { ...each, signals: [] };
      const signals = reader.read(each.group, this.#groups.wordsOf(each.group), grouped);
      // The length has counted before: among all sessions, not the best alone.
      const factor = signals.reduce((product, signal) => product * (signal.name === 'length' ? 1 : signal.factor), 1);
      return { ...each, score: each.score * factor, signals };
    });
    if (order !== 'newest') ranked.sort((a, b) => b.score - a.score);
    const top = Math.max(...ranked.map(({ score }) => score), Number.MIN_VALUE);
    const scoreOf = ({ score, best }: RankedGroup) =>
      score / top + (isThen?.(columns.time(best)) ? columns.ranking.timeWeight : 0);
    if (isThen && order !== 'newest') ranked.sort((a, b) => scoreOf(b) - scoreOf(a));
    const highest = Math.max(...ranked.map(scoreOf), Number.MIN_VALUE);
    ranking.order = order ?? 'best';
    ranking.total = grouped.groups.length;
    ranking.matches = { columns, ...grouped };
    const first = ranked[0]?.group;
    ranking.certainty = () =>
      first === undefined ? 0 : certaintyOf(columns, terms, unknown, matchesOf(grouped, first));
    ranking.detail = ({ best }) => {
      const places = matchesOf(grouped, columns.group(columns.position(best.id)));
      return { turns: countTurns(columns, places), words: explainWords(columns, terms, places) };
    };
    ranking.sessions = ranked.map((each, index) => {
      const best = columns.facts(each.best);
      return {
        session: sessionOf(best),
        turn: best.turn,
        score: scoreOf(each) / highest,
        best,
        newest: each.newest,
        why: { words: [], roads: { words: index + 1 }, signals: each.signals, parts: [] },
      };
    });
    return ranking;
  }
}

/** The bits of the words that are not parts of a word of code. */
function otherWordsOf({ terms, all }: QueryTerms, { codeWords }: ParsedQuery): number {
  const own = new Set(codeWords.flatMap(({ text }) => termsOf(text)));
  return terms.reduce((bits, { text, word }) => (own.has(text) ? bits : bits | (1 << word)), 0) & all;
}

/** The word being typed, if the index could contain it in this form. */
function lastWord(text: string): string {
  return foldLetters(/(?:^|\s)([\p{L}\p{M}\p{N}]{2,})$/u.exec(text)?.[1] ?? '');
}
