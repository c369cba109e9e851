/** Examines a data folder: network folders and read-only ones are reported before they cause damage. */
import { constants } from 'node:fs';
import { access, mkdir, statfs } from 'node:fs/promises';
import { MemoryError, asMemoryError } from '../protocol/errors';

/** File system magics of statfs(2). */
const networkTypes: Readonly<Record<number, string>> = {
  0x6969: 'NFS',
  0x517b: 'SMB',
  0xff53_4d42: 'CIFS',
  0xfe53_4d42: 'SMB2',
  0x0102_1997: '9P',
  0x7375_7245: 'Coda',
  0x0bd0_0bd0: 'Lustre',
  0x00c3_6400: 'Ceph',
};
/** File systems of local disks: ext, XFS, Btrfs, F2FS, ZFS, tmpfs. FUSE is not listed, because it may be anything. */
const localTypes: ReadonlySet<number> = new Set([
  0xef53, 0x5846_5342, 0x9123_683e, 0xf2f5_2010, 0x2fc1_2fc1, 0x0102_1994,
]);

/** Replaced in tests for disks this machine does not have. */
export interface FolderCalls {
  mkdir: (folder: string, options: { recursive: true; mode: number }) => Promise<unknown>;
  access: (folder: string, mode: number) => Promise<void>;
  statfs: (folder: string) => Promise<{ type: number }>;
  platform: NodeJS.Platform;
}
const realCalls: FolderCalls = { mkdir, access, statfs, platform: process.platform };

/** The `reason` of a `locked` error, by system error code. */
const reasonsByCode: Readonly<Record<string, string>> = {
  ENOSPC: 'disk_full',
  EDQUOT: 'disk_full',
  ENOTDIR: 'not_a_folder',
  EEXIST: 'not_a_folder',
};

/**
 * Creates the folder and checks that it is writable. @throws MemoryError `locked` with a reason that a person can act
 * on
 */
export async function prepareFolder(folder: string, calls: FolderCalls = realCalls): Promise<void> {
  try {
    await calls.mkdir(folder, { recursive: true, mode: 0o700 });
    await calls.access(folder, constants.W_OK | constants.R_OK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    const reason = reasonsByCode[code] ?? 'read_only';
    throw new MemoryError('locked', `${whatIsWrong[reason]} (${code}): ${folder}`, { reason });
  }
}

const whatIsWrong: Readonly<Record<string, string>> = {
  disk_full: 'The disk of the memory folder is full. Make some room, then try again',
  not_a_folder: 'A file stands in the place of the memory folder. Move it away, then try again',
  read_only: 'The memory folder cannot be written. Check its permissions, then try again',
};

/** Turns disk errors of SQLite and the system into our messages; other errors are returned unchanged. */
export function explainDisk(error: unknown): MemoryError {
  const known = asMemoryError(error);
  if (known.code !== 'internal') return known;
  const reason = [...diskSigns].find(([sign]) => sign.test(known.message))?.[1];
  return reason === undefined ? known : new MemoryError('locked', `${whatIsWrong[reason]}.`, { reason });
}

const diskSigns: ReadonlyMap<RegExp, string> = new Map([
  [/disk is full|\bENOSPC\b|\bEDQUOT\b/, 'disk_full'],
  [/readonly database|\bEROFS\b|\bEACCES\b|\bEPERM\b/, 'read_only'],
]);

/** Name of the network file system of a folder; undefined for a local one. */
export async function networkFileSystem(folder: string, calls: FolderCalls = realCalls): Promise<string | undefined> {
  if (calls.platform === 'win32') return folder.startsWith('\\\\') ? 'UNC' : undefined;
  const type = await typeOf(folder, calls);
  return type === undefined ? undefined : networkTypes[type];
}

/** True for a disk that no other machine can write to. False when unknown. */
export async function isLocalDisk(folder: string, calls: FolderCalls = realCalls): Promise<boolean> {
  const type = calls.platform === 'linux' ? await typeOf(folder, calls) : undefined;
  return type !== undefined && localTypes.has(type);
}

async function typeOf(folder: string, calls: FolderCalls): Promise<number | undefined> {
  try {
    return (await calls.statfs(folder)).type >>> 0;
  } catch {
    return undefined;
  }
}
