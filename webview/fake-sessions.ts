/** Answers about sessions and their text from the made-up history. */
import type { ReaderItem, ReaderPage, SessionCard } from '../src/protocol/model';
import type { ReadQuery, SessionQuery } from '../src/protocol/questions/sessions';
import type { Page } from '../src/protocol/status';
import type { ChangedFile } from '../src/protocol/story';
import type { WebviewApi } from '../src/protocol/webview-api';
import { failMissing } from './fake-data';
import type { FakeHost } from './fake-host';

const at = { first: { key: 'o3', turn: 1 }, last: { key: 'o9', turn: 4 } };
const fakeChanges: ChangedFile[] = [
  { file: '/work/shop/src/invoice.ts', name: 'src/invoice.ts', edits: 3, added: 1, removed: 0, known: 'whole', ...at },
  {
    file: '/work/shop/try.ts',
    name: 'try.ts',
    edits: 1,
    added: 4,
    removed: 0,
    isNew: true,
    known: 'whole',
    doubt: 'command',
    ...at,
  },
  { file: '/work/shop/back.ts', name: 'back.ts', edits: 2, added: 0, removed: 0, known: 'parts', ...at },
];

export function answerSessions(host: FakeHost): Partial<WebviewApi> {
  return {
    listSessions: (query) => Promise.resolve(listSessions(host, query)),
    sessionDays: async (from, to) => {
      const days = new Map<string, number>();
      for (const { updatedAt } of host.sessions) {
        const date = new Date(updatedAt);
        const two = (part: number) => String(part).padStart(2, '0');
        const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
        if (updatedAt >= from && updatedAt < to) days.set(day, (days.get(day) ?? 0) + 1);
      }
      return [...days].map(([day, count]) => ({ day, count }));
    },
    readSession: async (query) => readSession(host, query),
    findInSession: (_id, text, from) => {
      const found = host.items.filter((item) => textOf(item).toLowerCase().includes(text.toLowerCase()));
      const start = host.items.findIndex(({ key }) => key === from);
      return Promise.resolve({
        places: found.map(({ key, turn }) => ({ key, turn })),
        at: Math.max(
          0,
          found.findIndex((item) => host.items.indexOf(item) >= start),
        ),
      });
    },
    stepInSession: async ({ to, from, isBack = false }) => {
      const all = isBack ? host.items.toReversed() : host.items;
      const after = all.slice(all.findIndex(({ key }) => key === from) + 1);
      const found = after.find(
        (item) =>
          to === 'row' ||
          (item.kind === 'tool'
            ? to === 'error' && item.type === 'error'
            : to === (item.agentId === undefined ? 'prompt' : 'task') && item.role === 'user'),
      );
      return found ? { key: found.key, turn: found.turn } : null;
    },
    outline: async () =>
      host.items.flatMap((item) =>
        item.kind === 'message' && item.role === 'user'
          ? [{ key: item.key, turn: item.turn, at: item.at, text: item.text.split('\n', 1)[0] ?? '' }]
          : [],
      ),
    sessionChanges: async () => ({ files: fakeChanges, more: 0 }),
    sessionChange: async (_id, file) => ({
      ...(fakeChanges.find((change) => change.file === file) ?? failMissing()),
      pieces: [{ before: 'send(parcel)\n', after: 'weigh(parcel)\nsend(parcel)\n' }],
    }),
    getItem: async (key) => {
      const item = host.items.find((each) => each.key === key);
      const [session] = host.sessions;
      return item && session ? { ...item, session } : failMissing();
    },
    pinSession: async (id, isPinned) => {
      host.sessions = host.sessions.map(({ isPinned: _, ...session }) =>
        session.id === id && isPinned ? { ...session, isPinned: true } : session,
      );
      host.emit('changed', { sessions: [], learnings: false, isReset: false, marks: true });
    },
    forgetSession: async (id) => {
      host.sessions = host.sessions.filter((session) => session.id !== id);
      host.emit('changed', { sessions: [id], learnings: false, isReset: false });
    },
  };
}

function listSessions(
  host: FakeHost,
  {
    scope,
    only,
    order,
    pinnedFirst = false,
    after = 0,
    before = Infinity,
    text = '',
    cursor = '0',
    limit = 50,
  }: SessionQuery,
): Page<SessionCard> {
  const groupOf = ({ project, gitBranch, isPinned }: SessionCard) =>
    pinnedFirst && isPinned
      ? ''
      : `1 ${order === undefined ? '' : `${project.name} ${project.id} ${order === 'branch' ? gitBranch : ''}`}`;
  const all = host.sessions
    .toSorted((one, other) => groupOf(one).localeCompare(groupOf(other)))
    .filter(
      (session) =>
        session.updatedAt >= after &&
        session.updatedAt < before &&
        (!scope?.roots || scope.roots.includes(session.project.root)) &&
        (only !== 'errors' || session.errors > 0) &&
        (only !== 'live' || session.isLive) &&
        session.title.toLowerCase().includes(text.toLowerCase()),
    );
  const from = Number(cursor);
  return { items: all.slice(from, from + limit), ...(from + limit < all.length && { next: String(from + limit) }) };
}

function readSession(host: FakeHost, query: ReadQuery): ReaderPage {
  const limit = query.limit ?? 60;
  const found = host.items.findIndex((item) =>
    query.aroundKey === undefined ? item.turn === query.aroundTurn : item.key === query.aroundKey,
  );
  const isAround = query.aroundKey !== undefined || query.aroundTurn !== undefined;
  const from =
    query.cursor === undefined ? Math.max(0, isAround ? found - Math.floor(limit / 2) : 0) : Number(query.cursor);
  const session = host.sessions.find((candidate) => candidate.id === query.sessionId) ?? failMissing();
  return {
    session,
    items: host.items.slice(from, from + limit),
    ...(from > 0 && { before: String(Math.max(0, from - limit)) }),
    ...(from + limit < host.items.length && { after: String(from + limit) }),
  };
}

export function textOf(item: ReaderItem): string {
  return item.kind === 'message' ? item.text : `${item.headline}\n${item.input}\n${item.output}`;
}
