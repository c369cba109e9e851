/**
 * Splits a shell command, enough to tell which programs ran and whose exit status was returned. It is not a shell
 * parser.
 */

export interface Segment {
  /** Operator before it; empty for the first. */
  join: '' | '&&' | '||' | ';';
  /** The commands of its pipeline, each as words without quotes, redirections and leading assignments. */
  pipeline: string[][];
}

/** A longer command is a script; its beginning says what it is. */
const maxLetters = 8000;
const redirection = /^(?:\d|&)?>{1,2}(?:&\d|&-)?$|^<{1,3}$/;
const gluedRedirection = /^(?:\d|&)?>{1,2}\S+$|^<{1,3}\S+$/;
const assignment = /^[A-Za-z_]\w*\+?=/;

/** The commands of a line in order. Loops and conditions stay as written. */
export function splitShell(input: string): Segment[] {
  const segments: Segment[] = [];
  let segment: Segment = { join: '', pipeline: [] };
  let words: string[] = [];
  const endPipe = () => {
    const plain = dropPlumbing(words);
    if (plain.length > 0) segment.pipeline.push(plain);
    words = [];
  };
  const endSegment = (join: Segment['join']) => {
    endPipe();
    if (segment.pipeline.length > 0) segments.push(segment);
    segment = { join, pipeline: [] };
  };
  for (const token of tokensOf(withoutHeredocs(input.slice(0, maxLetters)))) {
    if (token === '&&' || token === '||' || token === ';') endSegment(token);
    else if (token === '|') endPipe();
    else words.push(token);
  }
  endSegment('');
  return segments;
}

function dropPlumbing(words: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (redirection.test(word)) {
      if (!/&\d|&-/.test(word)) at++;
    } else if (!gluedRedirection.test(word) && !(kept.length === 0 && assignment.test(word))) kept.push(word);
  }
  return kept;
}

/** Removes here-documents, which are data. */
function withoutHeredocs(input: string): string {
  const lines = input.replace(/\\\n/g, ' ').split('\n');
  const kept: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    kept.push(line);
    const end = /<<-?\s*(["']?)(\w+)\1/.exec(line)?.[2];
    if (end === undefined) continue;
    const close = lines.findIndex((each, index) => index > at && each.trim() === end);
    // Without an end, the rest of the text is data.
    at = close < 0 ? lines.length : close;
    const rest = lines[close + 1];
    // `$(cat <<EOF … EOF` is closed by `)"` on the line of the end.
    if (close >= 0 && rest !== undefined && /^\s*\)/.test(rest)) {
      kept[kept.length - 1] = `${line} ${rest.trim()}`;
      at++;
    }
  }
  return kept.join('\n');
}

/** Words without quotes, and the operators between them. `$(…)` is one word. */
function* tokensOf(input: string): Generator<string> {
  let word = '';
  let isWord = false;
  let at = 0;
  const take = () => {
    const taken = word;
    word = '';
    isWord = false;
    return taken;
  };
  while (at < input.length) {
    const letter = input.charAt(at);
    if (letter === "'" || letter === '"') {
      const end = endOfQuote(input, at);
      word += input.slice(at + 1, end);
      isWord = true;
      at = end + 1;
    } else if (letter === '\\') {
      word += input.charAt(at + 1);
      isWord = true;
      at += 2;
    } else if (letter === '$' && input.charAt(at + 1) === '(') {
      const end = endOfParentheses(input, at + 1);
      word += input.slice(at, end + 1);
      isWord = true;
      at = end + 1;
    } else if (letter === '#' && !isWord) {
      const end = input.indexOf('\n', at);
      at = end < 0 ? input.length : end;
    } else if (/[\s;|&()]/.test(letter)) {
      // `2>&1` and `&>` are words, not operators.
      if (letter === '&' && (/[<>]$/.test(word) || input.charAt(at + 1) === '>')) {
        word += letter;
        isWord = true;
        at++;
        continue;
      }
      if (isWord) yield take();
      const two = input.slice(at, at + 2);
      if (two === '&&' || two === '||') yield two;
      else if (letter === '|') yield '|';
      else if (letter === ';' || letter === '\n' || letter === '&') yield ';';
      at += two === '&&' || two === '||' || two === '|&' ? 2 : 1;
    } else {
      word += letter;
      isWord = true;
      at++;
    }
  }
  if (isWord) yield take();
}

function endOfQuote(input: string, start: number): number {
  const quote = input.charAt(start);
  let at = start + 1;
  while (at < input.length && input.charAt(at) !== quote) at += quote === '"' && input.charAt(at) === '\\' ? 2 : 1;
  return Math.min(at, input.length);
}

function endOfParentheses(input: string, start: number): number {
  let depth = 0;
  for (let at = start; at < input.length; at++) {
    if (input.charAt(at) === '(') depth++;
    else if (input.charAt(at) === ')' && --depth === 0) return at;
  }
  return input.length;
}
