/**
 * A MiniSearch index of limited size over titles, prompts and learnings, for suggestions while typing and for typing
 * errors.
 */
import MiniSearch from 'minisearch';
import type { Suggestion } from '../../protocol/search-hit';
import { foldLetters } from '../lib/text';
import type { HotRow } from '../store/tables/hot-rows';
import { stopWords, tokenize } from './tokenize';

/** Number of newest rows; about 60 MB of heap. */
export const maxHotRows = 20_000;
const maxSuggestions = 8;
const maxTitleLength = 120;
/** Shorter words have too many similar ones. */
const shortestFuzzy = 4;
const fuzziness = 0.25;

interface HotDocument {
  id: string;
  text: string;
  sessionId: string;
}

export class HotSet {
  readonly #index = new MiniSearch<HotDocument>({
    fields: ['text'],
    storeFields: ['text', 'sessionId'],
    tokenize: (text) => this.#terms(text),
    processTerm: (term) => term,
    searchOptions: { processTerm: (term) => term },
  });
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
      this.#index.add(row);
      this.#order.add(row.id);
    }
  }

  clear(): void {
    this.#index.removeAll();
    this.#order.clear();
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
    const found = this.#index.search(word, {
      prefix: true,
      tokenize: (text) => [text],
      boostTerm: (term) => (term === word ? 2 : 1),
    });
    const words = new Map<string, Suggestion>();
    const titles: Suggestion[] = [];
    for (const { terms, id, text, sessionId } of found.slice(0, 200)) {
      for (const term of terms) {
        const surface = this.#surface.get(term) ?? term;
        if (surface !== word && !stopWords.has(term) && words.size < maxSuggestions)
          words.set(surface, { kind: 'term', text: before + surface });
      }
      if (String(id).startsWith('t') && titles.length < 3)
        titles.push({ kind: 'title', text: (text as string).slice(0, maxTitleLength), sessionId: sessionId as string });
    }
    return [...words.values()].slice(0, maxSuggestions - titles.length).concat(titles);
  }

  /**
   * Removes a row with its words at once. `discard` would leave them to MiniSearch's vacuum, which walks the tree of
   * words in pieces: a row that is put in between splits a branch under it, and the exception ends the keeper's thread.
   */
  #drop(id: string): void {
    const stored = this.#index.getStoredFields(id);
    if (stored) this.#index.remove({ id, text: stored['text'] as string, sessionId: stored['sessionId'] as string });
    this.#order.delete(id);
  }

  #terms(text: string): string[] {
    const terms: string[] = [];
    tokenize(text, (term, start, end) => {
      terms.push(term);
      if (!this.#surface.has(term)) this.#surface.set(term, foldLetters(text.slice(start, end)));
    });
    return terms;
  }
}
