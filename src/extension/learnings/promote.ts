/**
 * Writes learnings into a file for Claude Code: shown as a diff, written when the person accepts, undone like any edit.
 */
import { QuickPickItemKind, env, l10n, window } from 'vscode';
import type { Learning } from '../../protocol/model';
import type { Scope } from '../../protocol/questions/schemas';
import { formatCount, titleLine } from '../format';
import type { Parts } from '../parts';
import { lasting } from '../pick/lasting';
import { isTrusted, pickInstructions, readText, writeText } from './claude-md';
import type { Instructions } from './claude-md';

const noticeMs = 5_000;
/** Projects that a question names. */
const namedAtMost = 5;
/** From the palette: the person first chooses learnings. */
export async function promoteSomeLearnings(parts: Parts): Promise<void> {
  if (!isTrusted()) return;
  const client = await parts.memory.client();
  const list = async (scope?: Scope) =>
    (await client.listLearnings({ state: 'accepted', limit: 200, ...(scope && { scope }) })).items
      .filter((learning) => learning.deadEnd === undefined && learning.staleReason === undefined)
      .map(learningItem);
  const scope = parts.memory.scopeOf(false);
  const [here, all] = await Promise.all([scope ? list(scope) : [], list()]);
  const others = all.filter(({ id }) => !here.some((item) => item.id === id));
  const between = { id: '', label: l10n.t('From other projects'), kind: QuickPickItemKind.Separator };
  const rows = here.length > 0 && others.length > 0 ? [...here, between, ...others] : [...here, ...others];
  if (rows.length === 0) {
    void window.showInformationMessage(
      l10n.t('There is no accepted learning yet that could be written to CLAUDE.md. Accept some in the Learnings tab.'),
    );
    return;
  }
  const chosen = await lasting(() =>
    window.showQuickPick(rows, {
      title: l10n.t('Promote Learnings to CLAUDE.md'),
      canPickMany: true,
      matchOnDetail: true,
    }),
  );
  if (chosen && chosen.length > 0)
    await promoteLearnings(
      parts,
      chosen.map(({ id }) => id),
    );
}

/** Asks for the file, shows the diff, and writes. When the file changed meanwhile, the diff is shown again. */
export async function promoteLearnings({ memory, promotions }: Parts, ids: readonly string[]): Promise<void> {
  if (!isTrusted()) return;
  const target = await pickInstructions(l10n.t('Promote Learnings to CLAUDE.md'), memory.configDirs);
  if (!target) return;
  const { file, name, root } = target;
  const client = await memory.client();
  for (;;) {
    /* oxlint-disable no-await-in-loop -- a person decides between the rounds */
    const before = await readText(file);
    const {
      text,
      added,
      leftOut,
      standing,
      held = 0,
      others,
    } = await client.promotion([...ids], before ?? '', root === undefined ? undefined : { roots: [root] });
    if (text === (before ?? '')) {
      void window.showInformationMessage(
        held === ids.length
          ? l10n.t(
              'The class of these learnings does not let them go into a file that others read. Set Class changes it.',
            )
          : standing > 0
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
      title: l10n.t('{0} ↔ with learnings', name),
      question: [l10n.t('Write these learnings to {0}?', name), ...fromElsewhere(target, others)].join(' '),
    };
    if (!(await promotions.ask({ file, before, after: text, ...words }))) return;
    if ((await readText(file)) === before) {
      await writeText(file, text, before !== undefined);
      await client.notePromotion([...ids]);
      const done = l10n.t('$(check) Learnings in the file: {0}', formatCount(added, env.language));
      const parts = [
        done,
        ...(leftOut > 0 ? [l10n.t('left out: {0}', formatCount(leftOut, env.language))] : []),
        ...(held > 0 ? [l10n.t('held back by class: {0}', formatCount(held, env.language))] : []),
        ...(standing > 0 ? [l10n.t('stand elsewhere already: {0}', formatCount(standing, env.language))] : []),
      ];
      window.setStatusBarMessage(parts.join(' · '), noticeMs);
      return;
    }
    /* oxlint-enable no-await-in-loop */
    void window.showInformationMessage(l10n.t('The file has changed meanwhile. Here is what it would be now.'));
  }
}

/** What is true in one project may not be true where the file is read. */
function fromElsewhere({ root }: Instructions, others: readonly string[]): string[] {
  if (others.length === 0) return [];
  const shown = others.slice(0, namedAtMost).map((name) => titleLine(name, 40));
  const left = others.length - shown.length;
  const names = [...shown, ...(left > 0 ? [l10n.t('{0} more', formatCount(left, env.language))] : [])].join(', ');
  return [
    root === undefined
      ? l10n.t('They are from {0}, and Claude will read them in every project.', names)
      : l10n.t('Some are from other projects ({0}), and will stand in this file.', names),
  ];
}

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
