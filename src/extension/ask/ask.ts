/** A question to memory from the palette, and the same question to a model after a confirmation. */
import { env, l10n, window } from 'vscode';
import type { ModelAnswer } from '../../protocol/ask';
import { sentTokens } from '../../protocol/ask';
import type { AskQuery } from '../../protocol/questions/ask';
import { oneLine } from '../../protocol/text';
import { formatCount } from '../format';
import { isReady } from '../models/paid-work';
import type { Parts } from '../parts';
import { lasting } from '../pick/lasting';

/** A longer selection is code, and no question. */
const maxSelection = 200;

/** Asks for the question; the Search tab shows the answer, with the results of a search below it. */
export async function askMemory({ view }: Parts): Promise<void> {
  const question = await lasting(() =>
    window.showInputBox({
      title: l10n.t('Ask Memory'),
      prompt: l10n.t('Each sentence of the answer stands in a session; what none says is not said'),
      placeHolder: l10n.t('Why do uploads go in parts? Which command restores the dump?'),
      value: selectedText(),
    }),
  );
  if (question === undefined || question.trim() === '') return;
  await view.show('show', { tab: 'search', query: question.trim(), isQuestion: true });
}

function selectedText(): string {
  const editor = window.activeTextEditor;
  const text = editor ? oneLine(editor.document.getText(editor.selection)) : '';
  return text.length <= maxSelection ? text : '';
}

/** Null when the person did not want it. @throws MemoryError `no_model`, `network`, `not_found` */
export async function askByModel(parts: Parts, query: AskQuery): Promise<ModelAnswer | null> {
  if (!(await isReady(parts))) return null;
  const client = await parts.memory.client();
  const { host, fastModel, strongModel } = await client.spend();
  const yes = l10n.t('Ask');
  const chosen = await window.showWarningMessage(
    l10n.t('Have {0} answer from memory?', fastModel || strongModel),
    {
      modal: true,
      detail: l10n.t(
        'Your question and the rows that a search finds for it are sent to {0} without their secrets: at most about {1} tokens, below your ceilings. What no row supports is struck out of the answer.',
        host,
        formatCount(sentTokens, env.language),
      ),
    },
    yes,
  );
  return chosen === yes ? client.askModel({ ...query, requestId: crypto.randomUUID() }) : null;
}
