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
    QuickPickItemKind: { Separator: -1 },
    Position: Object,
    Range: Object,
    Uri: {
      file: uri,
      joinPath: (file: { fsPath: string }) =>
        uri(
          editor.root !== '' && fs.realpathSync(editor.root) === file.fsPath
            ? file.fsPath
            : file.fsPath.replace(/[\\/][^\\/]+$/, ''),
        ),
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
let questions: string[];
/** The folders that a promotion was asked for. */
let asked: (string | undefined)[];
/** Names of other projects that the chosen ones are from. */
let others: string[];
const file = (name = 'CLAUDE.md') => path.join(editor.root, name);
const own = () => path.join(base, 'claude', 'CLAUDE.md');
const mark = '<!-- learnings -->\n';

function parts(): Parts {
  const client = {
    promotion: (_ids: string[], before: string, scope?: { roots: string[] }) => {
      asked.push(scope?.roots[0]);
      return Promise.resolve({
        text: before.includes(mark) ? before : `${before}${mark}`,
        added: 1,
        leftOut: 1,
        others,
      });
    },
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
    ask: ({ before, after, question }: { before: string | undefined; after: string; question: string }) => {
      questions.push(question);
      shown.push({ before: before ?? '', after, isNew: before === undefined });
      return Promise.resolve(decisions.shift()?.() ?? false);
    },
  };
  return {
    memory: {
      client: () => Promise.resolve(client),
      scopeOf: () => undefined,
      configDirs: [path.join(base, 'claude')],
    },
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
  [decisions, shown, noted, questions, asked, others] = [[() => true], [], [], [], [], []];
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
    expect(editor.picks[0]?.map(({ label }) => label)).toEqual(['CLAUDE.local.md', '.claude/CLAUDE.md', own()]);
    expect(readFileSync(path.join(base, 'outside.md'), 'utf8')).toBe('x');
  });

  it('say which other projects they are from, where the file is one project’s', async () => {
    others = ['till', 'shop'];
    await promoteLearnings(parts(), ['a']);
    expect(asked).toEqual([editor.root]);
    expect(questions).toEqual([
      'Write these learnings to CLAUDE.md? Some are from other projects (till, shop), and will stand in this file.',
    ]);
    others = [];
    rmSync(file());
    decisions = [() => true];
    await promoteLearnings(parts(), ['a']);
    expect(questions.at(-1)).toBe('Write these learnings to CLAUDE.md?');
  });

  it('go into the person’s own file too, which is read in every project', async () => {
    editor.pick = own();
    others = ['one', 'two', 'three', 'four', 'five', 'six', 'seven'];
    await promoteLearnings(parts(), ['a']);
    expect(asked).toEqual([undefined]);
    expect(questions[0]).toContain(
      'They are from one, two, three, four, five, 2 more, and Claude will read them in every project.',
    );
    expect(readFileSync(own(), 'utf8')).toBe(mark);
    expect(editor.picks[0]?.at(-1)).toMatchObject({ description: 'for you, in every project · will be made' });
  });

  it('need no folder for the person’s own file', async () => {
    const folder = path.join(base, 'claude');
    mkdirSync(folder);
    Object.assign(editor, { root: '', pick: own() });
    writeFileSync(own(), '# Mine\n');
    await promoteLearnings(parts(), ['a']);
    expect(readFileSync(own(), 'utf8')).toBe(`# Mine\n${mark}`);
    expect(editor.picks[0]?.map(({ label }) => label)).toEqual([own()]);
  });

  it('follow a link of the person’s own file, which dotfiles often are, but not one that leads nowhere', async () => {
    mkdirSync(path.join(base, 'claude'));
    symlinkSync(path.join(base, 'dotfile.md'), own());
    await promoteLearnings(parts(), ['a']);
    expect(editor.picks[0]?.map(({ label }) => label)).not.toContain(own());
    writeFileSync(path.join(base, 'dotfile.md'), 'x\n');
    editor.pick = own();
    decisions = [() => true];
    await promoteLearnings(parts(), ['a']);
    expect(readFileSync(path.join(base, 'dotfile.md'), 'utf8')).toBe(`x\n${mark}`);
  });

  it('from the palette are chosen first, without dead ends and stale ones', async () => {
    await promoteSomeLearnings(parts());
    expect(editor.picks[0]?.map(({ label }) => label)).toEqual(['A']);
    expect(noted).toEqual([['a']]);
  });
});
