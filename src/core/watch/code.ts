/** The code of a file without its comments and strings, letter for letter in its place. */

/** How comments and strings are written. `plain`: no code, or not known. */
type Writing = 'slashes' | 'rust' | 'hashes' | 'python' | 'scripts' | 'markup' | 'dashes' | 'plain';

const writings: Readonly<Record<string, Writing>> = Object.fromEntries(
  (
    [
      [
        'slashes',
        'js jsx ts tsx mjs cjs mts cts java kt kts scala groovy gradle go c h cc cpp cxx hpp hh cs swift dart php css scss less proto m mm',
      ],
      ['rust', 'rs'],
      ['python', 'py pyi'],
      ['hashes', 'rb ex exs pl r jl toml'],
      ['scripts', 'sh bash zsh fish mk yml yaml'],
      ['markup', 'vue svelte astro html'],
      ['dashes', 'sql lua hs'],
    ] as const
  ).flatMap(([writing, endings]) => endings.split(' ').map((ending) => [ending, writing])),
);

/** The ending of a name in lower case; empty without one. */
export const endingOf = (file: string): string => /\.([a-z0-9]+)$/i.exec(file)?.[1]?.toLowerCase() ?? '';

const writingOf = (file: string): Writing =>
  writings[endingOf(file)] ?? (/(?:^|\/)(?:Makefile|justfile|Dockerfile[^/]*)$/i.test(file) ? 'scripts' : 'plain');

const blocks = String.raw`\/\*[\s\S]*?(?:\*\/|$)`;
const double = String.raw`"(?:\\[\s\S]|[^"\\\n])*"?`;
const single = String.raw`'(?:\\[\s\S]|[^'\\\n])*'?`;
const template = String.raw`\x60(?:\\[\s\S]|[^\x60\\])*\x60?`;
/** Of JavaScript: where a value begins, so that it is no division. */
const literal = String.raw`(?<=(?:^|[=(,:;!&|?{}[>\n])[ \t]{0,40})\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*`;
const of = (...parts: string[]): RegExp => new RegExp(parts.join('|'), 'g');

/** All comments and strings, from the first letter on: what begins in one of them is none. */
const hidden: Readonly<Record<Exclude<Writing, 'plain'>, RegExp>> = {
  slashes: of(String.raw`\/\/[^\n]*`, blocks, literal, double, single, template),
  // A quote alone begins a lifetime.
  rust: of(String.raw`\/\/[^\n]*`, blocks, double),
  hashes: of(String.raw`#[^\n]*`, double, single),
  python: of(String.raw`#[^\n]*`, String.raw`"""[\s\S]*?(?:"""|$)`, String.raw`'''[\s\S]*?(?:'''|$)`, double, single),
  // Quotes of a shell go on over lines, and apostrophes stand in texts: only comments are hidden.
  scripts: of(String.raw`(?<![^\s])#[^\n]*`),
  markup: of(String.raw`<!--[\s\S]*?(?:-->|$)`, String.raw`(?<!:)\/\/[^\n]*`, blocks, double, single, template),
  dashes: of(String.raw`--[^\n]*`, blocks, double, single),
};

/** What is hidden becomes spaces; lines stay. */
const blank = (text: string): string => text.replace(/[^\n]/g, ' ');
const isOneLineString = (text: string): boolean => /^(?:"(?!"")|'(?!''))/.test(text);

export interface Code {
  raw: string;
  /** Without comments and texts of many lines. */
  withStrings: string;
  /** Without comments and strings. */
  bare: string;
}

export function codeOf(file: string, raw: string): Code {
  const writing = writingOf(file);
  if (writing === 'plain') return { raw, withStrings: raw, bare: raw };
  const pattern = hidden[writing];
  return {
    raw,
    withStrings: raw.replace(pattern, (text) => (isOneLineString(text) ? text : blank(text))),
    bare: raw.replace(pattern, blank),
  };
}
