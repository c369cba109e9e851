/** Shows projects as one when a person says that they are, and takes it back. */
import { MemoryError } from '../../protocol/errors';
import type { JoinPreview, ProjectInfo } from '../../protocol/model';
import type { JoinApi } from '../../protocol/questions/joins';
import type { Clock } from '../lib/clock';
import type { SqlDriver } from '../store/sqlite/driver';
import { joinBetween, listJoins, putJoin, undoJoin } from '../store/tables/project-joins';
import { allProjects, listProjects } from '../store/tables/projects';
import { lookAtFolder } from '../transcript/repository-identity';

export interface JoinPorts {
  driver: SqlDriver;
  clock: Clock;
  /** Called when other projects than before are shown as one. */
  onJoins: () => void;
}

export function joinAnswers({ driver, clock, onJoins }: JoinPorts): JoinApi {
  return {
    previewJoin: (one, other) => previewJoin(driver, one, other),
    async joinProjects(one, other) {
      const roots = allProjects(driver);
      const [first, second] = [rootOf(roots, one), rootOf(roots, other)];
      // An earlier call, whose answer was lost, has joined them.
      const known = joinBetween(driver, first, second);
      if (known) return known;
      const { from, into } = await previewJoin(driver, one, other);
      putJoin(driver, { from: from.root, into: into.root, why: 'hand' }, clock.now());
      onJoins();
      return joinBetween(driver, from.root, into.root)!;
    },
    projectJoins: async () => listJoins(driver),
    async undoJoin(id) {
      undoJoin(driver, id, clock.now());
      onJoins();
    },
  };
}

function rootOf(projects: ReturnType<typeof allProjects>, id: number): string {
  const root = projects.find((project) => project.id === id)?.ownRoot;
  if (root === undefined) throw new MemoryError('not_found', 'This project is not in memory.');
  return root;
}

/** Whichever way round they are named: the one whose folder exists is shown, or else the one that was used last. */
async function previewJoin(driver: SqlDriver, one: number, other: number): Promise<JoinPreview> {
  const [isFirstThere, isSecondThere] = await Promise.all(
    [one, other].map(async (id) => (await lookAtFolder(shownAs(driver, id).root))?.isThere ?? false),
  );
  // Not asked before the wait: another head may have joined one of them meanwhile.
  const [first, second] = [shownAs(driver, one), shownAs(driver, other)];
  if (first.id === second.id) throw new MemoryError('invalid_input', 'These projects are shown as one already.');
  const isFirst =
    isFirstThere === isSecondThere
      ? first.lastAt > second.lastAt || (first.lastAt === second.lastAt && first.id > second.id)
      : isFirstThere;
  return isFirst ? { from: second, into: first } : { from: first, into: second };
}

/** The project as which another one is shown. */
function shownAs(driver: SqlDriver, id: number): ProjectInfo {
  const shown = allProjects(driver).find((project) => project.id === id)?.shownId;
  const project = listProjects(driver).find((each) => each.id === shown);
  if (!project) throw new MemoryError('not_found', 'This project is not in memory.');
  return project;
}
