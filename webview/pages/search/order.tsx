/** Sort order: best or newest first, and how much the time counts. Stored per person, for all windows. */
import type { SearchOrder } from '../../../src/protocol/questions/search';
import { t } from '../../state/words';

export const defaultOrder: SearchOrder = { sort: 'best', recency: 'usual' };

export function Order({ order, onChange }: { order: SearchOrder; onChange: (order: SearchOrder) => void }) {
  const sorts = [
    ['best', t('Best')],
    ['newest', t('Newest')],
  ] as const;
  return (
    <div className="order">
      <div className="chips segments" role="radiogroup" aria-label={t('Order')}>
        {sorts.map(([sort, label]) => (
          <button
            key={sort}
            type="button"
            role="radio"
            aria-checked={order.sort === sort}
            className="chip"
            onClick={() => onChange({ ...order, sort })}
          >
            <span className="chip-label">{label}</span>
          </button>
        ))}
      </div>
      {order.sort === 'best' && (
        <select
          className="order-recency"
          aria-label={t('How much newer counts')}
          title={t('How much newer counts')}
          value={order.recency}
          onChange={(event) => onChange({ ...order, recency: asRecency(event.target.value) })}
        >
          <option value="off">{t('Age: off')}</option>
          <option value="usual">{t('Age: usual')}</option>
          <option value="strong">{t('Age: strong')}</option>
        </select>
      )}
    </div>
  );
}

const asRecency = (value: string): SearchOrder['recency'] => (value === 'off' || value === 'strong' ? value : 'usual');
