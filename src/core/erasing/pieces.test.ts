import { describe, expect, it } from 'vitest';
import { indexText } from '../index/tokenize';
import { piecesOf } from './pieces';

const of = (...texts: string[]) => piecesOf(texts, 100).map((piece) => Buffer.from(piece).toString());

describe('pieces of a text', () => {
  it('stand in it, wherever it is written: in JSON, in a line, in the index', () => {
    const text = 'He said "this is it",\nthen\tleft the \\ house of wombatquuxlings behind and went over the hills.';
    const pieces = of(text);
    expect(pieces.length).toBeGreaterThan(2);
    for (const piece of pieces)
      expect([
        text.toLowerCase().includes(piece.toLowerCase()),
        JSON.stringify(text).toLowerCase().includes(piece.toLowerCase()),
      ]).toEqual([true, true]);
  });

  it('have ends of words as the index has them, and no stem that is not written so', () => {
    const pieces = of('wombatquuxlator wombatquuxery');
    const words = indexText('wombatquuxlator wombatquuxery').split(' ');
    expect(words).toContain('wombatquuxeri');
    expect(pieces.some((piece) => words[0]!.endsWith(piece))).toBe(true);
    expect(pieces.some((piece) => 'wombatquuxeri'.endsWith(piece))).toBe(false);
  });

  it('are none of what stands anywhere, or is too short', () => {
    expect(of('-'.repeat(200), ' '.repeat(100), 'aye', '', '""\n""\n""')).toEqual([]);
  });

  it('lie over the whole of a long text, and are bounded', () => {
    const text = Array.from({ length: 4000 }, (_, at) => `line ${at * 7919} of it`).join('\n');
    const places = of(text).map((piece) => text.indexOf(piece) / text.length);
    expect(Math.min(...places)).toBeLessThan(0.05);
    expect(Math.max(...places)).toBeGreaterThan(0.8);
    expect(piecesOf([text], 5)).toHaveLength(5);
    expect(piecesOf(['第一次看到的内容在这里出现了很多次而且没有空格'], 9).length).toBeGreaterThan(0);
  });
});
