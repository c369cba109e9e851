/** Which backups of a series are kept, as properties and examples. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BackupKind } from '../../protocol/care';
import { dayMs, hourMs } from '../lib/clock';
import { prune } from './kept-backups';

const noon = Date.UTC(2026, 10, 22, 12);
const rung = (at: number, kind: BackupKind = 'scheduled', bytes = 1) => ({ name: `${at}-${kind}`, kind, at, bytes });
const keep = (rungs: readonly ReturnType<typeof rung>[], now: number, cap: number) => {
  const gone = new Set(prune(rungs, now, cap));
  return rungs.filter(({ name }) => !gone.has(name));
};
const anyRungs = fc
  .uniqueArray(
    fc.record({
      at: fc.integer({ min: noon - 90 * dayMs, max: noon }),
      kind: fc.constantFrom<BackupKind>('scheduled', 'manual', 'before_migration', 'written'),
      bytes: fc.integer({ min: 1, max: 100 }),
    }),
    { selector: ({ at }) => at, maxLength: 80 },
  )
  .map((list) => list.map(({ at, kind, bytes }) => rung(at, kind, bytes)));

describe('the ladder', () => {
  it('keeps 4 six-hourly, 7 daily and 4 weekly ones of a year of backups', () => {
    const year = Array.from({ length: 4 * 365 }, (_, index) => rung(noon - index * 6 * hourMs));
    const kept = keep(year, noon, Infinity);
    expect(kept.slice(0, 4).map(({ at }) => (noon - at) / hourMs)).toEqual([0, 6, 12, 18]);
    expect(kept.length).toBeLessThanOrEqual(15);
    expect(new Set(kept.map(({ at }) => Math.floor(at / dayMs))).size).toBeGreaterThanOrEqual(9);
    expect(noon - (kept.at(-1)?.at ?? 0)).toBeGreaterThan(14 * dayMs);
  });

  it('reached day by day holds the same steps as all at once', () => {
    let kept: ReturnType<typeof rung>[] = [];
    for (let at = noon - 60 * dayMs; at <= noon; at += 6 * hourMs) kept = keep([...kept, rung(at)], at, Infinity);
    const days = kept.map(({ at }) => (noon - at) / dayMs);
    expect(days.filter((age) => age < 7).length).toBeGreaterThanOrEqual(7);
    expect(Math.max(...days)).toBeGreaterThan(14);
    expect(kept.length).toBeLessThanOrEqual(15);
  });

  it('keeps what a laptop that slept for a month has', () => {
    const rungs = [rung(noon), rung(noon - 30 * dayMs), rung(noon - 31 * dayMs)];
    expect(keep(rungs, noon, Infinity)).toEqual(rungs);
  });

  it('keeps the one before a migration until a week later', () => {
    const before = rung(noon - 10 * dayMs, 'before_migration');
    const dense = (until: number) => Array.from({ length: 40 }, (_, index) => rung(until - index * hourMs));
    expect(keep([...dense(noon - 9 * dayMs), before], noon - 9 * dayMs, Infinity)).toContain(before);
    expect(keep([rung(noon - 2 * dayMs), before], noon, 1)).not.toContain(before);
  });

  it('always keeps the newest, whatever the cap, and is done after one pass', () => {
    fc.assert(
      fc.property(anyRungs, fc.integer({ min: 0, max: 3000 }), (rungs, cap) => {
        const kept = keep(rungs, noon, cap);
        const newest = rungs.filter(({ kind }) => kind !== 'written').toSorted((one, other) => other.at - one.at)[0];
        if (newest) expect(kept).toContain(newest);
        expect(keep(kept, noon, cap)).toEqual(kept);
        const bytes = kept.reduce((sum, each) => sum + each.bytes, 0);
        const sorts = new Set(kept.map(({ kind }) => kind === 'written')).size;
        expect(bytes <= cap || kept.length <= sorts).toBe(true);
        expect(kept.filter(({ kind }) => kind === 'written').length).toBeLessThanOrEqual(24);
        expect(kept.filter(({ kind }) => kind === 'scheduled').length).toBeLessThanOrEqual(15);
      }),
    );
  });

  it('gives up protected ones last', () => {
    const manual = rung(noon - 3 * dayMs, 'manual', 10);
    const rungs = [rung(noon, 'scheduled', 10), rung(noon - dayMs, 'scheduled', 10), manual];
    expect(keep(rungs, noon, 20)).toEqual([rungs[0], manual]);
  });
});
