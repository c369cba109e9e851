/** The only error type between processes. Heads translate its code into a message for the person. */

export const errorCodes = [
  'not_found',
  'invalid_input',
  'busy',
  'cancelled',
  'locked',
  'corrupt',
  'too_new',
  'no_model',
  'network',
  'internal',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

export class MemoryError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly data?: Readonly<Record<string, unknown>>,
  ) {
    super(message);
    this.name = 'MemoryError';
  }

  /** True for a MemoryError, optionally of one code. Works across bundles, where `instanceof` does not. */
  static is(error: unknown, code?: ErrorCode): error is MemoryError {
    return (
      error instanceof Error &&
      error.name === 'MemoryError' &&
      (code === undefined || (error as MemoryError).code === code)
    );
  }
}

/** SQLite's messages when it reads a damaged page long after the file was opened. */
const damageWords: ReadonlySet<string> = new Set(['database disk image is malformed', 'file is not a database']);

/** Any thrown value as a MemoryError. An abort becomes `cancelled`, a damaged page `corrupt`. */
export function asMemoryError(error: unknown): MemoryError {
  if (MemoryError.is(error)) return error;
  if (error instanceof Error && error.name === 'AbortError')
    return new MemoryError('cancelled', 'The operation was cancelled.');
  if (error instanceof Error && damageWords.has(error.message)) return new MemoryError('corrupt', error.message);
  return new MemoryError('internal', error instanceof Error ? error.message : String(error));
}
