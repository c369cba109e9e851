/**
 * Requests of a head about summaries, and the task that makes local ones when a session is quiet. No model is called
 * here.
 */
import { MemoryError } from '../../../protocol/errors';
import type { SessionId } from '../../../protocol/model';
import type { SummaryApi } from '../../../protocol/questions/summaries';
import type { SessionSummary } from '../../../protocol/summary';
import type { Clock } from '../../lib/clock';
import { breathe, inTurns } from '../../lib/turns';
import type { Turn } from '../../lib/turns';
import type { Seal } from '../../observe/redact';
import type { SqlDriver } from '../../store/sqlite/driver';
import { sessionHead, sessionLines } from '../../store/tables/session-lines';
import { listVersions, publishedSummary, publishSummary, putSummary, summaryById } from '../../store/tables/summaries';
import type { TaskHandler } from '../task';
import { sealSummary } from './seal-summary';
import { summarySteps } from './summarize';

export interface SummaryPorts {
  driver: SqlDriver;
  clock: Clock;
  seal: Seal;
  /** Called when a session has a new summary. */
  changed: (id: SessionId) => void;
}

/** The background work. */
export interface SummaryTaskPorts extends SummaryPorts {
  /** Before each step. */
  turn: Turn;
}

export type LocalSummaryApi = Pick<SummaryApi, 'summary' | 'summaryVersions' | 'summaryVersion' | 'publishSummary'>;

export function summaryApi(ports: SummaryPorts): LocalSummaryApi {
  const { driver, changed } = ports;
  return {
    async summary(id) {
      const known = publishedSummary(driver, id);
      // A summary by a model stays until a person publishes another one; it is only marked as behind.
      if (known && !(known.isBehind && known.source === 'local')) return known;
      return (await summarizeSession({ ...ports, turn: breathe }, id)) ?? known ?? null;
    },
    summaryVersions: async (id) => listVersions(driver, id),
    summaryVersion: async (id) => summaryById(driver, id),
    async publishSummary(id) {
      publishSummary(driver, id);
      const summary = summaryById(driver, id);
      changed(summary.sessionId);
      return summary;
    },
  };
}

/** Makes the local summary of a session again; returns the published one. Undefined for a session without a prompt. */
async function summarizeSession(
  { driver, clock, seal, turn, changed }: SummaryTaskPorts,
  id: SessionId,
): Promise<SessionSummary | undefined> {
  const head = sessionHead(driver, id);
  const lines = head ? sessionLines(driver, head.no) : [];
  if (!head || !lines.some((line) => line.kind === 'said' && line.role === 'user')) return undefined;
  const sealed = await sealSummary(await inTurns(summarySteps(head, lines), turn), seal);
  // The session may have been forgotten while its texts were redacted.
  if (sessionHead(driver, id)?.no !== head.no) return undefined;
  putSummary(driver, sealed, clock.now());
  changed(id);
  return publishedSummary(driver, id);
}

/** The subject is a session's id. Nothing is done when the session is gone or has no prompt. */
export const summarizeTask =
  (ports: SummaryTaskPorts): TaskHandler =>
  async (task, signal) => {
    if (task.isPaid) throw new MemoryError('internal', 'A paid summary is not made by rules.', { isFinal: true });
    signal.throwIfAborted();
    await summarizeSession(ports, task.subject);
  };
