/** Numbers of the calls between sql.js and its file system: error codes, and flags of open. */
import nodeFs from 'node:fs';

/** WASI error numbers, which this build uses for all its calls. */
const wasiErrors: Readonly<Record<string, number>> = {
  ENOENT: 44,
  EACCES: 2,
  EEXIST: 20,
  EINVAL: 28,
  EIO: 29,
  EISDIR: 31,
  ENOSPC: 51,
  EROFS: 69,
  EMFILE: 33,
  ENFILE: 41,
  EPERM: 63,
  EBUSY: 10,
  EBADF: 8,
  ENOTDIR: 54,
  EFBIG: 22,
  EDQUOT: 19,
  ELOOP: 32,
  ENOTEMPTY: 55,
};
const emscriptenFlags = { access: 3, create: 64, exclusive: 128, truncate: 512 } as const;

export const errno = (code: string): number => wasiErrors[code] ?? 29;
export const errnoOf = (error: unknown): number => errno((error as NodeJS.ErrnoException).code ?? 'EIO');

export const opensForWriting = (flags: number): boolean => (flags & emscriptenFlags.access) !== 0;
export const createsFile = (flags: number): boolean => (flags & emscriptenFlags.create) !== 0;

/** Flags of open as Node takes them on this platform. */
export function openFlags(flags: number): number {
  const { O_RDONLY, O_WRONLY, O_RDWR, O_CREAT, O_EXCL, O_TRUNC } = nodeFs.constants;
  let result = [O_RDONLY, O_WRONLY, O_RDWR][flags & emscriptenFlags.access] ?? O_RDONLY;
  if (flags & emscriptenFlags.create) result |= O_CREAT;
  if (flags & emscriptenFlags.exclusive) result |= O_EXCL;
  if (flags & emscriptenFlags.truncate) result |= O_TRUNC;
  return result;
}
