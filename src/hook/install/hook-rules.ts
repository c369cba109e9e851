/** What the Doctor says about our hooks. Heads ask, because the keeper does not read the settings of a person. */
import { fillIn } from '../../protocol/care';
import type { Diagnosis, Finding } from '../../protocol/care';
import type { HooksStatus } from './status';

type Sentence = [level: Finding['level'], message: string];

const again: Finding['remedies'] = ['install_hooks', 'remove_hooks'];
const sentences: Readonly<Record<HooksStatus['state'], [...Sentence, remedies?: Finding['remedies']]>> = {
  installed: ['ok', 'Claude Code is given memory at the start of a session and with each prompt.'],
  absent: ['ok', 'Claude Code is given no memory by hooks: they are not installed.'],
  half: ['warning', 'The hooks that give memory to Claude Code are installed by half.', again],
  launcher_gone: ['warning', 'The hooks of Claude Code start a program that is gone, so no memory is given.', again],
  older: ['warning', 'The hooks of Claude Code give the memory of another place or version.', again],
  disabled: ['note', 'Hooks are turned off in the settings of Claude Code, so no memory is given.'],
  unreadable: ['warning', 'The settings of Claude Code cannot be read.'],
};
const broken: Sentence = [
  'warning',
  'The settings of Claude Code are broken at line {0}, column {1}, so it ignores them.',
];

/** One finding, without the path of the settings: it goes into a report too. */
export function judgeHooks({ state, line, column }: HooksStatus): Finding {
  const place = line === undefined || column === undefined ? [] : [line, column];
  const [level, message, remedies = []] = place.length > 0 ? broken : sentences[state];
  return { id: `hooks.${state}`, area: 'hooks', level, message, args: place, remedies };
}

/** The diagnosis of the keeper with this finding, first in its area, and in the list of the report. */
export function withFinding(diagnosis: Diagnosis, finding: Finding): Diagnosis {
  const { level, id, message, args } = finding;
  const line = `- **${level}** \`${id}\`: ${fillIn(message, args)}`;
  const lines = diagnosis.report.split('\n');
  const last = lines.findLastIndex((each) => each.startsWith('- **'));
  const { findings } = diagnosis;
  const first = findings.findIndex(({ area }) => area === finding.area);
  const at = first < 0 ? findings.length : first;
  return {
    ...diagnosis,
    findings: [...findings.slice(0, at), finding, ...findings.slice(at)],
    report: [...lines.slice(0, last + 1), line, ...lines.slice(last + 1)].join('\n'),
  };
}
