/** The summary of a session as it is shown: the published one, and which others there are. */
import type { SessionId } from '../../../src/protocol/model';
import type { SessionSummary, SummaryVersion } from '../../../src/protocol/summary';
import { useEvent, useHost } from '../../state/host';
import { useThrottled } from '../../state/throttle';
import { useResource } from '../../state/use-resource';

export interface ShownSummary {
  /** Null for a session without a prompt. */
  summary: SessionSummary | null | undefined;
  versions: readonly SummaryVersion[];
  error: string | undefined;
  reload: () => void;
  /** Shows this version, here and from now on. */
  publish: (id: number) => Promise<void>;
}

/** A summary is made in some milliseconds; a session that grows each second is not summarised each second. */
const liveMs = 3000;

export function useSummary(sessionId: SessionId, isShown: boolean): ShownSummary {
  const { api } = useHost();
  const found = useResource(
    async (id: SessionId, _signal: AbortSignal) => ({
      summary: await api.summary(id),
      versions: await api.summaryVersions(id),
    }),
    isShown ? [sessionId] : null,
  );
  const refresh = useThrottled(found.reload, liveMs);
  useEvent('changed', ({ sessions, isReset, distilled }) => {
    if (isReset || distilled || sessions.length === 0 || sessions.includes(sessionId)) refresh();
  });
  return {
    summary: found.data?.summary,
    versions: found.data?.versions ?? [],
    error: found.data ? undefined : found.error?.message,
    reload: found.reload,
    publish: async (id) => {
      await api.publishSummary(id);
      found.reload();
    },
  };
}
