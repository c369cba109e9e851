import { describe, expect, it } from 'vitest';
import { parseLineKey, parseRowKey, rowKeyOf } from './row-key';
import type { RowRef } from './row-key';

describe('the key of a memory', () => {
  it.each<[string, RowRef]>([
    ['p12', { kind: 'prompt', row: 12 }],
    ['o7', { kind: 'observation', row: 7 }],
    ['lab-1', { kind: 'learning', id: 'ab-1' }],
    ['s0f3c', { kind: 'session', id: '0f3c' }],
  ])('%s is read as it is written', (key, ref) => {
    expect(rowKeyOf(ref)).toBe(key);
    expect(parseRowKey(key)).toEqual(ref);
  });

  it.each(['', 'p', 'o', 'l', 's', 'p1x', 'o-1', 'p1.5', 'p 1', 'x12', '12', 'P12'])('%j is none', (key) => {
    expect(parseRowKey(key)).toBeUndefined();
  });

  it('only messages and tool calls are lines of a transcript', () => {
    expect(parseLineKey('p12')).toEqual({ kind: 'prompt', row: 12 });
    expect(parseLineKey('lab')).toBeUndefined();
    expect(parseLineKey('sab')).toBeUndefined();
  });
});
