/** The ports to git: commits of open, trusted folders, and their files as HEAD has them. */

/** A commit as its repository tells it. */
export interface Commit {
  subject: string;
  /** Epoch milliseconds. */
  at: number;
  /** Absolute paths. */
  files: string[];
}

/** Reads commits of open, trusted folders. Answers with none where there is no git, no repository or no trust. */
export interface CommitHistory {
  commits(signal?: AbortSignal): Promise<Commit[]>;
}

export interface CommittedFile {
  /** In HEAD, or at least on the disk. */
  isThere: boolean;
  /** As HEAD has it; absent when HEAD has no such file. */
  text?: string;
}

export interface CommittedFiles {
  /** Folders that may be asked about. Absolute. */
  trusted(): string[];
  /** The commit HEAD stands on; undefined without trust, git or a repository. */
  head(root: string, signal?: AbortSignal): Promise<string | undefined>;
  /** By absolute path; those outside the folder are left out, all of them where HEAD cannot be read. */
  files(root: string, paths: readonly string[], signal?: AbortSignal): Promise<Map<string, CommittedFile>>;
}
