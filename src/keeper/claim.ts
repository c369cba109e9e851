/**
 * Ownership of the data folder across hosts. The kernel's lock is visible on one host (or container) only, so every
 * keeper also makes a claim: a file named by an increasing number. A file name can be created once only, so of two
 * keepers that start at the same moment one fails. A keeper that takes over from another host first makes the next
 * claim, then deletes the old one, and only then touches the database. A keeper that was suspended finds its claim
 * deleted and must not acknowledge any write (fence.ts).
 */
import { link, open, readFile, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { claimName, claimPattern, keeperFileName } from '../protocol/data-folder';
import { MemoryError } from '../protocol/errors';
import { isEarlierBoot } from './host';
import { heartbeatMs, readKeeperFile } from './keeper-file';

export interface Claim {
  /** Increases with every keeper of this folder. */
  generation: number;
  file: string;
  /** The former keeper of another host has not released its claim; it may only be suspended. */
  isTakenOver: boolean;
}

export interface ClaimOptions {
  dataDir: string;
  /** As `describeHost` returns it. */
  host: string;
  token: string;
  now: () => number;
  /** The folder is on a disk that only this machine can write to. */
  isLocal: boolean;
  /** How long a silent keeper of another host is watched before the takeover; longer than its heartbeat. */
  watchMs?: number;
}

interface ClaimText {
  host: string;
  token: string;
  isReleased?: boolean;
}

/** A keeper of another host whose files are younger than this is alive. */
const deadMs = 3 * heartbeatMs + 1000;
const claimFile = (dataDir: string, generation: number): string => path.join(dataDir, claimName(generation));
/** Error codes of file systems without hard links (FAT, some network shares). */
const linklessCodes = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL']);

/**
 * Must be called while holding the lock, so that older claims of this host are known to be dead. @throws MemoryError
 * `locked` while another host uses the folder
 */
export async function claimFolder(options: ClaimOptions): Promise<Claim> {
  const { dataDir, host, token } = options;
  for (;;) {
    const newest = await newestClaim(dataDir);
    const isTakenOver = await outlast(options, newest);
    const generation = newest + 1;
    const file = claimFile(dataDir, generation);
    if (!(await createOnce(file, { host, token }))) continue; // Another keeper was faster: find out which.
    await clearClaims(dataDir, generation);
    return { generation, file, isTakenOver };
  }
}

/**
 * Makes a higher claim for a keeper that has one. The keeper deletes the old one when it uses the new one.
 * @param above lower limit of the number
 */
export async function raiseClaim(claim: Claim, text: ClaimText, above: number): Promise<Claim> {
  const generation = Math.max(claim.generation, above) + 1;
  const file = claimFile(path.dirname(claim.file), generation);
  if (!(await createOnce(file, text))) throw heldElsewhere();
  return { ...claim, generation, file };
}

/** Heartbeat for other hosts. */
export async function touchClaim({ file }: Claim, now: Date): Promise<void> {
  await utimes(file, now, now);
}

/**
 * Marks the claim as released, so that another host may take over at once. The file stays, so that its number is not
 * reused.
 */
export async function releaseClaim({ file }: Claim, text: ClaimText): Promise<void> {
  await writeWhole(`${file}.tmp`, { ...text, isReleased: true });
  await rename(`${file}.tmp`, file);
}

/** True when the last keeper was on another host. Waits until that keeper is certainly silent. */
async function outlast(options: ClaimOptions, newest: number): Promise<boolean> {
  const { dataDir, now, watchMs = heartbeatMs + 1000 } = options;
  const signs = [...(await strangersClaim(options, newest)), ...(await strangersKeeperFile(options))];
  if (signs.length === 0) return false;
  const before = await timesOf(signs);
  // A time in the future counts as old: a clock that was set back must not lock the folder.
  if (before.some((time) => Math.abs(now() - time) < deadMs)) throw heldElsewhere();
  if (watchMs > 0) await new Promise((resolve) => setTimeout(resolve, watchMs));
  const after = await timesOf(signs);
  // Clocks of two hosts differ, so a change seen here is what counts.
  if (after.some((time, index) => time !== before[index]) || (await newestClaim(dataDir)) !== newest)
    throw heldElsewhere();
  return true;
}

async function strangersClaim({ dataDir, ...options }: ClaimOptions, generation: number): Promise<string[]> {
  if (generation === 0) return [];
  const file = claimFile(dataDir, generation);
  const text = await readText(file);
  // A claim without text is being written, or its keeper died while writing it.
  if (text?.isReleased || (text && isDead(text.host, options))) return [];
  return [file];
}

async function strangersKeeperFile({ dataDir, ...options }: ClaimOptions): Promise<string[]> {
  const known = await readKeeperFile(dataDir);
  return known && !isDead(known.host, options) ? [path.join(dataDir, keeperFileName)] : [];
}

const isDead = (theirs: string, { host, isLocal }: Pick<ClaimOptions, 'host' | 'isLocal'>): boolean =>
  theirs === host || (isLocal && isEarlierBoot(theirs, host));
const heldElsewhere = () =>
  new MemoryError('locked', 'Another computer or container is using this memory folder.', { reason: 'other_host' });

async function newestClaim(dataDir: string): Promise<number> {
  return Math.max(0, ...(await readdir(dataDir)).map(generationOf));
}

/** The number of a complete claim; 0 for a draft and any other file. */
function generationOf(name: string): number {
  const generation = Number(claimPattern.exec(name)?.[1] ?? 0);
  return name === claimName(generation) ? generation : 0;
}

/** Deletes the claims of earlier keepers. */
export async function clearClaims(dataDir: string, generation: number): Promise<void> {
  for (const name of await readdir(dataDir)) {
    const match = claimPattern.exec(name);
    if (match && Number(match[1]) < generation) await rm(path.join(dataDir, name), { force: true });
  }
}

/** False when the name exists. Where the file system has hard links, the file has its text from its first moment. */
async function createOnce(file: string, text: ClaimText): Promise<boolean> {
  const draft = `${file}.${text.token.slice(0, 8)}`;
  try {
    await writeWhole(draft, text);
    await link(draft, file);
    return true;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (!linklessCodes.has(code)) throw error;
    return await createExclusive(file, text);
  } finally {
    await rm(draft, { force: true });
  }
}

async function createExclusive(file: string, text: ClaimText): Promise<boolean> {
  try {
    const handle = await open(file, 'wx', 0o600);
    await handle.writeFile(JSON.stringify(text)).finally(() => handle.close());
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function writeWhole(file: string, text: ClaimText): Promise<void> {
  const handle = await open(file, 'w', 0o600);
  await handle.writeFile(JSON.stringify(text)).finally(() => handle.close());
}

async function readText(file: string): Promise<ClaimText | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as ClaimText;
  } catch {
    return undefined;
  }
}

/** A file deleted meanwhile counts as changed. */
async function timesOf(files: readonly string[]): Promise<number[]> {
  return Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ),
    ),
  );
}
