/** Where a file imports a module. */
import type { Code } from './code';
import { endingOf } from './code';
import type { Span } from './found';

interface Importing {
  /** Group `module`: its name. */
  patterns: readonly RegExp[];
  /** Between the parts of a module's name. */
  joint: string;
}

const script: Importing = {
  patterns: [
    /\b(?:from|import|require\s*\(|import\s*\()\s*(?:'(?<module>[^'\n]{1,200})'|"(?<module2>[^"\n]{1,200})")/dg,
  ],
  joint: '/',
};
const dotted = (pattern: RegExp): Importing => ({ patterns: [pattern], joint: '.' });

const importings: Readonly<Record<string, Importing>> = {
  ...Object.fromEntries('js jsx ts tsx mjs cjs mts cts vue svelte astro'.split(' ').map((ending) => [ending, script])),
  ...Object.fromEntries(
    ['py', 'pyi'].map((ending) => [
      ending,
      {
        patterns: [/^[ \t]*from[ \t]+(?<module>[\w.]+)[ \t]+import\b/dgm, /^[ \t]*import[ \t]+(?<module>[\w.]+)/dgm],
        joint: '.',
      },
    ]),
  ),
  go: { patterns: [/^[ \t]*(?:import[ \t]+)?(?:[\w.]+[ \t]+)?"(?<module>[^"\n]+)"[ \t]*\r?$/dgm], joint: '/' },
  rs: {
    patterns: [
      /^[ \t]*(?:pub(?:\([\w ]+\))?[ \t]+)?use[ \t]+(?:::)?(?<module>\w+(?:::\w+)*)/dgm,
      /^[ \t]*extern[ \t]+crate[ \t]+(?<module>\w+)/dgm,
    ],
    joint: '::',
  },
  ...Object.fromEntries(
    'java kt kts scala groovy'
      .split(' ')
      .map((ending) => [ending, dotted(/^[ \t]*import[ \t]+(?:static[ \t]+)?(?<module>[\w.]+)/dgm)]),
  ),
  cs: dotted(/^[ \t]*(?:global[ \t]+)?using[ \t]+(?:static[ \t]+)?(?<module>[\w.]+)[ \t]*;/dgm),
  swift: dotted(/^[ \t]*import[ \t]+(?<module>[\w.]+)/dgm),
  php: { patterns: [/^[ \t]*use[ \t]+\\?(?<module>[\w\\]+)/dgm], joint: '\\' },
  rb: {
    patterns: [/^[ \t]*require(?:_relative)?[ \t]*(?:\([ \t]*)?(?:'(?<module>[^'\n]+)'|"(?<module2>[^"\n]+)")/dgm],
    joint: '/',
  },
  dart: {
    patterns: [
      /^[ \t]*(?:import|export)[ \t]+(?:'(?:package:)?(?<module>[^'\n]+)'|"(?:package:)?(?<module2>[^"\n]+)")/dgm,
    ],
    joint: '/',
  },
  ...Object.fromEntries(
    'c h cc cpp cxx hpp hh m mm'.split(' ').map((ending) => [
      ending,
      {
        patterns: [/^[ \t]*#[ \t]*include[ \t]*[<"](?<module>[\w./+-]+)/dgm],
        joint: '/',
      },
    ]),
  ),
};

export const importsModules = (file: string): boolean => importings[endingOf(file)] !== undefined;

/** Where the module, or a part of it, is imported: the place of its name. */
export function importsOf(file: string, { withStrings, bare }: Code, module: string): Span[] {
  const importing = importings[endingOf(file)];
  if (!importing || !withStrings.includes(module)) return [];
  const { patterns, joint } = importing;
  return patterns.flatMap((pattern) =>
    [...withStrings.matchAll(pattern)].flatMap((match) => {
      const [from, to] = match.indices?.groups?.['module'] ?? match.indices?.groups?.['module2'] ?? [0, 0];
      const name = withStrings.slice(from, to);
      // A name in quotes is no code, but the word before it is: else all of it stands in a string.
      const isCode = bare[match.index + leading(match[0])] !== ' ';
      return isCode && (name === module || name.startsWith(module + joint)) ? [{ from, to }] : [];
    }),
  );
}

const leading = (text: string): number => text.length - text.trimStart().length;
