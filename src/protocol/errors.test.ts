import { expect, it } from 'vitest';
import { MemoryError, asMemoryError } from './errors';

it.each<[unknown, string, string]>([
  [new MemoryError('locked', 'x'), 'locked', 'x'],
  [new DOMException('x', 'AbortError'), 'cancelled', 'The operation was cancelled.'],
  [new Error('database disk image is malformed'), 'corrupt', 'database disk image is malformed'],
  [new Error('file is not a database'), 'corrupt', 'file is not a database'],
  // A transcript may contain these words; only errors of SQLite count.
  [
    new Error('The prompt "database disk image is malformed" is too long'),
    'internal',
    'The prompt "database disk image is malformed" is too long',
  ],
  ['text', 'internal', 'text'],
])('%s', (thrown, code, message) => {
  expect(asMemoryError(thrown)).toMatchObject({ code, message });
});
