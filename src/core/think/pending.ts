/** Methods whose parts are not in the house yet. */
import { MemoryError } from '../../protocol/errors';
import { insightsMethods } from '../../protocol/insights';
import type { InsightsApi } from '../../protocol/insights';
import { learnMethods } from '../../protocol/learning';
import type { LearnApi } from '../../protocol/learning';
import { summaryMethods } from '../../protocol/summary';
import type { SummaryApi } from '../../protocol/summary';

export function pendingApi(): InsightsApi & LearnApi & SummaryApi {
  const refuse = async () => {
    throw new MemoryError('internal', 'Not there yet.');
  };
  return Object.fromEntries([...insightsMethods, ...learnMethods, ...summaryMethods].map((name) => [name, refuse])) as unknown as InsightsApi & LearnApi & SummaryApi;
}
