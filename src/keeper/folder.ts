/** What a data folder is like: network folders and read-only ones are said, not found out by damage. */
import { constants } from 'node:fs';
import { access, mkdir, statfs } from 'node:fs/promises';
import { MemoryError } from '../protocol/errors';

/** File system magics of statfs(2). */
const networkTypes: Readonly<Record<number, string>> = {
  0x6969: 'NFS', 0x517b: 'SMB', 0xff53_4d42: 'CIFS', 0xfe53_4d42: 'SMB2', 0x0102_1997: '9P', 0x7375_7245: 'Coda', 0x0bd0_0bd0: 'Lustre', 0x00c3_6400: 'Ceph',
};

/** Makes the folder and checks that it can be written. @throws MemoryError with a reason a person can act on. */
export async function prepareFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.W_OK | constants.R_OK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    throw new MemoryError('locked', `The memory folder cannot be written (${code}): ${folder}`, { reason: code === 'ENOSPC' ? 'disk_full' : 'read_only' });
  }
}

/** Name of the network file system the folder is on, if it is on one. */
export async function networkFileSystem(folder: string): Promise<string | undefined> {
  if (process.platform === 'win32') return folder.startsWith('\\\\') ? 'UNC' : undefined;
  try {
    return networkTypes[(await statfs(folder)).type >>> 0];
  } catch {
    return undefined;
  }
}
