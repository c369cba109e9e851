import { expect, it } from 'vitest';
import { traceOf } from './log';

function failing(): never {
  throw new TypeError("Cannot read properties of undefined (reading 'keys')");
}

it('says of an unexpected error where it came from, without paths and in one line', () => {
  try {
    failing();
  } catch (error) {
    const trace = traceOf(error);
    expect(trace).toMatch(
      /^TypeError at failing:\d+:\d+ < .*: Cannot read properties of undefined \(reading 'keys'\)$/,
    );
    expect(trace).not.toMatch(/[\\/\n]/);
  }
  expect.assertions(2);
});

it('has words for what is no error, and for errors without a stack', () => {
  expect(traceOf('a string')).toBe('a string');
  const bare = new RangeError('too much '.repeat(40));
  bare.stack = '';
  expect(traceOf(bare)).toBe(`RangeError: ${'too much '.repeat(40).slice(0, 80)}`);
});
