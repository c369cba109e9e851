/** Methods whose parts are not in the house yet. */
import { MemoryError } from '../../protocol/errors';
import { insightsMethods } from '../../protocol/insights';
import type { InsightsApi } from '../../protocol/insights';
import { spendMethods } from '../../protocol/spend';
import type { SpendApi } from '../../protocol/spend';
import { summaryMethods } from '../../protocol/summary';
import type { SummaryApi } from '../../protocol/summary';

export function pendingApi(): InsightsApi & SpendApi & SummaryApi {
  const refuse = async () => {
    throw new MemoryError('internal', 'Not there yet.');
  };
  return Object.fromEntries([...insightsMethods, ...spendMethods, ...summaryMethods].map((name) => [name, refuse])) as unknown as InsightsApi & SpendApi & SummaryApi;
}
