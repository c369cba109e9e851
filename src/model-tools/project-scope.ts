/** Which projects a call may see: that of the client's folder, or one that was asked for by its name. */
import * as z from 'zod/mini';
import { MemoryError } from '../protocol/errors';
import type { ProjectInfo } from '../protocol/model';
import { isInside, normalizeFolder } from '../protocol/paths';
import type { Scope } from '../protocol/questions/schemas';
import { short } from '../protocol/questions/schemas';
import { showLine } from '../protocol/visible-text';
import type { ClassedPorts } from './tool';

/** The same argument of every tool that reads. */
export const project = z.exactOptional(
  short.check(
    z.describe(
      'Name of another project, or "all". Only when the person asks for other projects; ' +
        'without it, the project of the folder that Claude works in.',
    ),
  ),
);

const everywhere = 'all';

export interface Sight {
  /** Undefined for everywhere. */
  scope?: Scope;
  has(projectId: number | undefined): boolean;
  /** The projects that are seen; none when everything is. */
  projects: readonly ProjectInfo[];
  /** For the reader. */
  name: string;
}

/** @throws MemoryError `not_found` when no project has that name, or the folder belongs to none */
export async function sightOf({ memory, folder }: ClassedPorts, name: string | undefined): Promise<Sight> {
  const isOpen = await openTest(memory);
  if (name === undefined) return sightOfFolder(await memory.projects({ roots: [folder] }), folder, isOpen);
  if (name.trim().toLowerCase() === everywhere)
    return isOpen === undefined
      ? { has: () => true, projects: [], name: 'all projects' }
      : sightOn((await memory.projects()).filter(isOpen));
  const wanted = name.trim().toLowerCase();
  const named = (await memory.projects()).filter(({ name: own, root, joined = [] }) =>
    [own, root, ...joined.flatMap((part) => [part.name, part.root])].some((each) => each.toLowerCase() === wanted),
  );
  if (named.length === 0)
    throw new MemoryError('not_found', `No project in memory is called “${showLine(name)}”. Ask for its exact name.`);
  const seen = named.filter(isOpen ?? (() => true));
  if (seen.length === 0) throw restricted();
  return sightOn(seen);
}

/** Undefined when nothing is restricted. */
async function openTest(memory: ClassedPorts['memory']): Promise<((project: ProjectInfo) => boolean) | undefined> {
  const restrictions = await memory.restrictions();
  if (restrictions.length === 0) return undefined;
  if (restrictions.some(({ project: of }) => of === undefined)) throw restricted();
  const roots = new Set(restrictions.map(({ project: of }) => of?.root));
  return ({ root, joined = [] }) => !roots.has(root) && !joined.some((part) => roots.has(part.root));
}

const restricted = () =>
  new MemoryError('not_found', 'The person has restricted the processing of this memory for now. Go on without it.');

/** Projects below the folder are others: a client that was started in the home folder must not see them all. */
function sightOfFolder(
  projects: readonly ProjectInfo[],
  folder: string,
  isOpen: ((project: ProjectInfo) => boolean) | undefined,
): Sight {
  const here = normalizeFolder(folder);
  const own = projects.filter(({ root }) => !isInside(here, root));
  if (own.length === 0)
    throw new MemoryError(
      'not_found',
      `The memory has no earlier session of this project (${showLine(here)}). Other projects are searched when the person names one.`,
    );
  const seen = own.filter(isOpen ?? (() => true));
  if (seen.length === 0) throw restricted();
  return sightOn(seen);
}

function sightOn(projects: readonly ProjectInfo[]): Sight {
  const ids = projects.map(({ id }) => id);
  return {
    scope: { projectIds: ids },
    has: (id) => id !== undefined && ids.includes(id),
    projects,
    name: [...new Set(projects.map((each) => showLine(each.name)))].join(', '),
  };
}
