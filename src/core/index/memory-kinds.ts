/**
 * How strong a memory is now: its importance, less what faded since it was last of use. Forgetting follows Ebbinghaus:
 * half of it after a half-life, which every use lengthens. Nothing is deleted by fading, and what a person wrote,
 * accepted, pinned or flagged does not fade.
 */
import type { MemoryKind } from '../../protocol/learning';
import type { Learning } from '../../protocol/model';

const dayMs = 86_400_000;
/** Days until half is gone: what is at hand, what happened, what is so, how it is done. */
export const halfLifeDays: Readonly<Record<MemoryKind, number>> = {
  working: 1,
  episodic: 30,
  semantic: 180,
  procedural: 90,
};
/** What is left of the importance in the end: faded is not gone. */
const floor = 0.2;

export interface Remembered {
  kind: MemoryKind;
  /** 0 to 1, when it was new. */
  importance: number;
  uses: number;
  /** Last use, else when it was made or met again. Epoch milliseconds. */
  lastAt: number;
  isKept: boolean;
}

/** 0 to 1. */
export function strengthOf({ kind, importance, uses, lastAt, isKept }: Remembered, now: number): number {
  if (isKept) return importance;
  const halfLives = Math.max(0, now - lastAt) / (halfLifeDays[kind] * dayMs * (1 + uses));
  return importance * (floor + (1 - floor) * 0.5 ** halfLives);
}

/** As it is shown: with the importance it has now. */
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
