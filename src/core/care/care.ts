/** Keeps memory safe: backups on a schedule, restore, repair, bounds and diagnosis. */
import { careMethods } from '../../protocol/care';
import type { CareApi, SizesByPart } from '../../protocol/care';
import { MemoryError } from '../../protocol/errors';

export interface Care extends CareApi {
  sizes(): SizesByPart;
}

export function createCare(): Care {
  const refuse = () => Promise.reject(new MemoryError('internal', 'Not built yet.'));
  return { ...(Object.fromEntries(careMethods.map((name) => [name, refuse])) as unknown as CareApi), sizes: () => ({ database: 0, journal: 0, archive: 0, backups: 0, logs: 0, aside: 0 }) };
}
