/** The name of a file within its project, the same in every session. */
import { pathInside, withoutWorktree } from '../../../protocol/paths';
import type { SessionHead } from '../../store/tables/session-lines';

const outside =
  /^(?:\/(?:tmp|private|var|dev|proc)\/|[A-Za-z]:[\\/](?:Temp|Windows)[\\/])|(?:^|[\\/])(?:node_modules|\.git)[\\/]/i;

/** Path relative to the project's folder, or to its worktree; undefined for files outside of both. */
export function projectFile(
  path: string,
  { projectRoot, cwd }: Pick<SessionHead, 'projectRoot' | 'cwd'>,
): string | undefined {
  const plain = path.replaceAll('\\', '/');
  if (plain === '' || plain.includes('\n')) return undefined;
  const inside = pathInside(projectRoot, path) ?? pathInside(cwd, path);
  const name = inside === undefined ? plain : withoutWorktree(inside);
  return outside.test(name) ? undefined : name;
}
