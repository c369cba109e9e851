/** Rows of a session as Markdown. What was said is Markdown already and stays as it is; what tools say is fenced. */
import type { ReaderTool, SessionCard } from '../../../protocol/model';
import type { SessionLabels } from '../../../protocol/questions/session-text';
import { oneLine, trimEndOf } from '../../../protocol/text';
import { showInvisible, showLine } from '../../../protocol/visible-text';
import type { SessionWriter } from './pieces';
import { speakerOf, stampOf } from './speaker';

export function markdownWriter(labels: SessionLabels): SessionWriter {
  return {
    head: (session) => `${headOf(session)}\n`,
    item: (item) => {
      if (item.kind === 'tool') return `${toolText(item, labels)}\n`;
      const speaker = speakerOf(item, labels);
      if (speaker === undefined) return '';
      const cut = item.truncatedBytes > 0 ? `\n\n*${labels.shortened}*` : '';
      return `## ${speaker} · ${stampOf(item.at)}\n\n${showInvisible(item.text)}${cut}\n`;
    },
    tail: () => '',
  };
}

function headOf(session: SessionCard): string {
  const facts = [showLine(session.project.name), showLine(session.gitBranch), stampOf(session.startedAt)];
  return [
    `# ${escape(showLine(session.title || session.firstPrompt))}`,
    `> ${facts
      .filter((fact) => fact !== '')
      .map(escape)
      .join(' · ')} · \`${session.id.replace(/[^\w-]/g, '')}\``,
  ].join('\n\n');
}

function toolText(item: ReaderTool, labels: SessionLabels): string {
  const head = `**${escape(showLine(item.tool))}** ${code(showLine(item.headline))}`;
  const failed = item.type === 'error' ? ` (${labels.error})` : '';
  const diffs = item.diffs.map(({ before, after }) =>
    fence('diff', [...prefixed('-', before), ...prefixed('+', after)].join('\n')),
  );
  return [
    `${head}${failed}`,
    ...(item.input === '' || item.input === item.headline ? [] : [fence('', item.input)]),
    ...diffs,
    ...(item.output === '' ? [] : [fence('', item.output)]),
    ...(item.truncatedBytes > 0 ? [`*${labels.shortened}*`] : []),
  ].join('\n\n');
}

const prefixed = (sign: string, text: string): string[] =>
  text === '' ? [] : text.split('\n').map((line) => `${sign}${line}`);

/** A fence longer than any run of backticks in the text, which could close it. */
function fence(language: string, text: string): string {
  const longest = (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
  const mark = '`'.repeat(longest + 1);
  return `${mark}${language}\n${trimEndOf(showInvisible(text), '\n')}\n${mark}`;
}

/** A backtick inside would end the code early. */
const code = (text: string): string => `\`${oneLine(text.replaceAll('`', ' ')) || ' '}\``;

const escape = (text: string): string => text.replace(/[\\`*_{}[\]<>#|]/g, String.raw`\$&`);
