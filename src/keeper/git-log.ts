import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
/**
 * Commits of open folders that their window trusts, and their files as HEAD has them. A repository may say what git
 * shall run, so git is told to run nothing: no hooks, no file monitor, no pager, no signature check, no external diff,
 * no fetching. It is started outside the folder and never by a shell.
 */
import type { Commit, CommitHistory, CommittedFile, CommittedFiles } from '../core/lib/git';
import { pathInside } from '../protocol/paths';

const maxCommits = 400;
const timeoutMs = 10_000;
const maxBytes = 4 << 20;
/** A commit with more files than this belongs to nobody's session. */
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

  /** `git`: the program; another one for tests. */
  constructor(readonly git = 'git') {}

  /** Folders that a window trusts now; they replace what it said before. */
  setRoots(source: string, roots: readonly string[]): void {
    this.#roots.set(
      source,
      roots.filter((root) => path.isAbsolute(root)),
    );
  }

  /** A head speaks for a source from now on. */
  join(source: string, head: object): void {
    const heads = this.#heads.get(source) ?? new Set();
    this.#heads.set(source, heads.add(head));
  }

  /** A head went: what nobody speaks for any more is trusted no longer. */
  leave(head: object): void {
    for (const [source, heads] of this.#heads) {
      if (!heads.delete(head) || heads.size > 0) continue;
      this.#heads.delete(source);
      this.#roots.delete(source);
    }
  }

  /** Newest first within each folder. Without git, a repository or an answer in time there are none. */
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
   * One question for what all files are, and one for what each of them holds: objects are printed as they are stored,
   * without filters or text conversion.
   */
  async files(root: string, paths: readonly string[], signal?: AbortSignal): Promise<Map<string, CommittedFile>> {
    const found = new Map<string, CommittedFile>();
    if ((await this.head(root, signal)) === undefined) return found;
    const asked = paths.flatMap((file) => {
      const inside = pathInside(root, file);
      // A line is a question.
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
      // New and not committed yet, or never meant to be: it is there, but HEAD says nothing.
      else if (kind === undefined) found.set(file, { isThere: await isFile(file) });
    }
    for (const { file, id, size } of blobs) {
      const text = size < maxBytes ? await this.#run(root, ['cat-file', 'blob', id], signal) : undefined;
      // What was cut off says nothing about the rest.
      found.set(file, { isThere: true, ...(text !== undefined && Buffer.byteLength(text) >= size && { text }) });
      signal?.throwIfAborted();
    }
    return new Map(
      asked.flatMap(({ file }) => (found.has(file) ? [[file, found.get(file) as CommittedFile] as const] : [])),
    );
  }

  /** What git said, as far as it came. */
  #run(root: string, question: readonly string[], signal: AbortSignal | undefined, input = ''): Promise<string> {
    return new Promise((resolve) => {
      // Started elsewhere: on Windows a program of that name in the folder itself would be taken.
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
 * Nothing of git's own: a variable could point to another repository or name a program to run. No protocol by a
 * variable, for it outdoes every configuration: a repository's own `protocol.ext.allow` would outdo ours.
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
