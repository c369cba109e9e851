/** What can be done with several sessions at once. */
import { formatNumber } from '../../state/format';
import { t } from '../../state/words';

interface ChooseBarProps {
  count: number;
  onBasket: () => void;
  onExport: () => void;
  onForget: () => void;
  onCancel: () => void;
}

export function ChooseBar({ count, onBasket, onExport, onForget, onCancel }: ChooseBarProps) {
  return (
    <div className="strip" role="group" aria-label={t('Chosen sessions')}>
      <div className="strip-line">
        <span className="strip-text" role="status">
          {count === 0
            ? t('Space or a click chooses, Escape ends')
            : count === 1
              ? t('1 session chosen')
              : t('{0} sessions chosen', formatNumber(count))}
        </span>
        <span className="strip-buttons">
          <button type="button" className="link" disabled={count === 0} onClick={onBasket}>
            {t('Put Into Basket')}
          </button>
          <button type="button" className="link" disabled={count === 0} onClick={onExport}>
            {t('Export…')}
          </button>
          <button type="button" className="link" disabled={count === 0} onClick={onForget}>
            {t('Forget…')}
          </button>
          <button type="button" className="link" onClick={onCancel}>
            {t('Done')}
          </button>
        </span>
      </div>
    </div>
  );
}
