/**
 * Branch, project and files of every session, by row number: filters, facets and completion ask for them all the time.
 */
import type { SqlDriver } from '../store/sqlite/driver';
import { eachSessionFacts } from '../store/tables/sessions';
import { Names } from './names';

/** More sessions than this are read in one go rather than by their numbers. */
const maxByNumber = 200;
const none = new Int32Array(0);

export class SessionColumns {
  readonly branches = new Names();
  readonly files = new Names();
  readonly #branch: number[] = [];
  readonly #project: number[] = [];
  readonly #files: Int32Array[] = [];
  /** Changes whenever something above may have: lists made of it are kept until then. */
  round = 0;

  /** Reads the sessions that got new documents: what else changes a session's files or branch comes with one. */
  update(driver: SqlDriver, grown: ReadonlySet<number>): void {
    if (grown.size === 0) return;
    this.round++;
    eachSessionFacts(driver, grown.size > maxByNumber ? undefined : [...grown], (no, project, branch, filesJson) => {
      this.#project[no] = project;
      this.#branch[no] = this.branches.number(branch);
      this.#files[no] =
        filesJson === '[]'
          ? none
          : Int32Array.from(JSON.parse(filesJson) as string[], (file) => this.files.number(file));
    });
  }

  clear(): void {
    this.round++;
    this.branches.clear();
    this.files.clear();
    this.#branch.length = this.#project.length = this.#files.length = 0;
  }

  /** Number in `branches`; -1 for a session that is not known. */
  branch(session: number): number {
    return this.#branch[session] ?? -1;
  }

  project(session: number): number {
    return this.#project[session] ?? 0;
  }

  /** Numbers in `files`. */
  filesOf(session: number): Int32Array {
    return this.#files[session] ?? none;
  }

  /** Row numbers of the known sessions, of these projects only when some are given. */
  *each(projects?: ReadonlySet<number>): Iterable<number> {
    for (const key of this.#project.keys()) {
      const project = this.#project[key];
      if (project !== undefined && (!projects || projects.has(project))) yield key;
    }
  }
}
