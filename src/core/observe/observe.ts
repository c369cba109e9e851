/** Drafts → rows: the content of each message and tool call, measured and cleaned, but not redacted yet. */
import type { ObservationType } from '../../protocol/model';
import type { KeyedName, NameKey } from '../lib/keyed-name';
import type { Redacted } from '../lib/redacted';
import { wholeLines } from '../lib/text';
import type {
  AnsweredDraft,
  CallDraft,
  CostDraft,
  Draft,
  MessageDraft,
  QueueDraft,
  ResultDraft,
  TitleDraft,
  UsageDraft,
} from '../transcript/drafts';
import { cleanText } from './clean';
import { fingerprintError } from './fingerprint';
import { describeCall, describeDetails } from './tools';
import type { RawDiff } from './tools';

interface RowBase<Text extends string> {
  uid: KeyedName;
  turn: number;
  at: number;
  cwd: Redacted | '';
  agentId: Text | null;
  line: number;
}

export interface MessageRow<Text extends string = string> extends RowBase<Text> {
  kind: 'message';
  role: 'user' | 'assistant' | 'system';
  note: string;
  text: Text;
  truncatedBytes: number;
  hash: KeyedName;
  answerKey: KeyedName | null;
  /** The form it has in rows that were stored before hashes were keyed. */
  olderAnswerKey: KeyedName | null;
  model: Text;
}

/** Fields that a result adds to its call. */
interface ResultFacts<Text extends string = string> {
  type: ObservationType;
  output: Text;
  /** One line, taken from the output after it was redacted. */
  preview: Text;
  truncatedBytes: number;
  exitStatus: number | null;
  fingerprint: KeyedName | null;
  files: Text[];
}

export interface ToolRow<Text extends string = string> extends RowBase<Text> {
  kind: 'tool';
  toolUseId: KeyedName;
  tool: Text;
  headline: Text;
  input: Text;
  diffs: { file: Text; before: Text; after: Text }[];
  importance: number;
  result: ResultFacts<Text>;
  /** Model that made the call. */
  model?: Text;
  /** Line of the result, when it has been read. */
  resultLine?: number;
  isAnswered: boolean;
}

/** A result whose call was read in an earlier batch; the store joins them. */
export interface LateResultRow<Text extends string = string> {
  kind: 'late_result';
  /** Stored as a row of its own when the call is missing. */
  own: ToolRow<Text>;
  toolUseId: KeyedName;
}

export type ObservedRow<Text extends string = string> = MessageRow<Text> | ToolRow<Text> | LateResultRow<Text>;

export interface Observed {
  rows: ObservedRow[];
  usage: UsageDraft[];
  titles: TitleDraft[];
  answered: AnsweredDraft[];
  queue: QueueDraft[];
  /** The last of the batch. */
  cost?: CostDraft;
}

export interface ObserveOptions {
  /** The text of an output that the client wrote to a file; undefined when it may not be read. */
  readSpill: (path: string) => Promise<{ text: string; bytes: number } | undefined>;
  /** The tool of a call that was read in an earlier batch. */
  toolOf: (toolUseId: KeyedName) => string | undefined;
  names: NameKey;
}

const noResult: ResultFacts = {
  type: 'info',
  output: '',
  preview: '',
  truncatedBytes: 0,
  exitStatus: null,
  fingerprint: null,
  files: [],
};

export async function observeDrafts(
  drafts: readonly Draft[],
  { readSpill, toolOf, names }: ObserveOptions,
): Promise<Observed> {
  const options = { readSpill: rationSpills(readSpill), toolOf, names };
  const observed: Observed = { rows: [], usage: [], titles: [], answered: [], queue: [] };
  const calls = new Map<string, ToolRow>();
  for (const draft of drafts) {
    switch (draft.kind) {
      case 'message':
        observed.rows.push(observeMessage(draft));
        break;
      case 'call': {
        const row = observeCall(draft);
        calls.set(draft.toolUseId, row);
        observed.rows.push(row);
        break;
      }
      case 'result': {
        const call = calls.get(draft.toolUseId);
        const tool = call?.tool ?? options.toolOf(draft.toolUseId) ?? 'unknown';
        const result = await observeResult(draft, tool, options);
        if (call) answer(call, draft, result);
        else observed.rows.push({ kind: 'late_result', toolUseId: draft.toolUseId, own: orphan(draft, tool, result) });
        break;
      }
      case 'usage':
        observed.usage.push(draft);
        break;
      case 'answered':
        observed.answered.push(draft);
        break;
      case 'cost':
        observed.cost = draft;
        break;
      case 'withdrawn':
      case 'placed':
        observed.queue.push(draft);
        break;
      case 'title':
        observed.titles.push({ ...draft, title: cleanText(draft.title).text });
    }
  }
  return observed;
}

/**
 * Limits of spilled text in memory per batch, in letters. Above the first limit only the beginning of each further
 * spill is read, above the second nothing.
 */
const maxSpilled = 4 << 20;
const minSpill = 64 * 1024;
const endOfSpills = 32 << 20;

/** Reads each spill once per batch and limits their sum: many results may name one large file. */
export function rationSpills(readSpill: ObserveOptions['readSpill']): ObserveOptions['readSpill'] {
  const known = new Map<string, ReturnType<typeof readSpill>>();
  let held = 0;
  return async (path) => {
    if (held >= endOfSpills) return undefined;
    const reading = known.get(path) ?? readSpill(path);
    known.set(path, reading);
    const spill = await reading;
    if (!spill) return undefined;
    const text =
      held + spill.text.length <= maxSpilled || spill.text.length <= minSpill
        ? spill.text
        : wholeLines(spill.text.slice(0, minSpill));
    held += text.length;
    return { text, bytes: spill.bytes };
  };
}

function observeMessage(draft: MessageDraft): MessageRow {
  const { text, truncatedBytes } = cleanText(draft.text);
  const { uid, turn, at, cwd, line, role, note, hash, model } = draft;
  return {
    kind: 'message',
    uid,
    turn,
    at,
    cwd,
    line,
    role,
    note,
    hash,
    model,
    text,
    truncatedBytes,
    agentId: draft.agentId ?? null,
    answerKey: draft.answerKey ?? null,
    olderAnswerKey: draft.olderAnswerKey ?? null,
  };
}

function observeCall(draft: CallDraft): ToolRow {
  const facts = describeCall(draft.tool, draft.input);
  const { uid, turn, at, cwd, line, toolUseId, tool } = draft;
  return {
    kind: 'tool',
    uid,
    turn,
    at,
    cwd,
    line,
    toolUseId,
    tool,
    agentId: draft.agentId ?? null,
    ...(draft.model && { model: draft.model }),
    headline: facts.headline,
    input: facts.input,
    diffs: facts.diffs,
    importance: facts.importance,
    result: { ...noResult, files: facts.files },
    isAnswered: false,
  };
}

async function observeResult(
  draft: ResultDraft,
  tool: string,
  options: ObserveOptions,
): Promise<ResultFacts & { before?: string }> {
  const spilled = draft.spillPath ? await options.readSpill(draft.spillPath) : undefined;
  const raw = spilled ? spilled.text : unwrap(draft.text);
  const { text: output, truncatedBytes } = cleanText(raw);
  const beyond = spilled ? Math.max(0, spilled.bytes - Buffer.byteLength(spilled.text)) : 0;
  const status = /^(?:Error: )?Exit code (\d{1,10})(?!\d)/.exec(output)?.[1];
  const exitStatus = status !== undefined ? Number(status) : tool === 'Bash' && !draft.isError ? 0 : null;
  const isError = draft.isError || (exitStatus !== null && exitStatus !== 0);
  const type: ObservationType = isError
    ? 'error'
    : /\bwarn(?:ing)?s?\b/i.test(output.slice(0, 4000)) && tool === 'Bash'
      ? 'warning'
      : 'tool_result';
  const { files, before } = describeDetails(tool, draft.details);
  return {
    type,
    output,
    preview: '',
    truncatedBytes: truncatedBytes + beyond,
    exitStatus,
    fingerprint: isError ? fingerprintOf(output, options.names) : null,
    files,
    ...(before !== undefined && { before }),
  };
}

/** Keyed, because the line is not redacted yet and what it has beside paths and numbers may be a password. */
function fingerprintOf(output: string, names: NameKey): KeyedName | null {
  const fingerprint = fingerprintError(output);
  return fingerprint === undefined ? null : names.of(fingerprint);
}

/** Adds a result to its call. An error raises the importance. */
function answer(call: ToolRow, draft: ResultDraft, { before, ...result }: ResultFacts & { before?: string }): void {
  call.result = { ...result, files: [...new Set([...call.result.files, ...result.files])] };
  call.isAnswered = true;
  call.resultLine = draft.line;
  if (result.type === 'error') call.importance = Math.max(call.importance, 0.7);
  const [diff] = call.diffs as [RawDiff?];
  if (before !== undefined && diff) diff.before = before;
  if (call.at === 0) call.at = draft.at;
}

function orphan(draft: ResultDraft, tool: string, facts: ResultFacts & { before?: string }): ToolRow {
  const { before: _before, ...result } = facts;
  return {
    kind: 'tool',
    uid: draft.orphanUid,
    turn: draft.turn,
    at: draft.at,
    cwd: draft.cwd,
    line: draft.line,
    agentId: draft.agentId ?? null,
    toolUseId: draft.toolUseId,
    tool,
    headline: '',
    input: '',
    diffs: [],
    importance: result.type === 'error' ? 0.7 : 0.3,
    result,
    isAnswered: true,
  };
}

const unwrap = (text: string): string => text.replace(/^\s*<tool_use_error>([\s\S]*)<\/tool_use_error>\s*$/, '$1');
