/** The diagnosis as a tree: one heading per area, one line per finding, one button per remedy. */
import { useId } from 'react';
import type { ReactNode } from 'react';
import type { Finding, FindingArea, FindingLevel, Remedy } from '../../../src/protocol/care';
import { Button } from '../../parts/button';
import { Icon } from '../../parts/icon';
import { usePersisted } from '../../state/persisted';
import { describeFinding, groupFindings, nameArea, nameLevel } from './diagnosis';
import type { AreaFindings } from './diagnosis';

const icons: Readonly<Record<FindingLevel, string>> = {
  error: 'error',
  warning: 'warning',
  note: 'info',
  ok: 'pass',
};

export function LevelIcon({ level }: { level: FindingLevel }) {
  return <Icon name={icons[level]} label={nameLevel(level)} className={`level level-${level}`} />;
}

interface FindingsProps {
  findings: readonly Finding[];
  labels: Readonly<Record<Remedy, string>>;
  isDisabled: boolean;
  onRemedy: (remedy: Remedy) => void;
  /** Content below the line of the ledger. */
  ledger: ReactNode;
}

export function Findings({ findings, ...rest }: FindingsProps) {
  // Stores only what the person chose: otherwise an area that gets worse would stay collapsed.
  const [chosen, setChosen] = usePersisted<Partial<Record<FindingArea, boolean>>>('areas', {});
  return groupFindings(findings).map((group) => {
    const isOpen = chosen[group.area] ?? group.level !== 'ok';
    return (
      <Area
        key={group.area}
        group={group}
        isOpen={isOpen}
        onToggle={() => setChosen({ ...chosen, [group.area]: !isOpen })}
        {...rest}
      />
    );
  });
}

interface AreaProps extends Omit<FindingsProps, 'findings'> {
  group: AreaFindings;
  isOpen: boolean;
  onToggle: () => void;
}

function Area({ group: { area, level, findings }, isOpen, onToggle, ...rest }: AreaProps) {
  const listId = useId();
  // The ledger is the main fact about transcripts, so it is visible even when the area is collapsed.
  const headline = findings.find(isLedger) ?? findings[0];
  return (
    <section className="area">
      <h2>
        <button type="button" className="area-toggle" aria-expanded={isOpen} aria-controls={listId} onClick={onToggle}>
          <Icon name={isOpen ? 'chevron-down' : 'chevron-right'} />
          <LevelIcon level={level} />
          <span className="area-name">{nameArea(area)}</span>
          {!isOpen && headline && (
            <span className={isLedger(headline) ? 'area-brief area-ledger' : 'area-brief'}>
              {describeFinding(headline)}
            </span>
          )}
        </button>
      </h2>
      <ul id={listId} className="findings" hidden={!isOpen}>
        {isOpen && findings.map((finding) => <Line key={finding.id} finding={finding} {...rest} />)}
      </ul>
    </section>
  );
}

const isLedger = ({ id }: Finding): boolean => id === 'transcripts.ledger';

function Line({
  finding,
  labels,
  isDisabled,
  onRemedy,
  ledger,
}: { finding: Finding } & Omit<FindingsProps, 'findings'>) {
  return (
    <li className={isLedger(finding) ? 'finding finding-ledger' : 'finding'}>
      <div className="finding-line">
        <LevelIcon level={finding.level} />
        <span className="finding-text">{describeFinding(finding)}</span>
        {finding.remedies.length > 0 && (
          <span className="finding-remedies">
            {finding.remedies.map((remedy, index) => (
              // A secondary button where all is well.
              <Button
                key={remedy}
                isSecondary={index > 0 || finding.level === 'ok' || finding.level === 'note'}
                isDisabled={isDisabled}
                onClick={() => onRemedy(remedy)}
              >
                {labels[remedy]}
              </Button>
            ))}
          </span>
        )}
      </div>
      {isLedger(finding) && ledger}
    </li>
  );
}
