import { expect, it } from 'vitest';
import { Speakers } from './speakers';

it('what a source said holds until the last connection that spoke for it is gone', () => {
  const speakers = new Speakers();
  const [one, two] = [{}, {}];
  speakers.join('window', one);
  speakers.join('window', two);
  speakers.join('other', two);
  expect(speakers.leave(one)).toEqual([]);
  expect(speakers.leave(one)).toEqual([]);
  expect(speakers.leave(two)).toEqual(['window', 'other']);
  expect(speakers.leave(two)).toEqual([]);
});
