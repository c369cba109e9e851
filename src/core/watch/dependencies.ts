/** Where a manifest names a package as a dependency. */
import { escapeForPattern, regex } from '../lib/regex';
import type { Span } from './found';

interface Manifest {
  file: RegExp;
  /** Heads of the parts that name dependencies, and where such a part ends; without them the whole file does. */
  part?: { head: RegExp; end: RegExp };
  /** The line of a package, with its name in the group `name`. */
  line: (name: string) => RegExp;
}

const manifests: readonly Manifest[] = [
  {
    file: /(?:^|\/)(?:package|composer)\.json$/,
    part: {
      head: /"(?:(?:dev|peer|optional)?[dD]ependencies|require(?:-dev)?)"\s*:\s*\{/g,
      end: /\}/g,
    },
    line: (name) => new RegExp(`"(?<name>${name})"\\s*:`, 'dg'),
  },
  {
    file: /(?:^|\/)requirements[^/]*\.(?:txt|in)$/,
    line: (name) =>
      new RegExp(`^[ \\t]*(?<name>${name})[ \\t]*(?:\\[[^\\]\\n]*\\])?[ \\t]*(?:[=<>!~;#@,\\r]|$)`, 'dgim'),
  },
  {
    file: /(?:^|\/)pyproject\.toml$/,
    part: {
      head: regex('gm')`
        ^(?:\[tool\.poetry\.(?:[\w.-]+\.)?dependencies\]|\[dependency-groups\]|\[project\.optional-dependencies\]|
        dependencies\s*=\s*\[)
      `,
      end: /^(?:\[|\])/gm,
    },
    line: (name) =>
      new RegExp(`(?:^[ \\t]*|["'])(?<name>${name})(?:[ \\t]*=|\\s*(?:\\[[^\\]\\n]*\\])?\\s*[=<>!~;"'@,])`, 'dgim'),
  },
  {
    file: /(?:^|\/)Cargo\.toml$/,
    part: {
      head: /^\[(?:workspace\.|target\.[^\]\n]{1,100}\.)?(?:dev-|build-)?dependencies(?:\.[\w-]+)?\]/gm,
      end: /^\[/gm,
    },
    line: (name) => new RegExp(`(?:^|^\\[[\\w.-]*dependencies\\.)(?<name>${name})(?:\\s*=|\\.|\\])`, 'dgm'),
  },
  {
    file: /(?:^|\/)go\.mod$/,
    line: (name) => new RegExp(`^(?:require)?[ \\t]+(?<name>${name})(?:/v\\d+)?[ \\t]+v`, 'dgm'),
  },
  { file: /(?:^|\/)Gemfile$/, line: (name) => new RegExp(`^[ \\t]*gem[ \\t]+["'](?<name>${name})["']`, 'dgm') },
  { file: /(?:^|\/)pom\.xml$/, line: (name) => new RegExp(`<artifactId>\\s*(?<name>${name})\\s*</artifactId>`, 'dg') },
  {
    file: /(?:^|\/)build\.gradle(?:\.kts)?$/,
    line: (name) => new RegExp(`["'][\\w.-]+:(?<name>${name})(?::[^"'\\n]*)?["']`, 'dg'),
  },
];

export const namesDependencies = (file: string): boolean => manifests.some((each) => each.file.test(file));

/** The places of the package's name. */
export function dependenciesIn(file: string, text: string, name: string): Span[] {
  const manifest = manifests.find((each) => each.file.test(file));
  if (!manifest || !text.toLowerCase().includes(name.toLowerCase())) return [];
  const areas = manifest.part ? partsOf(text, manifest.part) : [{ from: 0, to: text.length }];
  return areas.flatMap(({ from, to }) =>
    [...text.slice(from, to).matchAll(manifest.line(escapeForPattern(name)))].flatMap((match) => {
      const place = match.indices?.groups?.['name'];
      return place ? [{ from: from + place[0], to: from + place[1] }] : [];
    }),
  );
}

function partsOf(text: string, { head, end }: NonNullable<Manifest['part']>): Span[] {
  return [...text.matchAll(head)].map((match) => {
    end.lastIndex = match.index + match[0].length;
    return { from: match.index, to: end.exec(text)?.index ?? text.length };
  });
}
