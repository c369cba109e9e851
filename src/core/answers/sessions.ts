/** Requests about sessions, answered from the store. */
import { askedExport } from '../../protocol/classes';
import { MemoryError } from '../../protocol/errors';
import type { Scope } from '../../protocol/questions/schemas';
import type { SessionTextApi } from '../../protocol/questions/session-text';
import type { SessionApi } from '../../protocol/questions/sessions';
import type { Clock } from '../lib/clock';
import type { SqlDriver } from '../store/sqlite/driver';
import { Classes, shownClass } from '../store/tables/class-of';
import { editsOfFile } from '../store/tables/file-edits';
import { readOutline } from '../store/tables/outline';
import { readItemByKey, readPage } from '../store/tables/reader';
import { findRowsWithWords, stepToRow } from '../store/tables/reader-places';
import { countDays, getSession, hitCards, listSessions } from '../store/tables/session-cards';
import { wayOut } from '../store/tables/way-out';
import { sessionPiece } from './session-text/pieces';

export interface SessionPorts {
  driver: SqlDriver;
  clock: Clock;
  /** Ids of the projects in a scope; undefined for all. */
  inScope: (scope: Scope | undefined) => Promise<number[] | undefined>;
}

export type SessionAnswers = SessionTextApi &
  Pick<
    SessionApi,
    | 'listSessions'
    | 'sessionDays'
    | 'getSession'
    | 'readSession'
    | 'findInSession'
    | 'stepInSession'
    | 'outline'
    | 'fileEdits'
    | 'getItem'
  >;

const defaultSessions = 50;
const defaultRows = 60;
const defaultEdited = 10;
const maxWords = 10;

export function sessionAnswers({ driver, clock, inScope }: SessionPorts): SessionAnswers {
  return {
    listSessions: async (query) =>
      listSessions(driver, { limit: defaultSessions, ...query }, await inScope(query.scope), clock.now()),
    sessionDays: async (from, to, scope) => countDays(driver, { from, to }, await inScope(scope)),
    async getSession(id) {
      const { no: _, ...card } = getSession(driver, id, clock.now());
      return { ...card, ...shownClass(new Classes(driver).ofSession(id)) };
    },
    async readSession(query) {
      const { no, ...session } = getSession(driver, query.sessionId, clock.now());
      const page = readPage(driver, no, { ...query, limit: query.limit ?? defaultRows });
      const classes = new Classes(driver);
      // What all rows have stands in the head; only a row that has another class says it.
      const common = classes.placed(session.id, [session.project.id]);
      const labelOf = (rank: number) => (rank === common ? {} : shownClass(rank));
      return {
        session: { ...session, ...shownClass(classes.ofSession(session.id)) },
        ...page,
        items: page.items.map((item) => ({ ...item, ...labelOf(classes.ofKey(item.key)) })),
      };
    },
    async findInSession(id, text, from) {
      const words = text
        .split(/\s+/)
        .filter((word) => word !== '')
        .slice(0, maxWords);
      return findRowsWithWords(driver, getSession(driver, id, clock.now()).no, words, from);
    },
    stepInSession: async (query) => stepToRow(driver, getSession(driver, query.sessionId, clock.now()).no, query),
    async sessionText(query) {
      const { no, ...session } = getSession(driver, query.sessionId, clock.now());
      // It is written into a file that the person asked for.
      const door = wayOut(driver, 'export', askedExport);
      if (!door.maySession(session.id, session.project.id))
        throw new MemoryError('invalid_input', 'This session may not be exported because of its class.', {
          reason: 'class',
        });
      return sessionPiece(driver, no, session, query, door);
    },
    outline: async (id) => readOutline(driver, getSession(driver, id, clock.now()).no),
    async fileEdits({ limit = defaultEdited, ...query }, signal) {
      const ids = await inScope(query.scope);
      signal?.throwIfAborted();
      return editsOfFile(driver, query, ids, limit);
    },
    async getItem(key) {
      const item = readItemByKey(driver, key);
      const card = hitCards(driver, [item.session]).get(item.session);
      if (!card) throw new MemoryError('not_found', 'This memory is no longer there.');
      const shown = shownClass(new Classes(driver).ofKey(key));
      return { ...item, ...shown, session: { id: card.id, title: card.title, project: card.project } };
    },
  };
}
