import { expect, it } from 'vitest';
import { makeLearning } from '../../../test/fixtures/make-learning';
import { isHeading, keyOf, orderByProject, withHeadings } from './by-project';

const of = (id: string, project?: number, name = `p${project}`) =>
  makeLearning({
    id,
    ...(project !== undefined && { project: { id: project, name, root: `/work/${project}/${name}` } }),
  });

it('keeps the projects in the order of their best, and each by worth', () => {
  const items = [of('a', 2), of('b', 1), of('c'), of('d', 2), of('e', 1)];
  const ordered = orderByProject(items);
  expect(ordered.map(({ id }) => id)).toEqual(['a', 'd', 'b', 'e', 'c']);
  expect(withHeadings(ordered).map(keyOf)).toEqual(['project 2', 'a', 'd', 'project 1', 'b', 'e', 'project ', 'c']);
});

it('has no heading over the only project', () => {
  const items = [of('a', 2), of('b', 2)];
  expect(withHeadings(items)).toBe(items);
  expect(withHeadings([])).toEqual([]);
});

it('tells two projects of one name apart', () => {
  const rows = withHeadings([of('a', 1, 'shop'), of('b', 2, 'shop'), of('c', 3, 'till')]);
  expect(rows.filter(isHeading).map(({ isAmbiguous }) => isAmbiguous)).toEqual([true, true, false]);
});
