/**
 * What a transcript line may look like, as far as memory needs it. Claude Code calls the format internal and changes it
 * with any release: so every field is optional, every unknown thing is counted, and nothing here throws.
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
] as const;
export type SkipReason = (typeof skipReasons)[number];

/** Fields that most lines carry. Strings are as written, times epoch milliseconds. */
export interface Envelope {
  uuid?: string;
  parentUuid?: string;
  sessionId?: string;
  /** Snake-case twin: the session this line came from, after /clear or a fork. */
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

/** What sort of message, where role alone does not tell. */
export type MessageNote =
  | ''
  | 'thinking'
  | 'compact_summary'
  | 'command'
  | 'notice'
  | 'task'
  | 'api_error'
  | 'attachment';

/** Which title wins: what a person typed, what the client made, what an old client summed up, the first prompt. */
export const titleRanks = { custom: 4, ai: 3, summary: 2, prompt: 1 } as const;
export type TitleRank = (typeof titleRanks)[keyof typeof titleRanks];

export interface Entry {
  envelope: Envelope;
  bodies: EntryBody[];
  /** Set when the entry gives memory nothing. */
  skip?: SkipReason;
}

/** Meta types whose content is machinery: known, and of no use to memory. */
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

/** Attachments that hold something a person typed or a hook said; all others are machinery. */
export const keptAttachments: ReadonlySet<string> = new Set(['queued_command']);

/** A value as a record, or undefined. */
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
