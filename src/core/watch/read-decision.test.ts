/** What of a learning's words can be checked; nothing where that is not sure. */
import { describe, expect, it } from 'vitest';
import { readDecision } from './read-decision';

const read = (title: string, description = '') =>
  readDecision({ title, description }).map(({ kind, subject, instead, files }) =>
    [kind, subject, instead && `→ ${instead}`, files && `in ${files}`].filter((part) => part !== '').join(' '),
  );

describe('is read', () => {
  it.each([
    ['Use `dayjs` instead of `moment`', ['import moment → dayjs', 'dependency moment → dayjs']],
    ['We use date-fns, not moment.', ['import moment → date-fns', 'dependency moment → date-fns']],
    ['Use `luxon` instead of `moment` for dates', ['import moment → luxon', 'dependency moment → luxon']],
    ['Never import `lodash` in src/core/', ['import lodash in **/src/core/**']],
    ['Do not use the `left-pad` package', ['import left-pad', 'dependency left-pad']],
    ['We moved from `request` to `undici`', ['import request → undici', 'dependency request → undici']],
    ['Use pnpm, not npm', ['command npm → pnpm']],
    ['Always use pnpm in this repository', ['command npm → pnpm', 'command yarn → pnpm', 'command bun → pnpm']],
    ['Never run `git push --force`', ['command git push --force']],
    ['No `any` in `src/api/**/*.ts`', ['text any in src/api/**/*.ts']],
    ["Don't use `console.log` in the core folder", ['text console.log in **/core/**']],
    ['Avoid `eval()`', ['text eval(']],
    ['Never use `@ts-ignore`', ['text @ts-ignore']],
    ['Prefer `structuredClone` over `cloneDeep`', ['text cloneDeep → structuredClone']],
    ['不要使用 `moment` 库', ['import moment', 'dependency moment']],
    ['用 `dayjs` 代替 `moment`', ['import moment → dayjs', 'dependency moment → dayjs']],
    ['Verwende `vitest` statt `jest`', ['command jest → vitest']],
  ])('%s', (title, expected) => {
    expect(read(title)).toEqual(expected);
  });

  it('from the description too, each once', () => {
    expect(read('Dates', '- Use `dayjs` instead of `moment`.\n- Never import `moment`.')).toEqual([
      'import moment → dayjs',
      'dependency moment → dayjs',
    ]);
  });
});

describe('is not read', () => {
  it.each([
    'Never push to main without asking',
    'Do not use `moment` when you can use `dayjs`',
    'Never use `moment` in tests',
    'Never use `fetch` for uploads',
    'Avoid long functions',
    'Do not commit before the checks pass',
    'The moment library is slow',
    'Never use it again',
    'Use tabs, not spaces',
    'Should we use `dayjs` instead of `moment`?',
    'Why do not use `any`?',
    'Prefer small files over large ones',
    'Never trust user input',
    "Don't use magic numbers",
    'Ask before you install a dependency',
    'Use `npm ci` and `npm test`',
    'For now use `dayjs` instead of `moment`',
    'No changes to the public API',
  ])('%s', (title) => {
    expect(read(title)).toEqual([]);
  });
});
