/** Where an unquoted value ends, which depends on what it stands in: a file of settings, a command, code or a sentence. */
import type { NameClass } from './names';
import type { ValueForm } from './values';

export interface Named {
  name: string;
  /** Offset of the name. */
  start: number;
  nameClass: NameClass;
}

export interface Candidate {
  start: number;
  value: string;
  form: ValueForm;
}

/** Sticky: tried only at the value. Longer values are of letters only, so that a chain of names is not read again at each. */
const bare = /[^\s"'`<>\\，。；、」』》]{1,600}/y;
const longRun = /[A-Za-z0-9+/_.-]{1,4096}={0,2}/y;
const signsOfCode = /[([{]|[,;)]$/;

/**
 * What may be the value at `at`, the longest first; each is judged by itself. `told`: in a sentence, where nothing but
 * the value can stand.
 */
export function unquotedAt(text: string, at: number, named: Named, form: ValueForm | 'told'): Candidate[] {
  bare.lastIndex = at;
  const first = firstAt(text, at);
  if (first === undefined) return [];
  const before = text.slice(Math.max(0, named.start - 2), named.start);
  if (before === '${') return [{ start: at, value: upTo(first, '}'), form: 'data' }];
  if (/\$\{[\w.]{1,80}:?-$/.test(text.slice(Math.max(0, at - 90), at)))
    return [{ start: at, value: upTo(first, '}'), form: 'data' }];
  if (form === 'data') return fromSettings(text, at, named, first, before.slice(-1));
  if (form === 'flag') return first.startsWith('-') ? [] : [{ start: at, value: first.replace(/[,;)|]+$/, ''), form }];
  if (form === 'told') return [{ start: at, value: endOfSentence(asCode(first)), form: 'data' }];
  if (form === 'prose') return [{ start: at, value: endOfSentence(asCode(first)), form }];
  return [{ start: at, value: asCode(first), form: isDigitsOfSetting(text, at, named, first) ? 'data' : 'code' }];
}

function firstAt(text: string, at: number): string | undefined {
  const first = bare.exec(text)?.[0];
  if (first === undefined || first.length < 600) return first;
  longRun.lastIndex = at;
  const run = longRun.exec(text)?.[0] ?? '';
  return run.length < 600 ? undefined : run;
}

function fromSettings(text: string, start: number, named: Named, first: string, before: string): Candidate[] {
  const value = (part: string, from = start): Candidate[] => [{ start: from, value: part, form: 'data' }];
  // `?token=…&page=2`, `Password=…;Encrypt=true`, `PWD={…};`
  if (before === '?' || before === '&') return value(first.split(/[&#)\]}]/)[0] ?? '');
  if (before === ';' && first.startsWith('{')) return value(upTo(text.slice(start + 1, start + 300), '}'), start + 1);
  if (!/[({[]/.test(first) && (before === ';' || /^[^\s;]+;\s?\w+=/.test(first))) return value(upTo(first, ';'));
  const after = text.slice(start + first.length, start + first.length + 120);
  const isUpper = /^[A-Z_\d]+$/.test(named.name);
  const hasSigns = /\d/.test(first) && /[!@#$%^&*]/.test(first);
  const isCall = /^[\w.$]+[([]|^(?:null|true|false|undefined|function|new)\b/.test(first);
  const isExempt = isUpper || (hasSigns && !/[({[;,]/.test(first));
  if (isCall || /[,;)]$/.test(first) || (signsOfCode.test(first) && !isExempt))
    return [{ start, value: asCode(first), form: 'code' }];
  if (isEndOfLine(after)) return value(first);
  const rest = /^[^"'`\\\n#|<>]{1,120}/.exec(after)?.[0] ?? '';
  const phrase = (first + rest).trim();
  // A comma or a bracket further on in the line is that of a call.
  const isCode = /^\s*[,)\]}]/.test(after);
  return [
    ...(named.nameClass === 'password' && /^[\w' -]+$/.test(phrase) ? value(phrase) : []),
    // Behind a colon it is a sentence when more words follow.
    {
      start,
      value: first,
      form: isCode ? 'code' : /=\s{0,40}$/.test(text.slice(Math.max(0, start - 42), start)) ? 'data' : 'prose',
    },
  ];
}

/** Numbers are given to names of all kinds in code; one alone on its line may be a password. */
const isDigitsOfSetting = (text: string, at: number, { name, nameClass }: Named, first: string): boolean =>
  nameClass === 'password' &&
  /^\d{6,12}$/.test(first) &&
  /[a-z]/.test(name) &&
  isEndOfLine(text.slice(at + first.length, at + first.length + 120));

const isEndOfLine = (after: string): boolean => /^["'`]*[ \t]*(?:#[^\n]*)?(?:\r?\n|$|\\n|\\r)/.test(after);

/** Cut at the first sign that code has and a secret has not; nothing of a call or an index. */
function asCode(value: string): string {
  const cut = /^[^,;:(){}[\]|]+/.exec(value)?.[0] ?? '';
  return /^[([]/.test(value.slice(cut.length)) ? '' : cut;
}

const endOfSentence = (value: string): string =>
  value.length > 600 ? value : value.replace(/(?:&quot$|[.!?:*_]+$)/, '').replace(/[^\x21-\x7E].*$/, '');

const upTo = (value: string, end: string): string => value.split(end)[0] ?? '';
