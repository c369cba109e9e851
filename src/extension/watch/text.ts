/** What a watched decision says, in words. */
import { l10n } from 'vscode';
import type { Predicate, Watch } from '../../protocol/watch';
import { titleLine } from '../format';

const maxTitle = 120;

/** What must not be. */
export function predicateLabel({ kind, subject, isRegex }: Predicate): string {
  const what = titleLine(subject, 80);
  switch (kind) {
    case 'import':
      return l10n.t('No import of {0}', what);
    case 'dependency':
      return l10n.t('No dependency on {0}', what);
    case 'command':
      return l10n.t('No command {0} in scripts', what);
    default:
      return isRegex ? l10n.t('Nothing in code that matches {0}', what) : l10n.t('No {0} in code', what);
  }
}

/** What stands there instead, and where. */
const predicateDetail = ({ instead, files }: Predicate): string =>
  [
    ...(instead === '' ? [] : [l10n.t('{0} instead', titleLine(instead, 60))]),
    ...(files === '' ? [] : [l10n.t('in {0}', files)]),
  ].join(' · ');

export function watchDetail(watch: Watch): string {
  const { predicate, exceptions, fault } = watch;
  return [
    predicateDetail(predicate),
    ...(exceptions > 0 ? [l10n.t('Places it does not apply to: {0}', exceptions)] : []),
    ...(fault === 'slow' ? [l10n.t('$(warning) Took too long, and rests until the memory is opened again')] : []),
    ...(fault === 'stale' ? [l10n.t('$(warning) Rests, because the learning may be outdated')] : []),
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

/** At the place of a contradiction. */
export function contradictionText({ learning, predicate }: Watch): string {
  const decided = l10n.t('Decided: {0}', titleLine(learning.title, maxTitle));
  const label = predicateLabel(predicate);
  const instead = predicate.instead === '' ? '' : l10n.t('{0} instead', titleLine(predicate.instead, 60));
  return [decided, [label, instead].filter((part) => part !== '').join(', ')].join('\n');
}

export const followTitle = ({ kind, subject, instead }: Predicate): string =>
  kind === 'dependency'
    ? l10n.t('Follow the Decision: Remove {0}', titleLine(subject, 60))
    : l10n.t('Follow the Decision: {0}', titleLine(instead, 60));
