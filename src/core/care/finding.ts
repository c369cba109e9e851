/** What rules of the diagnosis are made of. */
import type { Finding, FindingArea, FindingLevel, Remedy } from '../../protocol/care';
import type { Facts } from './facts';

export type Rule = (facts: Facts) => Finding | undefined;

export const megabyte = 1_000_000;
export const find = (
  id: string,
  level: FindingLevel,
  message: string,
  args: (string | number)[] = [],
  remedies: Remedy[] = [],
): Finding => ({ id, area: id.split('.')[0] as FindingArea, level, message, args, remedies });
