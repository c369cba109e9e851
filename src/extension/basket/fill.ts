/** Fills the basket: from a question, or with a click on something in a page. */
import { commands, env, l10n, window } from 'vscode';
import { maxBasketItems } from '../../protocol/basket';
import { commandIds } from '../contributions';
import { formatCount } from '../format';
import type { Parts } from '../parts';
import { lasting } from '../pick/lasting';

/** A question is asked of memory with at least this many tokens, however full the basket is. */
const leastRoom = 200;
const noticeMs = 5_000;

/** Adds what is worth most for a question within what is left of the budget, and shows the basket. */
export async function fillBasket(parts: Parts): Promise<void> {
  const { memory, basket } = parts;
  const text = await lasting(() =>
    window.showInputBox({
      title: l10n.t('Fill Basket from a Question'),
      prompt: l10n.t('What is it about? The basket gets what earlier sessions say about it, within its tokens.'),
      placeHolder: l10n.t('How many attempts may the client make, and why?'),
    }),
  );
  if (text === undefined || text.trim() === '') return;
  const client = await memory.client();
  const scope = memory.scopeOf(false);
  const before = await basket.read();
  const budget = Math.max(leastRoom, memory.settings.basketTokens - before.tokens);
  const found = await client.basketFrom({ text: text.trim(), budget, ...(scope && { scope }) });
  if (found.length === 0) {
    const search = l10n.t('Search Instead');
    const chosen = await window.showInformationMessage(
      l10n.t('Nothing in memory is about this closely enough to be given.'),
      search,
    );
    if (chosen === search) await parts.view.show('show', { tab: 'search', query: text.trim() });
    return;
  }
  const added = await basket.add(found.slice(0, maxBasketItems - before.items.length));
  await commands.executeCommand(commandIds.showBasket);
  window.setStatusBarMessage(l10n.t('$(check) Put into the basket: {0}', formatCount(added, env.language)), noticeMs);
}

/** From a menu of a page: in, or out when it is in already. */
export async function toggleInBasket({ basket }: Parts, key: string): Promise<void> {
  await basket.set(key, !basket.keys.includes(key));
}
