/**
 * The ways in which a value stands behind its name: files of settings, code of many languages, XML, pairs of `name` and
 * `value`, tables, flags and sentences. Tried in order until one gives a secret.
 */
import { regex } from '../../lib/regex';
import { cellsBelow } from './columns';
import type { Reader } from './reader';
import type { Named } from './unquoted';
import type { ValueForm } from './values';

interface Place {
  named: Named;
  /** End of the name. */
  end: number;
  /** What stands before the name, in its line. */
  line: string;
  /** A name in a script without letters for words: Chinese, Japanese, Korean. */
  isNative: boolean;
}

type Way = (reader: Reader, place: Place) => boolean;

/** Sticky patterns: each is tried only behind the name. */
const closing = /(?:\\{0,8}["'`*_]){0,4}[\])]?(?:\[\w{0,6}\])?(?: API)?/y;
const assign =
  /\s{0,20}(?::=|::=|=>|->|<-|or(?= ["'])|[!=]==?|\?\?=?|\|\|=?|:-|\?=|\+=|=|:|：|＝)[ \t]{0,40}(?:\*\*|<\/\w{1,8}>)?\s{0,200}/y;
const typed =
  /(?:(?:\s{0,3}:\s{0,3}|\s{1,3})[&']{0,2}[A-Za-z_][\w<>[\].:&' ?*]{0,40}|\s{0,3}\{[^{}\n]{0,40}\})\s{0,3}=\s{0,20}/y;
const by = /\s{1,4}(?:by|as)\s{1,4}/iy;
const comma = /\\{0,8}["'`]\s{0,5},\s{0,40}/y;
const call = /[({]\s{0,5}/y;
const element = /(?:\\{0,8}["'][^<>\n]{0,200}|\s[^<>\n]{0,200})?>\s{0,100}/y;
const plistKey = /<\/(?:key|name)>(?:\s|\d{1,6}→|[+-]){0,100}<(?:string|value)>/y;
const pair = regex('iy')`
  \\{0,8}["']?(?:\s{0,5}[,;](?:\s|\d{1,6}→|[+-]){0,60}|(?:\s|\d{1,6}→|[+-]){1,60})\\{0,8}["']?(?:value|default|
  val|content|defaultvalue)\\{0,8}["']?\s{0,5}[:=]\s{0,40}
`;
const attribute = /\\{0,8}["']?\s{1,5}(?:\w{1,20}=\\{0,8}["'][^"'<>]{0,60}\\{0,8}["']\s{1,5}){0,4}value\s?=\s?/iy;
const block =
  /\\{0,8}["']?\s{0,5}\{(?:\s|\d{1,6}→|[+-]){0,40}(?:type\s{0,5}=\s{0,5}\w{1,12}(?:\s|\d{1,6}→|[+-]){1,40})?default\s{0,5}=\s{0,10}/y;
const disposition = /\\*"?(?:\r?\n|\\r\\n|\\n){2}/y;
const blank = /[ \t]{1,8}/y;
const wideBlank = /\\{0,8}["']?(?: {2,40}|\t{1,8})/y;
const cell = /[`*]{0,3}[ \t]{0,60}[|│┃][ \t]{0,60}[`*]{0,3}/y;
const endOfCell = /["'`*]{0,3}[ \t]{0,40}(?:[|,;\t\n]|\r\n)/y;
const to = /["'`]? to /y;
const nativeSays = /\s{0,2}(?:[是为為は]|は、|[은는이가])?\s{0,2}[:：=＝]?\s{0,3}/uy;
const says = regex('iuy')`
  (?:[ ]d'API|(?:[ ](?:for|of|to|on|in|at|für|de|del|do|pour|от|к|для)[ ]?[\w.@:\/\p{L}-]{1,60}){0,2})
  (?:[ ]API)?(?:,[ ]c['’]est[ ]|[ ]is[ ]generated[ ]for[ ][^\s:]{1,80}:[ ]|
  [ ]{1,3}(?:was[ ]changed,[ ]the[ ]new[ ]one[ ]is|is|was|are|equals|be|ist|lautet|war|est|es|era|é|è|jest|—|–|
  remains|stays)[ ]{0,2}:?\s{1,3})
`;

/** What begins a line before a name in a file of settings: numbers of lines, signs of a diff, words that set. */
const beforeSetting = regex('i')`
  ^["'\x60]?(?:[\w.\/-]{1,120}:\d{1,6}:|[ \t]{0,12}\d{1,6}[→\t:|]|[ \t]{0,12}\d{1,6}[ ]{1,4})?[+>-]?[ \t]{0,80}
  (?:(?:export|set|setx|setenv|ENV|ARG|env|declare[ ]-x|readonly|local|typeset[ ]-x|set[ ]-[gUx]{1,3}|const|var|
  let|val|\$env:|-|\*|#|\[|[•>])[ \t]{0,4}){0,2}
  (?:(?:enter|new|old|your|my|the|current|admin|root|initial|default|temporary|temp|test|user|database|login|
  wifi)[ ]){0,2}["'\x60*_]{0,3}$
`;
const blankSetter = regex('i')`
  (?:^|[\s"'\x60:>+-])(?:setenv|setx|set[ ]-[gUx]{1,3}|ENV|ARG|identified[ ]by|identified[ ]with[ ]\w{1,30}[ ](?:by|as)|
  git[ ]config[ ](?:--\w{1,10}[ ]){0,3}|machine[ ]\S{1,80}[ ]login[ ]\S{1,80}|(?:login|user)\s{1,4}\S{1,80})[ \t]{1,4}$
`;
/** Before the name of a member, whose type stands behind its colon. */
const modifier = regex('i')`
  \b(?:private|public|protected|internal|readonly|static|class|struct|interface|extends|declare|const|let|var|
  val|type|export|abstract|override|final|case|return|param|optional|required|async|function|fn|def|field|prop|
  args?|if|else|elif|while|for|when|with|except|lambda)\b
`;
const sqlBefore = /(?:user|role|login|alter|create|with|encrypted|set)\b[^\n]{0,120}$/i;
const isChange = /\b(?:set|chang|rotat|reset|updat)\w{0,4}\b[^\n]{0,60}$/i;
const attributeBefore = /(?:name|key|id|field|type)\\{0,8}["']?\s{0,3}[:=]\s{0,3}\\{0,8}["']?$/i;
const argumentBefore = /[(,]\s{0,5}\\{0,8}["'`][#.]?$/;
const firstArgumentBefore = /\(\s{0,5}\\{0,8}["'`][#.]?$/;

const inElement: Way = (reader, { named, end, line }) => {
  if (/<(?:key|name)>$/.test(line)) return reader.isBehind(plistKey, end) && reader.element(named);
  const isTag = /<(?:[\w-]{1,20}:)?$/.test(line);
  if (!isTag && !(attributeBefore.test(line) && /<[^<>]{0,150}$/.test(line))) return false;
  return reader.isBehind(element, end) && reader.element(named);
};

/** `name: X` and `value: Y`, in YAML, JSON, HTML and Terraform, and a part of a form. */
const inPair: Way = (reader, { named, end, line }) => {
  if (/form-data/i.test(line) && reader.isBehind(disposition, end) && reader.unquoted(named, 'data')) return true;
  if (!attributeBefore.test(line) && !/(?:^|[→\s+])variable\s{1,4}"$/.test(line)) return false;
  return [pair, attribute, block].some((way) => reader.isBehind(way, end) && reader.value(named, 'data'));
};

const inTable: Way = (reader, { named, end, line }) => {
  const isCell = /(?:^|[|,;\t])[ \t"'`*]{0,60}(?:\w{1,20} ){0,3}$/.test(line);
  if (!isCell || !reader.isBehind(endOfCell, end)) return false;
  return cellsBelow(reader.text, line.length, named.start, end)
    .map((found) => reader.range(named, found.start, found.end))
    .includes(true);
};

const inCell: Way = (reader, { named, end, line }) =>
  /^$|[|│┃][ \t]{0,60}[`*]{0,3}$/.test(line) && reader.isBehind(cell, end) && reader.cell(named);

const assigned: Way = (reader, place) => {
  const { named, end } = place;
  reader.isBehind(closing, end);
  const closed = reader.at;
  if (!reader.isBehind(assign, closed)) return false;
  const sign = reader.text.slice(closed, reader.at);
  const isClosed = /["'`]\]?$/.test(reader.text.slice(end, closed));
  // A line break between a name and its colon stands only in JSON.
  if (sign.includes('\n') && !isClosed && !/[:=][ \t]*\r?\n/.test(sign)) return false;
  return reader.value(named, formOf(reader.text, place, sign), sign);
};

const asArgument: Way = (reader, { named, end, line }) => {
  if (!argumentBefore.test(line)) return false;
  const isFirst = firstArgumentBefore.test(line);
  if (!isFirst && named.nameClass === 'weak') return false;
  return reader.isBehind(comma, end) && reader.quoted(named, isFirst ? 'strict' : 'random');
};

const declared: Way = (reader, { named, end }) =>
  [by, typed].some((way) => reader.isBehind(way, end) && reader.quoted(named)) ||
  (reader.isBehind(call, end) && reader.quoted(named, 'strict'));

const afterFlag: Way = (reader, { named, end, line }) =>
  (/^-{1,2}\w/.test(named.name) || /[{\s(]:$/.test(line) || blankSetter.test(line)) &&
  reader.isBehind(blank, end) &&
  reader.value(named, 'flag');

/** `getByLabel('Password').fill('…')` */
const filledIn: Way = (reader, { named, end, line }) =>
  argumentBefore.test(line) && reader.isBehind(/["'`]\)\.\w{1,20}\(/y, end) && reader.quoted(named);

/** `INSERT INTO users (name, password) VALUES ('ann', '…')`: the value at the same place. */
const inserted: Way = (reader, { named, end, line }) => {
  const before = /insert\s+into\s[^()]{1,80}\(([^()]{0,150})$/i.exec(line)?.[1];
  if (before === undefined || !reader.isBehind(/[^()]{0,300}\)\s{0,40}values\s{0,40}\(/iy, end)) return false;
  for (let column = before.split(',').length; column > 1; column--)
    if (!reader.isBehind(/(?:'[^'\n]{0,400}'|[^',()\n]{0,100})\s{0,5},\s{0,40}/y, reader.at)) return false;
  return reader.quoted(named);
};

/** `SET PASSWORD FOR 'app'@'%' = '…'` */
const setFor: Way = (reader, { named, end }) =>
  reader.isBehind(/ for \S{1,80}\s{0,3}=\s{0,3}(?:password\()?/iy, end) && reader.quoted(named);

/** `Use … as the session secret`: the value stands before its name. */
const usedAs: Way = (reader, { named, line }) => {
  const found = /\buse [`"']?([^\s`"']{5,80})[`"']? as (?:the |a |an |our |my |its )?(?:\w{1,20} ){0,2}$/i.exec(line);
  if (!found) return false;
  const start = named.start - line.length + found.index + found[0].indexOf(found[1] ?? '');
  return reader.range(named, start, start + (found[1] ?? '').length);
};

/** `#define PASSWORD "…"`: without quotes it is code. */
const defined: Way = (reader, { named, end, line }) =>
  /#\s{0,3}define\s{1,4}$/.test(line) && reader.isBehind(blank, end) && reader.quoted(named);

const inSql: Way = (reader, { named, end, line }) =>
  named.nameClass === 'password' && sqlBefore.test(line) && reader.isBehind(blank, end) && reader.quoted(named);

const inNative: Way = (reader, { named, end, isNative }) =>
  isNative && reader.isBehind(nativeSays, end) && reader.value(named, 'told');

const inSentence: Way = (reader, { named, end, line }) => {
  const isTo = isChange.test(line) || /^hasło$/iu.test(named.name);
  if (isTo && reader.isBehind(to, end) && reader.value(named, 'prose')) return true;
  reader.isBehind(closing, end);
  if (reader.isBehind(says, reader.at) && reader.value(named, 'prose')) return true;
  const quotes = named.nameClass === 'password' ? /[`“"']/ : /[`“]/;
  return reader.isBehind(blank, end) && quotes.test(reader.text.charAt(reader.at)) && reader.quoted(named);
};

/** `{npm_token, "…"}` of Erlang. */
const inTuple: Way = (reader, { named, end, line }) =>
  /\{\s?$/.test(line) && reader.isBehind(/\s{0,3},\s{0,5}/y, end) && reader.quoted(named, 'random');

/** `password …` alone on its line, as in files of settings. */
const aloneInLine: Way = (reader, { named, end, line }) =>
  named.nameClass === 'password' &&
  /^["'`]?(?:[ \t]{0,12}\d{1,6}[→\t:|])?[+-]?[ \t]{0,40}$/.test(line) &&
  reader.isBehind(/[ \t]{1,4}(?=\S{4,200}[ \t]{0,5}(?:\n|$))/y, end) &&
  reader.value(named, 'prose');

const inColumn: Way = (reader, { named, end, line }) =>
  (named.nameClass !== 'weak' && reader.isBehind(blank, end) && reader.column(named)) ||
  (!/#\s*define/.test(line) && reader.isBehind(wideBlank, end) && reader.column(named));

export const ways: readonly Way[] = [
  inElement,
  inPair,
  inTable,
  inCell,
  assigned,
  asArgument,
  declared,
  afterFlag,
  filledIn,
  inserted,
  defined,
  setFor,
  inSql,
  inNative,
  inSentence,
  inTuple,
  aloneInLine,
  usedAs,
  inColumn,
];

/** How an unquoted value behind this sign is written. */
function formOf(text: string, { named, line }: Place, sign: string): ValueForm | 'told' {
  const { name, start } = named;
  const isSpaced = /^\s/.test(sign) && /\s$/.test(sign);
  if ((sign === '=' && name.startsWith('-')) || (sign === ':' && line.endsWith('/'))) return 'flag';
  const isFirst = beforeSetting.test(line);
  if (sign.includes('=') && !sign.includes('==')) {
    if (!isSpaced || (sign === '=' && /[?&;]$/.test(line))) return 'data';
    if (!isFirst) return 'code';
    return name === name.toUpperCase() || /[.-]/.test(name) || isInSection(text, start) ? 'data' : 'code';
  }
  if (/^\s*[:：]/.test(sign) && isFirst) return /["'`]$/.test(line) ? 'code' : 'data';
  // `user ada, pw: …` is a sentence; code has brackets.
  if (/^(?:[A-Za-z][\w-]{0,20} ){1,3}$/.test(line) && !modifier.test(line)) return 'told';
  return sign.includes('：') || (/[,;.:/] $/.test(line) && !/[{([=]/.test(line)) ? 'told' : 'code';
}

const sectionLine = /^["']?(?:[ \t]{0,12}\d{1,6}[→\t:|])?[+-]?\[[\w .:-]{1,60}\]\s{0,20}$/;
const commentLine = /^(?:[ \t]{0,12}\d{1,6}[→\t:|])?[+-]?[ \t]{0,20}[;#]/;

/** True below a line like `[section]`, as in files of settings, with nothing of code in between. */
function isInSection(text: string, at: number): boolean {
  const above = text.slice(Math.max(0, at - 1500), at).split('\n');
  // From below, and each line once: a file may have a section above every setting.
  for (const line of above.toReversed()) {
    if (sectionLine.test(line)) return true;
    if (/[(){};]/.test(line) && !commentLine.test(line)) return false;
  }
  return false;
}
