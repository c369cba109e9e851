/**
 * Finds projects that were moved or renamed: the same repository was known in a folder that is no more and is now in
 * another one. Says nothing while a disk does not answer, and takes back what it said when the old folder is there again.
 */
import type { Clock } from '../lib/clock';
import type { Redactor } from '../observe/redact';
import type { SqlDriver } from '../store/sqlite/driver';
import { knownFolders, marksOf, noteIdentity } from '../store/tables/project-identity';
import type { KnownFolder } from '../store/tables/project-identity';
import { putMoves } from '../store/tables/project-joins';
import type { Move } from '../store/tables/project-joins';
import { ProjectFinder } from '../transcript/project';
import type { ProjectIdentity } from '../transcript/project';
import { lookAtFolder } from '../transcript/repository-identity';
import type { FolderState } from '../transcript/repository-identity';

/** Folders are looked at this often, and whenever there is a new one. */
const againMs = 60_000;

export interface MovedProjectsPorts {
  driver: SqlDriver;
  clock: Clock;
  redactor: Redactor;
  /** Called when other projects than before are shown as one. */
  onJoins: () => void;
}

export class MovedProjects {
  readonly #finder = new ProjectFinder();
  #lookedAt = -Infinity;
  /** What there was to look at the last time. */
  #known = '';
  /** A disk that did not answer once would hold up every look. */
  readonly #silent = new Set<string>();

  constructor(private readonly ports: MovedProjectsPorts) {}

  /**
   * @param isAsked a person asked for the import: folders are looked at whenever that was last done
   * @param opened trusted folders that are open: a project may have moved there without a session since
   */
  async look(isAsked: boolean, opened: readonly string[], signal: AbortSignal): Promise<void> {
    const { driver, clock, onJoins } = this.ports;
    const folders = knownFolders(driver);
    const known = JSON.stringify([Math.max(0, ...folders.map(({ id }) => id)), opened]);
    if (!isAsked && known === this.#known && clock.now() - this.#lookedAt < againMs) return;
    if (isAsked) this.#silent.clear();
    const found = await this.#withoutSecrets(await Promise.all(opened.map((folder) => this.#finder.find(folder))));
    const states = new Map<string, FolderState>();
    for (const root of new Set([...folders, ...found].map((folder) => folder.root))) {
      if (this.#silent.has(root)) continue;
      const state = await lookAtFolder(root);
      signal.throwIfAborted();
      if (state) states.set(root, state);
      else {
        // A call to a disk that hangs keeps its thread, of which a process has few: the others wait for the next look.
        this.#silent.add(root);
        break;
      }
    }
    this.#lookedAt = clock.now();
    this.#known = known;
    const changed = driver.transaction(() => {
      for (const [root, state] of states) if (state?.isThere) noteIdentity(driver, root, state.identity);
      return noteMoves(driver, states, clock.now());
    });
    if (changed) onJoins();
  }

  /** A folder whose name holds a secret is not stored as the disk has it, so nothing can be joined with it. */
  async #withoutSecrets(found: readonly ProjectIdentity[]): Promise<ProjectIdentity[]> {
    const { texts } = await this.ports.redactor.redact(found.map(({ root }) => root));
    return found.filter(({ root }, index) => texts[index] === root);
  }
}

function noteMoves(driver: SqlDriver, states: ReadonlyMap<string, FolderState>, now: number): boolean {
  const isThere = (root: string) => states.get(root)?.isThere;
  const known = knownFolders(driver);
  const isKnown = new Set(known.map(({ root }) => root));
  // Of a folder without a session nothing is stored; what begins in it will begin after all that is known.
  const others = [...states].flatMap(([root, state]): KnownFolder[] =>
    state && !isKnown.has(root) ? [{ id: 0, root, ...marksOf(driver, state.identity), began: Infinity }] : [],
  );
  const folders = [...known, ...others];
  const byRoot = new Map(folders.map((folder) => [folder.root, folder]));
  return putMoves(
    driver,
    movesOf(folders, isThere),
    ({ from, into }) => {
      if (isThere(from) === true) return true;
      // Without the identity, which a rebuild loses, there is nothing that speaks against it.
      const [one, other] = [byRoot.get(from), byRoot.get(into)];
      return isThere(from) === false && isThere(into) === true && hasIdentity(one) && hasIdentity(other);
    },
    now,
  );
}

const hasIdentity = (folder: KnownFolder | undefined): boolean => Boolean(folder?.remote ?? folder?.start);

/**
 * Every folder that is gone, with the one of the same repository where its sessions went on: the first that is there and
 * began after it. The latest come first, because an earlier one may lead to it.
 */
function movesOf(folders: readonly KnownFolder[], isThere: (root: string) => boolean | undefined): Move[] {
  const there = folders.filter(({ root }) => isThere(root) === true);
  return folders
    .filter(({ root, began }) => isThere(root) === false && began !== null)
    .toSorted((one, other) => (other.began ?? 0) - (one.began ?? 0) || (one.root < other.root ? -1 : 1))
    .flatMap((gone) => {
      const [into] = there
        .filter((other) => isSame(gone, other) && (other.began ?? 0) > (gone.began ?? 0))
        .toSorted(
          (one, other) =>
            // The folder itself, not another clone of it.
            Number(other.start === gone.start) - Number(one.start === gone.start) ||
            (one.began ?? 0) - (other.began ?? 0) ||
            (one.root < other.root ? -1 : 1),
        );
      return into ? [{ from: gone.root, into: into.root }] : [];
    });
}

/** The remote decides; the beginning of the folder speaks only where there was none. */
const isSame = (one: KnownFolder, other: KnownFolder): boolean =>
  one.remote !== null && other.remote !== null
    ? one.remote === other.remote
    : one.start !== null && one.start === other.start;
