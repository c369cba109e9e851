/** Requests about flags, tags and saved searches. All text is redacted. */
import type { MemoryApi } from '../../protocol/memory-api';
import type { Clock } from '../lib/clock';
import { redactedJson } from '../observe/redact';
import type { Seal } from '../observe/redact';
import type { SqlDriver } from '../store/sqlite/driver';
import { setFlagged, setTags, tagCounts } from '../store/tables/marks';
import {
  deleteSearch,
  dropRecentSearch,
  listSearches,
  noteSearch,
  noteSearchUse,
  recentSearches,
  saveSearch,
} from '../store/tables/searches';

export type MarksApi = Pick<
  MemoryApi,
  | 'setFlagged'
  | 'setTags'
  | 'listTags'
  | 'listSearches'
  | 'saveSearch'
  | 'deleteSearch'
  | 'noteSearchUse'
  | 'recentSearches'
  | 'noteSearch'
  | 'dropRecentSearch'
>;

interface MarksPorts {
  driver: SqlDriver;
  clock: Clock;
  seal: Seal;
  /** Notifies the heads. */
  changed: () => void;
}

export function marksApi({ driver, clock, seal, changed }: MarksPorts): MarksApi {
  return {
    async setFlagged(key, isFlagged) {
      setFlagged(driver, key, isFlagged, clock.now());
      changed();
    },
    async setTags(key, tags) {
      const sealed = await seal(tags);
      setTags(driver, key, redactedJson(sealed), clock.now());
      changed();
      return sealed;
    },
    listTags: async () => tagCounts(driver),
    listSearches: async () => listSearches(driver),
    async saveSearch(input) {
      const [name, text] = await seal([input.name, input.text]);
      const saved = saveSearch(driver, { ...input, name: name!, text: text! }, clock.now());
      changed();
      return saved;
    },
    async deleteSearch(id) {
      deleteSearch(driver, id, clock.now());
      changed();
    },
    recentSearches: async () => recentSearches(driver),
    async noteSearch(text) {
      const [sealed] = await seal([text.trim()]);
      // Read whenever they are shown, so nobody is told.
      if (sealed !== '') noteSearch(driver, sealed!, clock.now());
    },
    dropRecentSearch: async (text) => dropRecentSearch(driver, text, clock.now()),
    async noteSearchUse(id) {
      noteSearchUse(driver, id, clock.now());
      changed();
    },
  };
}
