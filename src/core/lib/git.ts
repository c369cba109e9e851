/** Ports to git: commits of open, trusted folders, and files in HEAD. */

/** A commit as its repository tells it. */
export interface Commit {
  subject: string;
  /** Epoch milliseconds. */
  at: number;
  /** Absolute paths. */
  files: string[];
}

/** Reads commits of open, trusted folders; returns none without git, a repository or trust. */
export interface CommitHistory {
  commits(signal?: AbortSignal): Promise<Commit[]>;
}

export interface CommittedFile {
  /** True when it is in HEAD or on disk. */
  isThere: boolean;
  /** Content in HEAD; absent when HEAD has no such file. */
  text?: string;
}

export interface CommittedFiles {
  /** Folders for which git may be run. Absolute. */
  trusted(): string[];
  /** The commit of HEAD; undefined without trust, git or a repository. */
  head(root: string, signal?: AbortSignal): Promise<string | undefined>;
  /** By absolute path. Paths outside the folder are left out, and all when HEAD cannot be read. */
  files(root: string, paths: readonly string[], signal?: AbortSignal): Promise<Map<string, CommittedFile>>;
}
