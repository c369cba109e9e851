/**
 * How much what is stored must be protected. A class follows from what a text is and from what was found in it, or is set
 * by a person; what is made of rows has the highest class of them. The class decides which ways out are open.
 */

import type { SessionId } from './model';

/** From the lowest to the highest. */
export const dataClasses = ['public', 'internal', 'sensitive', 'confidential', 'top_secret'] as const;
export type DataClass = (typeof dataClasses)[number];

/**
 * Ways by which a text leaves the memory. `give`: hooks, briefs, the basket and the chat of the editor. `mcp`: tools of any
 * client of MCP. `model`: sent to a model that answers or summarises. `export`: files that are written. `team`: files of a
 * repository, which others read.
 */
export const waysOut = ['give', 'mcp', 'model', 'export', 'team'] as const;
export type WayOut = (typeof waysOut)[number];

export interface ClassPolicy {
  /** The highest class that may go each way. */
  upTo: Readonly<Record<WayOut, DataClass>>;
}

/** Equal to the defaults of the settings. */
export const defaultPolicy: ClassPolicy = {
  upTo: { give: 'confidential', mcp: 'confidential', model: 'sensitive', export: 'sensitive', team: 'sensitive' },
};

/** What a person may ask an export for, beyond the policy. What is higher leaves only by a changed setting. */
export const askedExport: DataClass = 'confidential';

/** What these are at least, whatever stands in them. The rest is `internal`. */
export const promptClass: DataClass = 'sensitive';
export const madeClass: DataClass = 'sensitive';
export const usualClass: DataClass = 'internal';
/** A text in which a secret was found, which stands there no more. */
export const secretClass: DataClass = 'confidential';

export const rankOf = (of: DataClass): number => dataClasses.indexOf(of);
export const classAt = (rank: number): DataClass => dataClasses[Math.max(0, Math.min(rank, dataClasses.length - 1))]!;

/** The highest class that an export has: what the policy allows, or what was asked for. */
export const exportLimit = ({ upTo }: ClassPolicy, asked: DataClass | undefined): DataClass =>
  asked === undefined
    ? upTo.export
    : classAt(Math.max(rankOf(upTo.export), Math.min(rankOf(asked), rankOf(askedExport))));

/**
 * Kinds of marks that a person switched on: they hide names and addresses, and no secret was found. The beginning of a
 * kind.
 */
export const kindsWithoutSecret = ['own-', 'email:', 'phone:', 'iban:'] as const;

const markOfSecret = new RegExp(`\\[REDACTED:(?!${kindsWithoutSecret.join('|')})`);
/** True when a secret was found in the text and replaced by its mark. */
export const hasSecret = (text: string): boolean => markOfSecret.test(text);

/** In place of a title that does not go along. */
export const heldTitle = '(title held back by its class)';

/** What a class is set on: a row, a learning or a session by its key, or a project. Null takes it off. */
export interface ClassEntry {
  key?: string;
  projectId?: number;
  class: DataClass | null;
}

export interface ClassOf {
  /** What it has, for whatever reason. Of a session and a project: what is made of it, like titles. */
  class: DataClass;
  /** What a person set on it. */
  set?: DataClass;
  /** A session has rows in which a secret was found. */
  hasSecrets?: true;
}

/** A class that a person set. */
export interface SetClass extends ClassEntry {
  what: 'project' | 'session' | 'row' | 'learning';
  class: DataClass;
  /** For a person: a title, a folder, or the beginning of the row. Empty when it is not in the memory now. */
  name: string;
  at: number;
}

export interface ClassOverview {
  /** Rows in which a secret was found, and the sessions that they are of. */
  withSecret: { rows: number; sessions: number };
  /** How much a person set, by class; only what was set. */
  set: Partial<Record<DataClass, { projects: number; sessions: number; rows: number; learnings: number }>>;
  policy: ClassPolicy;
}

export interface HeldBack {
  keys: string[];
  /** Sessions that may go, but not their titles. */
  titles: SessionId[];
}

/** What of a part of the memory an export leaves here. */
export interface ClassesLeft {
  /** The highest class that goes. */
  upTo: DataClass;
  rows: number;
  /** Whole ones. */
  sessions: number;
  learnings: number;
  highest?: DataClass;
}
