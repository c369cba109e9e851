import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { memoryKinds } from '../../protocol/learning';
import { halfLifeDays, strengthOf } from './memory-kinds';

const dayMs = 86_400_000;
const kinds = fc.constantFrom(...memoryKinds);
const share = fc.double({ min: 0, max: 1, noNaN: true });

it('fades to less than two thirds after a half-life, and use makes it last', () => {
  for (const kind of memoryKinds) {
    const now = halfLifeDays[kind] * dayMs;
    const faded = strengthOf({ kind, importance: 1, uses: 0, lastAt: 0, isKept: false }, now);
    expect(faded).toBeCloseTo(0.6);
    expect(strengthOf({ kind, importance: 1, uses: 3, lastAt: 0, isKept: false }, now)).toBeGreaterThan(faded);
  }
});

it('never fades for what a person wrote, and never to nothing', () => {
  fc.assert(
    fc.property(kinds, share, fc.nat(100), fc.nat(10_000), (kind, importance, uses, days) => {
      expect(strengthOf({ kind, importance, uses, lastAt: 0, isKept: true }, days * dayMs)).toBe(importance);
      const faded = strengthOf({ kind, importance, uses, lastAt: 0, isKept: false }, days * dayMs);
      expect(faded).toBeLessThanOrEqual(importance + 1e-12);
      expect(faded).toBeGreaterThanOrEqual(importance * 0.2 - 1e-12);
      expect(strengthOf({ kind, importance, uses, lastAt: 0, isKept: false }, (days + 1) * dayMs)).toBeLessThanOrEqual(
        faded + 1e-12,
      );
    }),
  );
});
