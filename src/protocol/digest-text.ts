/** A digest as Markdown, for a stand-up. Its headings are given, so that each head says them in its language. */
import type { ClosedEnd, Digest, LeftLine, SessionDone } from './left';

export interface DigestWords {
  title: string;
  done: string;
  decided: string;
  closed: string;
  open: string;
  /** Said when there is nothing. */
  nothing: string;
  /** Of a session of which only the title is known. */
  workedOn: string;
}

const maxOfSession = 4;
const maxOfList = 12;

/** @param escape makes Markdown of a transcript plain text, on one line */
export function digestText({ projects }: Digest, words: DigestWords, escape: (text: string) => string): string {
  const parts = projects.map(({ name, sessions, decisions, closed, openEnds }) =>
    [
      `## ${escape(name)}`,
      list(
        words.done,
        sessions.flatMap((session) => doneLines(session, words, escape)),
        3 * maxOfList,
      ),
      list(
        words.decided,
        decisions.map(({ text }) => escape(text)),
      ),
      list(
        words.closed,
        closed.map((end) => closedLine(end, escape)),
      ),
      list(
        words.open,
        openEnds.map(({ text }) => escape(text)),
      ),
    ]
      .filter((part) => part !== '')
      .join('\n\n'),
  );
  return `# ${words.title}\n\n${parts.length > 0 ? parts.join('\n\n') : words.nothing}\n`;
}

const doneLines = ({ title, done }: SessionDone, words: DigestWords, escape: (text: string) => string): string[] =>
  done.length > 0
    ? done.slice(0, maxOfSession).map(({ text }: LeftLine) => escape(text))
    : title === ''
      ? []
      : [`${words.workedOn} ${escape(title)}`];

const closedLine = ({ text, by }: ClosedEnd, escape: (text: string) => string): string =>
  by.how === 'person' ? escape(text) : `${escape(text)} → ${escape(by.text)}`;

function list(title: string, lines: readonly string[], most = maxOfList): string {
  const own = [...new Set(lines)];
  if (own.length === 0) return '';
  const more = own.length - most;
  return [
    `### ${title}`,
    '',
    ...own.slice(0, most).map((line) => `- ${line}`),
    ...(more > 0 ? [`- … +${more}`] : []),
  ].join('\n');
}
