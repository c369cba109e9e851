/** What the light bulb and the hover say about a fix. Pure: plain data in, words out. */
import { env, l10n } from 'vscode';
import type { PastEdit, PastFix } from '../../protocol/past-fix';
import { fileName } from '../../protocol/paths';
import { shorten } from '../../protocol/text';
import { formatAgo, plain, titleLine } from '../format';
import { cleanText } from '../insert/comment';
import { escapeMarkdown } from '../insert/context-block';

/** How many of the added lines are still in the file; absent when there is no such file. */
export interface Standing {
  lines: number;
  of: number;
}

const maxTitle = 60;
const maxDiffLines = 8;
const maxDiffLine = 120;

const ago = ({ at }: PastFix): string => formatAgo(at, Date.now(), env.language);
const titleOf = ({ title }: PastFix, most: number): string => titleLine(title, most) || l10n.t('Untitled session');

export const lampTitle = (fix: PastFix): string => l10n.t('Fixed before, {0}: {1}', ago(fix), titleOf(fix, maxTitle));

/** Indentation does not count, and each line of the file stands for one. */
export function standingIn(edits: readonly PastEdit[], text: string): Standing {
  const lines = new Set(text.split(/\r?\n/).map((line) => line.trim()));
  // A brace stands in every file.
  const added = edits.flatMap((edit) => edit.added).filter((line) => /[\p{L}\p{N}]/u.test(line));
  return { lines: added.filter((line) => lines.has(line.trim())).length, of: added.length };
}

export function standingLine(standing: Standing | undefined): string {
  if (!standing) return l10n.t('The file is not in an open folder any more.');
  if (standing.of === 0) return l10n.t('The fix only took lines out.');
  if (standing.lines === standing.of) return l10n.t('All of its lines still stand.');
  return l10n.t('The file has changed since: {0} of {1} lines stand.', standing.lines, standing.of);
}

/** `link`: a command of the editor that shows what can be done with it. */
export function hoverText(fix: PastFix, standing: Standing | undefined, link: string): string {
  const [edit] = fix.edits;
  if (!edit) return '';
  const said =
    fix.match === 'same' ? l10n.t('The same error was fixed before') : l10n.t('An error like this was fixed before');
  return [
    `$(lightbulb) **${said}**, ${ago(fix)} · ${escapeMarkdown(titleOf(fix, 100))}`,
    fenced(diffLines(edit)),
    `${escapeMarkdown(fileName(edit.file))}: ${standingLine(standing)} [${l10n.t('Use This Fix…')}](${link})`,
  ].join('\n\n');
}

/** The lines of the edit, the removed ones first; long ones are cut. */
function diffLines({ removed, added }: PastEdit): string[] {
  const lines = [...removed.map((line) => `- ${line}`), ...added.map((line) => `+ ${line}`)];
  const shown = lines.slice(0, maxDiffLines).map((line) => shorten(cleanText(line), maxDiffLine));
  return lines.length > maxDiffLines ? [...shown, '…'] : shown;
}

/** Lines of a transcript cannot end the block: the fence is longer than any of theirs. */
function fenced(lines: readonly string[]): string {
  const longest = Math.max(2, ...lines.flatMap((line) => (line.match(/`+/g) ?? []).map((run) => run.length)));
  const fence = '`'.repeat(longest + 1);
  return `${fence}diff\n${lines.join('\n')}\n${fence}`;
}

export function fixRow(fix: PastFix): { label: string; description: string; detail: string } {
  const [edit] = fix.edits;
  return {
    label: `$(lightbulb) ${plain(titleOf(fix, 100))}`,
    description: plain(`${ago(fix)} · ${fileName(edit?.file ?? '')}`),
    detail: plain(titleLine(edit ? diffLines(edit).join('  ') : '', 200)),
  };
}
