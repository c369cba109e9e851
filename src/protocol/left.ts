/** What is left in a project, over all its sessions, and what was done in a time. Times are epoch milliseconds. */
import type { SessionId } from './model';
import type { RowKey } from './row-key';

/** A sentence with the place where it stands. */
export interface LeftLine {
  /** One line of plain text. */
  text: string;
  sessionId: SessionId;
  /** Of the session. */
  title: string;
  turn: number;
  at: number;
  /** Absent when the row was deleted. */
  key?: RowKey;
}

/** What a session worked on: a folder, or a branch; empty when neither is known. */
export type Topic = string;

export interface OpenEnd extends LeftLine {
  /** Of what would be given of it: a person who says that it must never be given has closed it. */
  pieceId: string;
  topic: Topic;
  /** Sessions that left it open; the line is of the last one. */
  times: number;
}

/**
 * How it is known that a later session did it. `check`: the same command passed. `todo`: the same item was ticked. `done`: a
 * later report or commit says it.
 */
export type ClosedHow = 'check' | 'todo' | 'done';

/** Closed by what a later session did, or by a person at a time. */
type ClosedBy = (LeftLine & { how: ClosedHow }) | { how: 'person'; at: number };

export interface ClosedEnd extends OpenEnd {
  by: ClosedBy;
}

interface LeftDecision extends LeftLine {
  topic: Topic;
  /** Earlier decisions that it took the place of. */
  superseded: LeftLine[];
}

/** A learning that says what does not work. */
export interface LeftDeadEnd {
  id: string;
  title: string;
  /** False: it waits among the proposals. */
  isAccepted: boolean;
  at: number;
}

interface RecurringError {
  /** As it was met last. */
  line: LeftLine;
  sessions: number;
  times: number;
  /** What made it go away the last time that something did. */
  fix?: LeftLine;
}

export interface SessionDone {
  sessionId: SessionId;
  title: string;
  project: string;
  at: number;
  done: LeftLine[];
  files: number;
}

export interface WhatIsLeft {
  openEnds: OpenEnd[];
  /** Open ends that a later session did, the last first. */
  closed: ClosedEnd[];
  decisions: LeftDecision[];
  deadEnds: LeftDeadEnd[];
  errors: RecurringError[];
  /** Sessions at work after `since`, the last first; empty without it. */
  since: SessionDone[];
  topics: { topic: Topic; openEnds: number; decisions: number }[];
  /** Sessions that were looked at, and those that have no summary yet. */
  sessions: number;
  pending: number;
}

/** What was done in a time, project by project. */
export interface Digest {
  from: number;
  /** Exclusive. */
  to: number;
  projects: {
    name: string;
    sessions: SessionDone[];
    decisions: LeftLine[];
    /** Left open then, and not done since. */
    openEnds: LeftLine[];
    closed: ClosedEnd[];
  }[];
  pending: number;
}
