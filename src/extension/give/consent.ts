/** What the editor's models find leaves this machine with their questions, so a person is asked before the first time. */
import { l10n } from 'vscode';
import { confirm } from '../care/confirm';
import { modelsMayAskKey } from '../contributions';
import type { Parts } from '../parts';

/** Kept once it was allowed. */
export async function mayModelsAsk({ extension }: Pick<Parts, 'extension'>): Promise<boolean> {
  if (extension.globalState.get(modelsMayAskKey) === true) return true;
  const isAllowed = await confirm(
    l10n.t('Let models of this editor ask this memory?'),
    l10n.t(
      'What a model finds is sent to whoever runs that model, without secrets, like the files it reads. Claude-Mem itself sends nothing. The list of MCP servers turns it off again.',
    ),
    l10n.t('Allow'),
  );
  if (isAllowed) await extension.globalState.update(modelsMayAskKey, true);
  return isAllowed;
}
