import { describe, expect, it } from 'vitest';
import { rulesIn, subjectOf } from './told';

describe('what a person told', () => {
  it.each([
    ['Always run the linter before you commit.', 1],
    ['Never push to main directly.', 1],
    ['From now on use pnpm, not npm.', 1],
    ["ok. In this repo we never use default exports. Let's go on", 1],
    ['Remember that the staging database is read-only.', 1],
    ['- always ask before deleting files\n- never touch vendor/', 2],
    ['以后都用 pnpm 安装依赖，不要用 npm。', 1],
    ['请记住提交之前要先运行测试。', 1],
  ])('%s', (text, count) => expect(rulesIn(text)).toHaveLength(count));

  it.each([
    'why does it always return null?',
    'it never worked for me',
    'The test always fails on Windows.',
    'never mind',
    'is it always the same id?',
    'do not stash anything, read the files you need',
    'let’s use true/false and not on/off for this flag',
    'This function should never return undefined.',
    'I have never seen that before.',
    '```\nalways run the linter\n```\nwhat does this say?',
    '> Always sign your commits.\nis that still right',
    'the comment says "commits are always created when the task changes files", which is wrong',
  ])('is no rule: %s', (text) => expect(rulesIn(text)).toEqual([]));

  it('knows what contradicts what', () => {
    expect(subjectOf('From now on use pnpm, not npm.')).toEqual({ topic: 'either:packages', fact: 'pnpm' });
    expect(subjectOf('We always use npm here.')).toEqual({ topic: 'either:packages', fact: 'npm' });
    const [always, never] = [subjectOf('Always add a changelog line.'), subjectOf('Never add a changelog line.')];
    expect(always.topic).toBe(never.topic);
    expect(always.fact).not.toBe(never.fact);
  });
});
