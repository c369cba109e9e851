/** Sessions as one Markdown document, which the person may save where they like. */
import { ProgressLocation, l10n, window, workspace } from 'vscode';
import type { ReaderItem, SessionId } from '../../protocol/model';
import { formatStamp, titleLine } from '../format';
import { escapeMarkdown } from '../insert/context-block';
import type { Parts } from '../parts';

const pageRows = 200;
/** A document that the editor still shows with all its help. */
const maxLetters = 20_000_000;

export async function exportSessions({ memory }: Parts, ids: readonly SessionId[]): Promise<void> {
  const client = await memory.client();
  const parts: string[] = [];
  let letters = 0;
  const isWhole = await window.withProgress(
    { location: ProgressLocation.Notification, title: l10n.t('Exporting sessions'), cancellable: true },
    async (progress, token) => {
      for (const id of ids) {
        // oxlint-disable no-await-in-loop -- one page after the other: a session may have ten thousand rows
        for (let cursor: string | undefined, isFirst = true; isFirst || cursor !== undefined; isFirst = false) {
          if (token.isCancellationRequested) return false;
          const page = await client.readSession({
            sessionId: id,
            limit: pageRows,
            ...(cursor !== undefined && { cursor }),
          });
          if (isFirst)
            parts.push(
              `# ${escapeMarkdown(titleLine(page.session.title, 200))}`,
              `\`${id}\` · ${escapeMarkdown(page.session.project.name)} · ${formatStamp(page.session.startedAt)}`,
            );
          for (const item of page.items) {
            const whole = item.kind === 'message' && item.truncatedBytes > 0 ? await client.getItem(item.key) : item;
            parts.push(blockOf(whole));
            letters += parts.at(-1)?.length ?? 0;
          }
          if (letters > maxLetters) return true;
          cursor = page.after;
        }
        // oxlint-enable no-await-in-loop
        progress.report({ increment: 100 / ids.length });
      }
      return true;
    },
  );
  if (!isWhole) return;
  if (letters > maxLetters) parts.push(l10n.t('(The rest is left out: this document would be too large.)'));
  await window.showTextDocument(
    await workspace.openTextDocument({
      language: 'markdown',
      content: `${parts.filter((part) => part !== '').join('\n\n')}\n`,
    }),
  );
}

/** What was said as it was written, what was done as a line. */
function blockOf(item: ReaderItem): string {
  if (item.kind === 'tool') return `- ${item.tool}: ${escapeMarkdown(titleLine(item.headline, 300))}`;
  if (item.note === 'thinking') return '';
  return `## ${item.role === 'user' ? l10n.t('Prompt') : l10n.t('Answer')} (${formatStamp(item.at)})\n\n${item.text}`;
}
