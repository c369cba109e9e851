/** Commands of a card's context menu that its page carries out, because it has the state for them. */
import type { CardAct } from '../../protocol/webview';
import { clickedKey } from './clicked';
import type { Run } from './command';

const send =
  (act: CardAct): Run =>
  ({ view }, clicked) =>
    view.show('act', { key: clickedKey(clicked), act });

export const cardCommands = {
  flagItem: send('flag'),
  tagItem: send('tags'),
  similarItem: send('similar'),
  whyItem: send('why'),
  pinItem: send('pin'),
  editItem: send('edit'),
  promoteItem: send('promote'),
  deleteItem: send('delete'),
} satisfies Record<string, Run>;
