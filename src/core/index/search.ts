/** Full-text search: which documents match, which sessions that makes, in what order, and why. */
import type { SearchQuery } from '../../protocol/memory-api';
import type { DocumentFacts, DocumentFilter } from '../store/documents';
import { countDocuments, documentFrequency, documentKinds, documentText, getDocuments, matchDocuments, newestDocuments } from '../store/documents';
import type { SqlDriver } from '../store/driver';
import { allProjects } from '../store/sessions';
import { parseQuery, termsOf } from './query';
import type { ParsedQuery } from './query';
import { documentsPerTurn, inverseFrequency, scoreDocument, sumBest, turnsPerSession } from './rank';
import type { TermWeight } from './rank';

export interface RankedSession {
  session: number;
  score: number;
  /** Its best turn, and how many turns matched in all. */
  turn: number;
  turns: number;
  /** The best document of the best turn. */
  best: DocumentFacts;
}

export interface Ranking {
  /** Sessions and learnings (session 0), best first. */
  sessions: RankedSession[];
  documents: DocumentFacts[];
  terms: Set<string>;
  prefix: string;
  relaxed: string[];
}

/** Common words would match half of memory: candidates come from the rarest terms, as many as fit this budget. */
const candidateBudget = 3000;
/** Facts are looked up for the best documents only; a session's best three turns are among them. */
const mostScored = 1500;
const mostPhraseChecks = 400;

export class FullText {
  readonly #frequencies = new Map<string, number>();
  #total = 0;
  #isStale = true;

  /** `correct` offers a known word for one that stands nowhere. */
  constructor(
    readonly driver: SqlDriver,
    readonly correct: (term: string) => string | undefined = () => undefined,
  ) {}

  /** Rows changed: numbers about terms are asked anew at the next search. */
  invalidate(): void {
    this.#isStale = true;
  }

  search(query: SearchQuery, scopeIds: readonly number[] | undefined): Ranking {
    const parsed = parseQuery(query.text);
    const filter = this.#filterOf(query, parsed, scopeIds);
    const prefix = query.isTyping ? lastWord(query.text) : '';
    const ranking: Ranking = { sessions: [], documents: [], terms: new Set([...parsed.terms, ...parsed.phrases.flatMap(termsOf)]), prefix, relaxed: [] };
    if (filter === undefined) return ranking;
    if (parsed.terms.length === 0 && parsed.prefixes.length === 0) {
      if (Object.keys(filter).length === 0) return ranking;
      return this.#rank(newestDocuments(this.driver, filter, mostScored).map((document) => ({ document, score: 1 + document.at / 1e14 })), ranking);
    }
    this.#correctTerms(parsed, ranking);
    const scores = this.#match(parsed, prefix, filter);
    let scored = this.#withFacts(scores);
    if (parsed.phrases.length > 0) {
      const exact = this.#onlyPhrases(scored, parsed.phrases);
      // Not one exact place: the words alone are better than nothing, and that is said.
      if (exact.length > 0) scored = exact;
      else ranking.relaxed.push(...parsed.phrases.map((phrase) => `"${phrase}"`));
    }
    return this.#rank(scored, ranking);
  }

  /** Undefined when a filter can match nothing. */
  #filterOf(query: SearchQuery, parsed: ParsedQuery, scopeIds: readonly number[] | undefined): DocumentFilter | undefined {
    const { filters } = parsed;
    let projectIds = scopeIds;
    if (filters.project.length > 0) {
      const named = allProjects(this.driver)
        .filter(({ name, root }) => filters.project.some((part) => name.toLowerCase().includes(part) || root.toLowerCase().includes(part)))
        .map(({ id }) => id);
      projectIds = scopeIds ? named.filter((id) => scopeIds.includes(id)) : named;
      if (projectIds.length === 0) return undefined;
    }
    const facets = [...filters.type.map(facetName), ...(query.types ?? [])];
    const tools = [...filters.tool, ...(query.tools ?? []).map((tool) => tool.toLowerCase())];
    const after = Math.max(parsed.after ?? -Infinity, query.after ?? -Infinity);
    const before = Math.min(parsed.before ?? Infinity, query.before ?? Infinity);
    return {
      ...(projectIds && { projectIds }), ...(facets.length > 0 && { facets }), ...(tools.length > 0 && { tools }),
      ...(after > -Infinity && { after }), ...(before < Infinity && { before }),
      ...(filters.file[0] !== undefined && { file: filters.file[0] }), ...(filters.branch[0] !== undefined && { branch: filters.branch[0] }),
    };
  }

  /** A word that stands nowhere is most likely mistyped. */
  #correctTerms(parsed: ParsedQuery, ranking: Ranking): void {
    this.#refresh();
    parsed.terms = parsed.terms.map((term) => {
      if (this.#frequency(term) > 0 || term === stemOf(ranking.prefix)) return term;
      const better = this.correct(term);
      if (better === undefined) return term;
      ranking.relaxed.push(`${term} → ${better}`);
      ranking.terms.add(better);
      return better;
    });
  }

  #match(parsed: ParsedQuery, prefix: string, filter: DocumentFilter): Map<number, number> {
    const scores = new Map<number, number>();
    const phrases: { text: string; documents: number; isPrefix: boolean }[] = parsed.terms.map((term) => ({ text: term, documents: this.#frequency(term), isPrefix: false }));
    for (const each of new Set([...parsed.prefixes, ...(prefix.length >= 2 ? [prefix] : [])])) phrases.push({ text: `${each}*`, documents: prefixFrequency(each), isPrefix: true });
    const present = phrases.filter(({ documents }) => documents > 0).sort((a, b) => a.documents - b.documents);
    // The rarest terms find the candidates; common ones still count in the score of what was found.
    let budget = candidateBudget;
    const chosen = present.filter(({ documents }, index) => index === 0 || (budget -= documents) > 0);
    if (chosen.length === 0) return scores;
    const not = parsed.excluded.map((term) => ` NOT ${term}`).join('');
    const weights: TermWeight[] = chosen.map(({ documents }, index) => ({ index, weight: inverseFrequency(documents, this.#total) }));
    matchDocuments(this.driver, `(${chosen.map(({ text }) => text).join(' OR ')})${not}`, filter, (id, info) => {
      scores.set(id, scoreDocument(info, weights));
    });
    return scores;
  }

  #withFacts(scores: Map<number, number>): { document: DocumentFacts; score: number }[] {
    const best = [...scores].sort((a, b) => b[1] - a[1]).slice(0, mostScored);
    return getDocuments(this.driver, best.map(([id]) => id)).map((document) => ({ document, score: (scores.get(document.id) ?? 0) * kindWeight(document) }));
  }

  /** A phrase is checked on the stored text: the index holds stems and parts, which stand side by side in other texts too. */
  #onlyPhrases(scored: { document: DocumentFacts; score: number }[], phrases: readonly string[]): { document: DocumentFacts; score: number }[] {
    return scored
      .sort((a, b) => b.score - a.score)
      .slice(0, mostPhraseChecks)
      .filter(({ document }) => {
        const text = documentText(this.driver, document.kind, document.row).toLowerCase().replace(/\s+/g, ' ');
        return phrases.every((phrase) => text.includes(phrase.replace(/\s+/g, ' ')));
      });
  }

  #rank(scored: { document: DocumentFacts; score: number }[], ranking: Ranking): Ranking {
    const groups = new Map<string, Map<number, { score: number; document: DocumentFacts }[]>>();
    for (const each of scored) {
      const { document } = each;
      // A learning stands for itself.
      const key = document.kind === documentKinds.learning ? `l${document.row}` : `s${document.session}`;
      const turns = groups.get(key) ?? groups.set(key, new Map()).get(key)!;
      (turns.get(document.turn) ?? turns.set(document.turn, []).get(document.turn)!).push(each);
    }
    for (const turns of groups.values()) {
      const ranked = [...turns].map(([turn, documents]) => ({ turn, documents, score: sumBest(documents.map(({ score }) => score), documentsPerTurn) })).sort((a, b) => b.score - a.score);
      const [top] = ranked as [(typeof ranked)[number]];
      const best = top.documents.reduce((a, b) => (b.score > a.score ? b : a)).document;
      ranking.sessions.push({ session: best.session, turn: top.turn, turns: ranked.length, best, score: sumBest(ranked.map(({ score }) => score), turnsPerSession) });
    }
    ranking.sessions.sort((a, b) => b.score - a.score);
    ranking.documents = scored.map(({ document }) => document);
    return ranking;
  }

  #refresh(): void {
    if (!this.#isStale) return;
    this.#isStale = false;
    this.#frequencies.clear();
    this.#total = countDocuments(this.driver);
  }

  #frequency(term: string): number {
    let known = this.#frequencies.get(term);
    if (known === undefined) {
      known = documentFrequency(this.driver, term);
      this.#frequencies.set(term, known);
    }
    return known;
  }
}

/** What a person wrote says more about a session than what a tool printed. */
function kindWeight({ kind }: DocumentFacts): number {
  return kind === documentKinds.session || kind === documentKinds.learning ? 1.5 : 1;
}

const stemOf = (word: string): string | undefined => (word === '' ? undefined : termsOf(word)[0]);

/** A guess: the length of a prefix tells how many words it may stand for. */
const prefixFrequency = (prefix: string): number => (prefix.length <= 2 ? 3000 : prefix.length === 3 ? 1000 : 200);

const facetNames: Readonly<Record<string, string>> = { prompt: 'user', answer: 'assistant', tool: 'tool_result', result: 'tool_result', errors: 'error', learnings: 'learning' };
const facetName = (name: string): string => facetNames[name] ?? name;

/** The word being typed, when it is one the index could hold as it stands. */
function lastWord(text: string): string {
  const match = /(?:^|\s)([\p{L}\p{N}]{2,})$/u.exec(text);
  return match?.[1]?.toLowerCase() ?? '';
}
