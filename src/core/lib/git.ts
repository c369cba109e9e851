/** The port to what became of edits: files of open, trusted folders as their HEAD has them. */

export interface HeadFile {
  /** In HEAD, or at least on the disk. */
  isThere: boolean;
  /** As HEAD has it; absent when HEAD has no such file. */
  text?: string;
}

export interface Heads {
  /** Folders that may be asked about. Absolute. */
  trusted(): string[];
  /** The commit HEAD stands on; undefined without trust, git or a repository. */
  head(root: string, signal?: AbortSignal): Promise<string | undefined>;
  /** By absolute path; those outside the folder are left out, all of them where HEAD cannot be read. */
  files(root: string, paths: readonly string[], signal?: AbortSignal): Promise<Map<string, HeadFile>>;
}
