import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Profile } from './profile';

/**
 * Gives a profile a display language without a marketplace; start the server with `--locale` and the same id. VS Code
 * accepts a language only when its list of packs names one. Our pack translates nothing of VS Code, but
 * `vscode.env.language` changes, and so do our own texts.
 */
export function addLanguage({ userData, dir }: Profile, languageId: string): void {
  const translations = join(dir, 'language-pack/main.i18n.json');
  mkdirSync(join(dir, 'language-pack'), { recursive: true });
  writeFileSync(translations, JSON.stringify({ version: '1.0.0', contents: {} }));
  const pack = {
    hash: 'claude-mem-tests',
    label: languageId,
    extensions: [{ extensionIdentifier: { id: 'claude-mem-vscode.test-language' }, version: '1.0.0' }],
    translations: { vscode: translations },
  };
  writeFileSync(join(userData, 'languagepacks.json'), JSON.stringify({ [languageId]: pack }));
}
