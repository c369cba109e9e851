/* oxlint-disable typescript/no-unsafe-type-assertion -- one map for listeners of every kind, one proxy for every method */
/** A host without an editor: the whole WebviewApi with made-up data, for tests and for the pages in a browser. */
import type { BackupInfo } from '../src/protocol/care';
import { MemoryError } from '../src/protocol/errors';
import type { GraphPicture, Insights } from '../src/protocol/insights';
import type { LearningProof } from '../src/protocol/learning';
import type {
  Learning,
  ReaderItem,
  ReaderPage,
  SavedSearch,
  SearchHit,
  SearchResult,
  SessionCard,
  Suggestion,
} from '../src/protocol/model';
import { turnIdOf } from '../src/protocol/model';
import type { SearchQuery } from '../src/protocol/questions/search';
import type { ReadQuery, SessionQuery } from '../src/protocol/questions/sessions';
import type { QueueStatus, SpendEntry, SpendStatus, TaskInfo } from '../src/protocol/spend';
import type { CaptureState, FileLedger, MemoryStatus, Page } from '../src/protocol/status';
import type { SessionSummary, SummaryVersion } from '../src/protocol/summary';
import type { Examination, WebviewContext, WebviewEvents } from '../src/protocol/webview';
import type { WebviewApi } from '../src/protocol/webview-api';
import { makeLearning } from '../test/fixtures/make-learning';
import { fakeProjects, makeExamination, makeItems, makeLearnings, makeSessions } from './fake-data';
import { fakeQueue, fakeSpend, makeInsights, makePicture, makeProof, makeSummary } from './fake-distilled';
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
  /** Versions of the only summary, newest first; empty: the session has no prompt. */
  summaries: SessionSummary[];
  proof: (learning: Learning) => LearningProof;
  insights: (days: number) => Insights;
  picture: GraphPicture;
  spend: SpendStatus;
  queue: QueueStatus;
  tasks: TaskInfo[];
  entries: SpendEntry[];
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
    summaries: [makeSummary('00000000-0000-4000-8000-000000000000')],
    proof: makeProof,
    insights: (days) => makeInsights(now, days),
    picture: makePicture(),
    spend: fakeSpend,
    queue: fakeQueue,
    tasks: [],
    entries: [],
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
  host.api = record(host, createApi(host));
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

/** Methods used in tests of the pages; others are rejected. */
function createApi(host: FakeHost): Partial<WebviewApi> {
  const deleted = new Map<string, Learning>();
  const done = () => Promise.resolve();
  const changed = () => host.emit('changed', { sessions: [], learnings: true, isReset: false });
  return {
    ready: () => Promise.resolve(host.context),
    status: () => Promise.resolve(describe(host)),
    projects: () => Promise.resolve(fakeProjects.map((project) => ({ ...project, sessions: 1, lastAt: 0 }))),
    listSessions: (query) => Promise.resolve(listSessions(host, query)),
    readSession: async (query) => readSession(host, query),
    findInSession: (_id, text) =>
      Promise.resolve(
        host.items
          .filter((item) => textOf(item).toLowerCase().includes(text.toLowerCase()))
          .map(({ key, turn }) => ({ key, turn })),
      ),
    outline: async () =>
      host.items.flatMap((item) =>
        item.kind === 'message' && item.role === 'user'
          ? [{ key: item.key, turn: item.turn, at: item.at, text: item.text.split('\n', 1)[0] ?? '' }]
          : [],
      ),
    getItem: async (key) => host.items.find((item) => item.key === key) ?? fail(),
    search: (query) => Promise.resolve(search(host, query)),
    setSearchOrder: async (searchOrder) => {
      host.context = { ...host.context, searchOrder };
    },
    setFlagged: done,
    setTags: async (_key, tags) => tags.map((tag) => tag.trim()).filter((tag) => tag !== ''),
    listTags: async () => [{ tag: 'later', count: 2 }],
    listSearches: async () => host.searches,
    saveSearch: async ({ id, name, text, uses = 0 }) => {
      const saved = { id, name, text, uses, usedAt: 0 };
      host.searches = [...host.searches.filter((each) => each.id !== id), saved];
      return saved;
    },
    deleteSearch: async (id) => {
      host.searches = host.searches.filter((each) => each.id !== id);
    },
    noteSearchUse: done,
    suggest: async (prefix) => suggest(host, prefix),
    ...createDistilled(host),
    listLearnings: ({ text = '', category, state = 'accepted' }) => {
      const items = host.learnings.filter(
        (learning) =>
          learning.state === state &&
          learning.title.toLowerCase().includes(text.toLowerCase()) &&
          (!category || learning.category === category),
      );
      return Promise.resolve({
        items: items.toSorted(
          (a, b) => Number(b.isPinned) - Number(a.isPinned) || b.confidence - a.confidence || b.updatedAt - a.updatedAt,
        ),
      });
    },
    saveLearning: async (input) => {
      const old = host.learnings.find((learning) => learning.id === input.id);
      const at = Date.now();
      const saved = { ...makeLearning({ id: input.id, createdAt: at }), ...old, ...input, updatedAt: at };
      host.learnings = [saved, ...host.learnings.filter((learning) => learning.id !== input.id)];
      return saved;
    },
    deleteLearning: async (id) => {
      const found = host.learnings.find((learning) => learning.id === id) ?? fail();
      deleted.set(id, found);
      host.learnings = host.learnings.filter((learning) => learning.id !== id);
    },
    restoreLearning: async (id) => {
      const found = deleted.get(id) ?? fail();
      host.learnings = [...host.learnings, found];
      changed();
      return found;
    },
    draftLearning: async () =>
      host.emit('draftLearning', { title: 'From a hit', description: 'What was found', sourceSessions: [] }),
    forgetSession: async (id) => {
      host.sessions = host.sessions.filter((session) => session.id !== id);
      host.emit('changed', { sessions: [id], learnings: false, isReset: false });
    },
    setPaused: async (isPaused) => {
      host.capture = { ...host.capture, phase: isPaused ? 'paused' : 'idle' };
      host.emit('capture', host.capture);
    },
    cancelImport: async () => {
      host.capture = { ...host.capture, phase: 'cancelled' };
      host.emit('capture', host.capture);
    },
    openSession: done,
    insert: done,
    copyContext: done,
    copyText: done,
    resumeSession: done,
    restoreTranscript: done,
    openFile: done,
    openDiff: done,
    openLink: done,
    importNow: done,
    openSettings: done,
    showLog: done,
    dismissFirstRun: done,
    openDoctor: done,
    examine: async () => host.examination,
    applyRemedy: async (remedy) => {
      if (remedy !== 'back_up') return '';
      const [newest] = host.examination.backups;
      const made: BackupInfo = {
        ...(newest ?? fail()),
        name: `made-${host.examination.backups.length}`,
        kind: 'manual',
        at: Date.now(),
      };
      host.examination = { ...host.examination, backups: [made, ...host.examination.backups] };
      return 'Memory is backed up: 5 MB';
    },
    restoreBackup: async () => 'Memory restored. Learnings kept: 2',
    listUneven: async (cursor = '0') => {
      const from = Number(cursor);
      return {
        items: host.ledger.slice(from, from + 200),
        ...(from + 200 < host.ledger.length && { next: String(from + 200) }),
      };
    },
  };
}

function createDistilled(host: FakeHost): Partial<WebviewApi> {
  const done = () => Promise.resolve();
  const find = (id: string) => host.learnings.find((learning) => learning.id === id) ?? fail();
  const change = (id: string, part: Partial<Learning>): Learning => {
    const next = { ...find(id), ...part };
    host.learnings = host.learnings.map((learning) => (learning.id === id ? next : learning));
    return next;
  };
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
    learningProof: async (id) => host.proof(find(id)),
    reviewLearning: async (id, decision) =>
      change(id, { state: decision === 'accept' ? 'accepted' : decision === 'reject' ? 'rejected' : 'proposed' }),
    mergeLearnings: async (into, others) => {
      for (const id of others) change(id, { state: 'superseded' });
      return find(into);
    },
    relearn: async () => ({ proposed: 1, changed: 0 }),
    summary: async () => host.summaries.find(({ isPublished }) => isPublished) ?? null,
    summaryVersions: async () => host.summaries.map(version),
    summaryVersion: async (id) => host.summaries.find((summary) => summary.id === id) ?? fail(),
    publishSummary: async (id) => {
      host.summaries = host.summaries.map((summary) => ({ ...summary, isPublished: summary.id === id }));
      return host.summaries.find((summary) => summary.id === id) ?? fail();
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
    promoteLearnings: done,
    copySummary: done,
    insertSummary: done,
    setApiKey: done,
    showInsights: done,
    askEditorModel: async () => null,
  };
}

function suggest(host: FakeHost, prefix: string): Suggestion[] {
  if (prefix.endsWith('project:'))
    return fakeProjects.map(({ name, root }) => ({
      kind: 'value',
      text: `${prefix}${name}`,
      label: `project:${name}`,
      detail: root,
      count: 3,
    }));
  const [first] = host.sessions;
  return [
    ...(prefix === 'pro' ? [{ kind: 'filter' as const, text: 'project:', label: 'project:' }] : []),
    { text: `${prefix}ed`, kind: 'term' },
    { text: first?.title ?? '', kind: 'title', sessionId: first?.id ?? '' },
  ];
}

function fail(): never {
  throw new MemoryError('not_found', 'Not in this made-up memory.');
}

function describe(host: FakeHost): MemoryStatus {
  const count = host.sessions.length;
  return {
    schemaVersion: 1,
    protocolVersion: 2,
    extensionVersion: '0.1.0',
    dataDir: host.context.dataDir,
    databaseBytes: 12_000_000,
    sizes: { database: 12_000_000, journal: 0, archive: 0, backups: 0, logs: 0, models: 0, aside: 0 },
    driver: 'disk',
    keeperPid: 1,
    sessions: count,
    projects: fakeProjects.length,
    prompts: count * 6,
    observations: count * 80,
    learnings: host.learnings.length,
    inScope: count,
    lastCaptureAt: null,
    capture: host.capture,
    warnings: host.warnings,
    ledger: {
      files: count,
      bytesSeen: 0,
      bytesStored: 0,
      bytesSkipped: {},
      linesSkipped: {},
      redactions: 0,
      filesGone: 0,
    },
    archive: { isOn: true, isBroken: false, files: count, sessions: count, plainBytes: 0, bytes: 0, redactions: 0 },
  };
}

function listSessions(
  host: FakeHost,
  { scope, only, text = '', cursor = '0', limit = 50 }: SessionQuery,
): Page<SessionCard> {
  const all = host.sessions.filter(
    (session) =>
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
  const session = host.sessions.find((candidate) => candidate.id === query.sessionId) ?? fail();
  return {
    session,
    items: host.items.slice(from, from + limit),
    ...(from > 0 && { before: String(Math.max(0, from - limit)) }),
    ...(from + limit < host.items.length && { after: String(from + limit) }),
  };
}

function textOf(item: ReaderItem): string {
  return item.kind === 'message' ? item.text : `${item.headline}\n${item.input}\n${item.output}`;
}

function search(host: FakeHost, query: SearchQuery): SearchResult {
  const needle = query.text.trim().toLowerCase();
  const hits = host.items.flatMap((item, index): SearchHit[] => {
    const text = textOf(item);
    const at = text.toLowerCase().indexOf(needle);
    const session = host.sessions[index % host.sessions.length];
    if (at < 0 || !session || (query.types && !query.types.includes(item.kind === 'tool' ? item.type : 'user')))
      return [];
    if (query.scope?.projectIds && !query.scope.projectIds.includes(session.project.id)) return [];
    const start = Math.max(0, at - 60);
    return [
      {
        ...(item.kind === 'tool'
          ? { kind: item.kind, tool: item.tool, type: item.type, files: [] }
          : { kind: item.kind, role: item.role }),
        key: item.key,
        sessionId: session.id,
        turnId: turnIdOf(session.id, item.turn),
        turn: item.turn,
        title: session.title,
        snippet: text.slice(start, at + 160),
        highlights: [[at - start, at - start + needle.length]],
        project: session.project,
        at: session.updatedAt,
        score: 1 - index / 1000,
        moreInSession: index % 4,
        why: {
          words: [
            { term: needle, score: 3 },
            { term: 'other', score: 1 },
          ],
          roads: { words: index + 1 },
          parts: [
            { name: 'relevance', value: 0.8, weight: 0.4 },
            { name: 'recency', value: 0.5, weight: 0.2 },
          ],
        },
      },
    ];
  });
  const count = (value: string, label: string, test: (hit: SearchHit) => boolean) => ({
    value,
    label,
    count: hits.filter(test).length,
  });
  return {
    hits: (query.roads === 'words' ? hits : (host.refined?.(hits) ?? hits)).slice(0, query.limit ?? 20),
    total: hits.length,
    facets: {
      project: fakeProjects.map((project) =>
        count(String(project.id), project.name, (hit) => hit.project?.id === project.id),
      ),
      type: [
        count('user', 'user', (hit) => hit.kind === 'message'),
        count('error', 'error', (hit) => hit.kind === 'tool' && hit.type === 'error'),
        count('tool_result', 'result', (hit) => hit.kind === 'tool' && hit.type === 'tool_result'),
      ],
      tool: ['Bash', 'Read', 'Edit', 'Grep']
        .map((tool) => count(tool, tool, (hit) => hit.kind === 'tool' && hit.tool === tool))
        .filter((facet) => facet.count > 0),
      branch: [...new Set(host.sessions.map(({ gitBranch }) => gitBranch))]
        .filter((name) => name !== '')
        .map((name) => ({ value: name, label: name, count: 3 })),
      file: [
        { value: '/home/ada/code/paper-boats/src/sync.ts', label: 'sync.ts', count: 4 },
        { value: '/home/ada/code/paper-boats/README.md', label: 'README.md', count: 1 },
      ],
      day: [
        { value: '2026-11-22', label: '2026-11-22', count: 4 },
        { value: '2026-11-20', label: '2026-11-20', count: 1 },
      ],
    },
    problems: query.text.endsWith(' -mast')
      ? [
          {
            code: 'excluded',
            start: query.text.length - 5,
            end: query.text.length,
            value: 'mast',
            count: 1200,
            of: 1300,
            message: 'Left out.',
            hint: 'mast',
          },
        ]
      : query.text.includes('proect:')
        ? [
            {
              code: 'unknown_filter',
              start: 0,
              end: 6,
              value: 'proect',
              message: 'There is no filter.',
              hint: 'project',
            },
          ]
        : [],
    relaxed: needle.includes('xyz') ? [{ kind: 'some', sessions: 0 }] : [],
    canRefine: query.roads === 'words' && host.refined !== undefined,
    tookMs: 2,
  };
}
