/** Proposals under the project they are from: the project with the most worthy one first, each by worth as it came. */
import type { Learning, ProjectRef } from '../../../src/protocol/model';

export interface ProjectHeading {
  kind: 'project';
  /** Absent for what is of no project. */
  project?: ProjectRef;
  /** Another project has the same name, so that the folder must say which. */
  isAmbiguous: boolean;
}

export type ProposalItem = Learning | ProjectHeading;

export const isHeading = (item: ProposalItem): item is ProjectHeading => 'kind' in item;

export const keyOf = (item: ProposalItem): string => (isHeading(item) ? `project ${item.project?.id ?? ''}` : item.id);

/** `items` by worth; what comes of each project stays in this order. */
export function orderByProject(items: readonly Learning[]): Learning[] {
  return groupsOf(items).flat();
}

/** `items` as `orderByProject` gives them. With one project there is nothing to tell apart. */
export function withHeadings(items: readonly Learning[]): readonly ProposalItem[] {
  const groups = groupsOf(items);
  if (groups.length < 2) return items;
  const names = groups.map(([first]) => first?.project?.name);
  return groups.flatMap((group, at): ProposalItem[] => {
    const project = group[0]?.project;
    const isAmbiguous = names.some((name, other) => other !== at && name === project?.name);
    return [{ kind: 'project', ...(project && { project }), isAmbiguous }, ...group];
  });
}

function groupsOf(items: readonly Learning[]): Learning[][] {
  const groups = new Map<number | null, Learning[]>();
  for (const item of items) {
    const id = item.project?.id ?? null;
    const group = groups.get(id);
    if (group) group.push(item);
    else groups.set(id, [item]);
  }
  return [...groups.values()];
}
