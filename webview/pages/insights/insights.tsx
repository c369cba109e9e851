/**
 * The whole history: activity, whether memory helped, what was given, what is around a file, costs of models, waiting
 * tasks, and text that left this machine.
 */
import type { SessionId } from '../../../src/protocol/model';
import type { InsightsSection } from '../../../src/protocol/webview';
import { ScopeChip } from '../../parts/scope-chip';
import { Segments } from '../../parts/segments';
import { useEditorContext } from '../../state/host';
import { usePersisted } from '../../state/persisted';
import { scopeOf, useScopeChoice } from '../../state/scope';
import { t } from '../../state/words';
import { Activity } from './activity';
import { Around } from './around';
import { Given } from './given';
import { Helped } from './helped';
import { Left } from './left';
import { QueueSection } from './queue';
import { Sent } from './sent';
import { Spending } from './spending';

interface InsightsProps {
  /** The part of the tab that a command shows; a new one has a new key. */
  place: { section: InsightsSection; file?: string; session?: SessionId } | null;
  isShown: boolean;
  isWorkspaceEmpty?: boolean;
  /** Shows the sessions of a day, like `2026-11-22`. */
  onOpenDay?: (day: string) => void;
}

const nothing = () => {};

const sections: readonly InsightsSection[] = [
  'activity',
  'left',
  'helped',
  'given',
  'around',
  'spending',
  'queue',
  'sent',
];
const spans = [7, 30, 90, 365] as const;

export function Insights({ place, isShown, isWorkspaceEmpty = false, onOpenDay = nothing }: InsightsProps) {
  const { roots, hasLeft } = useEditorContext();
  const [saved, setSection] = usePersisted<InsightsSection>('insights.section', 'activity', place?.section ?? null);
  const [choice, setChoice] = useScopeChoice();
  const [days, setDays] = usePersisted('insights.days', 30);
  const offered = sections.filter((name) => name !== 'left' || hasLeft === true);
  const section = offered.find((name) => name === saved) ?? 'activity';
  // As the other tabs do: a workspace without sessions would have nothing but empty plots.
  const isFallback = choice === 'workspace' && roots.length > 0 && isWorkspaceEmpty;
  const scope = scopeOf(roots, isFallback ? 'all' : choice);
  const names: Record<InsightsSection, string> = {
    activity: t('Activity'),
    left: t('What is left'),
    helped: t('Did it help?'),
    given: t('Given'),
    around: t('Around'),
    spending: t('Cost'),
    queue: t('Queue'),
    sent: t('Sent'),
  };
  const hasScope = section === 'activity' || section === 'left' || section === 'around' || section === 'helped';
  return (
    <div className="page insights">
      <div className="toolbar">
        <Segments
          label={t('Section')}
          segments={offered.map((name) => ({ value: name, label: names[name] }))}
          selected={section}
          isJoined={false}
          onChange={setSection}
        />
        {hasScope && (
          <div className="toolbar-row">
            <ScopeChip scope={isFallback ? 'all' : choice} onChange={setChoice} />
            {section === 'activity' && (
              <Segments
                label={t('Span')}
                segments={spans.map((span) => ({
                  value: span,
                  label: t('{0} d', span),
                  title: t('The last {0} days', span),
                }))}
                selected={days}
                onChange={setDays}
              />
            )}
          </div>
        )}
      </div>
      {hasScope && isFallback && (
        <p className="hint" role="status">
          {t('No sessions for this workspace yet: showing all projects')}
        </p>
      )}
      <div className="page-body insights-body" tabIndex={-1}>
        {section === 'activity' && (
          <Activity
            scope={scope}
            days={days}
            isShown={isShown}
            onOpenDay={onOpenDay}
            onWiden={() => {
              setDays(365);
              setChoice('all');
            }}
          />
        )}
        {section === 'left' && <Left scope={scope} />}
        {section === 'helped' && <Helped scope={scope} />}
        {section === 'given' && <Given session={place?.session} />}
        {section === 'around' && <Around scope={scope} file={place?.file} />}
        {section === 'spending' && <Spending isShown={isShown} />}
        {section === 'queue' && <QueueSection />}
        {section === 'sent' && <Sent />}
      </div>
    </div>
  );
}
