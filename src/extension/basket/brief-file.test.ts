/** The brief: kept out of git without touching a file of the person, named in a way that does nothing but name it. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { wrapGiven } from '../../protocol/own-text';
import type { Parts } from '../parts';
import { mayWriteBrief, mentionOf, putBrief } from './brief-file';

const editor = vi.hoisted(() => ({ root: '', isTrusted: true, notices: [] as string[] }));
vi.mock('vscode', async () => {
  const fs = await import('node:fs');
  const nodePath = await import('node:path');
  return {
    Uri: { file: (fsPath: string) => ({ fsPath, path: fsPath, scheme: 'file' }) },
    env: { language: 'en' },
    l10n: { t: (text: string) => text },
    window: { showInformationMessage: (text: string) => Promise.resolve(void editor.notices.push(text)) },
    workspace: {
      get isTrusted() {
        return editor.isTrusted;
      },
      get workspaceFolders() {
        return editor.root === '' ? undefined : [{ uri: { fsPath: editor.root, scheme: 'file' } }];
      },
      fs: {
        stat: (file: { fsPath: string }) => fs.promises.stat(file.fsPath),
        writeFile: async (file: { fsPath: string }, bytes: Buffer) => {
          await fs.promises.mkdir(nodePath.dirname(file.fsPath), { recursive: true });
          await fs.promises.writeFile(file.fsPath, bytes);
        },
      },
    },
  };
});

const noted: unknown[] = [];
const text = wrapGiven('- Said: hello');
const parts = {
  basket: { read: async () => ({ items: [{ ref: 's1', session: { id: '1' } }], gone: [], text, tokens: 12 }) },
  memory: { client: async () => ({ noteGiven: async (given: unknown) => void noted.push(given) }) },
} as unknown as Parts;

let base = '';
beforeEach(() => {
  base = realpathSync(mkdtempSync(path.join(tmpdir(), 'claude-mem-brief-')));
  Object.assign(editor, { root: path.join(base, 'work'), isTrusted: true, notices: [] });
  mkdirSync(editor.root);
  noted.length = 0;
});
afterEach(() => rmSync(base, { recursive: true, force: true }));
const inside = (name: string) => path.join(editor.root, '.claude-mem', name);

describe('the brief', () => {
  it('is written with its marks, beside a file that keeps both out of git, and noted', async () => {
    const brief = await putBrief(parts);
    expect(readFileSync(inside('brief.md'), 'utf8')).toBe(`${text}\n`);
    expect(readFileSync(inside('.gitignore'), 'utf8')).toMatch(/^\*$/m);
    expect(brief).toEqual({ root: editor.root, file: inside('brief.md') });
    expect(noted).toMatchObject([{ source: 'hand', tokens: 12, items: [{ id: 's1', sessionId: '1' }] }]);
  });

  it('stays in commits for who wants it there', async () => {
    await putBrief(parts);
    rmSync(inside('.gitignore'));
    await putBrief(parts);
    expect(existsSync(inside('.gitignore'))).toBe(false);
  });

  it('is never written through a link that leads out of the folder', async () => {
    mkdirSync(path.join(base, 'elsewhere'));
    writeFileSync(path.join(base, 'elsewhere/brief.md'), 'mine');
    symlinkSync(path.join(base, 'elsewhere'), path.join(editor.root, '.claude-mem'));
    await expect(putBrief(parts)).rejects.toMatchObject({ data: { reason: 'file_not_written' } });
    expect(readFileSync(path.join(base, 'elsewhere/brief.md'), 'utf8')).toBe('mine');
  });

  it('needs a folder, and one that is trusted', () => {
    editor.isTrusted = false;
    expect(mayWriteBrief()).toBe(false);
    Object.assign(editor, { isTrusted: true, root: '' });
    expect(mayWriteBrief()).toBe(false);
    expect(editor.notices).toHaveLength(2);
  });
});

describe('its mention', () => {
  const brief = { root: '/work/shop', file: '/work/shop/.claude-mem/brief.md' };
  it.each([
    ['from its folder', brief, '/work/shop', '@.claude-mem/brief.md'],
    ['from nobody knows where', brief, undefined, '@.claude-mem/brief.md'],
    ['from elsewhere', brief, '/work/shop/src', '@/work/shop/.claude-mem/brief.md'],
    ['with a blank', { root: '/my work', file: '/my work/b.md' }, '/', '@"/my work/b.md"'],
    ['with what a shell would run', { root: '/a', file: '/a/$(touch x)\n/b.md' }, '/', '@.claude-mem/brief.md'],
  ])('%s is one line that names a file', (_, given, from, mention) => {
    expect(mentionOf(given, from)).toBe(mention);
  });
});
