/**
 * Markdown on one line, for titles and previews: code, emphasis and the words of links, without any raw marker. Signs of
 * blocks are left out. Built from elements, without HTML; small, because a list has many of them.
 */
import type { ReactNode } from 'react';
import { showLine } from '../../src/protocol/visible-text';

/** Fences, headings, quotes and list signs at the beginning of a line. */
const blockSigns = /^[ \t]{0,12}(?:`{3,}[^`\n]*|~{3,}[^\n]*|#{1,6}[ \t]+|>[ \t]?|[-*+][ \t]+)/gm;

/** Bounded, so that a line of opening signs is read in linear time. `src/*.ts and *.js` has no emphasis in it. */
const code = /(?<code>`[^`]{1,400}`)/;
const strong = /(?<strong>\*\*[^*\s](?:[^*]{0,400}[^*\s])?\*\*|(?<!\w)__[^_\s](?:[^_]{0,400}[^_\s])?__(?!\w))/;
const em = /(?<em>(?<![\w/*])\*[^*\s](?:[^*]{0,400}[^*\s])?\*(?![\w*])|(?<!\w)_[^_\s](?:[^_]{0,400}[^_\s])?_(?!\w))/;
const del = /(?<del>~~[^~]{1,400}~~)/;
const link = /!?\[(?<link>[^[\]]{1,200})\]\([^()\s]{0,500}\)/;
const spans = new RegExp([code, strong, em, del, link].map(({ source }) => source).join('|'), 'g');

export function InlineMarkdown({ text }: { text: string }) {
  return <>{partsOf(text).map((part, key) => (typeof part === 'string' ? part : draw(part, key)))}</>;
}

/** The same as text alone, where no element can stand: in a message or a label. */
export const withoutMarkdown = (text: string): string =>
  partsOf(text)
    .map((part) => (typeof part === 'string' ? part : part.text))
    .join('');

interface Span {
  tag: 'code' | 'strong' | 'em' | 'del';
  text: string;
}

function partsOf(text: string): (string | Span)[] {
  const line = showLine(text.replace(blockSigns, ''));
  const parts: (string | Span)[] = [];
  let at = 0;
  for (const match of line.matchAll(spans)) {
    parts.push(plain(line.slice(at, match.index)), readSpan(match));
    at = match.index + match[0].length;
  }
  return [...parts, plain(line.slice(at))];
}

function readSpan({ 0: all, groups = {} }: RegExpExecArray): string | Span {
  const [name = '', text = all] = Object.entries(groups).find(([, found]) => found !== undefined) ?? [];
  if (name === 'code') return { tag: name, text: text.slice(1, -1) };
  if (name === 'em') return { tag: name, text: plain(text.slice(1, -1)) };
  if (name === 'strong' || name === 'del') return { tag: name, text: plain(text.slice(2, -2)) };
  return plain(text);
}

const draw = ({ tag: Tag, text }: Span, key: number): ReactNode => <Tag key={key}>{text}</Tag>;

/** A text that was cut has an opening sign without its end; an escaped sign is itself. */
const plain = (text: string): string =>
  text.replace(/(?<!\\)`|(?<=^|\s)\*\*(?=\w)/g, '').replace(/\\([\\`*_~[\]()#+.!>-])/g, '$1');
