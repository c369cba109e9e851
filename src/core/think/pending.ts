/** Methods whose parts are not in the house yet. */
import { MemoryError } from '../../protocol/errors';
import type { InsightsApi } from '../../protocol/insights';

type Pending = Pick<InsightsApi, 'insights'>;

export function pendingApi(): Pending {
  const refuse = async () => {
    throw new MemoryError('internal', 'Not there yet.');
  };
  return Object.fromEntries(['insights'].map((name) => [name, refuse])) as unknown as Pending;
}
