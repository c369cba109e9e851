/** Names of what giving counts. */
import type { GivenSource } from '../../../src/protocol/given';
import type { GiveSource, Precision, UseKind, Verdict } from '../../../src/protocol/shadow';
import { formatNumber, formatPercent } from '../../state/format';
import { t } from '../../state/words';

export function nameSource(source: GiveSource): string {
  switch (source) {
    case 'learning':
      return t('Learnings');
    case 'summary':
      return t('Summaries');
    case 'said':
      return t('Words of sessions');
    default:
      return t('Amendments');
  }
}

export function nameVerdict(verdict: Verdict): string {
  switch (verdict) {
    case 'helped':
      return t('Helped');
    case 'unused':
      return t('Not used');
    case 'missed':
      return t('Help missed');
    default:
      return t('Nothing to give');
  }
}

export function nameUse(kind: UseKind): string {
  switch (kind) {
    case 'file':
      return t('then touched its file');
    case 'command':
      return t('then ran its command');
    case 'error':
      return t('then met its error');
    default:
      return t('then was told the same');
  }
}

export function nameWay(source: GivenSource): string {
  switch (source) {
    case 'session-start':
      return t('When the session began');
    case 'prompt':
      return t('With a prompt');
    case 'mcp':
      return t('Asked for by Claude');
    default:
      return t('By hand');
  }
}

/** `32 % (20 %–46 %)`: the interval says how sure the share is. */
export function namePrecision({ used, of, low, high }: Precision): string {
  if (of === 0) return t('none yet');
  return t(
    '{0} of {1}: {2} ({3}–{4})',
    formatNumber(used),
    formatNumber(of),
    formatPercent(used / of),
    formatPercent(low),
    formatPercent(high),
  );
}
