/**
 * The strength of a memory: its importance, reduced by the time since its last use. It follows Ebbinghaus: half of it
 * is gone after a half-life, which every use lengthens. Nothing is deleted for being weak, and what a person wrote,
 * accepted, pinned or flagged keeps its strength.
 */
import type { MemoryKind } from '../../protocol/learning';
import type { Learning } from '../../protocol/model';
import { dayMs } from '../lib/clock';

/** Half-lives in days: working, episodic, semantic and procedural memory. */
export const halfLifeDays: Readonly<Record<MemoryKind, number>> = {
  working: 1,
  episodic: 30,
  semantic: 180,
  procedural: 90,
};
/** Strength never falls below this share of the importance. */
const floor = 0.2;

export interface Remembered {
  kind: MemoryKind;
  /** From 0 to 1, when the memory was new. */
  importance: number;
  uses: number;
  /** Time of the last use, else of its creation or last confirmation. Epoch milliseconds. */
  lastAt: number;
  isKept: boolean;
}

/** The present strength, from 0 to 1. */
export function strengthOf({ kind, importance, uses, lastAt, isKept }: Remembered, now: number): number {
  if (isKept) return importance;
  const halfLives = Math.max(0, now - lastAt) / (halfLifeDays[kind] * dayMs * (1 + uses));
  return importance * (floor + (1 - floor) * 0.5 ** halfLives);
}

/** The learning with its present strength as its importance. */
export function withStrength(learning: Learning, now: number): Learning {
  const { memoryKind: kind, importance, usageCount: uses, lastUsedAt, updatedAt, origin, state, isPinned } = learning;
  return {
    ...learning,
    importance: strengthOf(
      {
        kind,
        importance,
        uses,
        lastAt: Math.max(lastUsedAt ?? 0, updatedAt),
        isKept: origin === 'person' || state === 'accepted' || isPinned,
      },
      now,
    ),
  };
}
