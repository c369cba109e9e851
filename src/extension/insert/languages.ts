/** The comment syntax of each language, and what is still interpreted inside its comments. */

/** Things that are interpreted inside comments. Each names replacements in `hazards`. */
export type Hazard =
  | 'markup'
  | 'elementEnd'
  | 'php'
  | 'templates'
  | 'unicodeEscapes'
  | 'encoding'
  | 'make'
  | 'batch'
  | 'ocaml'
  | 'handlebars'
  | 'razor'
  | 'jinja';

export interface CommentSyntax {
  /** Begins a comment on every line. */
  open: string;
  /** Ends it on the same line, in languages without line comments. */
  close?: string;
  hazards: readonly Hazard[];
  /** A line that ends in one of these characters continues on the next line. */
  joiners: string;
  /** Comments must start in column 0: make treats an indented one as part of a recipe. */
  isFlush?: boolean;
}

const slashes = line('//');
const hash = line('#', ['encoding']);
const dashes = line('--');
const percent = line('%', ['encoding']);
const semicolon = line(';');
const markup = block('<!--', '-->', ['markup', 'templates']);

const families: readonly (readonly [CommentSyntax, string])[] = [
  [
    slashes,
    'javascript javascriptreact typescript typescriptreact c cpp cuda-cpp objective-c objective-cpp ' +
      'csharp go rust swift kotlin dart json jsonc json5 jsonl ' +
      'less scss fsharp pascal objectpascal proto proto3 zig v d solidity glsl hlsl wgsl shaderlab ' +
      'verilog systemverilog prisma bicep qml odin gleam ' +
      'rescript haxe typespec thrift cadence move arduino stylus',
  ],
  [line('//', ['unicodeEscapes']), 'java groovy scala apex'],
  [line('//', ['php']), 'php'],
  [
    hash,
    'python ruby perl perl6 raku shellscript fish powershell toml r julia elixir crystal nim ' +
      'coffeescript properties ignore terraform hcl graphql cmake ' +
      'awk nix gdscript starlark bazel mojo puppet ssh_config dotenv nginx git-rebase',
  ],
  [line('#', ['templates']), 'yaml dockercompose helm ansible github-actions-workflow'],
  // Two signs: `# syntax=…` at the top of a Dockerfile is a directive, `## syntax=…` is not.
  [line('##'), 'dockerfile containerfile'],
  [{ ...line('#', ['make']), isFlush: true }, 'makefile'],
  [dashes, 'lua luau haskell ada vhdl elm purescript applescript agda idris lean lean4 dhall'],
  [dashes, 'sql mysql pgsql postgres tsql'],
  // SQL*Plus joins a line that ends in a hyphen with the next one.
  [{ ...dashes, joiners: '\\\\-' }, 'plsql oraclesql'],
  [percent, 'latex tex erlang prolog matlab octave postscript'],
  [semicolon, 'clojure lisp commonlisp scheme racket emacs-lisp elisp ini asm nasm masm autohotkey llvm'],
  [{ ...line("'"), joiners: '\\\\_' }, 'vb vbscript brightscript plantuml'],
  // The dash is the first word after REM; without it, cmd would run what follows `REM &`.
  [{ ...line('REM -', ['batch']), joiners: '\\\\^' }, 'bat batch'],
  [line('"'), 'viml vim'],
  [line('!'), 'fortran fortran-modern FortranFreeForm'],
  [block('/*', '*/'), 'css postcss tailwindcss'],
  [markup, 'markdown html xml xsl svg vue svelte astro erb ejs jsp velocity'],
  [block('{/*', '*/}'), 'mdx'],
  [block('{{!--', '--}}', ['handlebars']), 'handlebars'],
  [block('@*', '*@', ['razor']), 'razor aspnetcorerazor'],
  [block('{#', '#}', ['jinja']), 'jinja jinja-html django-html twig nunjucks'],
  [block('(*', '*)', ['ocaml']), 'ocaml ocaml.interface sml coq'],
  [line('//-'), 'jade pug'],
];

const syntaxes = new Map<string, CommentSyntax>(
  families.flatMap(([syntax, ids]) => ids.split(' ').map((id) => [id, syntax] as const)),
);

/** Languages without code, where a memory is inserted as plain text. */
const prose = new Set([
  'markdown',
  'plaintext',
  'restructuredtext',
  'asciidoc',
  'org',
  'log',
  'scminput',
  'git-commit',
  'chatagent',
  'prompt',
  'instructions',
  'bibtex',
  'csv',
  'tsv',
  'diff',
]);

/** The comment syntax of a language; undefined when it has none or is unknown. */
export function commentSyntaxOf(languageId: string): CommentSyntax | undefined {
  return syntaxes.get(languageId);
}

export function isProse(languageId: string): boolean {
  return prose.has(languageId);
}

/** All languages with a comment syntax, for tests. */
export function commentLanguages(): string[] {
  return [...syntaxes.keys()];
}

function line(open: string, hazards: readonly Hazard[] = []): CommentSyntax {
  return { open, hazards, joiners: '\\\\' };
}

function block(open: string, close: string, hazards: readonly Hazard[] = []): CommentSyntax {
  return { open, close, hazards, joiners: '\\\\' };
}
