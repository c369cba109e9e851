/** The scope of Timeline and Search: this workspace or all projects. */
import { useEditorContext } from '../state/host';
import type { ScopeChoice } from '../state/scope';
import { t } from '../state/words';
import { Segments } from './segments';

interface ScopeChipProps {
  scope: ScopeChoice;
  onChange: (scope: ScopeChoice) => void;
}

/** Shows the scope; a click changes it. Without a workspace there is no choice and no button. */
export function ScopeChip({ scope, onChange }: ScopeChipProps) {
  const { roots, workspaceName } = useEditorContext();
  if (roots.length === 0) return null;
  return (
    <Segments
      label={t('Scope')}
      segments={[
        { value: 'workspace', label: t('This workspace'), title: workspaceName },
        { value: 'all', label: t('All projects'), title: t('All projects') },
      ]}
      selected={scope}
      onChange={onChange}
    />
  );
}
