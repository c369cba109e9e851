/** Validates everything that comes from a webview, which may have been taken over by hostile text. */
import * as z from 'zod/mini';
import { remedies } from '../../protocol/care';
import { MemoryError, asMemoryError } from '../../protocol/errors';
import { learningStates } from '../../protocol/learning';
import { learningCategories } from '../../protocol/model';
import { webviewMethods } from '../../protocol/webview';
import type { WebviewApi } from '../../protocol/webview';

type Method = (typeof webviewMethods)[number];

const short = z.string().check(z.maxLength(256));
const query = z.string().check(z.maxLength(4_096));
const body = z.string().check(z.maxLength(200_000));
const path = z.string().check(
  z.minLength(1),
  z.maxLength(4_096),
  z.refine((value) => !value.includes('\0')),
);
const id = z.string().check(z.regex(/^[\w.:@#-]{1,200}$/));
/** Key of a message, a tool call or a learning. */
const key = z.string().check(z.maxLength(200), z.regex(/^[pol].+/));
const cursor = z.string().check(z.maxLength(4_096));
const time = z.number().check(z.gte(0), z.lte(8.64e15));
const backupName = z.string().check(z.regex(/^[\w.-]{1,200}$/));
const turn = z.int().check(z.gte(0), z.lte(10_000_000));
const limit = z.int().check(z.gte(1), z.lte(200));
const scope = z.object({
  roots: z.exactOptional(z.array(path).check(z.maxLength(200))),
  projectIds: z.exactOptional(z.array(z.int()).check(z.maxLength(1_000))),
});
const place = z.object({ key: z.exactOptional(key), turn: z.exactOptional(turn) });
const link = z.string().check(
  z.maxLength(8_192),
  z.refine((value) => isWebLink(value)),
);

const sessionQuery = z.object({
  scope: z.exactOptional(scope),
  after: z.exactOptional(time),
  before: z.exactOptional(time),
  only: z.exactOptional(z.enum(['errors', 'live'])),
  text: z.exactOptional(query),
  cursor: z.exactOptional(cursor),
  limit: z.exactOptional(limit),
});
const sorts = ['best', 'newest'] as const;
const recencies = ['off', 'usual', 'strong'] as const;
const searchQuery = z.object({
  text: query,
  scope: z.exactOptional(scope),
  types: z.exactOptional(
    z
      .array(z.enum(['tool_result', 'error', 'warning', 'info', 'user', 'assistant', 'learning']))
      .check(z.maxLength(20)),
  ),
  tools: z.exactOptional(z.array(short).check(z.maxLength(200))),
  after: z.exactOptional(time),
  before: z.exactOptional(time),
  limit: z.exactOptional(z.int().check(z.gte(1), z.lte(100))),
  minScore: z.exactOptional(z.number().check(z.gte(0), z.lte(1))),
  isTyping: z.exactOptional(z.boolean()),
  branches: z.exactOptional(z.array(short).check(z.maxLength(200))),
  files: z.exactOptional(z.array(path).check(z.maxLength(200))),
  days: z.exactOptional(z.array(z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/))).check(z.maxLength(200))),
  roads: z.exactOptional(z.enum(['words', 'all'])),
  similarTo: z.exactOptional(z.string().check(z.maxLength(200), z.regex(/^[pols].+/))),
  sort: z.exactOptional(z.enum(sorts)),
  recency: z.exactOptional(z.enum(recencies)),
});
const readQuery = z.object({
  sessionId: id,
  cursor: z.exactOptional(cursor),
  aroundKey: z.exactOptional(key),
  aroundTurn: z.exactOptional(turn),
  limit: z.exactOptional(limit),
});
const learningQuery = z.object({
  state: z.exactOptional(z.enum(learningStates)),
  category: z.exactOptional(z.enum(learningCategories)),
  text: z.exactOptional(query),
  scope: z.exactOptional(scope),
  cursor: z.exactOptional(cursor),
  limit: z.exactOptional(limit),
});
const learningInput = z.object({
  id,
  category: z.enum(learningCategories),
  title: z.string().check(z.minLength(1), z.maxLength(1_000)),
  description: body,
  context: z.exactOptional(body),
  tags: z.exactOptional(z.array(short).check(z.maxLength(100))),
  sourceSessions: z.exactOptional(z.array(id).check(z.maxLength(200))),
  isVerified: z.exactOptional(z.boolean()),
  verificationNotes: z.exactOptional(body),
  isPinned: z.exactOptional(z.boolean()),
});

const number = z.int().check(z.gte(0), z.lte(Number.MAX_SAFE_INTEGER));
const days = z.int().check(z.gte(1), z.lte(366));
const ids = z.array(id).check(z.minLength(1), z.maxLength(200));
const backfill = z.object({
  scope: z.exactOptional(scope),
  maxSessions: z.exactOptional(z.int().check(z.gte(1), z.lte(1_000_000))),
  isBatch: z.boolean(),
});
const graphQuery = z.object({
  entity: z.exactOptional(number),
  file: z.exactOptional(path),
  scope: z.exactOptional(scope),
  depth: z.exactOptional(z.int().check(z.gte(1), z.lte(2))),
  limit: z.exactOptional(z.int().check(z.gte(5), z.lte(60))),
});

const nothing = z.tuple([]);
const schemas: { readonly [Name in Method]: z.ZodMiniType<unknown[]> } = {
  ready: nothing,
  status: z.tuple([z.boolean()]),
  projects: nothing,
  listSessions: z.tuple([sessionQuery]),
  readSession: z.tuple([readQuery]),
  findInSession: z.tuple([id, query]),
  getItem: z.tuple([key]),
  search: z.tuple([searchQuery]),
  suggest: z.tuple([query, z.boolean()]),
  setSearchOrder: z.tuple([z.object({ sort: z.enum(sorts), recency: z.enum(recencies) })]),
  setFlagged: z.tuple([key, z.boolean()]),
  setTags: z.tuple([key, z.array(short).check(z.maxLength(100))]),
  listTags: nothing,
  listSearches: nothing,
  saveSearch: z.tuple([
    z.object({ id, name: short, text: query, uses: z.exactOptional(z.int().check(z.gte(0), z.lte(1e9))) }),
  ]),
  deleteSearch: z.tuple([id]),
  noteSearchUse: z.tuple([id]),
  listLearnings: z.tuple([learningQuery]),
  saveLearning: z.tuple([learningInput]),
  deleteLearning: z.tuple([id]),
  restoreLearning: z.tuple([id]),
  draftLearning: z.tuple([key]),
  openSession: z.tuple([id, z.optional(place)]),
  insert: z.tuple([key]),
  copyContext: z.tuple([key]),
  copyText: z.tuple([z.string().check(z.maxLength(10_000_000))]),
  resumeSession: z.tuple([id]),
  restoreTranscript: z.tuple([id]),
  forgetSession: z.tuple([id]),
  openFile: z.tuple([path]),
  openDiff: z.tuple([key, z.int().check(z.gte(0), z.lte(10_000))]),
  openLink: z.tuple([link]),
  importNow: nothing,
  cancelImport: nothing,
  setPaused: z.tuple([z.boolean()]),
  openSettings: z.tuple([z.optional(z.string().check(z.maxLength(100), z.regex(/^claudeMem(\.\w+)*$/)))]),
  showLog: nothing,
  dismissFirstRun: nothing,
  openDoctor: nothing,
  examine: nothing,
  applyRemedy: z.tuple([z.enum(remedies)]),
  restoreBackup: z.tuple([backupName]),
  listUneven: z.tuple([z.optional(cursor)]),

  learningProof: z.tuple([id]),
  reviewLearning: z.tuple([id, z.enum(['accept', 'reject', 'reopen'])]),
  mergeLearnings: z.tuple([id, ids]),
  relearn: nothing,
  promoteLearnings: z.tuple([ids]),
  summary: z.tuple([id]),
  summaryVersions: z.tuple([id]),
  summaryVersion: z.tuple([number]),
  publishSummary: z.tuple([number]),
  askEditorModel: z.tuple([id]),
  copySummary: z.tuple([number]),
  insertSummary: z.tuple([number]),
  summarizeByModel: z.tuple([id]),
  spend: nothing,
  spendEntries: z.tuple([z.optional(cursor)]),
  spendSums: z.tuple([z.enum(['day', 'model', 'purpose', 'project']), days]),
  estimateBackfill: z.tuple([backfill]),
  startBackfill: z.tuple([backfill]),
  cancelBackfill: nothing,
  setApiKey: nothing,
  queue: nothing,
  listTasks: z.tuple([z.optional(cursor)]),
  retryTask: z.tuple([number]),
  dropTask: z.tuple([number]),
  setQueuePaused: z.tuple([z.boolean()]),
  insights: z.tuple([z.object({ scope: z.exactOptional(scope), days: z.exactOptional(days) })]),
  around: z.tuple([graphQuery]),
  findEntities: z.tuple([query, z.optional(scope)]),
  showInsights: z.tuple([z.enum(['activity', 'spending', 'queue', 'sent', 'around'])]),
};

/** Wraps the api: arguments are validated and copied, and errors get the messages of `explain`. */
export function guard(
  api: WebviewApi,
  explain: (error: unknown) => string,
  note: (method: string, error: unknown) => void,
): WebviewApi {
  const guarded = webviewMethods.map((name) => {
    const method = api[name] as (...args: unknown[]) => Promise<unknown>;
    const call = async (...args: unknown[]) => {
      try {
        return await method.call(api, ...check(name, args));
      } catch (error) {
        note(name, error);
        const { code, data } = asMemoryError(error);
        throw new MemoryError(code, explain(error), data);
      }
    };
    return [name, call] as const;
  });
  return Object.fromEntries(guarded) as unknown as WebviewApi;
}

/** The signal was created on this side by the connection, so it is not validated. */
function check(name: Method, args: unknown[]): unknown[] {
  const signals = args.at(-1) instanceof AbortSignal ? args.splice(-1) : [];
  const result = z.safeParse(schemas[name], args);
  // Only names of fields, because values may be text of a memory.
  if (!result.success)
    throw new MemoryError(
      'invalid_input',
      `${name} ${result.error.issues.map((issue) => issue.path.join('.')).join(', ')}`,
    );
  return [...result.data, ...signals];
}

function isWebLink(value: string): boolean {
  return URL.canParse(value) && new URL(value).protocol === 'https:';
}
