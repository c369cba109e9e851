/** Only what the person accepted is written; when the file changed meanwhile, the diff is shown again. */
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Parts } from '../parts';
import { promoteLearnings, promoteSomeLearnings } from './promote';

interface Item {
  label: string;
  path?: string;
}
const editor = vi.hoisted(() => ({
  isTrusted: true,
  root: '',
  pick: 'CLAUDE.md',
  picks: [] as Item[][],
  notices: [] as string[],
  written: [] as string[],
}));
vi.mock('vscode', async () => {
  const fs = await import('node:fs');
  const uri = (fsPath: string) => ({ fsPath, path: fsPath, scheme: 'file', toString: () => `file://${fsPath}` });
  const open = (file: { fsPath: string }) => {
    const text = fs.readFileSync(file.fsPath, 'utf8');
    return {
      getText: () => text,
      lineCount: text.split('\n').length,
      lineAt: () => ({ range: { end: {} } }),
      save: () => Promise.resolve(true),
    };
  };
  return {
    Position: Object,
    Range: Object,
    Uri: {
      file: uri,
      joinPath: (file: { fsPath: string }) =>
        uri(fs.realpathSync(editor.root) === file.fsPath ? file.fsPath : file.fsPath.replace(/[\\/][^\\/]+$/, '')),
    },
    WorkspaceEdit: class {
      readonly edits: [string, string][] = [];
      replace(file: { fsPath: string }, _: unknown, text: string) {
        this.edits.push([file.fsPath, text]);
      }
      createFile(file: { fsPath: string }) {
        fs.writeFileSync(file.fsPath, '');
      }
      insert(file: { fsPath: string }, _: unknown, text: string) {
        this.edits.push([file.fsPath, text]);
      }
    },
    env: { language: 'en' },
    l10n: {
      t: (text: string, ...args: unknown[]) =>
        text.replace(/\{(\d)\}/g, (_, index: string) => String(args[Number(index)])),
    },
    window: {
      showQuickPick: (items: Item[], options?: { canPickMany?: boolean }) => {
        editor.picks.push(items);
        return Promise.resolve(options?.canPickMany ? items : items.find(({ label }) => label === editor.pick));
      },
      showInformationMessage: (text: string) => Promise.resolve(void editor.notices.push(text)),
      setStatusBarMessage: (text: string) => void editor.notices.push(text),
    },
    workspace: {
      get isTrusted() {
        return editor.isTrusted;
      },
      get workspaceFolders() {
        return editor.root === '' ? undefined : [{ uri: uri(editor.root) }];
      },
      fs: {
        stat: (file: { fsPath: string }) => fs.promises.stat(file.fsPath),
        createDirectory: (file: { fsPath: string }) => fs.promises.mkdir(file.fsPath, { recursive: true }),
      },
      openTextDocument: (file: { fsPath: string }) => Promise.resolve(open(file)),
      applyEdit: ({ edits }: { edits: [string, string][] }) => {
        for (const [file, text] of edits) fs.writeFileSync(file, text);
        editor.written.push(...edits.map(([file]) => file));
        return Promise.resolve(true);
      },
    },
  };
});

let base = '';
let decisions: (() => boolean)[];
let shown: { before: string; after: string; isNew: boolean }[];
let noted: string[][];
const file = (name = 'CLAUDE.md') => path.join(editor.root, name);
const mark = '<!-- learnings -->\n';

function parts(): Parts {
  const client = {
    promotion: (_ids: string[], before: string) =>
      Promise.resolve({ text: before.includes(mark) ? before : `${before}${mark}`, added: 1, leftOut: 1 }),
    notePromotion: (ids: string[]) => Promise.resolve(void noted.push(ids)),
    listLearnings: () =>
      Promise.resolve({
        items: [
          { id: 'a', title: 'A', description: '', category: 'pattern' },
          { id: 'b', title: 'B', description: '', category: 'error', deadEnd: {} },
          { id: 'c', title: 'C', description: '', category: 'error', staleReason: 'gone' },
        ],
      }),
  };
  const promotions = {
    ask: ({ before, after }: { before: string | undefined; after: string }) => {
      shown.push({ before: before ?? '', after, isNew: before === undefined });
      return Promise.resolve(decisions.shift()?.() ?? false);
    },
  };
  return {
    memory: { client: () => Promise.resolve(client), scopeOf: () => undefined },
    promotions,
  } as unknown as Parts;
}

beforeEach(() => {
  base = realpathSync(mkdtempSync(path.join(tmpdir(), 'claude-mem-promote-')));
  Object.assign(editor, {
    isTrusted: true,
    root: path.join(base, 'work'),
    pick: 'CLAUDE.md',
    picks: [],
    notices: [],
    written: [],
  });
  mkdirSync(editor.root);
  [decisions, shown, noted] = [[() => true], [], []];
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

describe('learnings into CLAUDE.md', () => {
  it('are shown first, and written when accepted', async () => {
    writeFileSync(file(), '# Mine\n');
    await promoteLearnings(parts(), ['a']);
    expect(shown).toEqual([{ before: '# Mine\n', after: `# Mine\n${mark}`, isNew: false }]);
    expect(readFileSync(file(), 'utf8')).toBe(`# Mine\n${mark}`);
    expect(noted).toEqual([['a']]);
    expect(editor.notices.at(-1)).toContain('left out: 1');
  });

  it('are not written when the person says no', async () => {
    writeFileSync(file(), '# Mine\n');
    decisions = [() => false];
    await promoteLearnings(parts(), ['a']);
    expect(readFileSync(file(), 'utf8')).toBe('# Mine\n');
    expect([editor.written, noted]).toEqual([[], []]);
  });

  it('make the file, and its folder, when there is none', async () => {
    editor.pick = '.claude/CLAUDE.md';
    await promoteLearnings(parts(), ['a']);
    expect(shown[0]).toMatchObject({ before: '', isNew: true });
    expect(readFileSync(file('.claude/CLAUDE.md'), 'utf8')).toBe(mark);
  });

  it('are shown anew when the file has changed meanwhile: nobody’s words are lost', async () => {
    writeFileSync(file(), 'one\n');
    decisions = [() => (writeFileSync(file(), 'one\ntwo\n'), true), () => true];
    await promoteLearnings(parts(), ['a']);
    expect(shown.map(({ before }) => before)).toEqual(['one\n', 'one\ntwo\n']);
    expect(readFileSync(file(), 'utf8')).toBe(`one\ntwo\n${mark}`);
    expect(noted).toHaveLength(1);
  });

  it('that are there already are not written again', async () => {
    writeFileSync(file(), mark);
    await promoteLearnings(parts(), ['a']);
    expect(shown).toEqual([]);
    expect(editor.notices).toEqual(['These learnings are in the file already.']);
  });

  it('go into no workspace that is not trusted', async () => {
    editor.isTrusted = false;
    await promoteLearnings(parts(), ['a']);
    await promoteSomeLearnings(parts());
    expect([editor.picks, editor.written]).toEqual([[], []]);
    expect(editor.notices[0]).toContain('not trusted');
  });

  it('go nowhere outside: a link that leads out is not offered', async () => {
    writeFileSync(path.join(base, 'outside.md'), 'x');
    symlinkSync(path.join(base, 'outside.md'), file());
    await promoteLearnings(parts(), ['a']);
    expect(editor.picks[0]?.map(({ label }) => label)).toEqual(['CLAUDE.local.md', '.claude/CLAUDE.md']);
    expect(readFileSync(path.join(base, 'outside.md'), 'utf8')).toBe('x');
  });

  it('from the palette are chosen first, without dead ends and stale ones', async () => {
    await promoteSomeLearnings(parts());
    expect(editor.picks[0]?.map(({ label }) => label)).toEqual(['A']);
    expect(noted).toEqual([['a']]);
  });
});
