/** The scope for requests. */
import type { Scope } from '../../src/protocol/questions/schemas';

/** Only these folders; undefined (everything) when there are none. */
export function scopeOf(roots: readonly string[]): Scope | undefined {
  return roots.length > 0 ? { roots: [...roots] } : undefined;
}
