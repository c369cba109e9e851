/**
 * Writes learnings into a file for Claude Code: shown as a diff, written when the person accepts, undone like any edit.
 */
import { Position, Range, Uri, WorkspaceEdit, env, l10n, window, workspace } from 'vscode';
import { MemoryError } from '../../protocol/errors';
import type { Learning } from '../../protocol/model';
import { fileName } from '../../protocol/paths';
import { formatCount, titleLine } from '../format';
import type { Parts } from '../parts';
import { writableInside } from '../session/file-inside';
import { workspaceRoots } from '../workspace';

const noticeMs = 5_000;
/** Files that Claude Code reads in a project: the shared one, the personal one, and the shared one's other place. */
const places = ['CLAUDE.md', 'CLAUDE.local.md', '.claude/CLAUDE.md'] as const;

/** From the palette: the person first chooses learnings. */
export async function promoteSomeLearnings(parts: Parts): Promise<void> {
  if (!mayWrite()) return;
  const client = await parts.memory.client();
  const scope = parts.memory.scopeOf(false);
  const { items } = await client.listLearnings({ state: 'accepted', limit: 200, ...(scope && { scope }) });
  const rows = items
    .filter((learning) => learning.deadEnd === undefined && learning.staleReason === undefined)
    .map(learningItem);
  if (rows.length === 0) {
    void window.showInformationMessage(
      l10n.t('There is no accepted learning yet that could be written to CLAUDE.md. Accept some in the Learnings tab.'),
    );
    return;
  }
  const chosen = await window.showQuickPick(rows, {
    title: l10n.t('Promote Learnings to CLAUDE.md'),
    canPickMany: true,
    matchOnDetail: true,
  });
  if (chosen && chosen.length > 0)
    await promoteLearnings(
      parts,
      chosen.map(({ id }) => id),
    );
}

/** Asks for the file, shows the diff, and writes. When the file changed meanwhile, the diff is shown again. */
export async function promoteLearnings({ memory, promotions }: Parts, ids: readonly string[]): Promise<void> {
  if (!mayWrite()) return;
  const path = await pickFile();
  if (path === undefined) return;
  const file = Uri.file(path);
  const client = await memory.client();
  for (;;) {
    /* oxlint-disable no-await-in-loop -- a person decides between the rounds */
    const before = await readText(file);
    const { text, added, leftOut } = await client.promotion([...ids], before ?? '');
    if (text === (before ?? '')) {
      void window.showInformationMessage(
        added > 0
          ? l10n.t('These learnings are in the file already.')
          : l10n.t(
              'None of these learnings can go into the file: they are stale, dead ends of their own, or not accepted.',
            ),
      );
      return;
    }
    if (!(await promotions.ask(file, before ?? '', text, before === undefined))) return;
    if ((await readText(file)) === before) {
      await writeText(file, text, before !== undefined);
      await client.notePromotion([...ids]);
      const done = l10n.t('$(check) Learnings in the file: {0}', formatCount(added, env.language));
      window.setStatusBarMessage(
        leftOut > 0 ? `${done} · ${l10n.t('left out: {0}', formatCount(leftOut, env.language))}` : done,
        noticeMs,
      );
      return;
    }
    /* oxlint-enable no-await-in-loop */
    void window.showInformationMessage(l10n.t('The file has changed meanwhile. Here is what it would be now.'));
  }
}

/** Instructions to Claude must not be written in an untrusted folder. */
function mayWrite(): boolean {
  if (workspace.isTrusted && workspaceRoots().length > 0) return true;
  void window.showInformationMessage(
    workspace.isTrusted
      ? l10n.t('Open a folder first: its CLAUDE.md is where the learnings go.')
      : l10n.t('This workspace is not trusted. Trust it to write to its CLAUDE.md.'),
  );
  return false;
}

async function pickFile(): Promise<string | undefined> {
  const found = await Promise.all(
    workspaceRoots().flatMap((root) =>
      places.map(async (place) => ({ root, place, path: await writableInside(root, place) })),
    ),
  );
  const items = await Promise.all(
    found.flatMap(({ root, place, path }) => (path === undefined ? [] : [fileItem(root, place, path)])),
  );
  if (items.length === 0) throw new MemoryError('invalid_input', 'CLAUDE.md');
  return (
    await window.showQuickPick(items, {
      title: l10n.t('Promote Learnings to CLAUDE.md'),
      placeHolder: l10n.t('The change is shown first; nothing is written until you accept it'),
    })
  )?.path;
}

async function fileItem(root: string, place: (typeof places)[number], path: string) {
  const isThere = (await readText(Uri.file(path))) !== undefined;
  const folder = workspaceRoots().length > 1 ? `${fileName(root)} · ` : '';
  const what = place === 'CLAUDE.local.md' ? l10n.t('for you alone') : l10n.t('for everybody in this project');
  return { label: place, description: `${folder}${what}${isThere ? '' : ` · ${l10n.t('will be made')}`}`, path };
}

/** The text in the editor, including unsaved changes. Undefined when the file does not exist. */
async function readText(file: Uri): Promise<string | undefined> {
  const isThere = await workspace.fs.stat(file).then(
    () => true,
    () => false,
  );
  return isThere ? (await workspace.openTextDocument(file)).getText() : undefined;
}

async function writeText(file: Uri, text: string, isThere: boolean): Promise<void> {
  const edit = new WorkspaceEdit();
  if (isThere) {
    const document = await workspace.openTextDocument(file);
    edit.replace(file, new Range(new Position(0, 0), document.lineAt(document.lineCount - 1).range.end), text);
  } else {
    await workspace.fs.createDirectory(Uri.joinPath(file, '..'));
    edit.createFile(file, { ignoreIfExists: true });
    edit.insert(file, new Position(0, 0), text);
  }
  if (!(await workspace.applyEdit(edit)))
    throw new MemoryError('busy', 'The file could not be written.', { reason: 'file_not_written' });
  await (await workspace.openTextDocument(file)).save();
}

function learningItem({ id, title, description, category, project }: Learning) {
  return {
    id,
    label: titleLine(title, 80),
    description: [category, project?.name].filter(Boolean).join(' · '),
    detail: titleLine(description, 160),
  };
}
