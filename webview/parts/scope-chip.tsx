/** The scope of Timeline and Search: this workspace or all projects. */
import { useEditorContext } from '../state/host';
import { t } from '../state/words';

export type ScopeChoice = 'workspace' | 'all';

interface ScopeChipProps {
  scope: ScopeChoice;
  onChange: (scope: ScopeChoice) => void;
}

/** Shows the scope; a click changes it. Without a workspace there is no choice and no button. */
export function ScopeChip({ scope, onChange }: ScopeChipProps) {
  const { roots, workspaceName } = useEditorContext();
  if (roots.length === 0) return null;
  const isAll = scope === 'all';
  return (
    <div className="chips segments" role="radiogroup" aria-label={t('Scope')}>
      <ScopeButton
        isOn={!isAll}
        label={t('This workspace')}
        title={workspaceName}
        onClick={() => onChange('workspace')}
      />
      <ScopeButton isOn={isAll} label={t('All projects')} title={t('All projects')} onClick={() => onChange('all')} />
    </div>
  );
}

function ScopeButton({
  isOn,
  label,
  title,
  onClick,
}: {
  isOn: boolean;
  label: string;
  title: string;
  onClick: () => void;
}) {
  return (
    <button type="button" role="radio" aria-checked={isOn} className="chip" title={title} onClick={onClick}>
      <span className="chip-label">{label}</span>
    </button>
  );
}
