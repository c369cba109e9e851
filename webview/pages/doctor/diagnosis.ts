/** Sorts a diagnosis for display: by area, most serious first, and summarises it in one sentence. */
import type { Finding, FindingArea, FindingLevel } from '../../../src/protocol/care';
import { showLine } from '../../../src/protocol/visible-text';
import { formatNumber } from '../../state/format';
import { t, translate } from '../../state/words';

/** Worst first. */
const levels: readonly FindingLevel[] = ['error', 'warning', 'note', 'ok'];
const rankOf = (level: FindingLevel): number => levels.indexOf(level);

export interface AreaFindings {
  area: FindingArea;
  level: FindingLevel;
  findings: Finding[];
}

/** The most serious areas first; equal ones keep the order of the rules. */
export function groupFindings(findings: readonly Finding[]): AreaFindings[] {
  const areas = [...new Set(findings.map(({ area }) => area))];
  return areas
    .map((area) => {
      const sorted = findings
        .filter((finding) => finding.area === area)
        .toSorted((one, other) => rankOf(one.level) - rankOf(other.level));
      return { area, level: sorted[0]?.level ?? 'ok', findings: sorted };
    })
    .toSorted((one, other) => rankOf(one.level) - rankOf(other.level));
}

/** "All is well." or what is not. Notes do not count as problems. */
export function summarise(findings: readonly Finding[]): string {
  const count = (level: FindingLevel) => findings.filter((finding) => finding.level === level).length;
  const [errors, warnings] = [count('error'), count('warning')];
  const problems = errors === 1 ? t('1 problem') : t('{0} problems', formatNumber(errors));
  const doubts = warnings === 1 ? t('1 thing to look at') : t('{0} things to look at', formatNumber(warnings));
  if (errors > 0 && warnings > 0) return t('{0}, {1}.', problems, doubts);
  if (errors > 0) return t('{0}.', problems);
  return warnings > 0 ? t('{0}.', doubts) : t('All is well.');
}

/** The level of the summary: a memory with notes only is well. */
export function verdictLevel(findings: readonly Finding[]): FindingLevel {
  const worst = groupFindings(findings)[0]?.level ?? 'ok';
  return worst === 'note' ? 'ok' : worst;
}

/** Its number is a process id, so it is not formatted as a quantity. */
const namesProcess = 'lock.keeper';

export function describeFinding({ id, message, args }: Finding): string {
  return translate(
    message,
    args.map((arg) =>
      typeof arg === 'string' ? showLine(arg) : id === namesProcess ? String(arg) : formatNumber(arg),
    ),
  );
}

export function nameArea(area: FindingArea): string {
  switch (area) {
    case 'store':
      return t('Memory file');
    case 'lock':
      return t('Access');
    case 'disk':
      return t('Disk');
    case 'transcripts':
      return t('Transcripts');
    case 'index':
      return t('Search index');
    case 'model':
      return t('Language model');
    default:
      return t('Hooks');
  }
}

export function nameLevel(level: FindingLevel): string {
  switch (level) {
    case 'error':
      return t('Problem');
    case 'warning':
      return t('To look at');
    case 'note':
      return t('Note');
    default:
      return t('Well');
  }
}
