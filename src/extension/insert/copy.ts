/** Copies memories to the clipboard. */
import { env, l10n, window } from 'vscode';
import type { Parts } from '../parts';
import { formatContext } from './context-block';

/** How long the notice is shown. */
const noticeMs = 3_000;

/** Copies the row as Markdown with its source. */
export async function copyContext({ memory }: Parts, key: string): Promise<void> {
  const row = await (await memory.client()).memoryText(key);
  await copyPlain(formatContext(row));
}

export async function copyPlain(text: string): Promise<void> {
  await env.clipboard.writeText(text);
  window.setStatusBarMessage(l10n.t('$(check) Copied'), noticeMs);
}
