/**
 * Saved searches, one configuration each. A deleted one leaves its id behind, so that a restored backup does not bring
 * it back.
 */
import { MemoryError } from '../../../protocol/errors';
import type { SavedSearch } from '../../../protocol/model';
import type { Redacted } from '../../observe/redact';
import type { SqlDriver } from '../sqlite/driver';
import { getConfiguration, listConfigurations, setConfiguration } from './configuration';
import { sameUseMs } from './uses';

const prefix = 'search:';
const maxSearches = 100;

type Stored = (Omit<SavedSearch, 'id'> & { isDeleted?: false }) | { isDeleted: true };

/** The most used first, then the newest used. */
export function listSearches(driver: SqlDriver): SavedSearch[] {
  return [...listConfigurations<Stored>(driver, prefix)]
    .flatMap(([id, stored]): SavedSearch[] =>
      stored.isDeleted ? [] : [{ id, name: stored.name, text: stored.text, uses: stored.uses, usedAt: stored.usedAt }],
    )
    .sort((a, b) => b.uses - a.uses || b.usedAt - a.usedAt || a.name.localeCompare(b.name));
}

/** @throws MemoryError `invalid_input` when there are 100 already */
export function saveSearch(
  driver: SqlDriver,
  { id, name, text, uses = 0 }: { id: string; name: Redacted; text: Redacted; uses?: number },
  now: number,
): SavedSearch {
  const all = listSearches(driver);
  const known = all.find((search) => search.id === id);
  if (!known && all.length >= maxSearches)
    throw new MemoryError('invalid_input', `There can be at most ${maxSearches} saved searches. Delete one first.`);
  const saved = { name, text, uses: known?.uses ?? uses, usedAt: known?.usedAt ?? now };
  setConfiguration(driver, prefix + id, saved, now);
  return { id, ...saved };
}

export function deleteSearch(driver: SqlDriver, id: string, now: number): void {
  if (getConfiguration<Stored>(driver, prefix + id))
    setConfiguration(driver, prefix + id, { isDeleted: true } satisfies Stored, now);
}

/** One configuration with all of them, the latest first. */
export const recentSearchesKey = 'searches.recent';
const maxRecent = 20;

export const recentSearches = (driver: SqlDriver): string[] =>
  getConfiguration<string[]>(driver, recentSearchesKey) ?? [];

/** Puts a text before the others. What was only its beginning, typed a moment before, goes. */
export function noteSearch(driver: SqlDriver, text: Redacted, now: number): void {
  const others = recentSearches(driver).filter(
    (other, index) => other !== text && !(index === 0 && text.startsWith(other)),
  );
  setConfiguration(driver, recentSearchesKey, [text, ...others].slice(0, maxRecent), now);
}

export function dropRecentSearch(driver: SqlDriver, text: string, now: number): void {
  const all = recentSearches(driver);
  if (all.includes(text))
    setConfiguration(
      driver,
      recentSearchesKey,
      all.filter((other) => other !== text),
      now,
    );
}

/** Counts a use. */
export function noteSearchUse(driver: SqlDriver, id: string, now: number): void {
  const known = listSearches(driver).find((search) => search.id === id);
  if (!known || (known.uses > 0 && Math.abs(now - known.usedAt) <= sameUseMs)) return;
  setConfiguration(
    driver,
    prefix + id,
    { name: known.name, text: known.text, uses: known.uses + 1, usedAt: now } satisfies Stored,
    now,
  );
}
