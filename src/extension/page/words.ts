/** The words of the pages in the editor's language. Read when a page needs them: bundled, every start would pay for them. */
import { Uri, env, workspace } from 'vscode';
import { logError } from '../log';
import type { Parts } from '../parts';

type Words = Readonly<Record<string, string>>;
let chinese: Promise<Words> | undefined;

/** English text → translation; empty in English and in languages without one. */
export function readWords({ extension, log }: Pick<Parts, 'extension' | 'log'>): Promise<Words> {
  if (!env.language.toLowerCase().startsWith('zh')) return Promise.resolve({});
  chinese ??= readJson(Uri.joinPath(extension.extensionUri, 'l10n', 'webview-words.json')).catch((error: unknown) => {
    logError(log, 'reading the words of the pages', error);
    chinese = undefined;
    return {};
  });
  return chinese;
}

async function readJson(file: Uri): Promise<Words> {
  return JSON.parse(new TextDecoder().decode(await workspace.fs.readFile(file))) as Words;
}
