/**
 * Made-up summaries, proposals, costs and insights, the same on every run, for tests and for the pages in a browser.
 */
import type { GraphPicture, Insights } from '../src/protocol/insights';
import type { LearningProof } from '../src/protocol/learning';
import type { Learning } from '../src/protocol/model';
import { fileName } from '../src/protocol/paths';
import type { RowKey } from '../src/protocol/row-key';
import type { QueueStatus, SpendEntry, SpendStatus, TaskInfo } from '../src/protocol/spend';
import type { Claim, Evidence, SessionSummary } from '../src/protocol/summary';
import { makeLearning } from '../test/fixtures/make-learning';
import { fakeProjects } from './fake-data';

const hour = 3_600_000;
const day = 24 * hour;
const session = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const line = (key: RowKey, quote: string, turn = 1): Evidence => ({ key, sessionId: session(1), turn, at: 0, quote });
const claim = (text: string, key: RowKey, quote = text): Claim => ({ text, evidence: [line(key, quote)] });

export function makeProposals(now: number): Learning[] {
  const base = {
    project: fakeProjects[0] ?? null,
    state: 'proposed',
    origin: 'rules',
    memoryKind: 'procedural',
    createdAt: now - day,
    updatedAt: now - hour,
  } as const;
  return [
    makeLearning({
      ...base,
      id: 'b1',
      category: 'solution',
      title: 'Bound the retry loop by a token bucket',
      description: 'The loop in `src/sync.ts` never ended when the server was down. A bucket of ten tokens ends it.',
      confidence: 0.86,
      evidence: { for: 4, against: 0 },
      sourceSessions: [session(1), session(2)],
    }),
    makeLearning({
      ...base,
      id: 'b2',
      category: 'error',
      title: 'A pid file as a lock does not hold',
      description: '',
      confidence: 0.71,
      evidence: { for: 2, against: 1 },
      sourceSessions: [session(3)],
      deadEnd: { when: 'the process is killed', because: 'the file survives it', instead: 'a lock of the kernel' },
    }),
    makeLearning({
      ...base,
      id: 'b3',
      category: 'config',
      title: 'keepAliveTimeout goes above that of the proxy',
      description: 'Otherwise idle connections are cut.',
      confidence: 0.55,
      evidence: { for: 1, against: 0 },
      sourceSessions: [session(4)],
      staleReason: 'proxy.conf is gone',
    }),
  ];
}

export function makeProof(learning: Learning): LearningProof {
  return {
    learning,
    evidence: [
      {
        id: 1,
        kind: 'verification',
        speaks: 'for',
        message: 'A test was red before and green after: {0}',
        args: ['npm test -- sync'],
        lines: [line('o2', '1 failed | 51 passed'), line('o9', '52 passed', 2)],
        at: 0,
      },
      {
        id: 2,
        kind: 'survival',
        speaks: 'for',
        message: '{0} of {1} edited lines still stand',
        args: [9, 10],
        value: 0.9,
        lines: [line('o4', 'src/sync.ts')],
        at: 0,
      },
      {
        id: 3,
        kind: 'reaction',
        speaks: 'against',
        message: 'You corrected it',
        args: [],
        lines: [{ sessionId: session(1), turn: 3, at: 0, quote: 'no, not like that' }],
        at: 0,
      },
    ],
    trail: [
      { at: 0, by: 'rules', action: 'proposed', note: '' },
      { at: 1, by: 'person', action: 'accepted', note: '' },
    ],
  };
}

export function makeSummary(sessionId: string): SessionSummary {
  return {
    id: 1,
    sessionId,
    version: 1,
    source: 'local',
    model: '',
    isPublished: true,
    isBehind: false,
    title: 'Bound the retry loop',
    asked: [claim('Fix the flaky upload test', 'p1')],
    done: [claim('The loop ends after ten tokens', 'o4')],
    decisions: [claim('A bucket, not a count', 'p5')],
    files: [
      { path: 'src/sync.ts', edits: 3, isNew: false, evidence: [line('o4', 'src/sync.ts')] },
      { path: 'src/bucket.ts', edits: 1, isNew: true, evidence: [line('o8', 'src/bucket.ts')] },
    ],
    errors: [
      {
        text: 'connection reset by peer',
        times: 2,
        evidence: [line('o3', 'ECONNRESET')],
        fix: claim('Edited src/sync.ts', 'o4'),
      },
    ],
    commands: [
      {
        command: 'npm test -- --run upload',
        runs: 3,
        failures: 1,
        outcome: 'passed',
        check: 'test',
        evidence: [line('o9', '52 passed')],
      },
    ],
    openEnds: [claim('Say so in the README', 'p7')],
    keyPoints: [claim('The client no longer hammers a server that is down', 'p5')],
    droppedClaims: 0,
    quality: 0.9,
    costUsd: 0,
    rawTokens: 48_000,
    tokens: 420,
    createdAt: 0,
  };
}

export const fakeQueue: QueueStatus = {
  counts: { pending: 0, running: 0, failed: 0, dead: 0, unknown: 0 },
  done: 0,
  total: 0,
  isPaused: false,
};

const nothingSpent = { settledUsd: 0, reservedUsd: 0, unknownUsd: 0, tokens: 0, calls: 0 };

export const fakeSpend: SpendStatus = {
  state: 'off',
  fastModel: 'claude-haiku-5-5',
  strongModel: 'claude-opus-5-5',
  host: 'api.anthropic.com',
  ceilings: { dayUsd: 0.5, monthUsd: 5, dayTokens: 2_000_000, monthTokens: 20_000_000 },
  today: nothingSpent,
  month: nothingSpent,
  pricesOf: '2026-11-22',
  unpriced: [],
  queue: fakeQueue,
};

export function makeEntries(now: number): SpendEntry[] {
  const base = {
    purpose: 'summary' as const,
    model: 'claude-haiku-5-5',
    host: 'api.anthropic.com',
    isBatch: false,
    sessionId: session(1),
    sessionTitle: 'Fix the flaky upload test',
    projectName: 'paper-boats',
    bytes: 81_200,
    redactions: 2,
    inputTokens: 20_300,
    outputTokens: 900,
    cacheReadTokens: 0,
    cacheWriteTokens: 1200,
  };
  return [
    { ...base, id: 'e1', at: now - hour, state: 'settled', usd: 0.0248 },
    { ...base, id: 'e2', at: now - 2 * hour, state: 'unknown', usd: 0.061 },
  ];
}

export const fakeTasks: readonly TaskInfo[] = [
  {
    id: 7,
    type: 'summarize',
    state: 'unknown',
    isPaid: true,
    sessionId: session(1),
    sessionTitle: 'Fix the flaky upload test',
    retries: 0,
    maxRetries: 3,
    error: 'It was sent, and the editor ended before the answer came.',
    createdAt: 0,
  },
  {
    id: 8,
    type: 'learn',
    state: 'dead',
    isPaid: false,
    retries: 3,
    maxRetries: 3,
    error: 'Failed: {0}',
    args: ['out of memory'],
    createdAt: 0,
  },
  {
    id: 9,
    type: 'summarize',
    state: 'pending',
    isPaid: false,
    sessionTitle: 'Why does the worker keep the lock?',
    retries: 0,
    maxRetries: 3,
    createdAt: 0,
  },
];

const dayName = (at: number) => new Intl.DateTimeFormat('sv').format(at);

export function makeInsights(now: number, days: number): Insights {
  const all = Array.from({ length: days }, (_, index) => {
    const at = now - (days - 1 - index) * day;
    const work = (index * 7) % 5;
    return {
      day: dayName(at),
      sessions: work,
      prompts: work * 6,
      toolCalls: work * 41,
      errors: work > 2 ? work : 0,
      inputTokens: work * 900,
      outputTokens: work * 4200,
      cacheReadTokens: work * 300_000,
      cacheWriteTokens: work * 20_000,
      usd: work * 0.83,
    };
  });
  return {
    days: all,
    tools: [
      { tool: 'Bash', calls: 812, errors: 41 },
      { tool: 'Read', calls: 640, errors: 3 },
      { tool: 'Edit', calls: 322, errors: 9 },
    ],
    models: [
      {
        model: 'claude-opus-5-5',
        inputTokens: 40_000,
        outputTokens: 210_000,
        cacheReadTokens: 9_000_000,
        cacheWriteTokens: 700_000,
        usd: 41.2,
        isPriced: true,
      },
      {
        model: 'some-other',
        inputTokens: 10,
        outputTokens: 20,
        cacheReadTokens: 0,
        cacheWriteTokens: 0,
        usd: 0.1,
        isPriced: false,
      },
    ],
    projects: fakeProjects.map((project, index) => ({ project, sessions: 40 - index * 12, usd: 20 - index * 6 })),
    counted: { answers: 412, placeholders: 0 },
    cache: { readShare: 0.93, savedUsd: 118.4 },
    memory: { given: 14, givenTokens: 9_100, sourceTokens: 1_240_000 },
    pricesOf: '2026-11-22',
  };
}

export function makePicture(): GraphPicture {
  const node = (
    id: number,
    kind: GraphPicture['nodes'][number]['kind'],
    name: string,
    rank: number,
    depth: number,
  ) => ({ id, kind, name, label: fileName(name), rank, sessions: 3, lastAt: 0, depth });
  const center = node(1, 'file', 'src/sync.ts', 1, 0);
  const nodes = [
    center,
    node(2, 'symbol', 'push', 0.6, 1),
    node(3, 'error', 'connection reset by peer', 0.4, 1),
    node(4, 'command', 'npm test', 0.3, 1),
    node(5, 'solution', 'Bound the retry loop', 0.2, 2),
  ];
  const edge = (from: number, to: number, kind: GraphPicture['edges'][number]['kind'], weight: number) => ({
    from,
    to,
    kind,
    weight,
    lastAt: 0,
    sessionId: session(1),
  });
  return {
    center,
    nodes,
    edges: [edge(2, 1, 'part_of', 3), edge(1, 3, 'causes', 2), edge(1, 4, 'uses', 1), edge(5, 3, 'solves', 2)],
    sessions: [{ id: session(1), title: 'Fix the flaky upload test', at: 0, score: 0.9 }],
  };
}
