/** A small change as a diff block; nothing for a large one. */
import { fileName } from '../../../../protocol/paths';
import type { CallLine, SessionHead } from '../../../store/tables/session-lines';
import { shortPath } from '../candidate';

const maxLines = 14;
const maxLineLength = 160;

/**
 * A code fence with removed and added lines: of the edits that are short enough, the one that shares the most words
 * with the error.
 */
export function diffText(edits: readonly CallLine[], error: string, head: SessionHead): string {
  const words = new Set([...error.matchAll(/[\p{L}_]{3,}/gu)].map(([word]) => word));
  let best = { text: '', score: -1 };
  for (const { diffs } of edits) {
    for (const { file, before, after } of diffs) {
      const [old, now] = [before.split('\n'), after.split('\n')];
      const [known, kept] = [new Set(old), new Set(now)];
      const taken = old.filter((line) => line.trim() !== '' && !kept.has(line));
      const put = now.filter((line) => line.trim() !== '' && !known.has(line));
      const count = taken.length + put.length;
      if (
        before === '' ||
        put.length === 0 ||
        count > maxLines ||
        [...taken, ...put].some((line) => line.length > maxLineLength || line.includes('```'))
      )
        continue;
      const score =
        new Set(
          [...put, ...taken]
            .flatMap((line) => [...line.matchAll(/[\p{L}_]{3,}/gu)].map(([word]) => word))
            .filter((word) => words.has(word)),
        ).size + (error.includes(fileName(file)) ? 1 : 0);
      if (score > best.score)
        best = {
          score,
          text: [
            `\`${shortPath(file, head)}\``,
            '```diff',
            ...taken.map((line) => `-${line}`),
            ...put.map((line) => `+${line}`),
            '```',
          ].join('\n'),
        };
    }
  }
  return best.text;
}
