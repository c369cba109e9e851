import { expect, it } from 'vitest';
import { projectLabels } from './project-names';

const labels = (...projects: [name: string, root: string][]) => [
  ...projectLabels(projects.map(([name, root], id) => ({ id, name, root }))).values(),
];

it('leaves a name that only one project has', () => {
  expect(labels(['shop', '/work/shop'], ['boats', '/work/boats'])).toEqual(['shop', 'boats']);
});

it('adds as many folders as tell two of one name apart', () => {
  expect(labels(['shop', '/work/a/shop'], ['shop', '/work/b/shop'])).toEqual(['a/shop', 'b/shop']);
  expect(labels(['app', '/one/x/app'], ['app', '/two/x/app'], ['app', '/two/y/app'])).toEqual([
    'one/x/app',
    'two/x/app',
    'y/app',
  ]);
});

it('knows folders of Windows, and what nothing tells apart', () => {
  expect(labels(['shop', String.raw`C:\a\shop`], ['shop', String.raw`C:\b\shop`])).toEqual(['a/shop', 'b/shop']);
  expect(labels(['shop', '/w/shop'], ['shop', '/w/shop'])).toEqual(['w/shop', 'w/shop']);
});
