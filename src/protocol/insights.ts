/**
 * Words about the history as a whole: plots, and what is around a file. Days are local, as `2026-11-22`; money is US
 * dollars.
 */
import type { ProjectRef, SessionId } from './model';

export interface DayOfWork {
  day: string;
  sessions: number;
  prompts: number;
  toolCalls: number;
  errors: number;
  /** As the API counted them, each message once, on the day it was answered. */
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
  /** At list prices. */
  usd: number;
}

export interface Insights {
  /** Every day of the span, oldest first, also those without work. */
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
  /** By sessions, the busiest first. */
  projects: { project: ProjectRef; sessions: number; usd: number }[];
  /** Of all input tokens, and what they would have cost uncached less what they did. */
  cache: { readShare: number; savedUsd: number };
  /** Memories that were inserted, copied or opened: their tokens, and those of the sessions they are from. */
  memory: { given: number; givenTokens: number; sourceTokens: number };
  /** Date of the price table. */
  pricesOf: string;
}

export const entityKinds = ['file', 'symbol', 'tool', 'command', 'error', 'concept', 'project', 'solution'] as const;
export type EntityKind = (typeof entityKinds)[number];
export const relationKinds = ['uses', 'solves', 'causes', 'related_to', 'part_of'] as const;
export type RelationKind = (typeof relationKinds)[number];

export interface GraphNode {
  id: number;
  kind: EntityKind;
  /** Path, name, error line. */
  name: string;
  /** What fits under a dot. */
  label: string;
  /** 0 to 1: personalised PageRank, the asked one 1. */
  rank: number;
  sessions: number;
  lastAt: number;
  /** Steps from the asked one. */
  depth: number;
}

export interface GraphEdge {
  from: number;
  to: number;
  kind: RelationKind;
  /** Grows with every session that says so. */
  weight: number;
  lastAt: number;
  /** The newest session that says so. */
  sessionId: SessionId;
}

export interface GraphPicture {
  /** Null when nothing is known by that name. */
  center: GraphNode | null;
  nodes: GraphNode[];
  edges: GraphEdge[];
  /** Sessions around it, by what they have of it. */
  sessions: { id: SessionId; title: string; at: number; score: number }[];
}
