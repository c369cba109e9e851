import { describe, expect, it } from 'vitest';
import { ByteFinder, countMarks, markPieces } from './byte-finder';

const piece = (text: string) => Buffer.from(text);
const [long, word] = ['the wombat sleeps', 'wombatquux'] as const;
const marks = markPieces([piece(long.slice(0, 16)), piece(word), piece(word)], 'key');

describe('the finder of bytes', () => {
  it('finds a piece wherever it stands, whatever its case, and nothing else', () => {
    const finder = new ByteFinder(marks);
    expect([countMarks(marks), finder.size]).toEqual([2, 2]);
    for (const before of ['', 'x', 'y'.repeat(5000)])
      for (const after of ['', 'z', 'w'.repeat(5000)]) {
        const found = new Set<number>();
        finder.find(piece(before + long.toUpperCase() + after), found);
        expect([...found]).toEqual([0]);
        expect(finder.isIn(piece(before + word + after))).toBe(true);
      }
    for (const other of ['', 'w', 'the wombat sleep', 'the wombat sleepz', 'wombatquu', 'ombatquux'.repeat(100)])
      expect(finder.isIn(piece(other.slice(0, 15) + other.slice(16)))).toBe(false);
  });

  it('agrees with looking for each text, over any bytes', () => {
    let state = 7;
    const next = () => (state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7f_ff_ff_ff);
    // Few letters, so that near misses are many.
    const bytes = Buffer.from(Array.from({ length: 40_000 }, () => 97 + ((next() >> 16) % 3)));
    const pieces = Array.from({ length: 400 }, (_, at) => {
      const length = at % 2 === 0 ? 16 : 10;
      const from = (next() >> 8) % 39_000;
      const own = Buffer.from(bytes.subarray(from, from + length));
      if (at % 3 === 0) own[length - 1] = 122;
      return own;
    });
    const unique = [...new Map(pieces.map((each) => [each.toString('latin1'), each])).values()];
    const finder = new ByteFinder(markPieces(unique, 'other key'));
    const found = new Set<number>();
    finder.find(bytes, found);
    expect(found.size).toBe(unique.filter((each) => bytes.includes(each)).length);
    expect(found.size).toBeGreaterThan(200);
    expect(found.size).toBeLessThan(unique.length);
  });

  it('leaves marks out, and has no text in them', () => {
    const finder = new ByteFinder(marks);
    const rest = new ByteFinder(finder.without(new Set([0])));
    expect(rest.isIn(piece(long))).toBe(false);
    expect(rest.isIn(piece(word))).toBe(true);
    for (const { packed } of marks.marks)
      expect(Buffer.from(packed, 'base64').toString('latin1')).not.toMatch(/wombat|sleep/);
    // Another key, other marks.
    expect(markPieces([piece(word)], 'a').marks).not.toEqual(markPieces([piece(word)], 'b').marks);
  });
});
