/** The text of a memory as it is given to a person. Giving it counts as a use, which ranking and insights know of. */
import type { MemoryText, SessionId } from '../../protocol/model';
import type { Clock } from '../lib/clock';
import { localDay } from '../lib/local-day';
import type { Log } from '../lib/log';
import type { Finder } from '../search/finder';
import type { SqlDriver } from '../store/sqlite/driver';
import { getLearning, noteUse } from '../store/tables/learnings';
import { readItemByKey } from '../store/tables/reader';
import { getCards, getSession } from '../store/tables/sessions';
import { noteGiven } from '../store/tables/stats';
import { noteSessionUse } from '../store/tables/uses';
import { itemText, learningText } from './item-text';

export interface TextPorts {
  driver: SqlDriver;
  clock: Clock;
  log: Log;
  finder: Pick<Finder, 'merits'>;
}

export function memoryText({ driver, clock, log, finder }: TextPorts, key: string): MemoryText {
  const now = clock.now();
  /** A full disk must not keep a memory from being read. */
  const note = (work: () => void) => {
    try {
      work();
    } catch (error) {
      log.warn(`use not noted: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const noteUseOf = (id: SessionId) => {
    note(() => noteSessionUse(driver, id, now));
    finder.merits.invalidate();
  };
  const read = (): MemoryText => {
    if (key.startsWith('l')) {
      const learning = getLearning(driver, key.slice(1));
      note(() => noteUse(driver, learning.id, now));
      return {
        key,
        sessionId: learning.sourceSessions[0] ?? '',
        sessionTitle: learning.title,
        projectName: learning.project?.name ?? '',
        at: learning.updatedAt,
        text: learningText(learning),
      };
    }
    const item = key.startsWith('s') ? undefined : readItemByKey(driver, key);
    const card = item ? getCards(driver, [item.session], now).get(item.session) : getSession(driver, key.slice(1), now);
    if (card) noteUseOf(card.id);
    return {
      key,
      sessionId: card?.id ?? '',
      sessionTitle: card?.title ?? '',
      projectName: card?.project.name ?? '',
      at: item?.at ?? card?.updatedAt ?? 0,
      text: item ? itemText(item) : (card?.firstPrompt ?? ''),
    };
  };
  const text = read();
  note(() => noteGiven(driver, text, localDay(now), now));
  return text;
}
