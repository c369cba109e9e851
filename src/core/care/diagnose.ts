/** The diagnosis: all rules applied to the facts, and a report that can be published. */
import { fillIn } from '../../protocol/care';
import type { BackupInfo, Diagnosis, Finding } from '../../protocol/care';
import type { Facts, OwnFacts } from './facts';
import { rules } from './rules';
import { scrub } from './scrub';
import type { CareState } from './state';

export function diagnose(own: OwnFacts, state: CareState, backups: readonly BackupInfo[], now: number): Diagnosis {
  const facts: Facts = { ...own, state, backups, now };
  const findings = Object.values(rules).flatMap((rule) => rule(facts) ?? []);
  return { at: now, findings, report: writeReport(facts, findings) };
}

/** The id of a model from a folder is a hash and reveals nothing. */
function vectorsOf({ vectors }: Facts): string {
  if (!vectors) return 'none';
  const { model, weight, queue, calibration } = vectors;
  const score = ({ mrr, hit5 }: { mrr: number; hit5: number }) =>
    `MRR ${mrr.toFixed(3)}, first five ${hit5.toFixed(3)}`;
  const trial = calibration
    ? `${calibration.pairs} questions, words ${score(calibration.words)}, both ${score(calibration.fused)}`
    : 'not tried';
  return (
    `${scrub(model)}: ${queue.done} done, ${queue.waiting} ` +
    `waiting${queue.whyPaused ? ` (${queue.whyPaused})` : ''}; weight ${weight}; ${trial}`
  );
}

/** Numbers, versions and our own words only: no text of a person or a transcript, and no path. */
function writeReport(facts: Facts, findings: readonly Finding[]): string {
  const { sizes, health, capture, meaning, state, backups } = facts;
  const rows: [string, string | number][] = [
    ['Claude-Mem', facts.extensionVersion],
    ['Schema, protocol', `${facts.schemaVersion}, ${facts.protocolVersion}`],
    ['Machine', facts.machine],
    ['Driver', facts.driver],
    ['Folder', facts.folderHash],
    ['Sessions, learnings', `${facts.sessions}, ${facts.learnings}`],
    ['Transcripts, balanced, only here', `${health.transcripts}, ${health.transcriptsBalanced}, ${health.onlyHere}`],
    ['Rows, documents', `${health.rows}, ${health.documents}`],
    ['Redactions', facts.redactions],
    ['Bytes: database, journal, archive', `${sizes.database}, ${sizes.journal}, ${sizes.archive}`],
    ['Bytes: backups, logs, models, put aside', `${sizes.backups}, ${sizes.logs}, ${sizes.models}, ${sizes.aside}`],
    ['Bytes free: in the file, on the disk', `${health.freeBytes}, ${facts.diskFree ?? 'unknown'}`],
    ['Capture', capture.phase],
    ['Vectors', vectorsOf(facts)],
    [
      'Search by meaning',
      [meaning.phase, meaning.model?.id, meaning.reason && scrub(meaning.reason)].filter(Boolean).join(', '),
    ],
    [
      'Backups',
      backups
        .map(({ kind, at, bytes }) => `${kind} ${new Date(at).toISOString()} ${bytes}`)
        .slice(0, 5)
        .join('; ') || 'none',
    ],
    [
      'Restores and repairs',
      state.outcomes
        .map(({ kind, at, isDone }) => `${kind} ${new Date(at).toISOString()} ${isDone ? 'done' : 'not done'}`)
        .join('; ') || 'none',
    ],
    ['Warnings', facts.warnings.map(({ code }) => code).join(', ') || 'none'],
  ];
  return [
    '# Claude-Mem: diagnosis',
    '',
    new Date(facts.now).toISOString(),
    '',
    '| | |',
    '| --- | --- |',
    ...rows.map(([name, value]) => `| ${name} | ${String(value).replaceAll('|', '/')} |`),
    '',
    '## Findings',
    '',
    ...findings.map(
      ({ id, level, message, args }) =>
        `- **${level}** \`${id}\`: ${fillIn(
          message,
          args.map((arg) => (typeof arg === 'string' ? scrub(arg) : arg)),
        )}`,
    ),
    '',
    ...(state.lastCheck?.problems ?? []).map((problem) => `- check: ${scrub(problem)}`),
  ].join('\n');
}
