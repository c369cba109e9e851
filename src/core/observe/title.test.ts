import { describe, expect, it } from 'vitest';
import type { Redacted } from './redact';
import { titleOfPrompt } from './title';

describe('the title of a prompt', () => {
  it.each([
    ['fix the basket', 'fix the basket'],
    ['fix the basket\nand then the till', 'fix the basket'],
    ['Implement the following plan:\n\n# Baskets: one per person\n\n## Context', 'Baskets: one per person'],
    ['## Heading\nbody', 'Heading'],
    ['\n\n  - first item\n- second', 'first item'],
    ['###', '###'],
    ['', ''],
  ])('%j is %j', (text, title) => {
    expect(titleOfPrompt(text as Redacted)).toBe(title);
  });

  it('is short', () => {
    expect(titleOfPrompt('word '.repeat(200) as Redacted)).toHaveLength(140);
  });
});
