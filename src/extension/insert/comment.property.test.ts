/**
 * In no language does inserted text leave its comment. Checked by readers written for this test, which share no code
 * with the writer.
 */
import { array, assert, constantFrom, oneof, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commentOut } from './comment';
import { commentLanguages } from './languages';

const traps = [
  '*/',
  '/*',
  '-->',
  '--!>',
  '<!--',
  '--',
  '->',
  '>',
  '-',
  '!',
  ']]>',
  ']]',
  '?>',
  '<?php ',
  '<?',
  '<%',
  '%>',
  '--%>',
  '--}}',
  '{{',
  '}}',
  '{',
  '}',
  '{%',
  '%}',
  '{#',
  '#}',
  '*)',
  '(*',
  '"',
  "'",
  '{|',
  '{a|',
  '|}',
  '|',
  '\\',
  '\\\n',
  '\\ \n',
  '\\\t\r\n',
  '??/',
  '??/\n',
  '?',
  '/',
  '*',
  '^',
  '^\n',
  ' _\n',
  '_',
  '-\n',
  '\\u000a',
  '\\uuu000d',
  '\\u002a\\u002f',
  'u000a',
  '\r',
  '\n',
  '\r\n',
  '\u2028',
  '\u2029',
  '\v',
  '\f',
  '\u0085',
  '\0',
  '\u001a',
  '\u001c',
  '\u202e',
  '\u2066',
  '\u200f',
  '\u061c',
  'coding: utf-7',
  '-*- coding=x -*-',
  'encoding:x',
  '# syntax=evil',
  'syntax=evil',
  '$(shell id)',
  '${x}',
  '${{ x }}',
  '$',
  '(',
  '%PATH%',
  '%~',
  '%',
  '& calc',
  '&',
  '</script>',
  '<script>',
  '<',
  'script',
  '@*',
  '*@',
  '@',
  '=cut',
  '#endif',
  '"""',
  "'''",
  '=end',
  '|#',
  '#>',
  ' ',
  '\t',
  'live()',
  '\u00a0',
];
const hostile = array(
  oneof(
    { weight: 6, arbitrary: constantFrom(...traps) },
    { weight: 1, arbitrary: string({ unit: 'binary', maxLength: 8 }) },
  ),
  { maxLength: 24 },
).map((parts) => parts.join(''));

const before = 'code_before';
const after = 'code_after';
const inert = /[\0\r\v\f\u0085\u2028\u2029\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/;

/** How a reader finds the end of block comments. All other languages have line comments. */
const blocks: Record<string, { open: RegExp; close: RegExp; nests?: boolean }> = {
  css: { open: /\/\*/y, close: /\*\//y },
  html: { open: /<!--/y, close: /--!?>/y },
  mdx: { open: /\{\/\*/y, close: /\*\/\s*\}/y },
  handlebars: { open: /\{\{!--/y, close: /--~?\}\}/y },
  razor: { open: /@\*/y, close: /\*@/y },
  jinja: { open: /\{#/y, close: /-?#\}/y },
  ocaml: { open: /\(\*/y, close: /\*\)/y, nests: true },
};
const blockOf: Record<string, string> = Object.fromEntries(
  Object.entries({
    css: 'css postcss tailwindcss',
    html: 'markdown html xml xsl svg vue svelte astro erb ejs jsp velocity',
    mdx: 'mdx',
    handlebars: 'handlebars',
    razor: 'razor aspnetcorerazor',
    jinja: 'jinja jinja-html django-html twig nunjucks',
    ocaml: 'ocaml ocaml.interface sml coq',
  }).flatMap(([kind, ids]) => ids.split(' ').map((id) => [id, kind])),
);
const openers: readonly (readonly [RegExp, string])[] = [
  [
    /^#/,
    'python ruby perl perl6 raku shellscript fish powershell toml r julia elixir crystal nim ' +
      'coffeescript properties ignore terraform hcl graphql cmake awk nix gdscript starlark bazel mojo ' +
      'puppet ssh_config dotenv nginx git-rebase yaml dockercompose helm ansible ' +
      'github-actions-workflow dockerfile containerfile makefile',
  ],
  [
    /^--(?![!#$%&*+./<=>?@\\^|~:[-])/,
    'lua luau haskell ada vhdl elm purescript applescript agda idris lean lean4 dhall sql mysql plsql pgsql postgres tsql oraclesql',
  ],
  [/^%(?!\{)/, 'latex tex erlang prolog matlab octave postscript'],
  [/^;/, 'clojure lisp commonlisp scheme racket emacs-lisp elisp ini asm nasm masm autohotkey llvm'],
  [/^'/, 'vb vbscript brightscript plantuml'],
  [/^REM(?=$| [^&|<>^ ])/, 'bat batch'],
  [/^"/, 'viml vim'],
  [/^!(?!\$)/, 'fortran fortran-modern FortranFreeForm'],
  [/^\/\//, ''],
];
const openerOf = (language: string) =>
  (openers.find(([, ids]) => ids.split(' ').includes(language)) ?? openers.at(-1))?.[0] ?? /$^/;

/** What a compiler does before it looks for comments. */
function preprocess(language: string, source: string): string {
  let text = source;
  if (['java', 'groovy', 'scala', 'apex'].includes(language))
    text = text.replaceAll(/\\u+([\da-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  text = text.replaceAll('??/', '\\').replaceAll(/\\[\s]*?\n/g, '');
  if (language.startsWith('bat')) text = text.replaceAll('^\n', '');
  if (['vb', 'vbscript', 'brightscript'].includes(language)) text = text.replaceAll(/ _[ \t]*\n/g, '');
  if (language === 'plsql' || language === 'oraclesql') text = text.replaceAll(/-[ \t]*\n/g, '');
  return text;
}

/** All text outside comments, without white space. */
function readCode(language: string, source: string): string {
  const kind = blocks[blockOf[language] ?? ''];
  return (kind ? readAroundBlocks(source, kind) : readLines(language, source)).replaceAll(/\s/g, '');
}

function readLines(language: string, source: string): string {
  // oxlint-disable-next-line no-control-regex -- line boundaries of some readers
  const lines = preprocess(language, source).split(/[\n\r\v\f\u0085\u2028\u2029\u001c-\u001e]/);
  const opener = openerOf(language);
  return lines
    .map((line) => (opener.test(line.trimStart()) ? (language === 'php' && /\?>/.test(line) ? 'left PHP' : '') : line))
    .join('');
}

function readAroundBlocks(
  source: string,
  { open, close, nests }: { open: RegExp; close: RegExp; nests?: boolean },
): string {
  let code = '';
  let depth = 0;
  let quote = false;
  for (let at = 0; at < source.length;) {
    const matches = (pattern: RegExp) => ((pattern.lastIndex = at), pattern.exec(source)?.[0].length ?? 0);
    const [opened, closed] = [matches(open), matches(close)];
    if (nests && depth > 0 && source[at] === '"') quote = !quote;
    if (!quote && opened > 0 && (depth === 0 || nests)) {
      depth += 1;
      at += opened;
    } else if (!quote && closed > 0 && depth > 0) {
      depth -= 1;
      at += closed;
    } else {
      if (depth === 0) code += source[at];
      at += 1;
    }
  }
  return depth === 0 && !quote ? code : `${code} comment never ends`;
}

/** Directives that tools read from comments. */
const orders: readonly (readonly [languages: RegExp, order: RegExp])[] = [
  [/./, /\*\/(?![}]?$)|--!?>(?!$)|\]\]>|\?>|%>/m],
  [/^(markdown|html|xml|xsl|svg|vue|svelte|astro|erb|ejs|jsp|velocity)$/, /\{\{|\{%|\{#|<%|<\?|<\/|<script/i],
  [/^(yaml|dockercompose|helm|ansible|github-actions-workflow)$/, /\{\{|\{%|\{#|<%/],
  [/^php$/, /<\?|<%|<script/i],
  [/^(python|ruby|perl|elixir|erlang|julia)$/, /coding[:=]/i],
  [/^(dockerfile|containerfile)$/, /^\s*#\s*[a-z]\w*\s*=/im],
  [/^makefile$/, /\$[({]|^[ \t]/m],
  [/^(bat|batch)$/, /(?<!%)(?:%%)*%(?!%)/],
  [/^handlebars$/, /\{\{(?!!--)|\}\}(?!$)|--(?!\}\}$| |$)/m],
  [/^(ocaml|ocaml.interface)$/, /\{%*[a-z_]*\|/],
  [/^(jinja|jinja-html|django-html|twig|nunjucks)$/, /\{\{|\{%/],
];

describe.each(commentLanguages())('%s', (language) => {
  it('keeps hostile text inside the comment and the code around it as it was', () => {
    assert(
      property(hostile, constantFrom('', '  ', '\t'), (text, indent) => {
        const comment = commentOut(text, language, indent);
        expect(readCode(language, `${before}\n${comment}\n${after}`)).toBe(`${before}${after}`);
        expect(comment).not.toMatch(inert);
        for (const [languages, order] of orders) if (languages.test(language)) expect(comment).not.toMatch(order);
      }),
      { numRuns: 250 },
    );
  });
});

it('the readers find code that has left a comment', () => {
  expect(readCode('c', 'a\n// b ??/\nc')).toBe('a');
  expect(readCode('java', 'a\n// b \\u000a c\nd')).toBe('acd');
  expect(readCode('css', '/* a */ b */')).toBe('b*/');
  expect(readCode('ocaml', '(* (* a *) b')).toContain('neverends');
  expect(readCode('php', '// a ?> b')).toBe('leftPHP');
  expect(readCode('bat', 'REM & b')).toBe('REM&b');
  expect(readCode('haskell', '--> b')).toBe('-->b');
});
