/**
 * Every request a head can make to the keeper, from the tables in `questions/`. All arguments and results are JSON; a
 * trailing AbortSignal is transmitted.
 */
import type { EraseProgress } from './erase';
import type { MeaningStatus } from './meaning';
import type { SessionId } from './model';
import type { PortableProgress } from './portable';
import { askQuestions } from './questions/ask';
import { captureQuestions } from './questions/capture';
import { careQuestions } from './questions/care';
import { classQuestions } from './questions/classes';
import { eraseQuestions } from './questions/erase';
import { giveQuestions } from './questions/give';
import { insightsQuestions } from './questions/insights';
import { joinQuestions } from './questions/joins';
import { learningQuestions } from './questions/learnings';
import { leftQuestions } from './questions/left';
import { meaningQuestions } from './questions/meaning';
import { pastFixQuestions } from './questions/past-fixes';
import { portableQuestions } from './questions/portable';
import type { ApiOf } from './questions/question';
import { redactionQuestions } from './questions/redaction';
import { searchQuestions } from './questions/search';
import { sessionTextQuestions } from './questions/session-text';
import { sessionQuestions } from './questions/sessions';
import { spendQuestions } from './questions/spend';
import { storyQuestions } from './questions/story';
import { summaryQuestions } from './questions/summaries';
import { watchQuestions } from './questions/watches';
import { whyQuestions } from './questions/why';
import type { ScanProgress } from './redaction';
import type { QueueStatus } from './spend';
import type { CaptureState } from './status';

export const memoryQuestions = {
  ...captureQuestions,
  ...joinQuestions,
  ...sessionQuestions,
  ...sessionTextQuestions,
  ...searchQuestions,
  ...learningQuestions,
  ...summaryQuestions,
  ...insightsQuestions,
  ...meaningQuestions,
  ...spendQuestions,
  ...careQuestions,
  ...redactionQuestions,
  ...eraseQuestions,
  ...giveQuestions,
  ...pastFixQuestions,
  ...whyQuestions,
  ...storyQuestions,
  ...leftQuestions,
  ...askQuestions,
  ...portableQuestions,
  ...watchQuestions,
  ...classQuestions,
};

export type MemoryApi = ApiOf<typeof memoryQuestions>;
export type MemoryMethod = keyof MemoryApi;

/** A server must answer no other methods. */
export const memoryMethods = Object.keys(memoryQuestions) as MemoryMethod[];

/** Sent by the keeper to every head. */
export interface MemoryEvents {
  /** Rows changed. `sessions` lists at most 50 ids; empty means "anything". */
  changed: {
    sessions: SessionId[];
    learnings: boolean;
    isReset: boolean;
    /** Classes of rows, sessions or projects changed. */ classes?: true;
    /** Flags, tags, pins or saved searches changed, or what these `sessions` are called. */ marks?: true;
    /** Summaries or the graph changed. */ distilled?: true;
    /** What was given, what became of it, or what a person said about it changed. */ given?: true;
  };
  capture: CaptureState;
  /** State of the model or its queue changed; at most five times a second. */
  meaning: MeaningStatus;
  /** State of the task queue changed; at most five times a second. */
  queue: QueueStatus;
  /** How far a scan by newer rules of redaction is, at most five times a second; null when it has ended. */
  scan: ScanProgress | null;
  /** How far an erasure is, at most five times a second; null when it has ended. */
  erase: EraseProgress | null;
  /** How far an export or an import of memory is, at most five times a second; null when it has ended. */
  portable: PortableProgress | null;
}

export type MemoryEventName = keyof MemoryEvents;

/** A MemoryApi with events. */
export interface MemoryClient extends MemoryApi {
  on<Name extends MemoryEventName>(name: Name, listener: (event: MemoryEvents[Name]) => void): () => void;
  close(): Promise<void>;
}
