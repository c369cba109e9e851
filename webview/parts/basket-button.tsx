/** Puts something into the basket, or takes it out. */
import { useBasket } from '../state/basket';
import { useAct } from '../state/host';
import { t } from '../state/words';
import { Icon, IconButton } from './icon';

interface BasketButtonProps {
  /** As in `useBasket`. */
  name: string;
  tabIndex?: number;
  /** What goes in, where it is not plain: a session, its summary. */
  label?: string;
}

export function BasketButton({ name, tabIndex, label }: BasketButtonProps) {
  const { isIn, toggle } = useBasket(name);
  const act = useAct();
  return (
    <IconButton
      name="briefcase"
      label={isIn ? t('Take out of the basket') : (label ?? t('Put into the basket'))}
      isPressed={isIn}
      {...(tabIndex !== undefined && { tabIndex })}
      onClick={() => act(toggle())}
    />
  );
}

/** Says that something is in the basket, also while the buttons of its card are not shown. */
export function InBasket({ name }: { name: string }) {
  const { isIn } = useBasket(name);
  return isIn ? <Icon name="briefcase" label={t('In the basket')} className="in-basket" /> : null;
}
