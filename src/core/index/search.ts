/** Full-text search: which documents match, which sessions that makes, in what order. */
import type { SearchQuery } from '../../protocol/memory-api';
import type { HitReasons } from '../../protocol/model';
import type { DocumentFacts } from '../store/documents';
import { documentFrequency, documentKinds, documentText, existingDocuments, matchDocuments } from '../store/documents';
import type { SqlDriver } from '../store/driver';
import { DocumentColumns } from './columns';
import { filterOf } from './filter';
import type { DocumentTest } from './filter';
import { longestQuery, parseQuery, termsOf } from './query';
import type { ParsedQuery } from './query';
import { documentsPerSession, inverseFrequency, kindWeight, scoreDocument, sumBest } from './rank';
import type { TermWeight } from './rank';

export interface RankedSession {
  session: number;
  score: number;
  /** Turn of the best document, and how many turns matched in all. */
  turn: number;
  turns: number;
  best: DocumentFacts;
  why: HitReasons;
}

export interface Ranking {
  /** Sessions and learnings (session 0), best first. */
  sessions: RankedSession[];
  /** Everything that matched, for facets. */
  matches: Matches;
  terms: Set<string>;
  prefix: string;
  relaxed: string[];
}

export interface Matches {
  columns: DocumentColumns;
  /** Places of the matching documents, a list for each session or learning. */
  groups: readonly (readonly number[])[];
}

/** A match: its place in the columns and its score. Kept small, there may be thousands. */
interface Scored {
  at: number;
  score: number;
}

/** Common words match half of memory: candidates come from the rarest terms, as many as fit this budget. */
const candidateBudget = 5000;
/** Above the budget a term is common, and how common does not matter any more. */
const mostCounted = candidateBudget + 1;
/** A short query that this many sessions answer in one message each needs no looser reading. */
const enoughSessions = 20;
const mostTogether = 4;
const mostPhraseChecks = 400;
/** Looking for a likely word costs milliseconds: more unknown ones than this are no typing errors. */
const mostCorrections = 8;
const mostNewest = 1000;
/** Term counts are asked anew after this much growth. */
const staleGrowth = 1.1;

export class FullText {
  readonly #columns = new DocumentColumns();
  readonly #frequencies = new Map<string, number>();
  #countedAt = 0;
  #isStale = true;

  /** `correct` offers a known word for one that stands nowhere. */
  constructor(
    readonly driver: SqlDriver,
    readonly correct: (term: string) => string | undefined = () => undefined,
  ) {}

  /** Rows were added; with `isReset` rows went away or changed hands. */
  invalidate(isReset = false): void {
    this.#isStale = true;
    if (!isReset) return;
    this.#columns.clear();
    this.#frequencies.clear();
  }

  /** `leftOut`: documents to pass over, by id. */
  search(query: SearchQuery, scopeIds: readonly number[] | undefined, leftOut?: ReadonlySet<number>): Ranking {
    this.#refresh();
    const parsed = parseQuery(query.text);
    const filter = filterOf(this.driver, this.#columns, query, parsed, scopeIds);
    const isAllowed: DocumentTest | undefined = leftOut ? (at) => !leftOut.has(this.#columns.facts(at).id) && (!filter || filter(at)) : filter;
    const prefix = query.isTyping ? lastWord(query.text.slice(0, longestQuery)) : '';
    const ranking: Ranking = { sessions: [], matches: { columns: this.#columns, groups: [] }, terms: new Set([...parsed.terms, ...parsed.phrases.flatMap(termsOf)]), prefix, relaxed: [] };
    if (parsed.terms.length === 0 && parsed.prefixes.length === 0) return this.#newest(parsed, isAllowed, ranking);
    this.#correctTerms(parsed, ranking);
    let scored = this.#withoutPhrases(this.#match(parsed, prefix, isAllowed), parsed);
    if (parsed.phrases.length > 0) {
      const exact = this.#onlyPhrases(scored, parsed.phrases);
      // Not one exact place: the words alone are better than nothing, and that is said.
      if (exact.length > 0) scored = exact;
      else if (scored.length > 0) ranking.relaxed.push(...parsed.phrases.map((phrase) => `"${phrase}"`));
    }
    return rank(this.#columns, scored, ranking);
  }

  /** A query of filters only: what passes them, newest first. */
  #newest(parsed: ParsedQuery, isAllowed: DocumentTest | undefined, ranking: Ranking): Ranking {
    if (!isAllowed) return ranking;
    const excluded = this.#placesOf(parsed.excluded.join(' OR '));
    const scored: Scored[] = [];
    for (const at of this.#columns.newest()) {
      if (isAllowed(at) && !excluded.has(at)) scored.push({ at, score: this.#columns.time(at) / 1e13 });
      if (scored.length >= mostNewest) break;
    }
    // Rows that were renewed or deleted leave their old place in the columns behind.
    const there = existingDocuments(this.driver, scored.map(({ at }) => this.#columns.facts(at).id));
    return rank(this.#columns, this.#withoutPhrases(scored.filter(({ at }) => there.has(this.#columns.facts(at).id)), parsed), ranking);
  }

  /** A word that stands nowhere is most likely mistyped. */
  #correctTerms(parsed: ParsedQuery, ranking: Ranking): void {
    let tries = mostCorrections;
    parsed.terms = parsed.terms.map((term) => {
      if (tries === 0 || this.#frequency(term) > 0 || term === termsOf(ranking.prefix)[0]) return term;
      tries--;
      const better = this.correct(term);
      if (better === undefined) return term;
      ranking.relaxed.push(`${term} → ${better}`);
      ranking.terms.add(better);
      return better;
    });
  }

  #match(parsed: ParsedQuery, prefix: string, isAllowed: DocumentTest | undefined): Scored[] {
    const prefixes = new Set([...parsed.prefixes, ...(prefix.length >= 2 ? [prefix] : [])]);
    const starred = [...prefixes].map((each) => `${each}*`);
    // One NOT over all of them: an expression may be a dozen deep, and each NOT would be one deeper.
    const not = parsed.excluded.length === 0 ? '' : ` NOT (${parsed.excluded.join(' OR ')})`;
    const counted = (phrases: readonly string[]) => [...new Set(phrases)].map((text) => ({ text, documents: this.#frequency(text) }));
    // All words in one message, when there are enough of those: precise, and quick however common each word is. The word
    // being typed stands for all it may become.
    const typed = prefix === '' ? undefined : termsOf(prefix)[0];
    const strict = counted([...parsed.wholes.filter((term) => term !== typed), ...starred]);
    if (strict.length > 0 && strict.length <= mostTogether && strict.every(({ documents }) => documents > 0)) {
      const together = this.#score(strict, ' ', not, isAllowed);
      const isAll = strict.length === 1 && parsed.terms.length + starred.length === 1;
      if (isAll || countSessions(this.#columns, together) >= enoughSessions) return together;
    }
    const present = counted([...parsed.terms, ...starred]).filter(({ documents }) => documents > 0);
    present.sort((a, b) => a.documents - b.documents);
    if (present.length === 0) return [];
    let budget = candidateBudget;
    const chosen = present.filter(({ documents }, index) => index === 0 || (budget -= documents) > 0);
    return this.#score(chosen, ' OR ', not, isAllowed);
  }

  #score(phrases: readonly { text: string; documents: number }[], by: ' ' | ' OR ', not: string, isAllowed: DocumentTest | undefined): Scored[] {
    const columns = this.#columns;
    const weights: TermWeight[] = phrases.map(({ documents }, index) => ({ index, weight: inverseFrequency(documents, columns.size) }));
    const scored: Scored[] = [];
    matchDocuments(this.driver, `(${phrases.map(({ text }) => text).join(by)})${not}`, (id, info) => {
      const at = columns.position(id);
      if (at >= 0 && (!isAllowed || isAllowed(at))) scored.push({ at, score: scoreDocument(info, weights) * kindWeight(columns.kind(at), columns.facet(at)) });
    });
    return scored;
  }

  /** A phrase is checked on the stored text: the index holds stems and parts, which stand side by side in other texts too. */
  #onlyPhrases(scored: Scored[], phrases: readonly string[]): Scored[] {
    const folded = phrases.map(fold);
    const best = [...scored].sort((a, b) => b.score - a.score).slice(0, mostPhraseChecks);
    return best.filter(({ at }) => {
      const text = this.#foldedText(at);
      return folded.every((phrase) => text.includes(phrase));
    });
  }

  /** Texts with all words of an excluded phrase are looked at; beyond a bound they go unseen, since what was excluded must not show. */
  #withoutPhrases(scored: Scored[], { excludedPhrases }: ParsedQuery): Scored[] {
    let left = scored;
    let checks = mostPhraseChecks;
    for (const phrase of excludedPhrases) {
      const suspects = this.#placesOf(termsOf(phrase).join(' '));
      const folded = fold(phrase);
      left = left.filter(({ at }) => !suspects.has(at) || (checks-- > 0 && !this.#foldedText(at).includes(folded)));
    }
    return left;
  }

  /** Places of the documents an expression matches. */
  #placesOf(expression: string): Set<number> {
    const places = new Set<number>();
    if (expression !== '') matchDocuments(this.driver, expression, (id) => places.add(this.#columns.position(id)));
    return places;
  }

  #foldedText(at: number): string {
    return fold(documentText(this.driver, this.#columns.kind(at), this.#columns.row(at)).toLowerCase());
  }

  #refresh(): void {
    if (!this.#isStale) return;
    this.#isStale = false;
    this.#columns.update(this.driver);
    if (this.#columns.size <= this.#countedAt * staleGrowth && this.#columns.size >= this.#countedAt) return;
    this.#frequencies.clear();
    this.#countedAt = this.#columns.size;
  }

  #frequency(term: string): number {
    let known = this.#frequencies.get(term);
    // A word that was nowhere may stand in a row added a moment ago.
    if (known === undefined || known === 0) {
      known = documentFrequency(this.driver, term, mostCounted);
      this.#frequencies.set(term, known);
    }
    return known;
  }
}

/** Documents → sessions: each scores by its best few, wherever in it they stand. */
function rank(columns: DocumentColumns, scored: readonly Scored[], ranking: Ranking): Ranking {
  const groups = new Map<number, Scored[]>();
  for (const each of scored) {
    // A learning stands for itself.
    const key = columns.kind(each.at) === documentKinds.learning ? -columns.row(each.at) : columns.session(each.at);
    const group = groups.get(key);
    if (group) group.push(each);
    else groups.set(key, [each]);
  }
  for (const group of groups.values()) {
    const top = group.reduce((a, b) => (b.score > a.score ? b : a));
    const score = sumBest(group.map((each) => each.score), documentsPerSession);
    ranking.sessions.push({ session: columns.session(top.at), turn: columns.turn(top.at), score, best: columns.facts(top.at), turns: new Set(group.map(({ at }) => columns.turn(at))).size, why: { words: [], roads: {}, parts: [] } });
  }
  ranking.sessions.sort((a, b) => b.score - a.score || b.best.at - a.best.at);
  ranking.sessions.forEach((each, index) => (each.why.roads.words = index + 1));
  ranking.matches = { columns, groups: [...groups.values()].map((group) => group.map(({ at }) => at)) };
  return ranking;
}

const fold = (text: string): string => text.replace(/\s+/g, ' ');

function countSessions(columns: DocumentColumns, scored: readonly Scored[]): number {
  return new Set(scored.map(({ at }) => columns.session(at))).size;
}

/** The word being typed, when it is one the index could hold as it stands. */
function lastWord(text: string): string {
  return /(?:^|\s)([\p{L}\p{N}]{2,})$/u.exec(text)?.[1]?.toLowerCase() ?? '';
}
