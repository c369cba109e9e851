/**
 * A MiniSearch index of limited size over titles, prompts and learnings, for suggestions while typing and for typing
 * errors.
 */
import MiniSearch from 'minisearch';
import SearchableMap from 'minisearch/SearchableMap';
import type { Suggestion } from '../../protocol/search-hit';
import { foldLetters } from '../lib/text';
import type { HotRow } from '../store/tables/hot-rows';
import { Best } from './best';
import { stopWords, tokenize } from './tokenize';

/** Number of newest rows; about 60 MB of heap. */
export const maxHotRows = 20_000;
const maxSuggestions = 8;
const maxTitles = 3;
const maxTitleLength = 120;
/** Shorter words have too many similar ones. */
const shortestFuzzy = 4;
const fuzziness = 0.25;

interface HotDocument {
  id: string;
  text: string;
  sessionId: string;
}

/** Where a term is. */
interface TermUse {
  /** Number of rows. */
  rows: number;
  /** Ids of the latest titles, the last one last; at most `maxTitles`. */
  titles: string[];
}

export class HotSet {
  readonly #index = new MiniSearch<HotDocument>({
    fields: ['text'],
    storeFields: ['text', 'sessionId'],
    // Asked for in `add` and `remove` only, of the row that is at hand: its words are needed here too.
    tokenize: () => this.#terms,
    processTerm: (term) => term,
    searchOptions: { processTerm: (term) => term },
  });
  /** The terms of the row that is put or dropped. */
  #terms: string[] = [];
  /**
   * Every term of the index, for suggestions. A search for a prefix would score every row of every word that begins with
   * it, which takes a tenth of a second for two letters, and with each key.
   */
  readonly #uses = new SearchableMap<TermUse>();
  /** Index terms are stems; people see a word that was really written. */
  readonly #surface = new Map<string, string>();
  /** Ids in the order of their last use: the oldest is evicted. */
  readonly #order = new Set<string>();

  /** `most`: number of rows kept. */
  constructor(readonly most = maxHotRows) {}

  get size(): number {
    return this.#index.documentCount;
  }

  put(rows: readonly HotRow[]): void {
    for (const row of rows) {
      const [oldest] = this.#order.size >= this.most ? this.#order : [];
      if (this.#order.has(row.id)) this.#drop(row.id);
      else if (oldest !== undefined) this.#drop(oldest);
      this.#terms = this.#termsOf(row.text);
      this.#index.add(row);
      this.#order.add(row.id);
      for (const term of new Set(this.#terms)) this.#note(term, row.id);
    }
  }

  clear(): void {
    this.#index.removeAll();
    this.#order.clear();
    this.#uses.clear();
    this.#surface.clear();
  }

  /** The most likely word for a mistyped one. */
  correct(term: string): string | undefined {
    if (term.length < shortestFuzzy) return undefined;
    const [best] = this.#index.search(term, { fuzzy: fuzziness, prefix: false, tokenize: (text) => [text] });
    return best?.terms.find((each) => each !== term);
  }

  /** A word that a term was made from. */
  wordOf(term: string): string {
    return this.#surface.get(term) ?? term;
  }

  suggest(prefix: string): Suggestion[] {
    const typed = prefix.split(/\s/).at(-1) ?? '';
    const word = foldLetters(typed);
    // One letter means something in Chinese, nothing in English.
    if ((word.length < 2 && word < '\u2E80') || /^[a-z]+:|^["-]/.test(word)) return [];
    const before = prefix.slice(0, prefix.length - typed.length);
    const best = new Best(maxSuggestions);
    const terms: { surface: string; titles: readonly string[] }[] = [];
    for (const [term, { rows, titles }] of this.#uses.atPrefix(word)) {
      const surface = this.wordOf(term);
      // A title with the word itself is worth showing too, though the word is not.
      if (stopWords.has(term) || rows <= best.least) continue;
      best.offer(terms.length, rows);
      terms.push({ surface, titles });
    }
    const likely = best.sorted().map((index) => terms[index]!);
    const words = new Set(likely.map(({ surface }) => surface).filter((surface) => surface !== word));
    const titles = new Set(likely.flatMap((term) => term.titles.toReversed()));
    const shown = [...titles].slice(0, maxTitles).flatMap((id): Suggestion[] => {
      const stored = this.#index.getStoredFields(id);
      if (!stored) return [];
      const text = (stored['text'] as string).slice(0, maxTitleLength);
      return [{ kind: 'title', text, sessionId: stored['sessionId'] as string }];
    });
    return [...words]
      .slice(0, maxSuggestions - shown.length)
      .map((surface): Suggestion => ({ kind: 'term', text: before + surface }))
      .concat(shown);
  }

  #note(term: string, id: string): void {
    const use = this.#uses.get(term) ?? { rows: 0, titles: [] };
    use.rows++;
    if (isTitle(id)) use.titles = [...use.titles, id].slice(-maxTitles);
    this.#uses.set(term, use);
  }

  #unnote(term: string, id: string): void {
    const use = this.#uses.get(term);
    if (!use) return;
    use.rows--;
    if (isTitle(id)) use.titles = use.titles.filter((each) => each !== id);
    if (use.rows === 0) this.#uses.delete(term);
  }

  /**
   * Removes a row with its words at once. `discard` would leave them to MiniSearch's vacuum, which walks the tree of
   * words in pieces: a row that is put in between splits a branch under it, and the exception ends the keeper's thread.
   */
  #drop(id: string): void {
    const stored = this.#index.getStoredFields(id);
    if (stored) {
      const text = stored['text'] as string;
      this.#terms = this.#termsOf(text);
      this.#index.remove({ id, text, sessionId: stored['sessionId'] as string });
      for (const term of new Set(this.#terms)) this.#unnote(term, id);
    }
    this.#order.delete(id);
  }

  #termsOf(text: string): string[] {
    const terms: string[] = [];
    tokenize(text, (term, start, end) => {
      terms.push(term);
      if (!this.#surface.has(term)) this.#surface.set(term, foldLetters(text.slice(start, end)));
    });
    return terms;
  }
}

const isTitle = (id: string): boolean => id.startsWith('t');
