/**
 * What a record of an export may be. An export may come from anybody: ids have a form, texts a length, numbers a range and
 * parts a shape, because pages and rankings rely on them. Unknown fields are dropped.
 */
import * as z from 'zod/mini';
import { dataClasses } from '../../protocol/classes';
import { learningStates, memoryKinds } from '../../protocol/learning';
import { learningCategories } from '../../protocol/model';
import type { RecordKind } from '../../protocol/portable';

const maxText = 400_000;
const maxShort = 4_096;

const text = z.string().check(z.maxLength(maxText));
const short = z.string().check(z.maxLength(maxShort));
const name = z.string().check(z.maxLength(400));
const id = z.string().check(z.maxLength(200), z.regex(/^[\w.:@#-]+$/));
const idOrNone = z.string().check(z.maxLength(200), z.regex(/^[\w.:@#-]*$/));
/** A keyed name, or a plain one of an early version. */
const key = z.string().check(z.maxLength(400), z.regex(/^[\w.:@#/-]+$/));
const keyOrNone = z.string().check(z.maxLength(400), z.regex(/^[\w.:@#/ -]*$/));
const at = z.number().check(z.gte(0), z.lte(8.64e15));
const count = z.int().check(z.gte(0), z.lte(1e15));
const small = z.int().check(z.gte(0), z.lte(1e9));
const share = z.number().check(z.gte(0), z.lte(1));
const root = z.string().check(
  z.minLength(1),
  z.maxLength(maxShort),
  z.refine((value) => !/[\u0000-\u001f]/.test(value)),
);
const texts = (most: number) => z.array(short).check(z.maxLength(most));
const sessions = z.array(id).check(z.maxLength(1_000));

const quote = z.object({ uid: key, turn: small, at, quote: short });
const quotes = z.array(quote).check(z.maxLength(100));
const claim = z.object({ text: short, evidence: quotes });
const claims = z.array(claim).check(z.maxLength(500));

const row = {
  uid: key,
  session: id,
  project: z.exactOptional(root),
  projectName: z.exactOptional(name),
  sequence: small,
  turn: small,
  at,
  agent: z.exactOptional(name),
  truncatedBytes: count,
};

const tokens = { input: count, output: count, cacheRead: count, cacheWrite: count, cacheWriteHour: count };

export const recordSchemas = {
  sessions: z.object({
    id,
    project: root,
    projectName: name,
    title: short,
    titleRank: z.int().check(z.gte(0), z.lte(10)),
    firstPrompt: short,
    cwd: short,
    branch: short,
    model: name,
    origin: z.exactOptional(idOrNone),
    metadata: z.object({ version: z.exactOptional(name), entrypoint: z.exactOptional(name) }),
    files: texts(100),
    turns: small,
    nextSequence: small,
    createdAt: at,
    updatedAt: at,
    endedAt: z.exactOptional(at),
  }),
  prompts: z.object({ ...row, role: z.enum(['user', 'system', 'assistant', 'tool']), note: name, text, model: name }),
  observations: z.object({
    ...row,
    prompt: z.exactOptional(key),
    type: z.enum(['tool_result', 'error', 'warning', 'info']),
    tool: name,
    call: keyOrNone,
    headline: short,
    input: text,
    output: text,
    preview: short,
    diffs: z.array(z.object({ file: short, before: text, after: text })).check(z.maxLength(1_000)),
    files: texts(1_000),
    exitStatus: z.exactOptional(z.int()),
    importance: share,
    fingerprint: z.exactOptional(keyOrNone),
    isAnswered: z.boolean(),
  }),
  copies: z.object({ session: id, uid: key, sequence: small, turn: small, at }),
  usage: z.object({ session: id, message: key, model: name, ...tokens, said: count, at }),
  costs: z.object({ session: id, model: name, ...tokens, at }),
  summaries: z.object({
    session: id,
    source: z.enum(['local', 'model', 'editor']),
    request: z.exactOptional(key),
    title: short,
    model: name,
    body: z.object({
      asked: claims,
      done: claims,
      decisions: claims,
      openEnds: claims,
      keyPoints: claims,
      files: z
        .array(z.object({ path: short, edits: small, isNew: z.boolean(), evidence: quotes }))
        .check(z.maxLength(1_000)),
      errors: z
        .array(z.object({ text: short, times: small, evidence: quotes, fix: z.exactOptional(claim) }))
        .check(z.maxLength(1_000)),
      commands: z
        .array(
          z.object({
            command: short,
            runs: small,
            failures: small,
            outcome: z.enum(['passed', 'failed', 'unknown']),
            check: z.exactOptional(z.enum(['test', 'build', 'lint'])),
            evidence: quotes,
          }),
        )
        .check(z.maxLength(1_000)),
    }),
    costUsd: z.number().check(z.gte(0), z.lte(1e6)),
    quality: share,
    droppedClaims: small,
    lastSequence: small,
    rawTokens: count,
    tokens: count,
    createdAt: at,
    isPublished: z.boolean(),
  }),
  learnings: z.object({
    id,
    state: z.enum(learningStates),
    origin: z.enum(['person', 'rules', 'model']),
    category: z.enum(learningCategories),
    title: short,
    description: text,
    context: text,
    project: z.exactOptional(root),
    projectName: z.exactOptional(name),
    verificationNotes: text,
    factKey: z.exactOptional(short),
    memoryKind: z.enum(memoryKinds),
    staleReason: short,
    supersededBy: z.exactOptional(id),
    examples: texts(100),
    tags: z.array(name).check(z.maxLength(200)),
    sessions,
    deadEnd: z.exactOptional(z.object({ when: short, because: short, instead: short })),
    cites: z.object({ files: texts(1_000), symbols: texts(1_000) }),
    confidence: share,
    importance: share,
    uses: small,
    lastUsedAt: z.exactOptional(at),
    promotedAt: z.exactOptional(at),
    createdAt: at,
    updatedAt: at,
    isVerified: z.boolean(),
    isPinned: z.boolean(),
  }),
  evidence: z.object({
    learning: id,
    key: short,
    kind: z.enum(['line', 'survival', 'verification', 'reaction', 'revert', 'reconfirmation', 'presence']),
    message: short,
    session: idOrNone,
    mergedFrom: z.exactOptional(id),
    args: z.array(z.union([short, z.number()])).check(z.maxLength(20)),
    lines: z.array(z.object({ uid: key, quote: short })).check(z.maxLength(100)),
    speaks: z.union([z.literal(-1), z.literal(0), z.literal(1)]),
    value: z.exactOptional(z.number()),
    at,
  }),
  trail: z.object({
    learning: id,
    by: z.enum(['person', 'rules', 'model']),
    action: z.string().check(z.regex(/^[a-z]{1,20}$/)),
    note: short,
    other: z.exactOptional(id),
    at,
  }),
  merges: z.object({ merged: id, into: id, sessions, at, mergedUpdatedAt: at, intoUpdatedAt: at }),
  marks: z.object({
    uid: key,
    session: id,
    isFlagged: z.boolean(),
    tags: z.array(name).check(z.maxLength(200)),
    updatedAt: at,
  }),
  names: z.object({ session: id, name, isPinned: z.boolean(), updatedAt: at }),
  searches: z.object({ id, name, text: short, uses: small, usedAt: at, updatedAt: at }),
  joins: z.object({
    from: root,
    into: root,
    why: z.enum(['moved', 'hand']),
    at,
    undoneAt: z.exactOptional(at),
  }),
  given: z.object({
    request: key,
    session: idOrNone,
    source: z.enum(['session-start', 'prompt', 'hand', 'mcp']),
    items: z.array(z.object({ id: keyOrNone, sessionId: z.exactOptional(id) })).check(z.maxLength(500)),
    tokens: count,
    at,
  }),
  choices: z.object({
    what: z.enum(['never', 'session', 'source']),
    target: short,
    session: idOrNone,
    item: keyOrNone,
    uid: keyOrNone,
    at,
  }),
  classes: z.object({
    what: z.enum(['project', 'session', 'row', 'learning']),
    root: z.exactOptional(root),
    session: z.exactOptional(id),
    uid: z.exactOptional(key),
    learning: z.exactOptional(id),
    class: z.enum(dataClasses),
    at,
  }),
  refusals: z.object({ error: key, fix: key, session: id, at }),
  uses: z.object({ session: id, uses: small, lastUsedAt: at }),
  calls: z.object({ id }),
} as const satisfies Record<RecordKind, z.ZodMiniType>;

export type RecordOf<Kind extends RecordKind> = z.output<(typeof recordSchemas)[Kind]>;
