/** Sort order: best or newest first, and how much the time counts. Stored per person, for all windows. */
import type { SearchOrder } from '../../../src/protocol/questions/search';
import { t } from '../../state/words';

export const defaultOrder: SearchOrder = { sort: 'best', recency: 'usual' };

/** One choice, because how much age counts means nothing where the newest come first. */
export function Order({ order, onChange }: { order: SearchOrder; onChange: (order: SearchOrder) => void }) {
  return (
    <select
      className="order"
      aria-label={t('Order')}
      title={t('Order')}
      value={order.sort === 'newest' ? 'newest' : order.recency}
      onChange={({ target: { value } }) =>
        onChange(
          value === 'newest'
            ? { ...order, sort: 'newest' }
            : { sort: 'best', recency: value === 'off' || value === 'strong' ? value : 'usual' },
        )
      }
    >
      <option value="usual">{t('Best')}</option>
      <option value="strong">{t('Best, newer counts more')}</option>
      <option value="off">{t('Best, age does not count')}</option>
      <option value="newest">{t('Newest')}</option>
    </select>
  );
}
