/** What a session worked on, as one word for its entries: the folder with most of its edits, else its branch. */
import type { Topic } from '../../../protocol/left';
import { pathInside, withoutWorktree } from '../../../protocol/paths';
import type { SessionFindings } from '../../store/tables/session-findings';

const deepest = 2;
const everybodys = /^(?:main|master|develop|dev|trunk|HEAD)?$/;

export function topicOf({ body, root, branch }: SessionFindings): Topic {
  const edits = new Map<string, number>();
  for (const { path, edits: count } of body.files) {
    const inside = pathInside(root, withoutWorktree(path)) ?? '';
    const folder = inside.split('/').slice(0, -1).slice(0, deepest).join('/');
    if (folder !== '') edits.set(folder, (edits.get(folder) ?? 0) + count);
  }
  const [most] = [...edits].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1));
  if (most) return most[0];
  return everybodys.test(branch) ? '' : branch;
}
