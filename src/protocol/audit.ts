/** The audit log: who did what with the memory, never with its text. */

/** Heads, and what the memory does by itself. */
export const auditors = ['window', 'cli', 'mcp', 'hook', 'chat', 'memory', 'unknown'] as const;
export type Auditor = (typeof auditors)[number];

export const auditActions = [
  'read',
  'export',
  'import',
  'erase',
  'forget',
  'recall',
  'delete_all',
  'scan',
  'backup',
  'restore',
  'repair',
  'setting',
  'model_call',
  'key',
  'receipt',
  'prune',
] as const;
export type AuditAction = (typeof auditActions)[number];

export type AuditResult = 'done' | 'failed' | 'cancelled';

export interface AuditEntry {
  no: number;
  /** Epoch milliseconds. */
  at: number;
  who: Auditor;
  action: AuditAction;
  /** What it was about: a name of a request, an id, a kind. Never text. */
  resource: string;
  result: AuditResult;
  durationMs: number;
  /** Counts and ids. */
  details: Record<string, string | number | boolean>;
}

/** What a check of the chain has found. */
export interface AuditCheck {
  entries: number;
  /** Numbers of entries that are not what was written; of a gap, the entry behind it. */
  changed: number[];
  /** Entries are missing at the end, or the log was put back to an earlier state. */
  isCut: boolean;
  /** The key is another one than that by which the entries were written. */
  isOtherKey: boolean;
  /** Entries from before the log had a chain. */
  unchained: number;
}
