/** The text of a memory for a person. Giving it out counts as a use, which affects ranking and insights. */
import { MemoryError } from '../../protocol/errors';
import type { MemoryText, SessionId } from '../../protocol/model';
import type { NoteSource } from '../../protocol/note';
import { parseRowKey } from '../../protocol/row-key';
import { itemText, learningText } from '../distil/reading/item-text';
import type { Clock } from '../lib/clock';
import { localDay } from '../lib/local-day';
import type { Log } from '../lib/log';
import type { Finder } from '../search/finder';
import type { SqlDriver } from '../store/sqlite/driver';
import { getLearning, noteUse } from '../store/tables/learnings';
import { getNote } from '../store/tables/notes';
import { shownProjects } from '../store/tables/projects';
import { readItemByKey } from '../store/tables/reader';
import { getSession, hitCards } from '../store/tables/session-cards';
import type { HitCard } from '../store/tables/session-cards';
import { noteGiven } from '../store/tables/stats';
import { noteSessionUse } from '../store/tables/uses';

export interface TextPorts {
  driver: SqlDriver;
  clock: Clock;
  log: Log;
  finder: Pick<Finder, 'merits'>;
}

export function memoryText({ driver, clock, log, finder }: TextPorts, key: string): MemoryText {
  const now = clock.now();
  /** Counting may fail on a full disk; the text must be returned all the same. */
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
  const ofSession = (card: HitCard | undefined, at: number, text: string): MemoryText => {
    if (card) noteUseOf(card.id);
    const { id: sessionId = '', title: sessionTitle = '', project } = card ?? {};
    return { key, sessionId, sessionTitle, projectName: project?.name ?? '', at, text };
  };
  const read = (): MemoryText => {
    const ref = parseRowKey(key);
    if (!ref) throw new MemoryError('invalid_input', 'This is not the key of a memory.');
    if (ref.kind === 'learning') {
      const learning = getLearning(driver, ref.id);
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
    if (ref.kind === 'note') {
      const found = getNote(driver, ref.row);
      if (!found) throw new MemoryError('not_found', 'This memory is no longer there.');
      const projectName = found.projectId === null ? '' : (shownProjects(driver).get(found.projectId)?.name ?? '');
      return { key, sessionId: '', sessionTitle: found.name, projectName, at: found.mtime, text: found.body };
    }
    if (ref.kind === 'session') {
      const card = getSession(driver, ref.id, now);
      return ofSession(card, card.updatedAt, card.firstPrompt);
    }
    const item = readItemByKey(driver, key);
    return ofSession(hitCards(driver, [item.session]).get(item.session), item.at, itemText(item));
  };
  const text = read();
  // What Claude Code remembers itself is not given by this memory.
  if (parseRowKey(key)?.kind !== 'note') note(() => noteGiven(driver, text, localDay(now), now));
  return text;
}

/** @throws MemoryError `not_found` */
export function noteSource(driver: SqlDriver, key: string): NoteSource {
  const ref = parseRowKey(key);
  const note = ref?.kind === 'note' ? getNote(driver, ref.row) : undefined;
  if (!note) throw new MemoryError('not_found', 'This file is no longer there.');
  return { key: `n${note.no}`, file: note.name, line: 1, path: note.path };
}
