import { describe, expect, it } from 'vitest';
import { SessionLengths } from './session-lengths';

describe('lengths of sessions', () => {
  it('are shares of the average, whatever came and went', () => {
    const lengths = new SessionLengths();
    lengths.add(0, 100);
    lengths.add(2, 250);
    lengths.add(2, 50);
    lengths.add(3, 70);
    expect([0, 2, 3].map((group) => lengths.shareOf(group) * (470 / 3))).toEqual([
      expect.closeTo(100),
      expect.closeTo(300),
      expect.closeTo(70),
    ]);
    lengths.add(3, -70);
    expect([lengths.shareOf(0), lengths.shareOf(2)]).toEqual([0.5, 1.5]);
  });

  it('are 1 for what is no session, and for everything after it was cleared', () => {
    const lengths = new SessionLengths();
    lengths.add(0, 100);
    lengths.add(1, 900);
    expect(lengths.shareOf(7)).toBe(1);
    lengths.clear();
    expect(lengths.shareOf(0)).toBe(1);
  });
});
