/** Methods whose parts are not in the house yet. */
import { MemoryError } from '../../protocol/errors';
import { insightsMethods } from '../../protocol/insights';
import type { InsightsApi } from '../../protocol/insights';
import { spendMethods } from '../../protocol/spend';
import type { SpendApi } from '../../protocol/spend';
import type { SummaryApi } from '../../protocol/summary';

type Pending = InsightsApi & SpendApi & Pick<SummaryApi, 'summaryQuestion' | 'keepSummary'>;

export function pendingApi(): Pending {
  const refuse = async () => {
    throw new MemoryError('internal', 'Not there yet.');
  };
  return Object.fromEntries([...insightsMethods, ...spendMethods, 'summaryQuestion', 'keepSummary'].map((name) => [name, refuse])) as unknown as Pending;
}
