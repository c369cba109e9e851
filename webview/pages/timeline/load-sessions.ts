/** Reads the timeline to a given depth. Falls back to all projects when this workspace has no sessions. */
import type { SessionCard } from '../../../src/protocol/model';
import type { Scope } from '../../../src/protocol/questions/schemas';
import type { SessionQuery } from '../../../src/protocol/questions/sessions';
import type { WebviewApi } from '../../../src/protocol/webview-api';
import { scopeOf } from '../../state/scope';
import type { ScopeChoice } from '../../state/scope';

export type OnlyChoice = 'all' | 'errors' | 'live';

export type GroupChoice = NonNullable<SessionQuery['order']>;

export interface TimelineQuery {
  scope: ScopeChoice;
  roots: string[];
  text: string;
  only: OnlyChoice;
  order: GroupChoice;
  /** Only sessions updated in [after, before). */
  after?: number;
  before?: number;
}

export interface TimelineData {
  sessions: SessionCard[];
  next: string | undefined;
  /** This workspace had no sessions; these are from all projects. */
  isFallback: boolean;
  /** It has some now, but the person is at work with those of all. */
  hasWorkspaceNow: boolean;
}

const pageSize = 50;
/** The largest page the keeper returns. */
const maxPageSize = 200;

/**
 * At least the first `depth` sessions; a refresh passes the depth that is shown.
 * @param keep whether all projects are shown in place of an empty workspace, which a person is at work with; undefined
 *   when this may be decided anew
 */
export async function loadSessions(
  api: WebviewApi,
  query: TimelineQuery,
  depth: number,
  signal: AbortSignal,
  keep?: boolean,
): Promise<TimelineData> {
  const scope = scopeOf(query.roots, query.scope);
  const scoped = await readPages(api, toSessionQuery(query, scope), depth, signal);
  const here = { ...scoped, isFallback: false, hasWorkspaceNow: false };
  const everywhere = async (hasWorkspaceNow: boolean) => ({
    ...(await readPages(api, toSessionQuery(query, undefined), depth, signal)),
    isFallback: true,
    hasWorkspaceNow,
  });
  if (!scope || keep === false) return here;
  if (keep === true) return everywhere(scoped.sessions.length > 0);
  if (scoped.sessions.length > 0) return here;
  // An empty list because of filters does not mean that the workspace has no sessions.
  if (hasFilters(query)) {
    const any = await api.listSessions({ scope, limit: 1 }, signal);
    if (any.items.length > 0) return here;
  }
  return everywhere(false);
}

export const hasFilters = ({ text, only, after, before }: TimelineQuery): boolean =>
  text !== '' || only !== 'all' || after !== undefined || before !== undefined;

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
): Promise<Pick<TimelineData, 'sessions' | 'next'>> {
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
    pinnedFirst: true,
    ...(scope && { scope }),
    ...(query.text !== '' && { text: query.text }),
    ...(query.only !== 'all' && { only: query.only }),
    ...(query.order !== 'latest' && { order: query.order }),
    ...(query.after !== undefined && { after: query.after }),
    ...(query.before !== undefined && { before: query.before }),
  };
}
