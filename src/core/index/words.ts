/** From a parsed query to doclists: what each word stands for in the index, and what to take when it stands nowhere. */
import type { Relaxation } from '../../protocol/model';
import type { Segments } from '../store/sqlite/segments';
import type { Postings } from './postings';
import { joinPostings, readPostings, readPrefix } from './postings';
import type { ParsedQuery } from './query';
import { termsOf } from './query';
import type { ScoredTerm } from './score';
import { isLoneLetter } from './tokenize';

/** Looking for a likely word costs milliseconds: more unknown ones than this are no typing errors. */
const maxCorrections = 8;
/** A word that stands nowhere may be the beginning of one, from this length on. */
const shortestBeginning = 3;
/** Bytes of doclists read for a prefix: for one being typed a part is as good as all of it. */
const typedBytes = 1 << 20;
const askedBytes = 32 << 20;
/** Decoded entries kept until something is written. */
const maxKept = 1_000_000;
/** Parts of identifiers and words beyond the thirtieth: they bring score, but nobody asked for them as such. */
const otherWord = 31;

export interface QueryTerms {
  /** In the order of the query. */
  terms: ScoredTerm[];
  /** Bits of the words that were asked for; words that stand nowhere have one too, which nothing has. */
  all: number;
}

export class Words {
  readonly #known = new Map<string, Postings | null>();
  #kept = 0;

  /** `correct` offers a known word for one that stands nowhere. */
  constructor(
    readonly segments: Segments,
    readonly correct: (term: string) => string | undefined,
  ) {}

  /** To be called before each search: what was written meanwhile is not in what is kept. */
  refresh(): void {
    if (!this.segments.refresh()) return;
    this.#known.clear();
    this.#kept = 0;
  }

  /** A letter of Chinese or Japanese by itself stands for every pair that begins with it: the index holds pairs. */
  find(term: string): Postings | undefined {
    if (isLoneLetter(term)) return this.#findPrefix(term, askedBytes);
    return this.#get(term, () => readPostings(this.segments, term));
  }

  /** All words that begin so. */
  findBeginning(prefix: string): Postings | undefined {
    return this.#findPrefix(prefix, typedBytes);
  }

  /** `typed` is the word being typed, which stands for all it may become; empty when none is. */
  resolve(parsed: ParsedQuery, typed: string, relaxed: Relaxation[]): QueryTerms {
    const terms: ScoredTerm[] = [];
    const wholes = new Set(parsed.wholes);
    const typedTerm = typed === '' ? undefined : termsOf(typed)[0];
    let words = 0;
    let corrections = maxCorrections;
    const add = (text: string, postings: Postings | undefined, isWord: boolean) => {
      const word = isWord && words < otherWord ? words++ : otherWord;
      if (postings) terms.push({ text, postings, word });
    };
    for (const term of parsed.terms) {
      if (term === typedTerm) {
        add(`${typed}*`, this.#findTyped(term, typed), true);
        continue;
      }
      const isWord = wholes.has(term);
      const found = this.find(term) ?? (isWord ? this.#findBeginning(term, relaxed) : undefined);
      if (found || corrections === 0) {
        add(term, found, isWord);
        continue;
      }
      corrections--;
      const better = this.correct(term);
      const meant = better === undefined ? undefined : this.find(better);
      if (better !== undefined && meant) relaxed.push({ kind: 'typo', from: term, to: better });
      add(meant ? better! : term, meant, isWord);
    }
    for (const prefix of parsed.prefixes) add(`${prefix}*`, this.#findPrefix(prefix, askedBytes), true);
    return { terms, all: words >= 31 ? 0x7f_ff_ff_ff : (1 << words) - 1 };
  }

  #findPrefix(prefix: string, maxBytes: number): Postings | undefined {
    return this.#get(`${prefix}*${maxBytes}`, () => readPrefix(this.segments, prefix, maxBytes));
  }

  /** The word as it is, and all it may become. A stem is shorter than its word, so the last letters may be too many. */
  #findTyped(term: string, typed: string): Postings | undefined {
    for (let length = typed.length; length >= Math.max(2, typed.length - 3); length--) {
      const found = this.#findPrefix(typed.slice(0, length), typedBytes);
      if (found) {
        // The word itself may stand there under a shorter stem: "running" as "run".
        const exact = term.startsWith(typed.slice(0, length)) ? undefined : this.find(term);
        return exact ? joinPostings([found, exact]) : found;
      }
      if (length <= 4) break;
    }
    return this.find(term);
  }

  #findBeginning(term: string, relaxed: Relaxation[]): Postings | undefined {
    if (term.length < shortestBeginning) return undefined;
    const found = this.#findPrefix(term, typedBytes);
    if (found) relaxed.push({ kind: 'beginning', from: term });
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
