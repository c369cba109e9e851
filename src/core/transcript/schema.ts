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

/** Fields of most lines. Strings as written, times in epoch milliseconds. */
export interface Envelope {
  uuid?: string;
  parentUuid?: string;
  sessionId?: string;
  /** From the snake-case `session_id`: the session the line came from, after /clear or a fork. */
  originSessionId?: string;
  at?: number;
  cwd?: string;
  gitBranch?: string;
  version?: string;
  entrypoint?: string;
  agentId?: string;
  isSidechain: boolean;
}

export type EntryBody =
  | { kind: 'prompt'; text: string; isHuman: boolean; note: MessageNote }
  | { kind: 'answer'; messageId: string; text: string; model: string; note: MessageNote }
  | {
      kind: 'tool_call';
      messageId: string;
      toolUseId: string;
      tool: string;
      input: Readonly<Record<string, unknown>>;
      model: string;
    }
  | { kind: 'tool_result'; toolUseId: string; isError: boolean; text: string; details: unknown; spillPath?: string }
  | {
      kind: 'usage';
      messageKey: string;
      model: string;
      input: number;
      output: number;
      cacheRead: number;
      cacheWrite: number;
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
 * prompt.
 */
export const titleRanks = { custom: 4, ai: 3, summary: 2, prompt: 1 } as const;
type TitleRank = (typeof titleRanks)[keyof typeof titleRanks];

export interface Entry {
  envelope: Envelope;
  bodies: EntryBody[];
  /** Set when nothing of the entry is stored. */
  skip?: SkipReason;
}

/** Known meta types without content worth storing. */
export const noiseTypes: ReadonlySet<string> = new Set([
  'progress',
  'file-history-snapshot',
  'file-history-delta',
  'queue-operation',
  'agent-name',
  'tag',
  'last-prompt',
  'mode',
  'permission-mode',
  'pr-link',
  'bridge-session',
  'frame-link',
  'relocated',
  'cost-state',
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
]);

/** Attachments with text that a person typed or a hook wrote; all others are ignored. */
export const keptAttachments: ReadonlySet<string> = new Set(['queued_command']);

/** The value when it is an object, else undefined. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function countOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.floor(value) : 0;
}
