/** Where files contradict: found in code, and not in comments, strings and names that only look alike. */
import { describe, expect, it } from 'vitest';
import type { Predicate } from '../../protocol/watch';
import { checkFile, createChecker } from './check';

const predicate = (kind: Predicate['kind'], subject: string, more: Partial<Predicate> = {}): Predicate => ({
  kind,
  subject,
  instead: '',
  files: '',
  isRegex: false,
  ...more,
});

const find = (wanted: Predicate, file: string, text: string) =>
  checkFile([createChecker(wanted)], file, text).map(({ place }) => [place.line, place.column, place.endColumn]);

function follow(wanted: Predicate, file: string, text: string): string | undefined {
  const edit = checkFile([createChecker(wanted)], file, text)[0]?.place.follow;
  if (!edit) return undefined;
  const lines = text.split('\n');
  const at = (line: number, column: number) =>
    lines.slice(0, line).reduce((sum, each) => sum + each.length + 1, column);
  return text.slice(0, at(edit.line, edit.from)) + edit.text + text.slice(at(edit.toLine, edit.to));
}

describe('an import', () => {
  it.each([
    ['a.ts', "import moment from 'moment';"],
    ['a.ts', "import {\n  utc,\n} from 'moment';"],
    ['a.ts', "export * from 'moment/locale';"],
    ['a.js', 'const m = require("moment");'],
    ['a.mjs', "const m = await import('moment');"],
    ['a.py', 'import moment'],
    ['a.py', '    from moment.tz import utc'],
    ['a.go', 'import (\n\tm "moment/v2"\n)'],
    ['a.rs', 'use moment::Utc;'],
    ['A.java', 'import static moment.Dates.now;'],
    ['a.cs', 'using moment;'],
    ['a.rb', "require 'moment/tz'"],
    ['a.php', '<?php\nuse moment\\Date;'],
    ['a.c', '#include <moment/date.h>'],
    ['a.dart', "import 'package:moment/moment.dart';"],
    ['a.swift', 'import moment'],
    ['a.vue', "<script>\nimport moment from 'moment'\n</script>"],
  ])('is found in %s: %s', (file, text) => {
    expect(find(predicate('import', 'moment'), file, text)).toHaveLength(1);
  });

  it.each([
    ['a.ts', "// import moment from 'moment';"],
    ['a.ts', "/*\n import moment from 'moment';\n*/"],
    ['a.ts', 'const sql = "select a from \'moment\'";'],
    ['a.ts', "const text = `\nimport moment from 'moment';\n`;"],
    ['a.ts', "import m from 'momentum';"],
    ['a.ts', "import m from 'moment-range';"],
    ['a.ts', "import m from './moment';"],
    ['a.py', '"""\nimport moment\n"""'],
    ['a.py', '# import moment'],
    ['a.go', 'var s = []string{\n"moment",\n}'],
    ['a.md', "import moment from 'moment';"],
    ['node_modules/x/a.ts', "import moment from 'moment';"],
  ])('is not found in %s: %s', (file, text) => {
    expect(find(predicate('import', 'moment'), file, text)).toEqual([]);
  });

  it('has its name marked, and replaced', () => {
    const wanted = predicate('import', 'moment', { instead: 'dayjs' });
    expect(find(wanted, 'a.ts', "\nimport moment from 'moment';")).toEqual([[1, 20, 26]]);
    expect(follow(wanted, 'a.ts', "\nimport moment from 'moment';")).toBe("\nimport moment from 'dayjs';");
    // A part of a library has another name in the other one.
    expect(follow(wanted, 'a.ts', "import 'moment/locale';")).toBeUndefined();
  });
});

describe('a dependency', () => {
  it.each([
    ['package.json', '{ "devDependencies": {\n "moment": "^2" } }'],
    ['web/package.json', '{ "dependencies": {\n "a": "1", "moment": "^2" } }'],
    ['composer.json', '{ "require": { "moment": "1" } }'],
    ['requirements.txt', 'requests\nmoment>=2 # dates'],
    ['requirements-dev.txt', 'moment'],
    ['pyproject.toml', '[project]\ndependencies = [\n  "moment>=1",\n]'],
    ['pyproject.toml', '[tool.poetry.dependencies]\nmoment = "^1"'],
    ['Cargo.toml', '[dev-dependencies]\nmoment = "1"'],
    ['Cargo.toml', '[dependencies.moment]\nversion = "1"'],
    ['go.mod', 'require (\n\tmoment v1.2.3\n)'],
    ['Gemfile', "gem 'moment', '~> 1'"],
    ['pom.xml', '<artifactId>moment</artifactId>'],
    ['build.gradle.kts', 'implementation("org.x:moment:1.2")'],
  ])('is found in %s: %s', (file, text) => {
    expect(find(predicate('dependency', 'moment'), file, text)).toHaveLength(1);
  });

  it.each([
    ['package.json', '{ "name": "moment", "scripts": { "moment": "x" }, "dependencies": { "moment-tz": "1" } }'],
    ['package.json', '{ "dependencies": { "a": "1" }, "overrides": { "moment": "2" } }'],
    ['package-lock.json', '{ "dependencies": { "moment": "1" } }'],
    ['requirements.txt', '# moment\nmomentum==1'],
    ['Cargo.toml', '[package]\nname = "moment"'],
    ['pyproject.toml', '[tool.x]\nmoment = "1"'],
    ['a.json', '{ "dependencies": { "moment": "1" } }'],
  ])('is not found in %s: %s', (file, text) => {
    expect(find(predicate('dependency', 'moment'), file, text)).toEqual([]);
  });

  it.each([
    ['{\n  "dependencies": {\n    "a": "1",\n    "moment": "^2",\n    "z": "1"\n  }\n}', ['a', 'z']],
    ['{\n  "dependencies": {\n    "a": "1",\n    "moment": "^2"\n  }\n}', ['a']],
    ['{\n  "dependencies": {\n    "moment": "^2"\n  }\n}', []],
  ])('is removed, and what stays is valid', (text, left) => {
    const after = follow(predicate('dependency', 'moment'), 'package.json', text)!;
    expect(Object.keys((JSON.parse(after) as { dependencies: object }).dependencies)).toEqual(left);
  });
});

describe('a command', () => {
  it.each([
    ['build.sh', 'set -e\nnpm run build'],
    ['build.sh', 'cd web && CI=1 npm test'],
    ['Makefile', 'build:\n\t@npm run build'],
    ['Dockerfile', 'FROM node\nRUN npm install'],
    ['.github/workflows/ci.yml', '    - run: npm run build'],
    ['.github/workflows/ci.yml', '    - run: |\n        npm run build'],
    ['.husky/pre-commit', 'npm test'],
    ['package.json', '{ "scripts": { "all": "tsc && npm run lint" } }'],
  ])('is found in %s: %s', (file, text) => {
    expect(find(predicate('command', 'npm'), file, text)).toHaveLength(1);
  });

  it.each([
    ['build.sh', 'pnpm run build\n# npm run build\ngrep npm a.txt'],
    ['build.sh', 'echo "npm install"'],
    ['.github/workflows/ci.yml', '    - run: pnpm run npm'],
    ['.github/notes.md', 'npm install'],
    ['build.sh', './npm-mirror.sh; cat npm.log'],
    ['README.md', '```sh\nnpm install\n```'],
    ['package.json', '{ "name": "npm", "engines": { "npm": "10" }, "scripts": { "npm": "pnpm run x" } }'],
    ['a.ts', "run('npm test');"],
  ])('is not found in %s: %s', (file, text) => {
    expect(find(predicate('command', 'npm'), file, text)).toEqual([]);
  });

  it('of several words is found with its words only', () => {
    const wanted = predicate('command', 'git push --force');
    expect(find(wanted, 'a.sh', 'git  push --force origin\ngit push origin\ngit push --force-with-lease')).toEqual([
      [0, 0, 17],
    ]);
  });

  it('is replaced by its counterpart of the same name only', () => {
    const wanted = predicate('command', 'npm', { instead: 'pnpm' });
    expect(follow(wanted, 'a.sh', 'npm run build')).toBe('pnpm run build');
    expect(follow(wanted, 'a.sh', 'npm ci')).toBeUndefined();
  });
});

describe('a text', () => {
  it.each([
    ['console.log', 'a.ts', 'console.log(1);', 1],
    ['console.log', 'a.ts', 'my.console.log(1); console.logs(); // console.log(1)', 0],
    ['any', 'a.ts', 'let a: any; b as any; c: Map<string, any>; // any', 3],
    ['var', 'a.ts', 'const a = /\\b(?:const|var)/g; f(/[/]var/, b / var1 / c);', 0],
    ['any', 'a.ts', 'const f = () => any.some(x); let g: () => any;', 1],
    ['any', 'a.ts', 'z.any(); const any = 1; "any"; f(any)', 0],
    ['@ts-ignore', 'a.ts', '// @ts-ignore\nf();', 1],
    ['eval(', 'a.js', 'eval("1"); reval("1"); /* eval( */', 1],
    ['var', 'a.js', 'var a = 1; const variable = "var";', 1],
    ['unwrap', 'a.rs', "fn f<'a>() { x.unwrap(); }", 0],
    ['.unwrap(', 'a.rs', "fn f<'a>() { x.unwrap(); } // .unwrap(", 1],
    ['print', 'a.py', 'print(1)\n"""print"""\n# print', 1],
  ])('%s in %s: %s', (subject, file, text, count) => {
    expect(find(predicate('text', subject), file, text)).toHaveLength(count);
  });

  it('is looked for in the files that its glob names', () => {
    const wanted = predicate('text', 'fetch', { files: '**/api/**' });
    expect(find(wanted, 'src/api/a.ts', 'fetch(1)')).toHaveLength(1);
    expect(find(wanted, 'src/web/a.ts', 'fetch(1)')).toEqual([]);
    expect(find({ ...wanted, files: '*.ts' }, 'src/web/a.ts', 'fetch(1)')).toHaveLength(1);
  });
});

it('says no more than twenty places', () => {
  expect(find(predicate('text', 'fetch'), 'a.ts', 'fetch(1);\n'.repeat(100))).toHaveLength(20);
});

it('of a text of a million letters takes time in step with its length', () => {
  const hard = ['/*', "'", '"', '`', '#', '<!--', 'import ', '\\'].map((each) => each.repeat(20_000)).join('\n');
  const all = (['import', 'dependency', 'command', 'text'] as const).map((kind) =>
    createChecker(predicate(kind, 'moment')),
  );
  for (const file of ['a.ts', 'a.py', 'a.sh', 'a.vue', 'package.json', 'a.go', 'pyproject.toml'])
    expect(checkFile(all, file, `${hard}moment`).length).toBeLessThan(5);
});
