/** Files, commands, settings and numbers named in the documents must exist and be up to date. */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import manifest from '../package.json';
import { exitCodeOf } from '../src/cli/format';
import { usage } from '../src/cli/usage';
import { errorCodes } from '../src/protocol/errors';

interface Page {
  /** Relative to the root, with forward slashes. */
  path: string;
  text: string;
}
type Exists = (path: string) => boolean;

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const bundles = read('esbuild.mjs');
const ignored = read('.gitignore')
  .split('\n')
  .map((line) => line.replace(/\/$/, ''));
/** Files on disk, or made by a build or a test run, and then named in the code that decides it. */
const exists: Exists = (path) => {
  const plain = path.replace(/\/$/, '');
  return plain.startsWith('dist/')
    ? bundles.includes(`'${plain}'`)
    : ignored.includes(plain) || existsSync(join(root, plain));
};
const pages = readPages();
const readmes = pages.filter(({ path }) => path.startsWith('README'));
const settings = Object.assign({}, ...manifest.contributes.configuration.map(({ properties }) => properties)) as Record<
  string,
  { default: unknown }
>;

describe('documents', () => {
  it('are found at all', () => {
    expect(pages.map(({ path }) => path)).toEqual(
      expect.arrayContaining([
        'README.md',
        'README.zh-cn.md',
        'CONTRIBUTING.md',
        'docs/architecture.md',
        'docs/transcript-format.md',
      ]),
    );
    expect(pages.filter(({ path }) => path.startsWith('docs/decisions/')).length).toBeGreaterThanOrEqual(8);
    // Control: without any files, the checks below must complain.
    const none: Exists = () => false;
    expect(pages.flatMap((page) => findMissingPaths(page, none)).length).toBeGreaterThan(80);
    expect(pages.flatMap((page) => findMissingInTrees(page, none)).length).toBeGreaterThan(15);
  });

  it.each(pages)('$path: every relative link leads somewhere', (page) => {
    expect(findBrokenLinks(page, exists)).toEqual([]);
  });

  it.each(pages)('$path: every file it names is there', (page) => {
    expect(findMissingPaths(page, exists)).toEqual([]);
  });

  it.each(pages)('$path: every tree it draws stands, inside a code fence', (page) => {
    expect(findMissingInTrees(page, exists)).toEqual([]);
    expect(findStrayBranches(page)).toEqual([]);
  });

  it('the tree of the architecture has all rooms', () => {
    const drawn = read('docs/architecture.md');
    const rooms = ['src', 'src/core', 'src/extension'].flatMap((folder) =>
      readdirSync(join(root, folder), { withFileTypes: true }).filter((entry) => entry.isDirectory()),
    );
    expect(rooms.length).toBeGreaterThan(20);
    expect(rooms.map(({ name }) => `${name}/`).filter((room) => !drawn.includes(room))).toEqual([]);
  });

  it('pictures are small PNG files, and each is shown', () => {
    const pictures = readdirSync(join(root, 'docs/images'));
    expect(
      pictures.filter((name) => !name.endsWith('.png') || statSync(join(root, 'docs/images', name)).size > 150 * 1024),
    ).toEqual([]);
    expect(pictures.filter((name) => !pages.some(({ text }) => text.includes(`docs/images/${name}`)))).toEqual([]);
  });

  it('the traps are those that are tested', () => {
    const told = [...(read('docs/transcript-format.md').split('## Traps')[1] ?? '').matchAll(/^(\d+)\. /gm)].map(
      ([, number]) => number,
    );
    const tested = [...read('src/core/capture/traps.test.ts').matchAll(/^ {2}it\(\s*['"`](\d+): /gm)].map(
      ([, number]) => number,
    );
    expect(told).toHaveLength(29);
    expect(told).toEqual(tested);
  });
});

describe.each(readmes)('$path', ({ text }) => {
  it('begins with two commands that exist', () => {
    expect(judgeCommands(text, Object.keys(manifest.scripts))).toEqual([]);
  });

  it('has every setting with its default', () => {
    expect(findMissingSettings(text, settings)).toEqual([]);
  });

  it('has every exit code', () => {
    expect(findMissingExitCodes(text)).toEqual([]);
  });

  it('has every option of the command line', () => {
    const options = [...new Set([...usage.matchAll(/--[a-z-]+|CLAUDE_\w+/g)].map(String))];
    expect(options.length).toBeGreaterThan(4);
    expect(options.filter((option) => !text.includes(option))).toEqual([]);
  });

  it('shows pictures as a marketplace can: relative PNG files with words beside them', () => {
    const pictures = [...text.matchAll(/!\[[^\]]*\]\([^)]+\)|<img\b[^>]*>/g)].map(String);
    const isGood =
      /^(!\[[^\]]+\]\(docs\/images\/[\w-]+\.png\)|<img src="docs\/images\/[\w-]+\.png" width="\d+" alt="[^"]+">)$/;
    expect(pictures.length).toBeGreaterThanOrEqual(6);
    expect(pictures.filter((picture) => !isGood.test(picture))).toEqual([]);
  });
});

describe('a planted fault is seen', () => {
  const page = (text: string, path = 'docs/page.md'): Page => ({ path, text });
  const none: Exists = () => false;
  const only =
    (...paths: string[]): Exists =>
    (path) =>
      paths.includes(path);

  it('in links', () => {
    expect(
      findBrokenLinks(
        page('[a](gone.md) [b](../there.md#part) [c](https://example.org/x) [d](#here)'),
        only('there.md'),
      ),
    ).toEqual(['gone.md']);
    expect(findBrokenLinks(page('![a](docs/a.png) <img src="docs/b.png" alt="b">', 'README.md'), none)).toEqual([
      'docs/a.png',
      'docs/b.png',
    ]);
  });

  it('in names of files', () => {
    expect(
      findMissingPaths(
        page('`src/core/gone.ts` `src/here.ts` `dist/cli.js search` `npm test` `src/store/NNNN-what.ts`'),
        only('src/here.ts'),
      ),
    ).toEqual(['src/core/gone.ts', 'dist/cli.js']);
    expect(findMissingPaths(page('`esbuild.mjs` and `SECURITY.md`'), none)).toEqual(['esbuild.mjs', 'SECURITY.md']);
  });

  it('in names of files outside code, and in a change that is not released', () => {
    const text = 'see src/core/gone.ts, and `a src/gone-too.ts`.\n```\nnode scripts/gone.mjs\n```';
    expect(findMissingPaths(page(text), none)).toEqual(['src/core/gone.ts', 'src/gone-too.ts', 'scripts/gone.mjs']);
    const changes = page('## [Unreleased]\n`src/new.ts`\n\n## [0.1.0]\n`src/old.ts`\n', 'CHANGELOG.md');
    expect(findMissingPaths(changes, none)).toEqual(['src/new.ts']);
  });

  it('in what is left of a tree', () => {
    expect(findStrayBranches(page('```\nsrc/\n├── core/  words\n```\nwords\n│   ├── think/  words'))).toEqual([
      '│   ├── think/  words',
    ]);
  });

  it('in trees', () => {
    const tree =
      '```\nsrc/\n├── core/      words\n│   ├── lib/    words\n│   │           more words\n│   └── ' +
      'gone.ts words\n└── cli/        words\n```';
    expect(findMissingInTrees(page(tree), only('src', 'src/core', 'src/core/lib', 'src/cli'))).toEqual([
      'src/core/gone.ts',
    ]);
  });

  it('in commands', () => {
    expect(judgeCommands('```sh\nnpm start # a\nnpm test\n```', ['start', 'test'])).toEqual([]);
    expect(judgeCommands('```sh\nnpm ci\nnpm start\nnpm test\n```', ['start', 'test'])).toEqual([
      '3 commands',
      'no script of package.json: npm ci',
    ]);
    expect(judgeCommands('no block', ['start'])).toEqual(['0 commands']);
  });

  it('in settings and exit codes', () => {
    expect(
      findMissingSettings('| `a.b` | `1` | words |\n| `a.c` | `2` | words |', {
        'a.b': { default: 1 },
        'a.c': { default: 3 },
        'a.d': { default: '' },
      }),
    ).toEqual(['a.c', 'a.d']);
    expect(findMissingExitCodes('| 1 | `internal` | words |')).toHaveLength(errorCodes.length - 1);
  });
});

function readPages(): Page[] {
  const inRoot = readdirSync(root).filter((name) => name.endsWith('.md'));
  const inDocs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name));
  return [...inRoot, ...inDocs].map((path) => ({ path: path.replaceAll(sep, '/'), text: read(path) }));
}

function findBrokenLinks({ path, text }: Page, isThere: Exists): string[] {
  const targets = [...withoutFences(text).matchAll(/\]\(([^)\s]+)\)|\bsrc="([^"]+)"/g)].map(
    ([, link, source]) => link ?? source ?? '',
  );
  return targets.filter(
    (target) =>
      !/^(\w+:|#)/.test(target) && !isThere(join(dirname(path), target.replace(/#.*$/, '')).replaceAll(sep, '/')),
  );
}

/** What looks like a path from the root, anywhere in the text, and files of the root as the first word of code. */
function findMissingPaths({ path, text }: Page, isThere: Exists): string[] {
  // A released version is described with the paths it had.
  const told = path === 'CHANGELOG.md' ? (/## \[Unreleased\][\s\S]*?(?=\n## \[|$)/.exec(text)?.[0] ?? '') : text;
  const named = [...told.matchAll(/(?<![\w./@:<>-])(?:src|webview|test|scripts|docs|media|l10n|dist)\/[\w./*<{-]+/g)]
    .map(([word]) => word.replace(/[.,]+$/, ''))
    // Patterns and placeholders do not name a file.
    .filter((word) => !/[*<{]|NNNN/.test(word));
  const inRoot = [...withoutFences(told).matchAll(/`([^`\n]+)`/g)]
    .map(([, code]) => (code ?? '').split(' ')[0] ?? '')
    .filter((word) => /^[\w-]+\.(mjs|md)$|^\.(oxlintrc\.json|vscodeignore)$/.test(word));
  return [...named, ...inRoot].filter((word) => !isThere(word));
}

/** Lines with branches of a tree outside of code. */
function findStrayBranches({ text }: Page): string[] {
  return withoutFences(text)
    .split('\n')
    .filter((line) => /[│├└]/.test(line));
}

/** Folders and files in drawn trees, which begin with a folder at the left edge. */
function findMissingInTrees({ text }: Page, isThere: Exists): string[] {
  const missing: string[] = [];
  for (const [, block] of text.matchAll(/```\n([\s\S]*?)```/g)) {
    if (!block?.includes('├── ')) continue;
    let parents: string[] = [];
    for (const line of block.split('\n')) {
      const found = /^((?:(?:│ {3}| {4})*[├└]── )?)([\w.-]+\/?)(?:\s|$)/.exec(line);
      if (!found || (found[1] === '' && !found[2]?.endsWith('/'))) continue;
      const depth = (found[1] ?? '').length / 4;
      const name = (found[2] ?? '').replace(/\/$/, '');
      parents = [...parents.slice(0, depth), name];
      if (!isThere(parents.join('/'))) missing.push(parents.join('/'));
    }
  }
  return missing;
}

function judgeCommands(text: string, scripts: readonly string[]): string[] {
  const block = /```\w*\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
  const commands = block
    .split('\n')
    .map((line) => line.replace(/\s*#.*/, '').trim())
    .filter((line) => line !== '');
  return [
    ...(commands.length === 2 ? [] : [`${commands.length} commands`]),
    ...commands
      .filter((command) => !scripts.includes(/^npm (?:run )?([\w:]+)$/.exec(command)?.[1] ?? ''))
      .map((command) => `no script of package.json: ${command}`),
  ];
}

function findMissingSettings(text: string, known: Readonly<Record<string, { default: unknown }>>): string[] {
  return Object.entries(known)
    .filter(([id, { default: value }]) => {
      const row = text.split('\n').find((line) => line.startsWith(`| \`${id}\` |`));
      const shown = row?.split('|')[2]?.trim();
      // An empty default is described in words.
      return value === '' ? !shown : shown !== `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
    })
    .map(([id]) => id);
}

function findMissingExitCodes(text: string): string[] {
  const rows = text.split('\n');
  return errorCodes.filter(
    (code) =>
      !rows.some((row) => row.startsWith(`| ${exitCodeOf(code)} |`) && row.split('|')[2]?.includes(`\`${code}\``)),
  );
}

function withoutFences(text: string): string {
  return text.replace(/```[\s\S]*?```/g, '');
}
