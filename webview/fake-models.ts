/** Answers about what is made of sessions, by rules or by models: summaries, costs, tasks, insights. */
import type { SessionSummary, SummaryVersion } from '../src/protocol/summary';
import type { WebviewApi } from '../src/protocol/webview-api';
import { failMissing } from './fake-data';
import { fakeQueue } from './fake-distilled';
import type { FakeHost } from './fake-host';

export function answerModels(host: FakeHost): Partial<WebviewApi> {
  const version = ({
    id,
    version: number,
    source,
    model,
    isPublished,
    quality,
    costUsd,
    createdAt,
  }: SessionSummary): SummaryVersion => ({
    id,
    version: number,
    source,
    model,
    isPublished,
    quality,
    costUsd,
    createdAt,
  });
  return {
    summary: async () => host.summaries.find(({ isPublished }) => isPublished) ?? null,
    summaryVersions: async () => host.summaries.map(version),
    summaryVersion: async (id) => host.summaries.find((summary) => summary.id === id) ?? failMissing(),
    publishSummary: async (id) => {
      host.summaries = host.summaries.map((summary) => ({ ...summary, isPublished: summary.id === id }));
      return host.summaries.find((summary) => summary.id === id) ?? failMissing();
    },
    spend: async () => host.spend,
    spendEntries: async () => ({ items: host.entries }),
    spendSums: async (by) => ({
      by,
      rows:
        host.entries.length > 0
          ? [{ value: by === 'day' ? '2026-11-22' : 'paper-boats', usd: 0.0858, tokens: 42_400, calls: 2 }]
          : [],
    }),
    estimateBackfill: async ({ isBatch }) => ({
      sessions: 12,
      inputTokens: 240_000,
      outputTokens: 24_000,
      likelyUsd: isBatch ? 0.2 : 0.4,
      maxUsd: isBatch ? 0.35 : 0.7,
      fits: 8,
      pricesOf: '2026-11-22',
    }),
    startBackfill: async () =>
      (host.queue = { ...host.queue, counts: { ...host.queue.counts, pending: 12 }, total: 12 }),
    cancelBackfill: async () => (host.queue = fakeQueue),
    summarizeByModel: async () => host.queue,
    queue: async () => host.queue,
    listTasks: async () => ({ items: host.tasks }),
    retryTask: async (id) => {
      host.tasks = host.tasks.filter((task) => task.id !== id);
    },
    dropTask: async (id) => {
      host.tasks = host.tasks.filter((task) => task.id !== id);
    },
    setQueuePaused: async (isPaused) => {
      host.queue = { ...host.queue, isPaused, ...(isPaused && { whyPaused: 'user' }) };
    },
    insights: async ({ days = 30 }) => host.insights(days),
    around: async () => host.picture,
    findEntities: async (text) => host.picture.nodes.filter(({ name }) => name.includes(text)),
  };
}
