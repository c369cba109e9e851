/**
 * Commits of folders that their window trusts, and files in HEAD. A repository can configure programs for git to run,
 * so all of these are turned off: hooks, file monitor, pager, signature check, external diff, fetching. git is started
 * outside the folder and without a shell.
 */
import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Commit, CommitHistory, CommittedFile, CommittedFiles } from '../core/lib/git';
import { pathInside } from '../protocol/paths';

const maxCommits = 400;
const timeoutMs = 10_000;
const maxBytes = 4 << 20;
/** A commit with more files says nothing about a session. */
const maxFiles = 200;
const harmless = [
  '--no-pager',
  '--no-optional-locks',
  '-c',
  'core.fsmonitor=false',
  '-c',
  'core.hooksPath=/dev/null',
  '-c',
  'core.quotePath=false',
  '-c',
  'log.showSignature=false',
];
const what = [
  'log',
  `--max-count=${maxCommits}`,
  '--no-merges',
  '--no-show-signature',
  '--no-ext-diff',
  '--no-textconv',
  '--no-mailmap',
  '--ignore-submodules',
  '--relative',
  '--name-only',
  '--format=%x1e%ct%x1f%s',
];

export class GitLog implements CommitHistory, CommittedFiles {
  readonly #roots = new Map<string, readonly string[]>();
  readonly #heads = new Map<string, Set<object>>();

  /** `git`: the program; replaced in tests. */
  constructor(readonly git = 'git') {}

  /** Folders that a window trusts now; replaces its former list. */
  setRoots(source: string, roots: readonly string[]): void {
    this.#roots.set(
      source,
      roots.filter((root) => path.isAbsolute(root)),
    );
  }

  /** A head belongs to a source from now on. */
  join(source: string, head: object): void {
    const heads = this.#heads.get(source) ?? new Set();
    this.#heads.set(source, heads.add(head));
  }

  /** A head disconnected; sources without a head are no longer trusted. */
  leave(head: object): void {
    for (const [source, heads] of this.#heads) {
      if (!heads.delete(head) || heads.size > 0) continue;
      this.#heads.delete(source);
      this.#roots.delete(source);
    }
  }

  /** Newest first within each folder. None without git, without a repository, or when git does not answer in time. */
  async commits(signal?: AbortSignal): Promise<Commit[]> {
    const found: Commit[] = [];
    for (const root of this.trusted()) found.push(...readLog(await this.#run(root, what, signal), root));
    return found;
  }

  trusted(): string[] {
    return [...new Set([...this.#roots.values()].flat())];
  }

  async head(root: string, signal?: AbortSignal): Promise<string | undefined> {
    if (!this.trusted().includes(root)) return undefined;
    const answer = (await this.#run(root, ['rev-parse', '--verify', '--quiet', 'HEAD'], signal)).trim();
    return /^[0-9a-f]{40,64}$/.test(answer) ? answer : undefined;
  }

  /**
   * One call for the types of all files, one for their contents: objects are printed as stored, without filters or text
   * conversion.
   */
  async files(root: string, paths: readonly string[], signal?: AbortSignal): Promise<Map<string, CommittedFile>> {
    const found = new Map<string, CommittedFile>();
    if ((await this.head(root, signal)) === undefined) return found;
    const asked = paths.flatMap((file) => {
      const inside = pathInside(root, file);
      // git reads one path per line.
      return inside === undefined || /[\n\r\0]/.test(inside) ? [] : [{ file, inside }];
    });
    if (asked.length === 0) return found;
    const answers = (
      await this.#run(
        root,
        ['cat-file', '--batch-check'],
        signal,
        asked.map(({ inside }) => `HEAD:./${inside}\n`).join(''),
      )
    ).split('\n');
    signal?.throwIfAborted();
    const blobs: { file: string; id: string; size: number }[] = [];
    for (const [index, { file }] of asked.entries()) {
      const answer = answers[index] ?? '';
      const [, id, kind, size] = /^([0-9a-f]{40,64}) (\w+) (\d+)$/.exec(answer) ?? [];
      if (kind === 'blob' && id !== undefined) blobs.push({ file, id, size: Number(size) });
      // Not in HEAD: new, or ignored.
      else if (kind === undefined) found.set(file, { isThere: await isFile(file) });
    }
    for (const { file, id, size } of blobs) {
      const text = size < maxBytes ? await this.#run(root, ['cat-file', 'blob', id], signal) : undefined;
      // The output was cut off, so the content is incomplete.
      found.set(file, { isThere: true, ...(text !== undefined && Buffer.byteLength(text) >= size && { text }) });
      signal?.throwIfAborted();
    }
    return new Map(
      asked.flatMap(({ file }) => (found.has(file) ? [[file, found.get(file) as CommittedFile] as const] : [])),
    );
  }

  /** The output of git, as far as it was read. */
  #run(root: string, question: readonly string[], signal: AbortSignal | undefined, input = ''): Promise<string> {
    return new Promise((resolve) => {
      // Not started in the folder: on Windows a program named git there would be run.
      const options = {
        cwd: os.homedir(),
        env: plainEnvironment(),
        timeout: timeoutMs,
        maxBuffer: maxBytes,
        windowsHide: true,
        killSignal: 'SIGKILL',
        ...(signal && { signal }),
      } as const;
      execFile(this.git, ['-C', root, ...harmless, ...question], options, (_, stdout) => resolve(stdout))
        .stdin?.on('error', () => undefined)
        .end(input);
    });
  }
}

/**
 * Passes no variables of git: they could name another repository or a program. The allowed protocols are set by a
 * variable, which has priority over every configuration, so a repository's `protocol.ext.allow` has no effect.
 */
function plainEnvironment(): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !/^GIT_|^SSH_|^PAGER$|^LESS/i.test(entry[0]),
  );
  return {
    ...Object.fromEntries(kept),
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: '',
    LC_ALL: 'C',
  };
}

const isFile = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

function readLog(output: string, root: string): Commit[] {
  return output
    .split('\u001E')
    .slice(1)
    .flatMap((record): Commit[] => {
      const [head = '', ...lines] = record.split('\n');
      const [seconds = '', subject = ''] = head.split('\u001F');
      const files = lines.filter((line) => line !== '').map((file) => path.join(root, file));
      const isUseful =
        /^\d+$/.test(seconds) && subject.trim().length >= 8 && files.length > 0 && files.length <= maxFiles;
      return isUseful ? [{ subject: subject.trim(), at: Number(seconds) * 1000, files }] : [];
    });
}
