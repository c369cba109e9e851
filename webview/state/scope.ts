/** Where to look, as questions take it. */
import type { Scope } from '../../src/protocol/questions/schemas';

/** Only in these folders; everywhere when there are none. */
export function scopeOf(roots: readonly string[]): Scope | undefined {
  return roots.length > 0 ? { roots: [...roots] } : undefined;
}
