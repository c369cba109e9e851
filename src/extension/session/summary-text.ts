/** A summary as a Markdown block with its source. */
import { l10n } from 'vscode';
import type { SessionCard } from '../../protocol/model';
import { pathFrom } from '../../protocol/paths';
import type { Claim, SessionSummary } from '../../protocol/summary';
import { formatStamp } from '../format';
import { escapeMarkdown } from '../insert/context-block';

/** All texts come from transcripts or a model, so Markdown syntax in them is escaped. */
export function formatSummary(
  summary: SessionSummary,
  { project, startedAt, cwd }: Pick<SessionCard, 'project' | 'startedAt' | 'cwd'>,
): string {
  const { sessionId, files, errors, commands } = summary;
  const source = [escapeMarkdown(project.name), formatStamp(startedAt)].filter((part) => part !== '').join(' · ');
  return [
    `> **Claude-Mem:** ${source} · \`${sessionId.replace(/[^\w-]/g, '')}\``,
    `## ${escapeMarkdown(summary.title)}`,
    section(l10n.t('Key points'), sentences(summary.keyPoints)),
    section(l10n.t('Asked'), sentences(summary.asked)),
    section(l10n.t('Done'), sentences(summary.done)),
    section(l10n.t('Decisions'), sentences(summary.decisions)),
    section(
      l10n.t('Files'),
      files.map(({ path, edits }) => `${code(pathFrom(cwd, path))} (${edits})`),
    ),
    section(
      l10n.t('Errors'),
      errors.map(({ text, fix }) => `${escapeMarkdown(text)}${fix ? ` → ${escapeMarkdown(fix.text)}` : ''}`),
    ),
    section(
      l10n.t('Commands'),
      commands.map(({ command, outcome }) => `${code(command)}: ${nameOutcome(outcome)}`),
    ),
    section(l10n.t('Open ends'), sentences(summary.openEnds)),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `### ${title}\n\n${lines.map((line) => `- ${line}`).join('\n')}`;
}

const sentences = (claims: readonly Claim[]): string[] => claims.map(({ text }) => escapeMarkdown(text));

/** A backtick inside would end the code span early. */
const code = (text: string): string =>
  `\`${text
    .replace(/[`\s]+/g, ' ')
    .trim()
    .slice(0, 300)}\``;

function nameOutcome(outcome: SessionSummary['commands'][number]['outcome']): string {
  switch (outcome) {
    case 'passed':
      return l10n.t('passed');
    case 'failed':
      return l10n.t('failed');
    default:
      return l10n.t('outcome not known');
  }
}
