/** What contradicts what. Each pair is asked both ways. */
import { describe, expect, it } from 'vitest';
import { contradicts } from './contradicting';

const both = (one: string, other: string) => [contradicts(one, other), contradicts(other, one)];

describe('two rules', () => {
  it.each([
    ['Always run the linter before you commit.', 'Never run the linter before you commit.'],
    ["Don't push to main.", 'Always push to main.'],
    ['Always drain the tapir queue', 'Never drain the tapir queue.'],
    ['Use pnpm, never npm.', 'Use npm for this repository.'.replace(' for this repository', '')],
    ['Use pnpm instead of npm.', 'Use npm instead of pnpm.'],
    ['Use tabs.', 'Always use spaces.'],
    ['Use luxon rather than moment.', 'Use moment.'],
    ['Lines have at most 100 letters.', 'Lines have at most 120 letters.'],
    ['The timeout of the gateway must be 30 seconds.', 'The timeout of the gateway must be 5 seconds.'],
  ])('%s / %s are opposites', (one, other) => {
    expect(both(one, other)).toEqual([true, true]);
  });

  it.each([
    ['the same', 'Use pnpm, never npm.', 'Use pnpm.'],
    ['the same, refused twice', 'Never use npm.', 'Use pnpm instead of npm.'],
    ['of two folders', 'Use npm in the docs folder.', 'Use pnpm in the server folder.'],
    ['of one folder and all', 'Use npm in the docs folder.', 'Use pnpm.'],
    ['of two subjects', 'Always run the linter.', 'Never run the migration.'],
    ['two preferences of two things', 'Use luxon rather than moment.', 'Use zod rather than joi.'],
    ['two that stand beside each other', 'Use luxon.', 'Use zod.'],
    ['counts of two days', '20 tests failed here.', '3 tests failed here.'],
    ['numbers of names', 'Use node 22 in CI and node 24 at home.', 'Use node 24 in CI and node 22 at home.'],
    ['a description and a rule', 'The build never runs the linter.', 'Run the linter.'],
    ['a rule that names both', 'Use npm for the docs and pnpm for all else.', 'Use pnpm.'],
    ['merging in two steps', 'Always rebase before you merge.', 'Use squash merges.'],
  ])('that are %s are none', (_, one, other) => {
    expect(both(one, other)).toEqual([false, false]);
  });
});
