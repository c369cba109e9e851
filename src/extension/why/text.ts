/** What is said about who wrote lines. Pure: plain data in, words out. */
import { env, l10n } from 'vscode';
import { fileName } from '../../protocol/paths';
import { shorten } from '../../protocol/text';
import type { MadeEdit, TriedLines, Why, WhyNot, WroteLines } from '../../protocol/why';
import { formatAgo, titleLine } from '../format';
import { cleanText } from '../insert/comment';
import { escapeMarkdown } from '../insert/context-block';

/** What can be done with an answer; each is a link of the hover. */
type WhyAct = 'open' | 'diff' | 'basket' | 'copy' | 'openTried' | 'openSince';
export type LinkOf = (act: WhyAct, turn: number, which?: number) => string;

const maxTurns = 3;
const maxTried = 3;

const ago = (at: number): string => formatAgo(at, Date.now(), env.language);
const titleOf = ({ title }: MadeEdit, most: number): string => titleLine(title, most) || l10n.t('Untitled session');

export function whyHover(why: Why, asked: number, link: LinkOf): string {
  const turns = why.turns.slice(0, maxTurns).map((turn, index) => turnText(turn, index, asked, link));
  const more = why.turns.length - turns.length;
  return [
    ...turns,
    ...(more > 0 ? [l10n.t('{0} more turns wrote lines of this selection.', more)] : []),
    ...unknownText(why),
  ].join('\n\n---\n\n');
}

function turnText(turn: WroteLines, index: number, asked: number, link: LinkOf): string {
  const { lines, at } = turn;
  const said = asked === 1 ? l10n.t('Claude wrote this line') : l10n.t('Claude wrote {0} of these lines', lines.length);
  return [
    `$(sparkle) **${said}**, ${ago(at)} · ${escapeMarkdown(titleOf(turn, 100))}`,
    ...(turn.asked ? [quoted(turn.asked.text)] : []),
    factsOf(turn, index, link)
      .map((fact) => `- ${fact}`)
      .join('\n'),
    linksOf(index, link),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function factsOf({ form, file, standing, tried, since, commit }: WroteLines, index: number, link: LinkOf): string[] {
  return [
    ...(form === 'moved' ? [l10n.t('It was written in {0}.', escapeMarkdown(fileName(file)))] : []),
    ...(form === 'reformatted' ? [l10n.t('It was set otherwise since.')] : []),
    ...(standing.lines < standing.of
      ? [l10n.t('Of the {0} lines of that edit {1} stand here.', standing.of, standing.lines)]
      : []),
    ...tried.slice(0, maxTried).map((each, which) => triedText(each, link('openTried', index, which))),
    ...since.map((each, which) =>
      l10n.t(
        'Since then: [{0}]({1}), {2}, wrote next to it.',
        escapeMarkdown(titleOf(each, 60)),
        link('openSince', index, which),
        ago(each.at),
      ),
    ),
    ...(commit ? [l10n.t('Committed {0}: {1}', ago(commit.at), escapeMarkdown(commit.subject, 120))] : []),
  ];
}

function triedText(tried: TriedLines, link: string): string {
  const first = tried.lines.find((line) => /[\p{L}\p{N}]/u.test(line)) ?? tried.lines[0] ?? '';
  const was = l10n.t('Before it there stood [{0}]({1}), {2}.', codeOf(first), link, ago(tried.at));
  return tried.rejected === undefined
    ? was
    : `${was} ${l10n.t('It was taken back: “{0}”', escapeMarkdown(tried.rejected, 120))}`;
}

/** A line of code as Markdown that cannot end by itself. */
const codeOf = (line: string): string => `\`${shorten(cleanText(line).replaceAll('`', "'").trim(), 60) || ' '}\``;

/** Words of a prompt as a quotation; its Markdown and its links are text. */
const quoted = (text: string): string =>
  shorten(cleanText(text), 400)
    .split('\n')
    .slice(0, 6)
    .map((line) => `> ${escapeMarkdown(line, 200)}`)
    .join('\n>\n');

const linksOf = (index: number, link: LinkOf): string =>
  [
    `[${l10n.t('Open the Session')}](${link('open', index)})`,
    `[${l10n.t('Show the Edit')}](${link('diff', index)})`,
    `[${l10n.t('Put into the Basket')}](${link('basket', index)})`,
    `[${l10n.t('Copy')}](${link('copy', index)})`,
  ].join(' · ');

function unknownText({ turns, unknown }: Why): string[] {
  const [first] = unknown;
  if (!first) return turns.length === 0 ? [`$(question) ${l10n.t('There is nothing here to ask about.')}`] : [];
  if (turns.length > 0) return [`$(question) ${l10n.t('Of {0} of these lines it is not known.', unknown.length)}`];
  return [`$(question) **${l10n.t('Unknown.')}** ${reasonOf(first.why)}`];
}

const reasonOf = (why: WhyNot): string =>
  ({
    never: l10n.t('No turn in memory changed this file.'),
    before: l10n.t('A turn put it here, but it had stood elsewhere before.'),
    common: l10n.t('It says too little to tell who wrote it.'),
    others: l10n.t('No turn in memory is known to have written it; it may be a person’s.'),
  })[why];

export const lensTitle = (turn: WroteLines): string =>
  `$(sparkle) ${l10n.t('Claude, {0}: {1}', ago(turn.at), titleLine(turn.asked?.text ?? turn.title, 80))}`;

/** For the clipboard: who asked for it, when, and where that stands. */
export const copiedText = ({ asked, title, at, sessionId, turn, file }: WroteLines): string =>
  [
    `> **Claude-Mem:** ${escapeMarkdown(title, 160)} · ${new Date(at).toISOString().slice(0, 10)} · \`${sessionId}\` · ${turn}`,
    '',
    cleanText(asked?.text ?? fileName(file)).trim(),
    '',
  ].join('\n');
