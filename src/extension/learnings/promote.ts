/**
 * Writes learnings into a file for Claude Code: shown as a diff, written when the person accepts, undone like any edit.
 */
import { env, l10n, window } from 'vscode';
import type { Learning } from '../../protocol/model';
import { fileName } from '../../protocol/paths';
import { formatCount, titleLine } from '../format';
import type { Parts } from '../parts';
import { mayWriteInstructions, pickInstructions, readText, writeText } from './claude-md';

const noticeMs = 5_000;
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
  const file = await pickInstructions(l10n.t('Promote Learnings to CLAUDE.md'));
  if (!file) return;
  const client = await memory.client();
  for (;;) {
    /* oxlint-disable no-await-in-loop -- a person decides between the rounds */
    const before = await readText(file);
    const { text, added, leftOut, standing } = await client.promotion([...ids], before ?? '');
    if (text === (before ?? '')) {
      void window.showInformationMessage(
        standing > 0
          ? l10n.t('These learnings stand in files already that Claude Code reads by itself.')
          : added > 0
            ? l10n.t('These learnings are in the file already.')
            : l10n.t(
                'None of these learnings can go into the file: they are stale, dead ends of their own, or not accepted.',
              ),
      );
      return;
    }
    const words = {
      title: l10n.t('{0} ↔ with learnings', fileName(file.path)),
      question: l10n.t('Write these learnings to {0}?', fileName(file.path)),
    };
    if (!(await promotions.ask({ file, before, after: text, ...words }))) return;
    if ((await readText(file)) === before) {
      await writeText(file, text, before !== undefined);
      await client.notePromotion([...ids]);
      const done = l10n.t('$(check) Learnings in the file: {0}', formatCount(added, env.language));
      const parts = [
        done,
        ...(leftOut > 0 ? [l10n.t('left out: {0}', formatCount(leftOut, env.language))] : []),
        ...(standing > 0 ? [l10n.t('stand elsewhere already: {0}', formatCount(standing, env.language))] : []),
      ];
      window.setStatusBarMessage(parts.join(' · '), noticeMs);
      return;
    }
    /* oxlint-enable no-await-in-loop */
    void window.showInformationMessage(l10n.t('The file has changed meanwhile. Here is what it would be now.'));
  }
}

const mayWrite = (): boolean =>
  mayWriteInstructions(l10n.t('Open a folder first: its CLAUDE.md is where the learnings go.'));

function learningItem({ id, title, description, category, project, standsIn }: Learning) {
  return {
    id,
    label: titleLine(title, 80),
    description: [category, project?.name, standsIn && l10n.t('Stands in {0}', standsIn.file)]
      .filter(Boolean)
      .join(' · '),
    detail: titleLine(description, 160),
  };
}
