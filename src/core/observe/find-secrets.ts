/** Finds secrets in many texts in one pass, by our own rules and secretlint's. */
import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import type { OwnFinder } from './own-rules';
import { findOwnSecrets } from './secrets/find-own';
import type { Finding } from './secrets/finding';

const separator = '\n\u0001\n';
const preset = { id: '@secretlint/secretlint-rule-preset-recommend', rule: creator, options: {} };

/**
 * Hides marks of an earlier pass, because `REDACTED:kind:hash` itself looks like `token:value`. The length stays, so
 * that offsets remain valid. A transcript may contain text in the form of a mark; one whose kind is a secret is not
 * hidden.
 */
export const hideMarks = (text: string): string =>
  text.replace(/\[REDACTED:([a-z0-9][a-z0-9-]{1,40}):[0-9a-f]{8}\]/g, (mark, kind: string) =>
    findOwnSecrets(kind).length > 0 ? mark : '['.repeat(mark.length),
  );

/**
 * The findings of each text; they may overlap.
 *
 * @param own the rules of the person
 */
export async function findSecrets(texts: readonly string[], own?: OwnFinder): Promise<Finding[][]> {
  const findings = texts.map(findOwnSecrets);
  own?.find(texts).forEach((found, index) => findings[index]?.push(...found));
  const joined = texts.join(separator);
  const starts: number[] = [];
  let at = 0;
  for (const text of texts) {
    starts.push(at);
    at += text.length + separator.length;
  }
  const crossed = new Set<number>();
  for (const found of await lint(joined)) {
    const first = indexAt(starts, found.start);
    const last = indexAt(starts, Math.max(found.start, found.end - 1));
    // A finding may reach from one text into the next, because they were joined; such texts are searched one by one.
    if (first !== last) for (let index = first; index <= last; index++) crossed.add(index);
    else findings[first]?.push(clip(found, starts[first] ?? 0, (texts[first] ?? '').length));
  }
  for (const index of crossed) findings[index]?.push(...(await lint(texts[index] ?? '')));
  return findings;
}

async function lint(content: string): Promise<Finding[]> {
  const result = await lintSource({
    // Removes comments that would switch secretlint's rules off: transcripts are not trusted. The length stays, so that
    // offsets remain valid.
    source: {
      filePath: 'memory.txt',
      content: content.replaceAll('secretlint-disable', 'secretlint_disable'),
      ext: '.txt',
      contentType: 'text',
    },
    options: { config: { rules: [preset] }, noPhysicFilePath: true },
  });
  return result.messages.map(({ ruleId, range: [start, end] }) => ({
    kind: ruleId.split('rule-').at(-1) ?? 'secret',
    start,
    end,
  }));
}

/** Index of the last start that is at or before `position`. */
function indexAt(starts: readonly number[], position: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= position) low = middle;
    else high = middle - 1;
  }
  return low;
}

const clip = ({ kind, start, end }: Finding, offset: number, length: number): Finding => ({
  kind,
  start: start - offset,
  end: Math.min(end - offset, length),
});

/** Merges overlapping findings. */
export function mergeFindings(findings: Finding[]): Finding[] {
  const merged: Finding[] = [];
  for (const each of findings
    .filter(({ start, end }) => end > start)
    .sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = merged.at(-1);
    if (last && each.start < last.end) last.end = Math.max(last.end, each.end);
    else merged.push({ ...each });
  }
  return merged;
}

/** Extends each finding to the whole run of letters it is in. */
export function widenToRuns(text: string, findings: readonly Finding[]): Finding[] {
  const isSpace = (at: number) => /\s/.test(text.charAt(at));
  const wide: Finding[] = [];
  let done = 0;
  for (const { kind, start, end } of findings) {
    if (end <= done) continue;
    let from = Math.max(start, done);
    while (from > done && !isSpace(from - 1)) from--;
    done = end;
    while (done < text.length && !isSpace(done)) done++;
    wide.push({ kind, start: from, end: done });
  }
  return wide;
}
