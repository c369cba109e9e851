/**
 * Printing a session. The editor cannot print a page of an extension, so the session is written as a page of HTML below
 * our storage and opened in the browser, which asks how to print it.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UIKind, Uri, env, l10n, window, workspace } from 'vscode';
import type { SessionId } from '../../protocol/model';
import { logError } from '../log';
import type { Parts } from '../parts';
import { fileStem } from './export';
import { readSessions } from './session-text';

/** By then every browser has read the page. */
const keptMs = 10 * 60_000;

export async function printSession(parts: Parts, id: SessionId): Promise<void> {
  // In WSL, SSH, containers and the browser our storage is on a computer whose files the person's browser cannot read.
  if (env.remoteName !== undefined || env.uiKind === UIKind.Web) return savePage(parts, id);
  const page = await readPage(parts, id);
  if (page === undefined) return;
  const folder = printsFolder(parts.memory.dataDir);
  const file = path.join(folder, `${page.stem}.html`);
  await dropPrints(parts);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Noted first: nothing leaves that the audit log does not know.
  await (await parts.memory.client()).noteExport('print', 1);
  await writeFile(file, page.text, { mode: 0o600 });
  // The page has text of the session, so it stays no longer than it is needed.
  setTimeout(() => void dropPrints(parts), keptMs).unref();
  if (await env.openExternal(Uri.file(file))) return;
  const save = l10n.t('Save the Page…');
  // Not awaited: an open message would keep the page that asked waiting.
  void window
    .showWarningMessage(l10n.t('No browser could be opened.'), save)
    .then((chosen) => (chosen === save ? write(page) : undefined));
}

/** Deletes the pages that were made for printing: at the start, before the next one, and when something is forgotten. */
export async function dropPrints({ memory, log }: Pick<Parts, 'memory' | 'log'>): Promise<void> {
  await rm(printsFolder(memory.dataDir), { recursive: true, force: true }).catch((error: unknown) =>
    logError(log, 'deleting printed pages', error),
  );
}

const printsFolder = (dataDir: string): string => path.join(dataDir, 'print');

async function savePage(parts: Parts, id: SessionId): Promise<void> {
  const save = l10n.t('Save the Page…');
  const chosen = await window.showInformationMessage(
    l10n.t('The files of this window are where your browser cannot open them.'),
    {
      modal: true,
      detail: l10n.t('Save the page on your computer and open it in a browser: it then asks how to print it.'),
    },
    save,
  );
  if (chosen !== save) return;
  const page = await readPage(parts, id);
  if (page !== undefined) await write(page);
}

interface PrintedPage {
  stem: string;
  text: string;
}

/** Undefined when the person has stopped it. */
async function readPage(parts: Parts, id: SessionId): Promise<PrintedPage | undefined> {
  const session = await (await parts.memory.client()).getSession(id);
  const text = await readSessions(parts, [session], 'print', l10n.t('Preparing the session for printing'));
  return text === undefined ? undefined : { stem: fileStem(session.title), text };
}

async function write({ stem, text }: PrintedPage): Promise<void> {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const target = await window.showSaveDialog({
    ...(folder && { defaultUri: Uri.joinPath(folder, `${stem}.html`) }),
    filters: { HTML: ['html'] },
  });
  if (!target) return;
  await workspace.fs.writeFile(target, Buffer.from(text));
  void window.showInformationMessage(l10n.t('Written to {0}.', target.fsPath));
}
