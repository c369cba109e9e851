import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createChecker } from '../../../src/core/watch/check';
import { countClean, countPlanted, countRead, naive, ownFiles, plantLines } from './decisions';

const sources = ownFiles(path.resolve('.'));

describe('decisions on this repository', () => {
  it('find nothing in it as it is, and the control that looks at words does', () => {
    expect(sources.length).toBeGreaterThan(500);
    expect(countClean(sources, createChecker)).toBe(0);
    expect(countClean(sources, naive)).toBeGreaterThan(50);
  });

  it('find what is planted, where it is, and nothing that looks like it', () => {
    const planted = plantLines(sources, 1, 8);
    const counts = countPlanted(planted, createChecker);
    expect(counts).toMatchObject({ missed: 0, otherPlace: 0, mistaken: 0 });
    expect(counts.found).toBeGreaterThan(100);
    expect(countPlanted(planted, naive).mistaken).toBeGreaterThan(50);
  });

  it('are read in learnings, and nothing is read that is not said', () => {
    const { right, wrong, missed } = countRead();
    expect(wrong).toBe(0);
    expect(right / (right + missed)).toBeGreaterThan(0.8);
  });
});
