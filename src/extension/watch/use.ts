/** What a person says about a decision at a place in the code. Each can be taken back at once. */
import { Uri, l10n, window, workspace } from 'vscode';
import type { Watch } from '../../protocol/watch';
import { titleLine } from '../format';
import type { Parts } from '../parts';
import { lasting } from '../pick/lasting';

const acts = ['supersede', 'line', 'file', 'show'] as const;
export type DecisionAct = (typeof acts)[number];

/** From a quick fix: what to do, of which one, and where. */
export async function useDecision(parts: Parts, ...[act, watchId, file, line]: unknown[]): Promise<void> {
  if (typeof watchId !== 'string' || typeof file !== 'string' || typeof line !== 'string') return;
  const client = await parts.memory.client();
  const learningId = watchId.slice(0, watchId.lastIndexOf(':'));
  const watch = (await client.watches({ learningId })).find(({ id }) => id === watchId);
  if (!watch) {
    void window.showInformationMessage(l10n.t('This decision is no longer watched.'));
    return;
  }
  switch (act) {
    case 'supersede':
      await supersede(parts, watch);
      return;
    case 'line':
    case 'file':
      await except(parts, watch, file, act === 'line' ? line : undefined);
      return;
    case 'show':
      await parts.view.show('show', { tab: 'learnings', query: watch.learning.title });
  }
}

async function supersede({ memory }: Parts, { learning }: Watch): Promise<void> {
  const because = await lasting(() =>
    window.showInputBox({
      title: l10n.t('Superseded: {0}', titleLine(learning.title, 60)),
      prompt: l10n.t(
        'Why does it no longer hold? The history of the learning keeps the reason. It is not given to Claude any more.',
      ),
      placeHolder: l10n.t('Because…'),
      ignoreFocusOut: true,
      validateInput: (text) => (text.trim() === '' ? l10n.t('Say why, in a few words.') : undefined),
    }),
  );
  if (because === undefined) return;
  const client = await memory.client();
  await client.supersedeLearning(learning.id, because);
  offerUndo(l10n.t('Superseded: {0}', titleLine(learning.title, 60)), async () => {
    await client.reviewLearning(learning.id, 'accept');
  });
}

async function except({ memory }: Parts, { id }: Watch, file: string, line: string | undefined): Promise<void> {
  const client = await memory.client();
  const root = workspace.getWorkspaceFolder(Uri.file(file))?.uri.fsPath;
  const exception = {
    watchId: id,
    file,
    ...(root !== undefined && { root }),
    ...(line !== undefined && { line }),
  };
  await client.exceptWatch(exception, true);
  const told =
    line === undefined
      ? l10n.t('The decision does not apply in this file.')
      : l10n.t('The decision does not apply to this line.');
  offerUndo(told, () => client.exceptWatch(exception, false));
}

/** Not awaited: an open message would keep the command running. */
export function offerUndo(message: string, takeBack: () => Promise<unknown>): void {
  const undo = l10n.t('Undo');
  void window.showInformationMessage(message, undo).then((chosen) => (chosen === undo ? takeBack() : undefined));
}
