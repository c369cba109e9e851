/**
 * Entries → drafts of rows, each with its turn. A transcript is a tree (parallel tools, rewinds, two clients writing
 * one file), lines are not in the order of time, and ids repeat. So turns follow the order in the file, tool results
 * find their call by id and never by position, and every draft has a key that is the same wherever the row is copied.
 */
import { createHash } from 'node:crypto';
import type { Entry, Envelope, MessageNote } from './schema';

/** State between two readings of one file. JSON of limited size. */
export interface ThreadState {
  turn: number;
  at: number;
  cwd: string;
  gitBranch: string;
  version: string;
  entrypoint: string;
  lastUuid: string;
  /** Hashes of the last human prompts: a message typed while Claude is busy is written twice. */
  recentPrompts: string[];
  /** The last human prompt while it has no answer, which may come with a later reading. */
  unanswered?: { uid: string; hash: string };
}

export const newThread: ThreadState = {
  turn: 0,
  at: 0,
  cwd: '',
  gitBranch: '',
  version: '',
  entrypoint: '',
  lastUuid: '',
  recentPrompts: [],
};

interface DraftBase {
  /** Identity of the row in all files. */
  uid: string;
  turn: number;
  at: number;
  cwd: string;
  agentId?: string;
  /** Index of its line in the batch, for the ledger. */
  line: number;
}

export interface MessageDraft extends DraftBase {
  kind: 'message';
  role: 'user' | 'assistant' | 'system';
  note: MessageNote;
  text: string;
  hash: string;
  model: string;
  /** Id of the first answer to a human prompt: old clients copy prompts with new uuids, but answers keep their ids. */
  answerKey?: string;
}

export interface CallDraft extends DraftBase {
  kind: 'call';
  toolUseId: string;
  tool: string;
  input: Readonly<Record<string, unknown>>;
}

export interface ResultDraft {
  kind: 'result';
  toolUseId: string;
  isError: boolean;
  text: string;
  details: unknown;
  spillPath?: string;
  at: number;
  turn: number;
  agentId?: string;
  cwd: string;
  line: number;
}

export interface UsageDraft {
  kind: 'usage';
  message: string;
  model: string;
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
  /** Epoch milliseconds, from the line. */
  at: number;
}

export interface TitleDraft {
  kind: 'title';
  title: string;
  rank: number;
  leafUuid?: string;
}

/** The answer to a prompt that was read earlier. */
export interface AnsweredDraft {
  kind: 'answered';
  uid: string;
  answerKey: string;
}

export type Draft = MessageDraft | CallDraft | ResultDraft | UsageDraft | TitleDraft | AnsweredDraft;

const maxRecentPrompts = 8;

export interface ThreadOptions {
  isAgentFile: boolean;
  /** The parent session's turn at a time, for sub-agent files. */
  turnAt?: (at: number) => number;
}

/** The drafts of one batch in file order, and the state after it. The given state is not changed. */
export function threadEntries(
  entries: readonly { entry: Entry; line: number }[],
  before: ThreadState,
  options: ThreadOptions,
): { drafts: Draft[]; state: ThreadState; duplicateLines: Set<number> } {
  const state: ThreadState = { ...before, recentPrompts: [...before.recentPrompts] };
  const drafts: Draft[] = [];
  const duplicateLines = new Set<number>();
  let prompt: MessageDraft | undefined;
  /** A prompt is identified by its first answer. */
  const answerPrompt = (messageId: string) => {
    if (!state.unanswered) return;
    const { uid, hash } = state.unanswered;
    const answerKey = digest(`${messageId}\0${hash}`);
    if (prompt) prompt.answerKey = answerKey;
    else drafts.push({ kind: 'answered', uid, answerKey });
    delete state.unanswered;
  };
  for (const { entry, line } of entries) {
    follow(state, entry.envelope);
    const isSide = options.isAgentFile || entry.envelope.isSidechain;
    const turn = () => (options.isAgentFile ? (options.turnAt?.(state.at) ?? state.turn) : state.turn);
    const base = () => ({
      turn: turn(),
      at: state.at,
      cwd: state.cwd,
      line,
      ...(isSide && { agentId: entry.envelope.agentId ?? 'sidechain' }),
    });
    for (const body of entry.bodies) {
      switch (body.kind) {
        case 'prompt': {
          const isHuman = body.isHuman && !isSide;
          const hash = digest(body.text);
          if (
            isHuman && body.note === 'attachment'
              ? state.recentPrompts.includes(hash)
              : isHuman && isRepeated(state, hash)
          ) {
            duplicateLines.add(line);
            break;
          }
          if (isHuman) {
            state.turn++;
            state.recentPrompts = [...state.recentPrompts, body.note === 'attachment' ? `q${hash}` : hash].slice(
              -maxRecentPrompts,
            );
          }
          const draft: MessageDraft = {
            kind: 'message',
            role: isHuman ? 'user' : 'system',
            note: body.note,
            text: body.text,
            hash,
            model: '',
            ...base(),
            uid: `m:${entry.envelope.uuid ?? `${entry.envelope.sessionId ?? ''}:${state.at}`}:${hash}`,
          };
          drafts.push(draft);
          if (isHuman) {
            prompt = draft;
            state.unanswered = { uid: draft.uid, hash };
          }
          break;
        }
        case 'answer': {
          if (!isSide) answerPrompt(body.messageId);
          const hash = digest(body.text);
          drafts.push({
            kind: 'message',
            role: 'assistant',
            note: body.note,
            text: body.text,
            hash,
            model: body.model,
            uid: `a:${body.messageId}:${hash}`,
            ...base(),
          });
          break;
        }
        case 'tool_call': {
          if (!isSide) answerPrompt(body.messageId);
          // Some gateways number their tool calls from zero, so the input is part of the key.
          const json = jsonOf(body.input);
          const uid = `t:${body.messageId}:${body.toolUseId}:${digest(json ?? '')}`;
          drafts.push({
            kind: 'call',
            toolUseId: body.toolUseId,
            tool: body.tool,
            input: json === undefined ? {} : body.input,
            uid,
            ...base(),
          });
          break;
        }
        case 'tool_result': {
          const { kind: _, ...result } = body;
          drafts.push({ kind: 'result', ...result, ...base() });
          break;
        }
        case 'usage': {
          const { kind: _, messageKey: message, ...counts } = body;
          drafts.push({ kind: 'usage', message, ...counts, at: base().at });
          break;
        }
        case 'title':
          drafts.push({
            kind: 'title',
            title: body.title,
            rank: body.rank,
            ...(body.leafUuid && { leafUuid: body.leafUuid }),
          });
      }
    }
  }
  return { drafts, state, duplicateLines };
}

/** A message typed while Claude was busy, read as an attachment before and as a line now. */
function isRepeated(state: ThreadState, hash: string): boolean {
  const index = state.recentPrompts.indexOf(`q${hash}`);
  if (index < 0) return false;
  state.recentPrompts.splice(index, 1);
  return true;
}

function follow(state: ThreadState, envelope: Envelope): void {
  if (envelope.at !== undefined) state.at = envelope.at;
  if (envelope.cwd !== undefined) state.cwd = envelope.cwd;
  if (envelope.gitBranch !== undefined && envelope.gitBranch !== 'HEAD') state.gitBranch = envelope.gitBranch;
  if (envelope.version !== undefined) state.version = envelope.version;
  if (envelope.entrypoint !== undefined) state.entrypoint = envelope.entrypoint;
  if (envelope.uuid !== undefined) state.lastUuid = envelope.uuid;
}

/** Undefined when the value is nested too deeply: JSON.parse accepts it, JSON.stringify overflows the stack. */
function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** Short stable name of a text: 132 bits of its SHA-256. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
