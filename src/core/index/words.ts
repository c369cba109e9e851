/** Parsed query → postings of each word, and what to use when a word is unknown. */
import type { Relaxation } from '../../protocol/search-hit';
import type { Segments } from '../store/sqlite/segments';
import type { Postings } from './postings';
import { joinPostings, readPostings, readPrefix } from './postings';
import type { ParsedQuery } from './query';
import { termsOf } from './query';
import type { ScoredTerm } from './score';
import { isLoneLetter, tokensOf } from './tokenize';

/** Correcting a word takes milliseconds; more unknown words than this are no typing errors. */
const maxCorrections = 8;
/** From this length on an unknown word is tried as a prefix. */
const shortestBeginning = 3;
/** Bytes of doclists read for a prefix that is being typed: a part is good enough. */
const typedBytes = 1 << 20;
const askedBytes = 32 << 20;
/** Number of decoded entries cached until the next write. */
const maxKept = 1_000_000;
/** The bit of all words that need not match: parts of identifiers, and words beyond the 30th. */
const otherWord = 31;

export interface QueryTerms {
  /** In the order of the query. */
  terms: ScoredTerm[];
  /** Bits of the words of the query. An unknown word has a bit that no document has. */
  all: number;
  /** Terms that were taken in place of unknown ones. */
  corrected: string[];
  /** Number of words that no document has, and nothing like them. */
  unknown: number;
}

export class Words {
  readonly #known = new Map<string, Postings | null>();
  #kept = 0;

  /**
   * `correct` suggests a known term for an unknown one; `wordOf` gives the word that a term was made from, because people
   * do not write stems.
   */
  constructor(
    readonly segments: Segments,
    readonly correct: (term: string) => string | undefined,
    readonly wordOf: (term: string) => string,
  ) {}

  /** Must be called before each search: drops cached postings when anything was written. */
  refresh(): void {
    if (!this.segments.refresh()) return;
    this.#known.clear();
    this.#kept = 0;
  }

  /** A single Chinese or Japanese letter matches every pair that begins with it, because the index has pairs. */
  find(term: string): Postings | undefined {
    if (isLoneLetter(term)) return this.#findPrefix(term, askedBytes);
    return this.#get(term, () => readPostings(this.segments, term));
  }

  /** The postings of all words with this prefix. */
  findBeginning(prefix: string): Postings | undefined {
    return this.#findPrefix(prefix, typedBytes);
  }

  /** The same, however many they are. */
  findEvery(prefix: string): Postings | undefined {
    return this.#findPrefix(prefix, Number.MAX_SAFE_INTEGER);
  }

  /** `typed` is the word being typed, which matches as a prefix; empty when there is none. */
  resolve(parsed: ParsedQuery, typed: string, relaxed: Relaxation[]): QueryTerms {
    const terms: ScoredTerm[] = [];
    const wholes = new Set(parsed.wholes);
    const written = writtenWords(parsed.plain);
    const corrected: string[] = [];
    const typedTerm = typed === '' ? undefined : termsOf(typed)[0];
    let words = 0;
    let corrections = maxCorrections;
    let unknown = 0;
    const add = (text: string, postings: Postings | undefined, isWord: boolean) => {
      const word = isWord && words < otherWord ? words++ : otherWord;
      if (postings) terms.push({ text, postings, word });
      else unknown++;
    };
    for (const term of parsed.terms) {
      if (term === typedTerm) {
        add(`${typed}*`, this.#findTyped(term, typed), true);
        continue;
      }
      const isWord = wholes.has(term);
      const found =
        this.find(term) ?? (isWord ? this.#findBeginning(term, written.get(term) ?? term, relaxed) : undefined);
      if (found || corrections === 0) {
        add(term, found, isWord);
        continue;
      }
      corrections--;
      const better = this.correct(term);
      const meant = better === undefined ? undefined : this.find(better);
      if (better !== undefined && meant) {
        corrected.push(better);
        relaxed.push({ kind: 'typo', from: written.get(term) ?? term, to: this.wordOf(better) });
      }
      add(meant ? better! : term, meant, isWord);
    }
    for (const prefix of parsed.prefixes) add(`${prefix}*`, this.#findPrefix(prefix, askedBytes), true);
    return { terms, all: words >= 31 ? 0x7f_ff_ff_ff : (1 << words) - 1, corrected, unknown };
  }

  #findPrefix(prefix: string, maxBytes: number): Postings | undefined {
    return this.#get(`${prefix}*${maxBytes}`, () => readPrefix(this.segments, prefix, maxBytes));
  }

  /** The word itself and all words it begins. A stem is shorter than its word, so shorter prefixes are tried too. */
  #findTyped(term: string, typed: string): Postings | undefined {
    for (let length = typed.length; length >= Math.max(2, typed.length - 3); length--) {
      const found = this.#findPrefix(typed.slice(0, length), typedBytes);
      if (found) {
        // The index may contain the word itself by a shorter stem: "running" as "run".
        const exact = term.startsWith(typed.slice(0, length)) ? undefined : this.find(term);
        return exact ? joinPostings([found, exact]) : found;
      }
      if (length <= 4) break;
    }
    return this.find(term);
  }

  #findBeginning(term: string, from: string, relaxed: Relaxation[]): Postings | undefined {
    if (term.length < shortestBeginning) return undefined;
    const found = this.#findPrefix(term, typedBytes);
    if (found) relaxed.push({ kind: 'beginning', from });
    return found;
  }

  #get(key: string, read: () => Postings | undefined): Postings | undefined {
    const known = this.#known.get(key);
    if (known !== undefined) return known ?? undefined;
    const found = read();
    if (this.#kept > maxKept) {
      this.#known.clear();
      this.#kept = 0;
    }
    this.#known.set(key, found ?? null);
    this.#kept += found?.documents.length ?? 1;
    return found;
  }
}

/** The words of a text as they are written, by the terms they become. */
function writtenWords(text: string): Map<string, string> {
  const words = new Map<string, string>();
  for (const { term, start, end } of tokensOf(text)) if (!words.has(term)) words.set(term, text.slice(start, end));
  return words;
}
