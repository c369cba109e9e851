/** Branch, project and files of every session by row number, for filters, facets and completion. */
import type { SqlDriver } from '../store/sqlite/driver';
import { eachSessionFacts } from '../store/tables/sessions';
import { Names } from './names';

/** With more sessions than this the whole table is read instead of single rows. */
const maxByNumber = 200;
const none = new Int32Array(0);

export class SessionColumns {
  readonly branches = new Names();
  readonly files = new Names();
  readonly #branch: number[] = [];
  readonly #project: number[] = [];
  readonly #files: Int32Array[] = [];
  /** Changes whenever the data above may have changed; lists made from it are valid until then. */
  round = 0;

  /** Reads sessions with new documents again: a session's files and branch change only together with its documents. */
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

  /** Number in `branches`; -1 for an unknown session. */
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

  /** Row numbers of the known sessions; with `projects`, only of these. */
  *each(projects?: ReadonlySet<number>): Iterable<number> {
    for (const key of this.#project.keys()) {
      const project = this.#project[key];
      if (project !== undefined && (!projects || projects.has(project))) yield key;
    }
  }
}
