/** Texts of the command line. */
import { expect, it } from 'vitest';
import { describeReason } from './format';

it.each([
  ['model_changed', 'its files have changed since it was chosen'],
  ['hub_offline', 'nobody answered the download'],
  ['The model gave up.', 'The model gave up.'],
  ['toString', 'toString'],
  [undefined, 'the log says more'],
])('the reason %j is told as %j', (reason, words) => {
  expect(describeReason(reason)).toBe(words);
});
