/** Types for plots and the graph. Days are local, e.g. `2026-11-22`; money is in US dollars. */
import type { ProjectRef, SessionId } from './model';

export interface DayOfWork {
  day: string;
  sessions: number;
  prompts: number;
  toolCalls: number;
  errors: number;
  /** As reported by the API, each message once, on the day of its answer. */
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
  /** Cost at list prices. */
  usd: number;
}

export interface Insights {
  /** Every day of the span including days without work, oldest first. */
  days: DayOfWork[];
  /** The most used first. */
  tools: { tool: string; calls: number; errors: number }[];
  models: {
    model: string;
    inputTokens: number;
    outputTokens: number;
    cacheReadTokens: number;
    cacheWriteTokens: number;
    usd: number;
    isPriced: boolean;
  }[];
  /** By number of sessions, descending. */
  projects: { project: ProjectRef; sessions: number; usd: number }[];
  /** Share of input tokens read from the cache, and the cost saved by it. */
  cache: { readShare: number; savedUsd: number };
  /**
   * Answers whose tokens are counted, and how many of them have a placeholder in place of their output: the client wrote it
   * before it was counted. Their output and its cost are missing in all sums.
   */
  counted: { answers: number; placeholders: number };
  /** Memories that were inserted, copied or opened: their tokens, and the tokens of their sessions. */
  memory: { given: number; givenTokens: number; sourceTokens: number };
  /** Date of the price table. */
  pricesOf: string;
}

export type EntityKind = 'file' | 'symbol' | 'tool' | 'command' | 'error' | 'concept' | 'project' | 'solution';
const relationKinds = ['uses', 'solves', 'causes', 'related_to', 'part_of'] as const;
export type RelationKind = (typeof relationKinds)[number];

export interface GraphNode {
  id: number;
  kind: EntityKind;
  /** Path, name or error line. */
  name: string;
  /** Short name for display. */
  label: string;
  /** Personalised PageRank scaled to 0–1; 1 for the requested entity. */
  rank: number;
  sessions: number;
  lastAt: number;
  /** Steps from the requested entity. */
  depth: number;
}

export interface GraphEdge {
  from: number;
  to: number;
  kind: RelationKind;
  /** Increases with every session that has the relation. */
  weight: number;
  lastAt: number;
  /** The newest session that has the relation. */
  sessionId: SessionId;
}

export interface GraphPicture {
  /** Null when nothing has that name. */
  center: GraphNode | null;
  nodes: GraphNode[];
  edges: GraphEdge[];
  /** Sessions that share the most entities with it. */
  sessions: { id: SessionId; title: string; at: number; score: number }[];
}
