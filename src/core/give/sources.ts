import type { GivenItem } from '../../protocol/given';
import type { GiveSource } from '../../protocol/shadow';

/** Where a piece comes from, as precision is counted. */
export function sourceOf({ kind, isAmending }: Pick<GivenItem, 'kind' | 'isAmending'>): GiveSource {
  if (isAmending) return 'amendment';
  return kind === 'learning' || kind === 'said' ? kind : 'summary';
}
