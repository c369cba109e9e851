import { normalizeFolder, pathParts } from '../../protocol/paths';
import type { SourceFile } from '../transcript/discover';

/** Files of open workspaces first, then the newest sessions, each followed by its sub-agents. */
export function orderSources(sources: readonly SourceFile[], roots: readonly string[]): SourceFile[] {
  const slugs = new Set(
    roots.map((root) =>
      normalizeFolder(root)
        .replace(/[^a-zA-Z0-9]/g, '-')
        .toLowerCase(),
    ),
  );
  const isHere = (source: SourceFile) => pathParts(source.path).some((part) => slugs.has(part.toLowerCase()));
  const newest = new Map<string, number>();
  for (const { sessionId, mtime } of sources) newest.set(sessionId, Math.max(newest.get(sessionId) ?? 0, mtime));
  // Sub-agent files that lie beside their parents do not name them, so they are read after all parents.
  const group = (source: SourceFile) => (source.sessionId === '' ? 2 : isHere(source) ? 0 : 1);
  const ranked = sources.map((source) => ({
    source,
    group: group(source),
    at: newest.get(source.sessionId) ?? 0,
    kind: source.kind === 'main' ? 0 : 1,
  }));
  ranked.sort(
    (a, b) =>
      a.group - b.group ||
      b.at - a.at ||
      a.source.sessionId.localeCompare(b.source.sessionId) ||
      a.kind - b.kind ||
      a.source.path.localeCompare(b.source.path),
  );
  return ranked.map(({ source }) => source);
}
