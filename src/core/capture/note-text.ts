/** What a file of Claude Code's memory says of itself: front matter, title, imports. */
import { regex } from '../lib/regex';

export interface NoteText {
  /** Of the front matter; empty when there is none. */
  name: string;
  description: string;
  /** The rule is given only with files that match. */
  hasPaths: boolean;
  /** The first heading; empty when there is none. */
  heading: string;
}

/** Longer front matter is a text that happens to begin with dashes. */
const maxHead = 4_000;
const maxTitle = 200;

export function readNoteText(text: string): NoteText {
  const front = frontMatter(text.slice(0, maxHead));
  const value = (field: string) => unquoted(new RegExp(`^${field}:[ \\t]*(.{1,1000})$`, 'm').exec(front)?.[1] ?? '');
  return {
    name: value('name').slice(0, maxTitle),
    description: value('description').slice(0, maxTitle),
    hasPaths: /^(?:paths|globs):/m.test(front),
    heading: (/^ {0,3}#{1,6}[ \t]+(\S.{0,200})$/m.exec(text.slice(front.length, maxHead))?.[1] ?? '').trim(),
  };
}

function frontMatter(text: string): string {
  const end = /^\uFEFF?---[ \t]*\r?\n/.test(text) ? text.indexOf('\n---', 3) : -1;
  return end < 0 ? '' : text.slice(0, end);
}

const unquoted = (value: string): string => value.trim().replace(/^(["'])(.*)\1$/, '$2');

const imported = regex('gm')`(?:^|[\s(])@((?:~\/|\.{0,2}\/)?[\w.\/\\-]{0,300}?[\w-]\.(?:md|markdown|mdc|txt))\b`;

/** Paths of Markdown and text files that a text imports with `@`, as written. Not in code. */
export function importsOf(text: string): string[] {
  const plain = withoutFences(text).replace(/`[^`\n]*`/g, ' ');
  return [...new Set([...plain.matchAll(imported)].map(([, path = '']) => path))];
}

function withoutFences(text: string): string {
  let fence = '';
  return text
    .split('\n')
    .filter((line) => {
      const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
      if (fence !== '') {
        if (mark?.startsWith(fence)) fence = '';
        return false;
      }
      if (mark !== undefined) fence = mark.slice(0, 3);
      return mark === undefined;
    })
    .join('\n');
}
