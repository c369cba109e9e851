/**
 * The parts of a transcript line that the memory needs. Claude Code calls the format internal and may change it with
 * any release. So every field is optional, unknown types are counted, and nothing here throws.
 * @see docs/transcript-format.md
 */

/** Why a line (or part of a file) was not stored. */
export const skipReasons = [
  'duplicate',
  'noise',
  'unknown',
  'malformed',
  'too_long',
  'empty',
  'incomplete',
  'excluded',
  'private',
  'own',
  'forgotten',
  'observer',
  'expired',
  'stuck',
] as const;
export type SkipReason = (typeof skipReasons)[number];

/**
 * Fields of most lines: times in epoch milliseconds, `uuid` as written, the texts as written or, once the line is
 * sealed, without secrets.
 */
export interface Envelope<Text extends string = string> {
  uuid?: string;
  sessionId?: Text;
  /** From the snake-case `session_id`: the session the line came from, after /clear or a fork. */
  originSessionId?: Text;
  at?: number;
  cwd?: Text;
  gitBranch?: Text;
  version?: Text;
  entrypoint?: Text;
  agentId?: Text;
  isSidechain: boolean;
}

export interface ModelTokens<Text extends string = string> {
  model: Text;
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
  /** Of `cacheWrite`, what was written for an hour. */
  cacheWriteHour: number;
}

export type EntryBody =
  | {
      kind: 'prompt';
      text: string;
      isHuman: boolean;
      note: MessageNote;
      /** Ids of a queued prompt: those of its queue operation and of its line. */
      ids?: string[];
      /** The client says that it was typed into an empty queue. */
      isTyped?: boolean;
    }
  /** The client's own sum of the session so far, of each model. */
  | { kind: 'cost'; models: readonly ModelTokens[] }
  /** A prompt that a hook will send: its line is no person's. */
  | { kind: 'injected'; text: string }
  | {
      kind: 'queue';
      operation: 'enqueue' | 'dequeue' | 'remove' | 'popAll';
      text: string;
      isHuman: boolean;
      note: MessageNote;
      ids: string[];
    }
  | { kind: 'answer'; messageId: string; requestId?: string; text: string; model: string; note: MessageNote }
  | {
      kind: 'tool_call';
      messageId: string;
      requestId?: string;
      toolUseId: string;
      tool: string;
      input: Readonly<Record<string, unknown>>;
      model: string;
    }
  | { kind: 'tool_result'; toolUseId: string; isError: boolean; text: string; details: unknown; spillPath?: string }
  | {
      kind: 'usage';
      messageId: string;
      requestId?: string;
      model: string;
      input: number;
      output: number;
      cacheRead: number;
      cacheWrite: number;
      /** Of `cacheWrite`, what was written for an hour. */
      cacheWriteHour: number;
      /** Tokens of the text on this line, estimated, when the answer had not ended yet; else 0. */
      said: number;
    }
  | { kind: 'title'; title: string; rank: TitleRank; leafUuid?: string };

/** Kind of message, where the role is not enough. */
export type MessageNote =
  | ''
  | 'thinking'
  | 'compact_summary'
  | 'command'
  | 'notice'
  | 'task'
  | 'api_error'
  | 'attachment';

/**
 * The title with the highest rank wins: typed by a person, made by the client, summarised by an old client, first
 * prompt, first slash command.
 */
export const titleRanks = { custom: 4, ai: 3, summary: 2, prompt: 1, command: 0 } as const;
type TitleRank = (typeof titleRanks)[keyof typeof titleRanks];

export interface Entry<Text extends string = string> {
  envelope: Envelope<Text>;
  bodies: EntryBody[];
  /** Set when nothing of the entry is stored. */
  skip?: SkipReason;
  /** The type of a line that nothing is known of. */
  unknownType?: Text;
  /** Set when the entry is only a part of its line without an object: how many bytes of the line it is. */
  bytes?: number;
}

/** Known meta types without content worth storing. */
export const noiseTypes: ReadonlySet<string> = new Set([
  'progress',
  'file-history-snapshot',
  'file-history-delta',
  'agent-name',
  'tag',
  'last-prompt',
  'mode',
  'permission-mode',
  'pr-link',
  'bridge-session',
  'frame-link',
  'relocated',
  'atis-latch',
  'tools-used',
  'api-request-shape',
  'api-request-blob',
  'api-request',
  'worktree-state',
  'content-replacement',
  'continued-in',
  'agent-setting',
  'agent-color',
  'attribution-snapshot',
  'history-suppression',
  'started',
  'result',
  'launched',
  // Client 2.1.332.
  'resume-head-vouch',
  'memory-mode',
  'session-owner',
  'isolation-latch',
  'dev-mods',
  'data-flow-records',
  'data-flow-incomplete',
  'derived-from',
  'observer-ref',
  'api-request-resumed',
  'ended-by-model',
  'fork-context-ref',
  'host-row',
  'repl-mode',
  'hybrid-organization',
  'artifact-comment-monitor',
  'artifact-autoreact-ledger',
]);

/** Attachments with text that a person typed or a hook wrote; all others are ignored. */
export const keptAttachments: ReadonlySet<string> = new Set(['queued_command']);

export type Json = Readonly<Record<string, unknown>>;

/** The value when it is an object, else undefined. */
export function recordOf(value: unknown): Json | undefined {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Json) : undefined;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Longest id that is only compared, and longest path of a spilled output. Lines are not trusted. */
const maxId = 200;
const maxPath = 4096;

export const idOf = (value: unknown): string | undefined => textOf(value)?.slice(0, maxId);

export const pathOf = (value: unknown): string | undefined => textOf(value)?.slice(0, maxPath);

export function countOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.floor(value) : 0;
}
