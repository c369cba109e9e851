import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formOf } from './line-forms';
import { keptLines } from './pair-lines';

const kept = (before: string, after: string): number[] => [
  ...keptLines(before.split('\n').map(formOf), after.split('\n').map(formOf)).of,
];

describe('lines that stayed', () => {
  it('are known below lines that were put in, and when others were taken out', () => {
    expect(kept('a\nb\nc', 'a\nnew\nb\nc')).toEqual([0, -1, 1, 2]);
    expect(kept('a\nb\nc', 'a\nc')).toEqual([0, 2]);
  });

  it('are known when a formatter changed quotes, spaces and semicolons', () => {
    expect(kept("const a = 'x';\nrun( a );", '  const a = "x"\n  run(a)')).toEqual([0, 1]);
  });

  it('are known when a line was broken into several, and when several were joined', () => {
    const [long, broken] = ['start\ncall(first, second);\nend', 'start\ncall(\n  first,\n  second,\n);\nend'];
    expect(kept(long, broken).slice(0, 4)).toEqual([0, 1, 1, 1]);
    expect(kept(long, broken).at(-1)).toBe(2);
    expect(kept(broken, long)).toEqual([0, 1, 5]);
  });

  it('are not those whose text is another', () => {
    expect(kept('start\ncall(first, second);\nend', 'start\ncall(\n  first,\n  third,\n);\nend').slice(1, 5)).toEqual([
      -1, -1, -1, -1,
    ]);
  });

  it('are each paired once and in order, with a line of the same text', () => {
    const line = fc.constantFrom('', '}', 'a', 'b', 'call(a)', 'return a;');
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), fc.array(line, { maxLength: 30 }), (before, after) => {
        const [old, now] = [before.map(formOf), after.map(formOf)];
        const { of, reflowed } = keptLines(old, now);
        let last = -1;
        for (const [at, was] of of.entries()) {
          if (was === -1) continue;
          expect(was).toBeGreaterThanOrEqual(last);
          if (reflowed[at] === 0) expect(now[at]).toBe(old[was]);
          last = was;
        }
      }),
    );
  });
});
