/** What is asked about: this workspace or all projects. One choice for all tabs, kept as the person's place. */
import { createContext, use } from 'react';
import type { Scope } from '../../src/protocol/questions/schemas';
import { useEditorContext } from './host';
import { usePersisted } from './persisted';

export type ScopeChoice = 'workspace' | 'all';
type ScopeState = readonly [ScopeChoice, (choice: ScopeChoice) => void];

/** The scope for requests: only these folders; undefined (everything) when there are none, or when that was chosen. */
export function scopeOf(roots: readonly string[], choice: ScopeChoice = 'workspace'): Scope | undefined {
  return choice === 'workspace' && roots.length > 0 ? { roots: [...roots] } : undefined;
}

/** Filled by the view with its tabs; a page alone has its own. */
export const ScopeContext = createContext<ScopeState | undefined>(undefined);

export function useOwnScope(): ScopeState {
  const { defaultScope = 'workspace' } = useEditorContext();
  return usePersisted<ScopeChoice>('scope', defaultScope);
}

export function useScopeChoice(): ScopeState {
  const own = useOwnScope();
  return use(ScopeContext) ?? own;
}
