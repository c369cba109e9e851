/** One error as it is compared: what the tool calls it, its wording without names, and the names. */
import { regex } from '../../lib/regex';

export interface ErrorMessage {
  /** `ts2345`, `e0308`, `no-console`, `typeerror`; empty when the tool does not name this kind of error. */
  code: string;
  /** Lower-case wording: quoted texts, names of code, paths, numbers and hex are marks. */
  template: string;
  /** What the marks stand for, except numbers and hex; case kept. */
  names: string[];
}

const maxMessage = 500;
/** Letters without which a wording could be any error. */
const minLetters = 10;
/** Says that something failed, not what. */
const weak: readonly RegExp[] = [
  regex()`
    ^(?:the )?(?:command|process|script|task|job|build|tests?|test suite|test run|compilation|linting|execution|
    program) .{0,80}?\b(?:fail|exit|error|complete|terminat)
  `,
  /^(?:build|tests?|compilation|command|lint|check|typecheck)(?: has)? failed\b/,
  /\bexit(?:ed)?(?: with)?(?: status| code|: )/,
  /^aborting due to|^could not compile|previous errors?\b|^elifecycle|there were failing tests|^what went wrong/,
  /^(?:found |✖ |× )?<n> (?:error|problem|failure|warning|issue|failed|failing|test)/,
  /^(?:error|errors|failed|failure|fatal|undefined|null|unknown error|something went wrong|internal error)$/,
  /^(?:note|help|hint|for more information|run with|compilation failed|a problem occurred)\b/,
];
/** Names that every project has: they say nothing about which error it is. */
const everyday = new Set(
  (
    'string number boolean undefined null any unknown void never object symbol bigint true false int str float bool ' +
    'list dict tuple set none nonetype bytes error self this cls char array map vec option result ok err some usize isize ' +
    'i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 double long short byte integer nil func fn function promise value type ' +
    'property argument parameter readonly const let var class interface struct main test tests index src lib'
  ).split(' '),
);

/** Undefined when it says too little to be one error and no other. `code`: what the tool calls this kind of error. */
export function readMessage(text: string, code = ''): ErrorMessage | undefined {
  const { rest, names } = takeQuoted(text.slice(0, maxMessage).trim());
  const template = rest
    .replace(/[^\s()[\]{},;:!?=<>'"`]+/g, (word) => {
      if (word.length > 2 && /[/\\]/.test(word)) {
        names.push(word.split(/[/\\]/).at(-1) ?? '');
        return '<path>';
      }
      if (isHex.test(word)) return '<hex>';
      const name = word.replace(/^[*&.]|\.$/g, '');
      if (!isNameOfCode(name)) return word;
      names.push(name);
      return '<q>';
    })
    .toLowerCase()
    .replace(/\d+/g, '<n>')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[.:,;!]{1,3}$/, '');
  const message = { code: code.toLowerCase(), template, names };
  if (weak.some((pattern) => pattern.test(template))) return undefined;
  // A tool's own name for the error makes up for few words, and so does a name of code.
  const needed = message.code === '' && !names.some(isTelling) ? 2 * minLetters : minLetters;
  return lettersOf(template) < needed ? undefined : message;
}

export const sameMessage = (a: ErrorMessage, b: ErrorMessage): boolean =>
  a.code === b.code && a.template === b.template && a.names.join('\0') === b.names.join('\0');

export const lettersOf = (template: string): number => template.replace(/<\w+>|[^\p{L}]/gu, '').length;

/** A name of this project or of what it uses; not a word that any program has, nor a type that is written out. */
export const isTelling = (name: string): boolean =>
  !name.includes('{') &&
  name
    .split(/[^\p{L}\p{N}]+/u)
    .some((part) => part.length >= 3 && !/^\d+$/.test(part) && !everyday.has(part.toLowerCase()));

/** Requires both a letter and a digit: digits only are a number, letters only may be a word. */
const isHex = /^(?:0x[0-9a-f]+|(?=\d*[a-f])(?=[a-f]*\d)[0-9a-f]{7,})$/i;

/** `retryBudget`, `retry_budget`, `http.Client`; not `Type` or `e.g`. */
const isNameOfCode = (word: string): boolean =>
  word.length > 2 &&
  (/[a-z\d][A-Z]/.test(word) || /[A-Za-z]_[A-Za-z]|^_+[a-z]/.test(word) || /[A-Za-z]{2}\.[A-Za-z]{2}/.test(word));

/** Where a repository lies on a machine says nothing about an error. */
const shortPath = (name: string): string =>
  /^["']?(?:[A-Za-z]:)?[/\\]/.test(name) ? name.split(/[/\\]/).slice(-2).join('/').replace(/["']$/, '') : name;

const closing: Readonly<Record<string, string>> = { "'": "'", '"': '"', '`': '`', '‘': '’', '“': '”' };

/** By hand, because an apostrophe in a word opens nothing. */
function takeQuoted(text: string): { rest: string; names: string[] } {
  const names: string[] = [];
  let rest = '';
  for (let at = 0; at < text.length; at++) {
    const letter = text[at] ?? '';
    const close = closing[letter];
    const end = close === undefined || /\w/.test(text[at - 1] ?? '') ? -1 : text.indexOf(close, at + 1);
    if (end <= at + 1) {
      rest += letter;
      continue;
    }
    names.push(shortPath(text.slice(at + 1, end)));
    rest += '<q>';
    at = end;
  }
  return { rest, names };
}
