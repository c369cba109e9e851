/** A memory as Markdown, for inserting and copying. */
import type { Learning, ReaderItem } from '../../../protocol/model';
import { trimEndOf } from '../../../protocol/text';

export function itemText(item: ReaderItem): string {
  if (item.kind === 'message') return item.text;
  const parts: string[] = [];
  if (item.diffs.length > 0) {
    for (const { file, before, after } of item.diffs)
      parts.push(file === '' ? item.tool : `${item.tool} \`${file}\``, diffBlock(before, after));
  } else if (item.input !== '') parts.push(fenced(item.input, item.tool === 'Bash' ? 'sh' : ''));
  else parts.push(item.headline);
  // The output of an edit only says that it was made.
  if (item.output !== '' && item.diffs.length === 0) parts.push(fenced(item.output, ''));
  return parts.join('\n\n');
}

export function learningText(learning: Learning): string {
  return [`**${learning.title}**`, learning.description, learning.context].filter((part) => part !== '').join('\n\n');
}

function diffBlock(before: string, after: string): string {
  const lines = (text: string, sign: string) => (text === '' ? [] : text.split('\n').map((line) => sign + line));
  return fenced([...lines(before, '-'), ...lines(after, '+')].join('\n'), 'diff');
}

/** The fence is longer than any in the text, so the text cannot end it. */
function fenced(text: string, language: string): string {
  const inner = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map(([run]) => run.length));
  const fence = '`'.repeat(inner + 1);
  return `${fence}${language}\n${trimEndOf(text, '\n')}\n${fence}`;
}
