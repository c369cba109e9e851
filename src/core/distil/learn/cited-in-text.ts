/**
 * Files and names that a learning of a person's cites in its words. A file is cited when a commit has touched it: one that never was
 * there is an example, and its absence says nothing.
 */
import { pathInside } from '../../../protocol/paths';
import type { Commit } from '../../lib/git';
import type { FactRow } from '../../store/tables/proposals';
import { identifiersIn } from '../reading/symbols';

const maxFiles = 10;
const maxSymbols = 5;
const longest = 200;
/** With an ending; without a folder only in backticks. */
const path = /^[\w@.-]+(?:\/[\w@.-]+)*\.\w{1,8}$/;

const pathsIn = (text: string): string[] =>
  text
    .split(/[\s,;:"'()[\]]+/)
    .map((word) => ({ word: word.replaceAll('\x60', '').replace(/\.$/, ''), isQuoted: word.includes('\x60') }))
    .filter(({ word, isQuoted }) => word.length <= longest && path.test(word) && (isQuoted || word.includes('/')))
    .map(({ word }) => word);

/** The same fact with what it cites below `root`. Absolute paths. */
export function withCited(fact: FactRow, root: string, commits: readonly Commit[]): FactRow {
  const named = pathsIn(fact.ownText);
  if (named.length === 0) return fact;
  const known = new Set(commits.flatMap(({ files }) => files));
  const inside = [...known].filter((file) => pathInside(root, file) !== undefined);
  const files = [...new Set(named)].slice(0, maxFiles).flatMap((name) => {
    const whole = `${root}/${name}`;
    if (known.has(whole)) return [whole];
    // A name alone is that file when only one has it.
    const alike = inside.filter((file) => file.endsWith(`/${name}`));
    return alike.length === 1 ? alike : [];
  });
  if (files.length === 0) return fact;
  const names = files.map((file) => file.slice(file.lastIndexOf('/') + 1));
  const symbols = identifiersIn(fact.ownText)
    .filter((name) => !names.some((file) => file.includes(name)))
    .slice(0, maxSymbols);
  return { ...fact, cites: { files, symbols } };
}
