/** Reads the timeline to a given depth. Falls back to all projects when this workspace has no sessions. */
import type { SessionCard } from '../../../src/protocol/model';
import type { Scope } from '../../../src/protocol/questions/schemas';
import type { SessionQuery } from '../../../src/protocol/questions/sessions';
import type { WebviewApi } from '../../../src/protocol/webview-api';
import { scopeOf } from '../../state/scope';
import type { ScopeChoice } from '../../state/scope';

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
  /** This workspace has no sessions; these are from all projects. */
  isFallback: boolean;
}

const pageSize = 50;
/** The largest page the keeper returns. */
const maxPageSize = 200;

/** At least the first `depth` sessions; a refresh passes the depth that is shown. */
export async function loadSessions(
  api: WebviewApi,
  query: TimelineQuery,
  depth: number,
  signal: AbortSignal,
): Promise<TimelineData> {
  const scope = scopeOf(query.roots, query.scope);
  const scoped = await readPages(api, toSessionQuery(query, scope), depth, signal);
  if (!scope || scoped.sessions.length > 0) return { ...scoped, isFallback: false };
  // An empty list because of filters does not mean that the workspace has no sessions.
  const hasFilters = query.text !== '' || query.only !== 'all';
  if (hasFilters) {
    const any = await api.listSessions({ scope, limit: 1 }, signal);
    if (any.items.length > 0) return { ...scoped, isFallback: false };
  }
  return { ...(await readPages(api, toSessionQuery(query, undefined), depth, signal)), isFallback: true };
}

/** Reads one more page. */
export async function loadMore(
  api: WebviewApi,
  query: TimelineQuery,
  data: TimelineData,
  signal: AbortSignal,
): Promise<TimelineData> {
  if (!data.next) return data;
  const scope = data.isFallback ? undefined : scopeOf(query.roots, query.scope);
  const page = await api.listSessions({ ...toSessionQuery(query, scope), cursor: data.next, limit: pageSize }, signal);
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

/** A session that grew between two pages moves up and would appear twice. */
function mergeSessions(known: readonly SessionCard[], more: readonly SessionCard[]): SessionCard[] {
  const ids = new Set(known.map((session) => session.id));
  return [...known, ...more.filter((session) => !ids.has(session.id))];
}

function toSessionQuery(query: TimelineQuery, scope: Scope | undefined): SessionQuery {
  return {
    ...(scope && { scope }),
    ...(query.text !== '' && { text: query.text }),
    ...(query.only !== 'all' && { only: query.only }),
  };
}
