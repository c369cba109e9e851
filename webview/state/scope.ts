/** What is asked about: this workspace or all projects. */
import type { Scope } from '../../src/protocol/questions/schemas';

export type ScopeChoice = 'workspace' | 'all';

/** The scope for requests: only these folders; undefined (everything) when there are none, or when that was chosen. */
export function scopeOf(roots: readonly string[], choice: ScopeChoice = 'workspace'): Scope | undefined {
  return choice === 'workspace' && roots.length > 0 ? { roots: [...roots] } : undefined;
}
