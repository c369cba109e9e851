/** Errors about what is exported or imported. They say so, because the memory itself is well. */
import { MemoryError } from '../../protocol/errors';
import type { ErrorCode } from '../../protocol/errors';

export const portableError = (code: ErrorCode, message: string): MemoryError =>
  new MemoryError(code, message, { reason: 'export', what: message });
