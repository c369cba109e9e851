/**
 * Turns the text of a memory into something safe to put into a file. A memory is hostile input: it holds web pages and
 * tool output. So every line gets a comment of its own, and whatever could end one early is taken apart visibly.
 */
import { commentSyntaxOf } from './languages';
import type { CommentSyntax, Hazard } from './languages';

type Replacement = readonly [pattern: RegExp, by: string];

/** Ends a comment in some language or in the file around it. Taken apart everywhere: files are embedded in files. */
const terminators: readonly Replacement[] = [
  [/\*\//g, '* /'],
  [/--(!?>)/g, '-- $1'],
  [/\]\]>/g, ']] >'],
  [/([?%])>/g, '$1 >'],
  // A trigraph for the backslash: it would join the line with the next one.
  [/\?\?\//g, '?? /'],
];

const hazards: Readonly<Record<Hazard, readonly Replacement[]>> = {
  // `--` is not allowed in an XML comment at all; a script or style element around the comment must not see its own
  // end.
  markup: [
    [/-(?=-)/g, '- '],
    [/<(?=[/?%!]|script)/gi, '< '],
  ],
  // The cursor may stand in the HTML part of the file.
  php: [[/<(?=[?%]|script)/gi, '< ']],
  // Template engines run before anybody sees a comment: Helm, Jinja, workflow expressions.
  templates: [
    [/\{(?=[{%#])/g, '{ '],
    [/<(?=%)/g, '< '],
  ],
  // Java translates these before it looks for comments, so that one can hold a line feed.
  unicodeEscapes: [[/\\(?=u)/g, '\\ ']],
  // `coding: utf-7` in the first two lines changes what the rest of the file means.
  encoding: [[/coding(?=[:=])/gi, 'coding ']],
  make: [[/\$(?=[({])/g, '$ ']],
  // cmd expands these inside REM too; `%~` even ends the script.
  batch: [[/%/g, '%%']],
  // OCaml reads string literals inside comments.
  ocaml: [
    [/"/g, "''"],
    [/\((?=\*)/g, '( '],
    [/\*(?=\))/g, '* '],
    [/\{(?=%*[\w.' ]*\|)/g, '{ '],
  ],
  handlebars: [
    [/-(?=-)/g, '- '],
    [/\{(?=\{)/g, '{ '],
    [/\}(?=\})/g, '} '],
  ],
  razor: [[/\*(?=@)/g, '* ']],
  jinja: [
    [/#(?=\})/g, '# '],
    [/\{(?=[#{%])/g, '{ '],
  ],
};

/** Line breaks of any system, language or standard: CR, VT, FF, NEL, LS, PS. */
const lineBreaks = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/;
// oxlint-disable-next-line no-control-regex
const controls = /[\u0000-\u0008\u000e-\u001f\u007f]/g;
const highControls = /[\u0080-\u009f]/g;
/** Characters that reorder the line they stand in: what a person reads is not what the machine reads. */
const bidirectional = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** The text with plain line feeds and with nothing invisible that acts: such characters are shown instead. */
export function cleanText(text: string): string {
  return splitLines(text).join('\n');
}

/**
 * The text as comment lines of a language. @throws RangeError when the language has no comments; ask `commentSyntaxOf`
 * first.
 */
export function commentOut(text: string, languageId: string, indent = ''): string {
  const syntax = commentSyntaxOf(languageId);
  if (!syntax) throw new RangeError(`No comment syntax for ${languageId}`);
  const margin = syntax.isFlush ? '' : indent;
  return trimBlankEnds(splitLines(text))
    .map((line) => commentLine(line, syntax, margin))
    .join('\n');
}

function commentLine(line: string, syntax: CommentSyntax, margin: string): string {
  const safe = neutralise(line, syntax);
  if (syntax.close) return safe === '' ? '' : `${margin}${syntax.open} ${safe} ${syntax.close}`;
  return `${margin}${syntax.open} ${safe}`.trimEnd().replace(new RegExp(`[${syntax.joiners}]$`), '$& .');
}

function neutralise(line: string, syntax: CommentSyntax): string {
  let safe = line;
  for (const [pattern, by] of [...terminators, ...syntax.hazards.flatMap((hazard) => hazards[hazard])])
    safe = safe.replace(pattern, by);
  return safe.trimEnd();
}

function splitLines(text: string): string[] {
  return text.split(lineBreaks).map((line) =>
    line
      .replace(controls, (sign) => (sign === '\u007f' ? '␡' : String.fromCharCode(0x2400 + sign.charCodeAt(0))))
      .replace(highControls, '\ufffd')
      .replace(bidirectional, (sign) => `[U+${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}]`),
  );
}

function trimBlankEnds(lines: string[]): string[] {
  const isText = (line: string) => line.trim() !== '';
  const first = lines.findIndex(isText);
  return first < 0 ? [] : lines.slice(first, lines.findLastIndex(isText) + 1);
}
