/**
 * Rows of a session as one page of HTML that needs nothing else, for reading anywhere and for printing. It has no script,
 * and its policy lets none run and nothing be loaded; a page to be printed has one line of script, named by its hash.
 */
import { createHash } from 'node:crypto';
import { createMarkdown, escapeHtml } from '../../../protocol/markdown';
import type { FileDiff, ReaderTool, SessionCard } from '../../../protocol/model';
import type { SessionLabels } from '../../../protocol/questions/session-text';
import { showInvisible, showLine } from '../../../protocol/visible-text';
import type { SessionWriter } from './pieces';
import { speakerOf, stampOf } from './speaker';
import { styleSheet } from './style-sheet';

const markdownToHtml = createMarkdown((name) => `[${name}]`);

const printScript = "addEventListener('load', () => print());";
const printPolicy = `; script-src 'sha256-${createHash('sha256').update(printScript).digest('base64')}'`;

/** The same page, which asks how to print it as soon as a browser has opened it. */
export function printWriter(labels: SessionLabels): SessionWriter {
  const hint = labels.onPaper ? `\n<p class="facts on-screen">${escapeHtml(labels.onPaper)}</p>` : '';
  return {
    ...htmlWriter(labels),
    head: (session) => headOf(session, printPolicy) + hint,
    tail: () => `</main>\n<script>${printScript}</script>\n</body>\n</html>\n`,
  };
}

export function htmlWriter(labels: SessionLabels): SessionWriter {
  return {
    head: (session) => headOf(session, ''),
    item: (item) => {
      if (item.kind === 'tool') return toolHtml(item, labels);
      const speaker = speakerOf(item, labels);
      if (speaker === undefined) return '';
      const text = showInvisible(item.text);
      return [
        `<article class="${item.role === 'user' ? 'prompt' : 'answer'}">`,
        `<h2>${escapeHtml(speaker)} <time>${stampOf(item.at)}</time></h2>`,
        // Headings of a text stand below that of its message.
        (markdownToHtml(text) ?? `<pre>${escapeHtml(text)}</pre>`).replace(
          /<(\/?)h([1-6])>/g,
          (_, end: string, level: string) => `<${end}h${Math.min(6, Number(level) + 2)}>`,
        ),
        ...shortened(item.truncatedBytes, labels),
        '</article>',
      ].join('\n');
    },
    tail: () => '</main>\n</body>\n</html>\n',
  };
}

/** @param policy further directives of the content security policy */
function headOf(session: SessionCard, policy: string): string {
  const title = escapeHtml(showLine(session.title || session.firstPrompt));
  const facts = [session.project.name, session.gitBranch, stampOf(session.startedAt), session.id]
    .map((fact) => escapeHtml(showLine(fact)))
    .filter((fact) => fact !== '');
  return [
    '<!DOCTYPE html>',
    '<html>',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${title}</title>`,
    `<style>${styleSheet}</style>`,
    '</head>',
    '<body>',
    '<main>',
    `<h1>${title}</h1>`,
    `<p class="facts">${facts.join(' · ')}</p>`,
  ].join('\n');
}

function toolHtml(item: ReaderTool, labels: SessionLabels): string {
  const isError = item.type === 'error';
  const failed = isError ? ` <span class="failed">${escapeHtml(labels.error)}</span>` : '';
  const head = `<b>${escapeHtml(showLine(item.tool))}</b> <code>${escapeHtml(showLine(item.headline))}</code>${failed}`;
  return [
    // What failed is worth seeing at once.
    `<details${isError ? ' open' : ''}>`,
    `<summary>${head}</summary>`,
    ...(item.input === '' ? [] : [`<pre>${escapeHtml(showInvisible(item.input))}</pre>`]),
    ...item.diffs.map(diffHtml),
    ...(item.output === '' ? [] : [`<pre>${escapeHtml(showInvisible(item.output))}</pre>`]),
    ...shortened(item.truncatedBytes, labels),
    '</details>',
  ].join('\n');
}

function diffHtml({ file, before, after }: FileDiff): string {
  const lines = (tag: 'del' | 'ins', text: string) =>
    text === '' ? '' : `<${tag}>${escapeHtml(showInvisible(text))}</${tag}>`;
  return `<pre class="diff"><b>${escapeHtml(showLine(file))}</b>\n${lines('del', before)}${lines('ins', after)}</pre>`;
}

const shortened = (bytes: number, labels: SessionLabels): string[] =>
  bytes > 0 ? [`<p class="facts">${escapeHtml(labels.shortened)}</p>`] : [];
