/** Sort order: best or newest first, and how much the time counts. Stored per person, for all windows. */
import type { SearchOrder } from '../../../src/protocol/questions/search';
import { Segments } from '../../parts/segments';
import { t } from '../../state/words';

export const defaultOrder: SearchOrder = { sort: 'best', recency: 'usual' };

export function Order({ order, onChange }: { order: SearchOrder; onChange: (order: SearchOrder) => void }) {
  return (
    <div className="order">
      <Segments
        label={t('Order')}
        segments={[
          { value: 'best', label: t('Best') },
          { value: 'newest', label: t('Newest') },
        ]}
        selected={order.sort}
        onChange={(sort) => onChange({ ...order, sort })}
      />
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
