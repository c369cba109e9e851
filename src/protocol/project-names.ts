/** What projects are called in lists: by their name, and where two have the same, by as many folders as tell them apart. */
import { pathParts } from './paths';

interface Named {
  id: number;
  name: string;
  root: string;
}

/** Labels by project id. Two with the same name and the same folders keep both, as nothing tells them apart. */
export function projectLabels(projects: readonly Named[]): Map<number, string> {
  const labels = new Map<number, string>();
  const byName = new Map<string, Named[]>();
  for (const project of projects) byName.set(project.name, [...(byName.get(project.name) ?? []), project]);
  for (const [name, same] of byName)
    for (const { id, root } of same) labels.set(id, same.length === 1 ? name : shortestOwn(root, same) || name);
  return labels;
}

function shortestOwn(root: string, same: readonly Named[]): string {
  const parts = pathParts(root);
  const others = same.filter((other) => other.root !== root).map((other) => pathParts(other.root));
  for (let count = 2; count < parts.length; count++) {
    const tail = parts.slice(-count).join('/');
    if (others.every((other) => other.slice(-count).join('/') !== tail)) return tail;
  }
  return parts.join('/');
}
