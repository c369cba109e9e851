/**
 * By what a repository is known again in another folder, read from its `.git` without running git. The first commit would
 * say it best, but it is in a packed file, which only a library reads. So it is the address of `origin`; and the first
 * line of the log of HEAD, which a folder that is moved keeps and another clone does not have.
 */
import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { normalizeFolder } from '../../protocol/paths';
import { trimEndOf } from '../../protocol/text';
import { within } from '../lib/within';
import { namedGitFolder } from './git-folder';
import { maxLookMs } from './look';
import { isNetworkPath, readFirstLine, readPlainText } from './plain-file';

export interface RepositoryIdentity {
  /** Address of `origin`, the same for every way to reach it. */
  remote?: string;
  /** What git noted first in this folder, which for one that began here is the first commit. */
  start?: string;
}

/** `undefined` when it cannot be told: on another computer, of another operating system, on a disk that does not answer. */
export type FolderState = { isThere: boolean; identity: RepositoryIdentity } | undefined;

const maxConfigBytes = 256 << 10;
const maxLogLineBytes = 4096;

export async function lookAtFolder(root: string): Promise<FolderState> {
  if (!path.isAbsolute(root) || isNetworkPath(root)) return undefined;
  return within(maxLookMs, stateOf(root));
}

async function stateOf(root: string): Promise<FolderState> {
  try {
    // A link in the old place may lead to the new one, so it is no folder of its own.
    if (!(await lstat(root)).isDirectory()) return { isThere: false, identity: {} };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // A folder that may not be looked at is not gone.
    return code === 'ENOENT' || code === 'ENOTDIR' ? { isThere: false, identity: {} } : undefined;
  }
  return { isThere: true, identity: await readRepositoryIdentity(root) };
}

/** @param root root of a repository; empty for any other folder */
async function readRepositoryIdentity(root: string): Promise<RepositoryIdentity> {
  const gitDir = await gitFolderOf(root);
  if (gitDir === undefined) return {};
  const address = originOf(await readPlainText(path.join(gitDir, 'config'), maxConfigBytes));
  const remote = address && normalizeRemote(address);
  const start = (await readFirstLine(path.join(gitDir, 'logs', 'HEAD'), maxLogLineBytes)).trim();
  return { ...(remote && { remote }), ...(start !== '' && { start }) };
}

/** A link is not followed: it may lead to the repository of another folder. */
async function gitFolderOf(root: string): Promise<string | undefined> {
  const git = path.join(root, '.git');
  const found = await lstat(git).catch(() => undefined);
  if (found?.isDirectory()) return git;
  return found?.isFile() ? namedGitFolder(git, root) : undefined;
}

/** The first address of `origin` in a git config: git fetches from that one. */
function originOf(config: string): string | undefined {
  let isOrigin = false;
  for (const each of config.split('\n')) {
    const line = each.trim();
    if (line.startsWith('[')) isOrigin = /^\[remote\s+"origin"\s*\]/i.test(line);
    const value = isOrigin ? /^url\s*=(.*)$/i.exec(line)?.[1]?.trim() : undefined;
    if (value) return value.startsWith('"') ? value.slice(1).split('"')[0] : value.split(/[#;]/)[0]?.trim();
  }
  return undefined;
}

/** Ports that an address may leave out. */
const usualPorts: ReadonlySet<string> = new Set(['22', '80', '443', '9418']);

/**
 * One spelling for all addresses of a repository: `host/path`, without scheme, user, secret, and `.git`. Undefined for an
 * address that means nothing in another folder. The case of the path stays, because a server may tell cases apart.
 */
export function normalizeRemote(address: string): string | undefined {
  const scheme = /^([a-z][a-z\d+.-]*):\/\//i.exec(address);
  if (scheme) {
    // What follows a question mark may be a secret.
    const rest = address.slice(scheme[0].length).split(/[?#]/)[0] ?? '';
    if (scheme[1]?.toLowerCase() === 'file') return localAddress(rest);
    const slash = rest.indexOf('/');
    return slash < 0 ? undefined : serverAddress(rest.slice(0, slash), rest.slice(slash));
  }
  if (path.posix.isAbsolute(address) || path.win32.isAbsolute(address)) return localAddress(address);
  const colon = address.indexOf(':');
  // A path without a host is relative to the folder.
  if (colon < 0 || address.slice(0, colon).includes('/')) return undefined;
  return serverAddress(address.slice(0, colon), address.slice(colon + 1));
}

function serverAddress(authority: string, folder: string): string | undefined {
  const server = authority.slice(authority.lastIndexOf('@') + 1);
  const [, host = server, port = ''] = /^(.*):(\d*)$/.exec(server) ?? [];
  const name = withoutEnds(folder);
  if (host === '' || name === '') return undefined;
  return `${host.toLowerCase()}${port === '' || usualPorts.has(port) ? '' : `:${port}`}/${name}`;
}

const localAddress = (folder: string): string | undefined =>
  withoutEnds(folder) === '' ? undefined : `local:${withoutEnds(normalizeFolder(folder))}`;

/** Without slashes at both ends and `.git`. */
function withoutEnds(folder: string): string {
  const name = trimEndOf(folder.replace(/^[/\\]+/, ''), '/\\');
  return trimEndOf(name.endsWith('.git') ? name.slice(0, -4) : name, '/\\');
}
