/**
 * Turns the text of a memory into comments that are safe in a file. A memory is not trusted: it contains web pages and
 * tool output. So every line gets its own comment, and text that could end a comment is broken up visibly.
 */
import { commentSyntaxOf } from './languages';
import type { CommentSyntax, Hazard } from './languages';

type Replacement = readonly [pattern: RegExp, by: string];

/**
 * Text that ends a comment in some language or in the file around it. Broken up in all languages, because files are
 * embedded in files.
 */
const terminators: readonly Replacement[] = [
  [/\*\//g, '* /'],
  [/--(!?>)/g, '-- $1'],
  [/\]\]>/g, ']] >'],
  [/([?%])>/g, '$1 >'],
  // A trigraph for the backslash, which would join the line with the next one.
  [/\?\?\//g, '?? /'],
];

const hazards: Readonly<Record<Hazard, readonly Replacement[]>> = {
  // `--` is not allowed in an XML comment, and a closing script or style tag would end the element around the comment.
  markup: [
    [/-(?=-)/g, '- '],
    [/<(?=[/?%!]|script)/gi, '< '],
  ],
  // A script or style ends at its closing tag, even inside a comment.
  elementEnd: [[/<(?=[/?%!]|script|style)/gi, '< ']],
  // The cursor may be in the HTML part of the file.
  php: [[/<(?=[?%]|script)/gi, '< ']],
  // Template engines (Helm, Jinja, workflow expressions) run before comments are recognised.
  templates: [
    [/\{(?=[{%#])/g, '{ '],
    [/<(?=%)/g, '< '],
  ],
  // Java translates \u escapes before it recognises comments, so an escaped line feed would end one.
  unicodeEscapes: [[/\\(?=u)/g, '\\ ']],
  // `coding: utf-7` in the first two lines changes the encoding of the whole file.
  encoding: [[/coding(?=[:=])/gi, 'coding ']],
  make: [[/\$(?=[({])/g, '$ ']],
  // cmd expands variables inside REM too; `%~` even ends the script.
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

/** Line breaks of all systems, languages and standards: CR, VT, FF, NEL, LS, PS. */
const lineBreaks = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/;
// oxlint-disable-next-line no-control-regex
const controls = /[\u0000-\u0008\u000e-\u001f\u007f]/g;
const highControls = /[\u0080-\u009f]/g;
/** Characters that reorder their line, so that a person reads something else than the compiler. */
const bidirectional = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Text with plain line feeds, in which invisible control characters are shown as visible ones. */
export function cleanText(text: string): string {
  return splitLines(text).join('\n');
}

/**
 * The text as comment lines. `around`: what else acts there, because of the file around the language.
 *
 * @throws RangeError when the language has no comments; check `commentSyntaxOf` first
 */
export function commentOut(text: string, languageId: string, indent = '', around: readonly Hazard[] = []): string {
  const syntax = commentSyntaxOf(languageId);
  if (!syntax) throw new RangeError(`No comment syntax for ${languageId}`);
  const margin = syntax.isFlush ? '' : indent;
  const surrounded = { ...syntax, hazards: [...syntax.hazards, ...around] };
  return trimBlankEnds(splitLines(text))
    .map((line) => commentLine(line, around.length === 0 ? syntax : surrounded, margin))
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
