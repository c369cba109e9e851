/**
 * Read-only file calls for a second thread that reads the live file while checkpoints are held. The file looks as if it
 * were in rollback mode without a journal. Nothing is created, written or deleted.
 */
import nodeFs from 'node:fs';
import path from 'node:path';
import type { FileCalls } from './file-calls';

/** Header bytes that must say "rollback journal", so that SQLite looks for no log. */
const formatAt = [18, 19] as const;
const rollbackFormat = 1;

const frozenDevice = 0x7fff_0001;

export function frozenFile(file: string): FileCalls {
  const main = path.resolve(file);
  const refuse = (code: string): never => {
    throw Object.assign(new Error(code), { code });
  };
  const onlyMain = (target: unknown) => (target === main ? undefined : refuse('ENOENT'));
  const readOnly = () => refuse('EROFS');
  return {
    ...nodeFs,
    openSync(target: string) {
      onlyMain(target);
      return nodeFs.openSync(main, 'r');
    },
    // A device number of its own: otherwise an engine that has the live file open too would take both for one file and
    // find it locked.
    fstatSync: (handle: number) => Object.assign(nodeFs.fstatSync(handle), { dev: frozenDevice }),
    statSync(target: string) {
      onlyMain(target);
      return Object.assign(nodeFs.statSync(main), { dev: frozenDevice });
    },
    accessSync: (target: string) => onlyMain(target),
    readSync(handle: number, bytes: Uint8Array, offset: number, length: number, position: number) {
      const count = nodeFs.readSync(handle, bytes, offset, length, position);
      for (const at of formatAt)
        if (at >= position && at < position + count) bytes[offset + at - position] = rollbackFormat;
      return count;
    },
    writeSync: readOnly,
    ftruncateSync: readOnly,
    unlinkSync: readOnly,
    fsyncSync: () => {},
    fdatasyncSync: () => {},
  } as unknown as FileCalls;
}
