/** The published summary of a session, and its other versions. */
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
  /** Publishes this version. */
  publish: (id: number) => Promise<void>;
}

/** A local summary takes milliseconds, but a session that grows every second need not be summarised every second. */
const liveMs = 3000;

export function useSummary(sessionId: SessionId, isShown: boolean): ShownSummary {
  const { api } = useHost();
  const found = useResource(
    async (id: SessionId, _signal: AbortSignal) => ({
      // Over the wire, null is undefined, which is also what there is before the answer.
      summary: (await api.summary(id)) ?? null,
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
