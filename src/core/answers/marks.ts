/** Requests about flags, tags, pins, names of sessions and saved searches. All text is redacted. */
import type { MemoryApi } from '../../protocol/memory-api';
import type { SessionId } from '../../protocol/model';
import type { Clock } from '../lib/clock';
import { noText, redactedJson } from '../observe/redact';
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
import { setName, setPinned } from '../store/tables/session-marks';

export type MarksApi = Pick<
  MemoryApi,
  | 'setFlagged'
  | 'setTags'
  | 'setPinned'
  | 'renameSession'
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
  /** A session is called differently: caches and heads are told. */
  renamed: (id: SessionId) => void;
}

export function marksApi({ driver, clock, seal, changed, renamed }: MarksPorts): MarksApi {
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
    async setPinned(id, isPinned) {
      setPinned(driver, id, isPinned, clock.now());
      changed();
    },
    async renameSession(id, name) {
      const [sealed] = name === '' ? [noText] : await seal([name.replaceAll(/\s+/g, ' ')]);
      setName(driver, id, sealed!, clock.now());
      renamed(id);
      return sealed!;
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
