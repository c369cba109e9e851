/** Methods whose parts are not in the house yet. */
import { MemoryError } from '../../protocol/errors';
import { insightsMethods } from '../../protocol/insights';
import type { InsightsApi } from '../../protocol/insights';

export function pendingApi(): InsightsApi {
  const refuse = async () => {
    throw new MemoryError('internal', 'Not there yet.');
  };
  return Object.fromEntries(insightsMethods.map((name) => [name, refuse])) as unknown as InsightsApi;
}
