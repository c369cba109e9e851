/**
 * The same requests, with an entry in the audit log for each that matters: what machines read (command line, MCP, hook),
 * and whatever exports, erases, restores, sends or changes what may be read, by whomever. Never a text, a query or a path.
 */
import { createHmac } from 'node:crypto';
import type { AuditAction, Auditor } from '../../protocol/audit';
import type { MemoryApi, MemoryMethod } from '../../protocol/memory-api';
import type { AuditLog, AuditNote } from '../care/audit-log';
import type { ConnectModel } from '../distil/ask/language-model';
import type { SqlDriver } from '../store/sqlite/driver';
import { getConfiguration, setConfiguration } from '../store/tables/configuration';

interface AuditedPorts {
  driver: SqlDriver;
  audit: AuditLog;
  /** Monotonic milliseconds. */
  elapsed: () => number;
  now: () => number;
  /** For hashes of settings, which are only compared. */
  secret: string;
}

/** Requests that give content back. What a person reads in a window is no read by a machine. */
const reads: ReadonlySet<MemoryMethod> = new Set([
  'search',
  'ask',
  'moreInSession',
  'sessionText',
  'listSessions',
  'getSession',
  'readSession',
  'findInSession',
  'stepInSession',
  'outline',
  'fileEdits',
  'getItem',
  'memoryText',
  'brief',
  'promptContext',
  'packContext',
  'basket',
  'basketFrom',
  'listLearnings',
  'learningProof',
  'watches',
  'contradictions',
  'pastFixes',
  'why',
  'sessionChanges',
  'sessionChange',
  'fileAtTurn',
  'whatIsLeft',
  'digest',
  'around',
  'findEntities',
  'summary',
  'summaryVersion',
] satisfies MemoryMethod[]);

const machines: ReadonlySet<Auditor> = new Set(['cli', 'mcp', 'hook', 'chat', 'unknown']);

const acts: Partial<Record<MemoryMethod, AuditAction>> = {
  importNow: 'import',
  erase: 'erase',
  forgetSession: 'forget',
  forgetProject: 'forget',
  deleteEverything: 'delete_all',
  deleteArchive: 'delete_all',
  readAgain: 'recall',
  scanAgain: 'scan',
  backUp: 'backup',
  restoreBackup: 'restore',
  undoRestore: 'restore',
  restoreTranscript: 'export',
  noteExport: 'export',
  noteChatRead: 'read',
  exportMemory: 'export',
  importMemory: 'import',
  restrictProcessing: 'setting',
  liftRestriction: 'setting',
  setClasses: 'setting',
  repair: 'repair',
  startBackfill: 'model_call',
  summarizeByModel: 'model_call',
  askModel: 'model_call',
  chooseModel: 'setting',
  removeModel: 'setting',
  joinProjects: 'setting',
};

export function audited(api: MemoryApi, who: Auditor, ports: AuditedPorts): MemoryApi {
  const { audit, elapsed } = ports;
  const wrap = (name: MemoryMethod): unknown => {
    const answer = api[name] as (...args: unknown[]) => Promise<unknown>;
    const action = acts[name] ?? (machines.has(who) && reads.has(name) ? 'read' : undefined);
    if (name === 'configure' || name === 'configureModel')
      return async (...args: unknown[]) => {
        const value = await answer(...args);
        noteSettings(ports, who, name, args[0]);
        return value;
      };
    if (action === undefined) return answer;
    return (...args: unknown[]) => audit.noting(noteOf(who, action, name, args), elapsed, async () => answer(...args));
  };
  return Object.fromEntries(
    (Object.keys(api) as MemoryMethod[]).map((name) => [name, wrap(name)]),
  ) as unknown as MemoryApi;
}

const isId = (value: unknown): value is string => typeof value === 'string' && /^[\w.:@#-]{1,200}$/.test(value);

/** The request and the id it is about, where that is no text. */
function noteOf(who: Auditor, action: AuditAction, name: MemoryMethod, args: readonly unknown[]): AuditNote {
  const [first, second] = args;
  const field = (key: string) => (first as Record<string, unknown> | null | undefined)?.[key];
  const idsFirst: ReadonlySet<MemoryMethod> = new Set([
    'getSession',
    'sessionText',
    'outline',
    'sessionChanges',
    'sessionChange',
    'forgetSession',
    'getItem',
    'memoryText',
    'learningProof',
    'summary',
    'restoreTranscript',
    'noteExport',
    'noteChatRead',
    'summarizeByModel',
  ]);
  const id = idsFirst.has(name)
    ? first
    : name === 'forgetProject'
      ? String(first)
      : name === 'erase'
        ? undefined
        : field('sessionId');
  const kind = name === 'erase' ? (second as { kind?: unknown } | undefined)?.kind : undefined;
  return {
    // A chat has no connection of its own: the window that it is in asks for it.
    who: name === 'noteChatRead' ? 'chat' : who,
    action,
    resource: isId(id) ? `${name}:${id}` : isId(kind) ? `${name}:${kind}` : name,
    details: {
      ...(name === 'erase' && isId(first) && { request: first }),
      ...(name === 'noteExport' && typeof second === 'number' && { count: second }),
      ...(Array.isArray(first) && { count: first.length }),
    },
  };
}

/** Windows send all their settings whenever they connect: an entry is written when one of them is another than before. */
function noteSettings({ driver, audit, now, secret }: AuditedPorts, who: Auditor, name: string, given: unknown): void {
  const key = `keeper.audited:${name}`;
  const before = getConfiguration<Record<string, string>>(driver, key) ?? {};
  const { source: _, roots: _roots, trustedRoots: _trusted, ...settings } = given as Record<string, unknown>;
  const after = Object.fromEntries(
    Object.entries(settings).map(([each, value]) => [
      each,
      createHmac('sha256', secret)
        .update(JSON.stringify(value ?? null))
        .digest('base64url')
        .slice(0, 22),
    ]),
  );
  const changed = Object.keys(after).filter((each) => after[each] !== before[each]);
  if (changed.length === 0) return;
  setConfiguration(driver, key, { ...before, ...after }, now());
  // What a first window says is no change of anything.
  if (Object.keys(before).length === 0) return;
  const isKey = changed.includes('key');
  audit.note({ who, action: isKey ? 'key' : 'setting', resource: name, details: { changed: changed.join(',') } });
}

/** Models whose every call is written into the audit log: which model, at which address, how it ended. */
export function auditedModels(connect: ConnectModel, audit: () => AuditLog, elapsed: () => number): ConnectModel {
  return async (access) => {
    const model = await connect(access);
    const host = hostOf(access.baseUrl);
    const noting = <T>(resource: string, details: AuditNote['details'], work: () => Promise<T>) =>
      audit().noting({ action: 'model_call', resource, details: { host, ...details } }, elapsed, work);
    return {
      ask: (question, signal) => noting('ask', { model: question.model }, () => model.ask(question, signal)),
      countTokens: (name, text, signal) =>
        noting('countTokens', { model: name }, () => model.countTokens(name, text, signal)),
      submitBatch: (questions, signal) =>
        noting('submitBatch', { count: questions.length }, () => model.submitBatch(questions, signal)),
      // Asks only whether answers are there: nothing is sent.
      fetchBatch: (batchId, signal) => model.fetchBatch(batchId, signal),
    };
  };
}

function hostOf(baseUrl: string): string {
  try {
    return baseUrl === '' ? 'api' : new URL(baseUrl).host;
  } catch {
    return 'other';
  }
}
