/**
 * What is left of matches by phrases, signs and exclusions. The index knows which documents have a word and where, but as
 * stems and without signs, so texts are compared, the likeliest first and not more than a person waits for.
 */
import type { QueryProblem, Relaxation } from '../../protocol/search-hit';
import { orderTime } from '../lib/plausible';
import { foldForComparison } from '../lib/text';
import type { SqlDriver } from '../store/sqlite/driver';
import { documentText } from '../store/tables/documents';
import { Best } from './best';
import { comparisonWith, hasCodeWord } from './code-words';
import type { DocumentColumns } from './columns';
import { documentsInRow } from './postings';
import { wholesOf } from './query';
import type { CodeWord, Exclusion, ParsedQuery } from './query';
import type { Scores } from './score';
import type { Words } from './words';

const maxPhraseChecks = 400;
/** Texts, and letters of them, that are compared for signs, which the index does not have: about 50 ms. */
const maxSignChecks = 2000;
const maxSignLetters = 4 << 20;

/** Narrows the scores of one index; its columns and words must be up to date. */
export class Narrowing {
  readonly #driver: SqlDriver;
  readonly #columns: DocumentColumns;
  readonly #scores: Scores;
  readonly #words: Words;

  constructor(driver: SqlDriver, columns: DocumentColumns, scores: Scores, words: Words) {
    this.#driver = driver;
    this.#columns = columns;
    this.#scores = scores;
    this.#words = words;
  }

  /** The index has no signs, so texts are compared, the newest first. */
  newestWith(signs: readonly string[], places: number[], relaxed: Relaxation[], now: number): number[] {
    const columns = this.#columns;
    const folded = signs.map(foldForComparison);
    places.sort((a, b) => orderTime(columns.time(b), now) - orderTime(columns.time(a), now) || b - a);
    const exact: number[] = [];
    const texts = this.#readTexts(places, (at, text) => {
      if (folded.every((sign) => text.includes(sign))) exact.push(at);
    });
    if (texts < places.length) relaxed.push(...signs.map((from): Relaxation => ({ kind: 'unread', from, texts })));
    return exact;
  }

  /** Reads texts in this order while the budget lasts; returns how many. */
  #readTexts(places: readonly number[], visit: (at: number, folded: string) => void): number {
    let read = 0;
    for (let letters = 0; read < Math.min(places.length, maxSignChecks) && letters < maxSignLetters; read++) {
      const text = this.foldedText(places[read]!);
      letters += text.length;
      visit(places[read]!, text);
    }
    return read;
  }

  dropExcluded(parsed: ParsedQuery, problems: QueryProblem[]): void {
    // Texts with these words in a row are compared. After `maxPhraseChecks` of them the rest is dropped unread, because
    // an excluded phrase must not be shown.
    let checks = maxPhraseChecks;
    for (const exclusion of parsed.exclusions) {
      const before = this.#scores.countGroups(this.#columns);
      if (exclusion.term === undefined) {
        const suspects = this.rowsOf(exclusion.text);
        const hasIt = comparisonWith(exclusion.text);
        this.#scores.keep((at) => !suspects.has(at) || (checks-- > 0 && !hasIt(this.foldedText(at))));
      } else {
        const places = this.placesOf(exclusion.term);
        this.#scores.keep((at) => !places.has(at));
      }
      const count = before - this.#scores.countGroups(this.#columns);
      if (count > 0 && count * 2 >= before) problems.push(tooManyExcluded(exclusion, count, before));
    }
  }

  /**
   * Keeps documents that contain the phrases. The index knows whether the words follow each other, but as stems and
   * parts, so the text is compared too. After `maxPhraseChecks` texts the index is trusted.
   */
  keepPhrases(phrases: readonly string[], relaxed: Relaxation[]): void {
    const rows = phrases.map((phrase) => this.rowsOf(phrase));
    const best = new Best(Math.max(1, this.#scores.count));
    for (let index = 0; index < this.#scores.count; index++) {
      const at = this.#scores.touched[index]!;
      if (rows.every((places) => places.has(at))) best.offer(at, this.#scores.values[at]!);
    }
    const folded = phrases.map(foldForComparison);
    let checks = maxPhraseChecks;
    const exact = new Set(
      best.sorted().filter((at) => {
        if (checks-- <= 0) return true;
        const text = this.foldedText(at);
        return folded.every((phrase) => text.includes(phrase));
      }),
    );
    // Without one exact match the words alone are used, and that is reported.
    if (exact.size > 0) this.#scores.keep((at) => exact.has(at));
    else if (this.#scores.count > 0) relaxed.push(...phrases.map((from): Relaxation => ({ kind: 'phrase', from })));
  }

  /**
   * Keeps what has the words of code with their signs, and what has another word of the query in the same session. Texts
   * are compared, the best first, each once for all words: this happens with every key that is typed.
   */
  keepCodeWords(codeWords: readonly CodeWord[], others: number, relaxed: Relaxation[]): void {
    const { touched, values, words, count } = this.#scores;
    const best = new Best(maxSignChecks);
    for (let index = 0; index < count; index++) best.offer(touched[index]!, values[touched[index]!]!);
    const having = codeWords.map((word) => ({ ...word, places: [] as number[] }));
    const texts = this.#readTexts(best.sorted(), (at, folded) => {
      for (const { text, isOpen, places } of having) if (hasCodeWord(folded, text, isOpen)) places.push(at);
    });
    const { groups } = this.#columns;
    for (const { text: from, places } of having) {
      // Without those that an earlier word took out.
      const exact = new Set(places.filter((at) => values[at] !== 0));
      if (exact.size === 0) {
        if (count > 0) relaxed.push({ kind: 'phrase', from });
        continue;
      }
      if (texts < count) relaxed.push({ kind: 'unread', from, texts });
      const withIt = new Set([...exact].map((at) => groups[at]!));
      this.#scores.keep((at) => exact.has(at) || ((words[at]! & others) !== 0 && withIt.has(groups[at]!)));
    }
  }

  /** Places of the documents that contain a word. */
  placesOf(word: string): Set<number> {
    return placesIn(this.#columns, this.#words.find(word)?.documents ?? []);
  }

  /** Places of the documents that contain the words of a phrase in a row. */
  rowsOf(phrase: string): { has(at: number): boolean } {
    const words = wholesOf(phrase);
    // A phrase of punctuation only is not in the index, so every text must be compared.
    if (words.length === 0) return { has: () => true };
    // The last word of a phrase may be incomplete.
    const postings = words.map(
      (word, index) =>
        this.#words.find(word) ?? (index === words.length - 1 ? this.#words.findBeginning(word) : undefined),
    );
    return placesIn(this.#columns, documentsInRow(postings));
  }

  foldedText(at: number): string {
    return foldForComparison(documentText(this.#driver, this.#columns.kind(at), this.#columns.row(at)));
  }
}

function tooManyExcluded({ start, end, text }: Exclusion, count: number, of: number): QueryProblem {
  const hint = /\s/.test(text) ? `"${text}"` : text;
  const message = `"-${text}" left out ${count} of ${of} sessions.`;
  return { code: 'excluded', start, end, value: text, count, of, message, hint };
}

/** Places of documents that have one. */
export function placesIn(columns: DocumentColumns, documents: Iterable<number>): Set<number> {
  const places = new Set<number>();
  for (const document of documents) {
    const at = columns.position(document);
    if (at >= 0) places.add(at);
  }
  return places;
}
