/* oxlint-disable typescript/no-unsafe-type-assertion -- one map for listeners of every kind, one proxy for every method */
/** A host without an editor: the whole WebviewApi with made-up data, for tests and for the pages in a browser. */
import type { MemoryAnswer, ModelAnswer } from '../src/protocol/ask';
import { MemoryError } from '../src/protocol/errors';
import type { GraphPicture, Insights } from '../src/protocol/insights';
import type { LearningProof } from '../src/protocol/learning';
import type { WhatIsLeft } from '../src/protocol/left';
import type { Learning, ReaderItem, SavedSearch, SessionCard } from '../src/protocol/model';
import type { SearchHit } from '../src/protocol/search-hit';
import type { QueueStatus, SpendEntry, SpendStatus, TaskInfo } from '../src/protocol/spend';
import type { CaptureState, FileLedger, MemoryStatus } from '../src/protocol/status';
import type { SessionSummary } from '../src/protocol/summary';
import type { Examination, WebviewContext, WebviewEvents } from '../src/protocol/webview';
import type { WebviewApi } from '../src/protocol/webview-api';
import { createAnswers } from './fake-answers';
import { makeExamination, makeItems, makeLearnings, makeSessions } from './fake-data';
import { fakeQueue, fakeSpend, makeInsights, makePicture, makeProof, makeSummary } from './fake-distilled';
import { noGiving } from './fake-giving';
import type { FakeGiving } from './fake-giving';
import { fakeLeft } from './fake-left';
import type { Host } from './state/host';

export interface FakeHost extends Host {
  /** Every call in order: name, then arguments without signals. */
  calls: [name: string, ...args: unknown[]][];
  sessions: SessionCard[];
  items: ReaderItem[];
  learnings: Learning[];
  capture: CaptureState;
  warnings: MemoryStatus['warnings'];
  examination: Examination;
  ledger: FileLedger[];
  searches: SavedSearch[];
  recents: string[];
  basket: string[];
  /** Versions of the only summary, newest first; empty: the session has no prompt. */
  summaries: SessionSummary[];
  proof: (learning: Learning) => LearningProof;
  insights: (days: number) => Insights;
  picture: GraphPicture;
  spend: SpendStatus;
  queue: QueueStatus;
  tasks: TaskInfo[];
  entries: SpendEntry[];
  giving: FakeGiving;
  left: WhatIsLeft;
  /** The answer to a question; without an answer by default. */
  answer: (question: string) => MemoryAnswer;
  modelAnswer: ModelAnswer | null;
  /** Hits of the second, better answer; without it there is no second answer. */
  refined?: (hits: SearchHit[]) => SearchHit[];
  context: WebviewContext;
  emit<Name extends keyof WebviewEvents>(name: Name, event: WebviewEvents[Name]): void;
}

export interface FakeOptions {
  now?: number;
  sessions?: number;
  turns?: number;
  context?: Partial<WebviewContext>;
  state?: Record<string, unknown>;
}

const idle: CaptureState = { phase: 'idle', filesTotal: 0, filesDone: 0, bytesTotal: 0, bytesDone: 0, current: '' };

export function createFakeHost({
  now = Date.now(),
  sessions = 120,
  turns = 60,
  context = {},
  state = {},
}: FakeOptions = {}): FakeHost {
  const listeners = new Map<string, Set<(event: never) => void>>();
  let saved = state;
  const host: FakeHost = {
    calls: [],
    sessions: makeSessions(sessions, now),
    items: makeItems(turns, now),
    learnings: makeLearnings(now),
    capture: idle,
    warnings: [],
    examination: makeExamination(now),
    ledger: [],
    searches: [],
    answer: () => ({ sentences: [], none: 'not_in_memory', unknownWords: [], sessions: 0, tookMs: 1 }),
    modelAnswer: null,
    recents: [],
    basket: [],
    summaries: [makeSummary('00000000-0000-4000-8000-000000000000')],
    proof: makeProof,
    insights: (days) => makeInsights(now, days),
    picture: makePicture(),
    spend: fakeSpend,
    queue: fakeQueue,
    tasks: [],
    entries: [],
    giving: noGiving,
    left: fakeLeft,
    context: {
      surface: 'memory',
      language: 'en',
      words: {},
      roots: ['/home/ada/code/paper-boats'],
      workspaceName: 'paper-boats',
      isFirstRun: false,
      dataDir: '/home/ada/.config/Code/User/globalStorage/claude-mem',
      configDirs: ['/home/ada/.claude'],
      ...context,
    },
    api: undefined as never,
    on: (name, listener) => {
      const heard = listeners.get(name) ?? new Set();
      listeners.set(name, heard.add(listener));
      return () => heard.delete(listener);
    },
    emit: (name, event) => {
      for (const listener of listeners.get(name) ?? []) listener(event as never);
    },
    getState: () => saved,
    setState: (next) => {
      saved = next;
    },
  };
  host.api = record(host, createAnswers(host));
  return host;
}

/** Records every call for tests. */
function record(host: FakeHost, api: Partial<WebviewApi>): WebviewApi {
  return new Proxy(api as WebviewApi, {
    get: (target, name: keyof WebviewApi) => {
      return async (...args: unknown[]) => {
        host.calls.push([name, ...args.filter((argument) => !(argument instanceof AbortSignal))]);
        const answer = target[name] as ((...all: unknown[]) => unknown) | undefined;
        if (!answer) throw new MemoryError('internal', `The made-up memory does not answer ${name}.`);
        return answer(...args);
      };
    },
  });
}
