/** Reads the timeline down to a depth, falling back to all projects when this workspace has nothing. */
import type { SessionCard } from '../../../src/protocol/model';
import type { SessionQuery } from '../../../src/protocol/questions/sessions';
import type { WebviewApi } from '../../../src/protocol/webview-api';

export type ScopeChoice = 'workspace' | 'all';
export type OnlyChoice = 'all' | 'errors' | 'live';

export interface TimelineQuery {
  scope: ScopeChoice;
  roots: string[];
  text: string;
  only: OnlyChoice;
}

export interface TimelineData {
  sessions: SessionCard[];
  next: string | undefined;
  /** Nothing of this workspace is known: these are all projects. */
  isFallback: boolean;
}

const pageSize = 50;
/** The largest page the keeper serves. */
const maxPageSize = 200;

/** The first `depth` sessions or more; a live refresh passes the depth already on the screen. */
export async function loadSessions(
  api: WebviewApi,
  query: TimelineQuery,
  depth: number,
  signal: AbortSignal,
): Promise<TimelineData> {
  const isScoped = query.scope === 'workspace' && query.roots.length > 0;
  const scoped = await readPages(api, toSessionQuery(query, isScoped), depth, signal);
  if (!isScoped || scoped.sessions.length > 0) return { ...scoped, isFallback: false };
  // Empty because of the filters is not the same as empty because nothing was ever recorded here.
  const hasFilters = query.text !== '' || query.only !== 'all';
  if (hasFilters) {
    const any = await api.listSessions({ scope: { roots: query.roots }, limit: 1 }, signal);
    if (any.items.length > 0) return { ...scoped, isFallback: false };
  }
  return { ...(await readPages(api, toSessionQuery(query, false), depth, signal)), isFallback: true };
}

/** One more page after `data`. */
export async function loadMore(
  api: WebviewApi,
  query: TimelineQuery,
  data: TimelineData,
  signal: AbortSignal,
): Promise<TimelineData> {
  if (!data.next) return data;
  const isScoped = query.scope === 'workspace' && query.roots.length > 0 && !data.isFallback;
  const page = await api.listSessions(
    { ...toSessionQuery(query, isScoped), cursor: data.next, limit: pageSize },
    signal,
  );
  return { ...data, sessions: mergeSessions(data.sessions, page.items), next: page.next };
}

async function readPages(
  api: WebviewApi,
  query: SessionQuery,
  depth: number,
  signal: AbortSignal,
): Promise<Omit<TimelineData, 'isFallback'>> {
  const limit = Math.min(maxPageSize, Math.max(pageSize, depth));
  let page = await api.listSessions({ ...query, limit }, signal);
  let sessions = page.items;
  while (page.next && sessions.length < depth) {
    // Keyset paging: each page needs the cursor of the one before.
    // oxlint-disable-next-line no-await-in-loop
    page = await api.listSessions({ ...query, cursor: page.next, limit }, signal);
    sessions = mergeSessions(sessions, page.items);
  }
  return { sessions, next: page.next };
}

/** A session that grew between two pages moves up and would be seen twice. */
function mergeSessions(known: readonly SessionCard[], more: readonly SessionCard[]): SessionCard[] {
  const ids = new Set(known.map((session) => session.id));
  return [...known, ...more.filter((session) => !ids.has(session.id))];
}

function toSessionQuery(query: TimelineQuery, isScoped: boolean): SessionQuery {
  return {
    ...(isScoped && { scope: { roots: query.roots } }),
    ...(query.text !== '' && { text: query.text }),
    ...(query.only !== 'all' && { only: query.only }),
  };
}
