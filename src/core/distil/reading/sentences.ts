/** Splits Markdown into plain sentences, each with the literal text it was made from. */
import { firstLetters } from '../../../protocol/text';

export interface Sentence {
  /** Plain words on one line, without Markdown and bullets. */
  text: string;
  /** The literal text of the sentence in the source. */
  quote: string;
  /** In UTF-16 units. */
  start: number;
  end: number;
  kind: 'plain' | 'bullet' | 'nested' | 'heading';
  /** Heading of its section. */
  heading: string;
}

/** A longer message is a document; its beginning says what it is about. */
const maxText = 24_000;
const maxSentences = 400;
/** A longer line is data. */
const maxLine = 4000;
const maxWords = 700;
const maxEnd = 80;
const segmenter = new Intl.Segmenter(undefined, { granularity: 'sentence' });
const decoration = /^[\s\-=_*~`#|+·•─━═╌┄┈│┃├└┌┐┘┤┬┴┼▏▕★☆✦…]*$/u;
const bullet = /^(\s*)(?:[-*+•‣◦–]|\d{1,3}[.)]|[a-z]\))\s+(?:\[[ x>]\]\s+)?/iu;
const leadingMarks = /^(?:(?:\p{Extended_Pictographic}|\uFE0F|\u200D|[✓✔✗✘★☆→➜])\s*)+/u;
const abbreviation = /(?:\b(?:e\.g|i\.e|etc|vs|cf|approx|resp|fig|no|Mr|Dr|St|z\.B)\.|\b[A-Z]\.)$/;

/** The sentences of a text. Fenced code, tables, quotes and rules are left out. */
export function sentencesOf(text: string): Sentence[] {
  const found: Sentence[] = [];
  let heading = '';
  let fence = '';
  let at = 0;
  for (const line of text.slice(0, maxText).split('\n')) {
    const start = at;
    at += line.length + 1;
    const fenced = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence !== '') {
      if (fenced?.startsWith(fence)) fence = '';
      continue;
    }
    if (fenced !== undefined) {
      fence = fenced.slice(0, 3);
      continue;
    }
    if (decoration.test(line) || /^\s*[|>]/.test(line) || (/^ {4,}\S/.test(line) && !bullet.test(line))) continue;
    const title =
      /^\s{0,3}#{1,6}\s+/.exec(line)?.[0] ?? /^\s*(?=(?:\*\*[^*]{1,80}\*\*|__[^_]{1,80}__):?\s*$)/.exec(line)?.[0];
    const head = title ?? bullet.exec(line)?.[0] ?? '';
    const kind = title !== undefined ? 'heading' : head === '' ? 'plain' : /^\s{2,}/.test(head) ? 'nested' : 'bullet';
    if (title !== undefined) heading = plainWords(line.slice(title.length, maxLine));
    for (const part of splitLine(line.slice(head.length, maxLine))) {
      const plain = plainWords(part.words);
      if (plain === '' || !/[\p{L}\p{N}]/u.test(plain)) continue;
      const from = start + head.length + part.start;
      found.push({
        text: plain,
        quote: part.words,
        start: from,
        end: from + part.words.length,
        kind,
        heading: kind === 'heading' ? '' : heading,
      });
      if (found.length >= maxSentences) return found;
    }
  }
  return found;
}

function splitLine(line: string): { words: string; start: number }[] {
  const parts: { words: string; start: number }[] = [];
  let open: { start: number; end: number } | undefined;
  let isCodeOpen = false;
  for (const { segment, index } of segmenter.segment(line)) {
    // A file name, version or abbreviation does not end a sentence. Only the last letters are tested: testing the whole
    // line for each of its parts would take quadratic time.
    const end = open && line.slice(Math.max(open.start, open.end - maxEnd), open.end).trimEnd();
    const goesOn =
      end !== undefined &&
      (isCodeOpen ||
        abbreviation.test(end) ||
        /^[a-z`(\d]/.test(segment) ||
        !/[.!?。!?…:]["'”’)\]*_`]*$/u.test(end) ||
        /\s\.$/.test(end));
    if (open && goesOn) open.end = index + segment.length;
    else {
      if (open) parts.push(trimmed(line, open));
      open = { start: index, end: index + segment.length };
      isCodeOpen = false;
    }
    if (hasOpenCode(segment)) isCodeOpen = !isCodeOpen;
  }
  if (open) parts.push(trimmed(line, open));
  return parts;
}

const hasOpenCode = (text: string): boolean => (text.match(/`/g)?.length ?? 0) % 2 === 1;

function trimmed(line: string, { start, end }: { start: number; end: number }): { words: string; start: number } {
  const words = line.slice(start, end);
  return {
    words: firstLetters(words.trim(), maxWords).trimEnd(),
    start: start + words.length - words.trimStart().length,
  };
}

/** Text without Markdown signs, and without emoji at its start. */
export function plainWords(markdown: string): string {
  // White space is folded first: a search for it at the end of the text would start again at each blank.
  return (
    markdown
      .replace(/\s+/g, ' ')
      .replace(/!?\[([^\]\n]{1,300})\]\([^)\s]{0,1000}\)/g, '$1')
      .replace(/`+([^`]*)`+/g, '$1')
      .replace(/(\*\*\*|\*\*|__)(?=\S)(.{0,600}?\S)\1/g, '$2')
      .replace(/(?<![\w*])\*(?=[^\s*])([^*]*[^\s*])\*(?![\w*])/g, '$1')
      .replace(/\*\*|^#+ | #+$/g, '')
      .replace(/<\/?[a-z][^<>]{0,200}>/gi, '')
      .replace(/\s+/g, ' ')
      .trim()
      .replace(leadingMarks, '')
      // One class: where a mark fits two alternatives, forty of them can be read in 2^40 ways.
      .replace(/ ?[\p{Extended_Pictographic}\uFE0F✓✔✗✘]{1,40}$/u, '')
      .trim()
  );
}
