/** The figures of what was judged, and which sources mute themselves by them. */
import { mutableSources, giveSources } from '../../protocol/shadow';
import type { GiveSource, MutableSource, ProjectShadow, ShadowCounts, ShadowReport } from '../../protocol/shadow';
import type { SqlDriver } from '../store/sqlite/driver';
import { getConfiguration } from '../store/tables/configuration';
import { keptSources } from '../store/tables/give-choices';
import { allProjects } from '../store/tables/projects';
import { countUnjudged, sumShadows } from '../store/tables/shadows';
import type { ShadowSum } from '../store/tables/shadows';
import { precisionOf } from './precision';

/** Of 100 prompts. */
const defaultBar = 10;
/** Fewer prompts say nothing about a source. */
const enough = 20;
const maxProjects = 50;
/** Sent by every head, so it is no word of a person's that a backup must keep. */
export const barKey = 'keeper.giveBar';

const barOf = (driver: SqlDriver): number => getConfiguration<number>(driver, barKey) ?? defaultBar;

/** Nothing of these is given for prompts in these projects. */
export function mutedSources(driver: SqlDriver, projectIds: readonly number[]): Set<MutableSource> {
  const bar = barOf(driver);
  if (bar === 0) return new Set();
  const sums = sumShadows(driver, projectIds);
  const kept = keptSources(driver);
  const meant = new Set(projectIds);
  const roots = new Set(allProjects(driver).flatMap(({ id, root }) => (meant.has(id) ? [root] : [])));
  return new Set(
    mutableSources.filter(
      (source) => isBelow(sums, source, bar) && ![...roots].some((root) => kept.has(`${source} ${root}`)),
    ),
  );
}

function isBelow(sums: readonly ShadowSum[], source: GiveSource, bar: number): boolean {
  const { used, of } = sourcePrecision(sums, source);
  return of >= enough && 100 * used < bar * of;
}

function sourcePrecision(sums: readonly ShadowSum[], source: GiveSource) {
  const total = (what: 'gave' | 'used') => sums.reduce((sum, { sources }) => sum + sources[source][what], 0);
  return precisionOf(total('used'), total('gave'));
}

function countsOf(sums: readonly ShadowSum[]): ShadowCounts {
  const total = (what: 'looked' | 'helped' | 'unused' | 'missed' | 'tokens') =>
    sums.reduce((sum, each) => sum + each[what], 0);
  const helped = total('helped');
  return {
    looked: total('looked'),
    precision: precisionOf(helped, helped + total('unused')),
    missed: total('missed'),
    tokens: total('tokens'),
  };
}

/** Of the projects with these numbers, or of all. */
export function shadowReport(driver: SqlDriver, projectIds: readonly number[] | undefined): ShadowReport {
  const sums = sumShadows(driver, projectIds);
  const bar = barOf(driver);
  const kept = keptSources(driver);
  const projects = new Map<number, { project: ProjectShadow['project']; sums: ShadowSum[] }>();
  const shown = new Map(allProjects(driver).map((each) => [each.id, each]));
  for (const sum of sums) {
    const known = shown.get(sum.projectId);
    if (!known) continue;
    const { shownId: id, name, root } = known;
    const entry = projects.get(id) ?? { project: { id, name, root }, sums: [] };
    entry.sums.push(sum);
    projects.set(id, entry);
  }
  return {
    shadow: countsOf(sums.filter(({ isGiven }) => !isGiven)),
    given: countsOf(sums.filter(({ isGiven }) => isGiven)),
    projects: [...projects.values()]
      .map(({ project, sums: own }) => ({
        project,
        ...countsOf(own),
        sources: giveSources.flatMap((source) => {
          const precision = sourcePrecision(own, source);
          if (precision.of === 0) return [];
          const isKept = kept.has(`${source} ${project.root}`);
          const isMuted = source !== 'amendment' && bar > 0 && !isKept && isBelow(own, source, bar);
          return [{ source, precision, isMuted, isKept }];
        }),
      }))
      .sort((a, b) => b.looked - a.looked || a.project.id - b.project.id)
      .slice(0, maxProjects),
    bar,
    enough,
    waiting: countUnjudged(driver),
  };
}
