import { heldTitle } from '../../../protocol/classes';
/** A session, or one turn of it, as text for a file: piece by piece, so that other questions are answered between. */
import type { ReaderItem, SessionCard } from '../../../protocol/model';
import type { SessionLabels, SessionPiece, SessionTextQuery } from '../../../protocol/questions/session-text';
import type { Clock } from '../../lib/clock';
import type { SessionPieces } from '../../portable/write-markdown';
import type { SqlDriver } from '../../store/sqlite/driver';
import { readPage } from '../../store/tables/reader';
import { getSession } from '../../store/tables/session-cards';
import type { Door } from '../../store/tables/way-out';
import { htmlWriter, printWriter } from './as-html';
import { markdownWriter } from './as-markdown';

/** What a kind of file makes of a session. */
export interface SessionWriter {
  head: (session: SessionCard) => string;
  item: (item: ReaderItem) => string;
  tail: () => string;
}

/** Rendering so many takes less time than a search. */
const rowsOfPiece = 60;

const writers = { markdown: markdownWriter, html: htmlWriter, print: printWriter } as const;

/** `no`: number of the session. Sub-agents are part of the turn that started them. */
export function sessionPiece(
  driver: SqlDriver,
  no: number,
  session: SessionCard,
  { format, turn, cursor, labels }: SessionTextQuery,
  door: Door,
): SessionPiece {
  const writer = writers[format](labels);
  const place = cursor === undefined ? (turn === undefined ? {} : { aroundTurn: turn }) : { cursor };
  const page = readPage(driver, no, { ...place, limit: rowsOfPiece });
  const asked = turn === undefined ? page.items : page.items.filter((item) => item.turn === turn);
  const items = asked.filter(({ key }) => door.may(key));
  const isOver = page.after === undefined || asked.length < page.items.length;
  // A turn alone is for the clipboard: it has no head of its own.
  const isWhole = turn === undefined;
  const parts = [
    ...(isWhole && cursor === undefined ? [writer.head(titled(session, door))] : []),
    ...items.map((item) => writer.item(item)),
    ...(isWhole && isOver ? [writer.tail()] : []),
  ];
  return {
    text: parts.filter((part) => part !== '').join('\n'),
    rows: items.length,
    ...(items.length < asked.length && { held: asked.length - items.length }),
    ...(!isOver && page.after !== undefined && { next: page.after }),
  };
}

const titled = (session: SessionCard, door: Door): SessionCard =>
  door.mayTitle(session.id) ? session : { ...session, title: heldTitle, firstPrompt: '' };

/** Words between those of a session, in a file that a keeper writes by itself. */
const plainLabels: SessionLabels = {
  you: 'You',
  claude: 'Claude',
  subAgent: 'Sub-agent',
  task: 'Task',
  error: 'error',
  shortened: 'shortened',
};

/** Pieces of any session as Markdown. */
export const sessionPieces =
  (driver: SqlDriver, clock: Clock): SessionPieces =>
  (sessionId, cursor, door) => {
    const { no, ...session } = getSession(driver, sessionId, clock.now());
    const query = { sessionId, format: 'markdown' as const, labels: plainLabels };
    return sessionPiece(driver, no, session, { ...query, ...(cursor !== undefined && { cursor }) }, door);
  };
