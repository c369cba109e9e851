/** Completes the last piece of a query: names of filters and their values. */
import { fileName } from '../../protocol/paths';
import type { Suggestion } from '../../protocol/search-hit';
import { foldLetters } from '../lib/text';
import type { SqlDriver } from '../store/sqlite/driver';
import { tagCounts } from '../store/tables/marks';
import { shownProjects } from '../store/tables/projects';
import { listSearches } from '../store/tables/searches';
import type { DocumentColumns } from './columns';
import { dateWords } from './dates';
import { quoteValue, stateNames, typeNames } from './filter';
import { dateFilters, filterNames, splitQuery } from './split-query';
import type { FilterName, FilterPiece } from './split-query';

interface KnownValue {
  text: string;
  /** In lower case, for comparison. */
  folded: string;
  count?: number;
  detail?: string;
}

const maxValues = 8;
const maxSearches = 3;
/** Filter names are offered from the second letter on, because one letter may begin any word. */
const shortestName = 2;
/** Listing ten thousand files takes longer than a keystroke may, so a list is used for this long. */
const renewMs = 2000;

type Listed = 'project' | 'branch' | 'file' | 'tool';

/**
 * Caches lists of values per scope, so that no keystroke scans a table. While sessions grow, an answer may come from a
 * slightly old list.
 */
export class Completer {
  readonly #lists = new Map<string, { round: number; madeAt: number; values: KnownValue[] }>();

  /** `elapsed` gives monotonic milliseconds. */
  constructor(
    readonly driver: SqlDriver,
    readonly columns: () => DocumentColumns,
    readonly elapsed: () => number,
  ) {}

  /** Rows were deleted: cached values may no longer be offered. */
  clear(): void {
    this.#lists.clear();
  }

  /** Best first; empty when the text ends in a word that begins no name. `scope` holds ids of projects. */
  complete(prefix: string, scope: readonly number[] | undefined): Suggestion[] {
    const piece = splitQuery(prefix).at(-1);
    if (!piece || piece.end !== prefix.length || piece.kind === 'phrase') return [];
    if (piece.kind === 'filter') return this.#values(prefix, piece, scope);
    const dash = piece.isNegated ? '-' : '';
    const word = foldLetters(piece.text.slice(dash.length));
    if (word.length < shortestName || piece.openQuote !== undefined) return [];
    const before = prefix.slice(0, piece.start) + dash;
    return filterNames
      .filter((name) => name.startsWith(word))
      .map((name) => ({ kind: 'filter', text: `${before}${name}:`, label: `${dash}${name}:` }));
  }

  /** Saved searches with this text in their name or query. */
  searches(prefix: string): Suggestion[] {
    const word = foldLetters(prefix.trim());
    if (word.length < shortestName) return [];
    const found = listSearches(this.driver).filter(
      ({ name, text }) => foldLetters(name).includes(word) || foldLetters(text).includes(word),
    );
    return found
      .slice(0, maxSearches)
      .map(({ id, name, text }) => ({ kind: 'search', text, label: name, searchId: id }));
  }

  #values(prefix: string, piece: FilterPiece, scope: readonly number[] | undefined): Suggestion[] {
    // A comma begins another value.
    const open = piece.values.at(-1)?.end === piece.end ? piece.values.at(-1) : undefined;
    const from = open?.start ?? piece.end;
    const typed = foldLetters(open?.text ?? '');
    const before = prefix.slice(0, from);
    const label = (value: string) => `${piece.isNegated ? '-' : ''}${piece.name}:${value}`;
    const taken = new Set(piece.values.filter((value) => value !== open).map(({ text }) => foldLetters(text)));
    return bestOf(
      this.#known(piece.name, scope).filter(({ folded }) => !taken.has(folded)),
      typed,
    ).map(({ text, count, detail }) => ({
      kind: piece.name === 'file' ? 'file' : 'value',
      text: before + quoteValue(text),
      label: label(text),
      ...(count !== undefined && { count }),
      ...(detail !== undefined && { detail }),
    }));
  }

  #known(name: FilterName, scope: readonly number[] | undefined): readonly KnownValue[] {
    if (dateFilters.has(name)) return dateWords.map(valueOf);
    if (name === 'type') return typeNames.map(valueOf);
    if (name === 'is') return stateNames.map(valueOf);
    if (name === 'tag') return tagCounts(this.driver).map(({ tag, count }) => ({ ...valueOf(tag), count }));
    return this.#listed(name as Listed, scope);
  }

  #listed(name: Listed, scope: readonly number[] | undefined): readonly KnownValue[] {
    const columns = this.columns();
    const key = `${name}:${scope?.join() ?? ''}`;
    const kept = this.#lists.get(key);
    const make = () => {
      const values = this.#list(columns, name, scope && new Set(scope));
      this.#lists.set(key, { round: columns.sessions.round, madeAt: this.elapsed(), values });
      return values;
    };
    if (!kept) {
      // The number of cached scopes is limited, so that trying many does not fill the memory.
      if (this.#lists.size > 40) this.#lists.clear();
      return make();
    }
    // The list is renewed after the answer, so the next keystroke sees new values.
    if (kept.round !== columns.sessions.round && this.elapsed() - kept.madeAt > renewMs) {
      kept.madeAt = this.elapsed();
      setImmediate(make);
    }
    return kept.values;
  }

  #list(columns: DocumentColumns, name: Listed, scope: ReadonlySet<number> | undefined): KnownValue[] {
    const { sessions } = columns;
    if (name === 'tool') return columns.toolsUsed().map((tool) => valueOf(tool.name));
    const projects = shownProjects(this.driver);
    const counts = new Map<number, number>();
    const add = (number: number) => void counts.set(number, (counts.get(number) ?? 0) + 1);
    for (const session of sessions.each(name === 'project' ? undefined : scope)) {
      if (name === 'branch') add(sessions.branch(session));
      else if (name === 'file') for (const file of sessions.filesOf(session)) add(file);
      else add(projects.get(sessions.project(session))?.id ?? 0);
    }
    const byCount = [...counts].sort(([, a], [, b]) => b - a);
    if (name === 'branch')
      return byCount
        .map(([number, count]) => ({ ...valueOf(sessions.branches.name(number)), count }))
        .filter(({ text }) => text !== '');
    if (name === 'file')
      return byTail(byCount.map(([number, count]) => ({ path: sessions.files.name(number), count })));
    return byCount.flatMap(([id, count]) => {
      const project = projects.get(id);
      return project ? [{ ...valueOf(project.name), count, detail: project.root }] : [];
    });
  }
}

const valueOf = (text: string): KnownValue => ({ text, folded: foldLetters(text) });

/** Files with the same name are one value, because the filter finds all of them. */
function byTail(files: readonly { path: string; count: number }[]): KnownValue[] {
  const tails = new Map<string, KnownValue & { count: number }>();
  for (const { path, count } of files) {
    const tail = fileName(path);
    const known = tails.get(tail);
    if (known) known.count += count;
    else tails.set(tail, { ...valueOf(tail), count, detail: path.slice(0, path.length - tail.length) });
  }
  return [...tails.values()].sort((a, b) => b.count - a.count);
}

/** Values that begin with the typed text, then values that contain it; each in the given order. */
function bestOf(values: readonly KnownValue[], typed: string): KnownValue[] {
  const [first, then]: [KnownValue[], KnownValue[]] = [[], []];
  for (const value of values) {
    if (value.folded.startsWith(typed)) first.push(value);
    else if (then.length < maxValues && value.folded.includes(typed)) then.push(value);
    if (first.length >= maxValues) break;
  }
  const best = [...first, ...then].slice(0, maxValues);
  // A value typed completely needs no completion.
  return best.length === 1 && best[0]?.folded === typed ? [] : best;
}
