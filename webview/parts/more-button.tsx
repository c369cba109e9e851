/** Opens the context menu of a card, for those who do not look for one, and by keyboard. */
import { t } from '../state/words';
import { IconButton } from './icon';

/** The editor shows the menu of the nearest `data-vscode-context`. */
export function MoreButton({ tabIndex }: { tabIndex: 0 | -1 }) {
  return (
    <IconButton
      name="ellipsis"
      label={t('More actions')}
      tabIndex={tabIndex}
      onClick={({ currentTarget }) => {
        const { left, bottom } = currentTarget.getBoundingClientRect();
        currentTarget.dispatchEvent(
          new MouseEvent('contextmenu', { bubbles: true, cancelable: true, clientX: left, clientY: bottom }),
        );
      }}
    />
  );
}
