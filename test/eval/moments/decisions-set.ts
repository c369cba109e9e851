/** Decisions with labels: what of their words can be checked, and what of this repository contradicts them when it is planted. */
import type { Predicate, PredicateKind } from '../../../src/protocol/watch';

type Says = Pick<Predicate, 'kind' | 'subject' | 'files'>;
const says = (kind: PredicateKind, subject: string, files = ''): Says => ({ kind, subject, files });
const library = (subject: string, files = ''): Says[] => [
  says('import', subject, files),
  says('dependency', subject, files),
];

/** Written before the rules were read again, in the words of transcripts: half of them say nothing that can be checked. */
export const labelled: readonly { title: string; says: readonly Says[] }[] = [
  { title: 'Use `luxon` instead of `moment` for dates', says: library('moment') },
  { title: 'We decided on zod rather than joi.', says: library('joi') },
  { title: 'Replaced `request` with `undici`', says: library('request') },
  { title: 'Do not add lodash as a dependency', says: library('lodash') },
  { title: 'Never import `vscode` in `src/core/`', says: [says('import', 'vscode', '**/src/core/**')] },
  { title: 'Use httpx, not requests', says: library('requests') },
  { title: 'Prefer `vi.fn()` over `jest.fn()`', says: [says('text', 'jest.fn(')] },
  { title: 'Use pnpm instead of npm', says: [says('command', 'npm')] },
  { title: 'We use yarn, not npm, in this repo', says: [says('command', 'npm')] },
  { title: 'Never use `any` in src/api/', says: [says('text', 'any', '**/src/api/**')] },
  { title: 'No `console.log` in `src/**/*.ts`', says: [says('text', 'console.log', 'src/**/*.ts')] },
  { title: "Don't use `@ts-ignore`", says: [says('text', '@ts-ignore')] },
  { title: 'Avoid `unwrap()` in the crates folder', says: [says('text', 'unwrap(', '**/crates/**')] },
  { title: 'Never call `Date.now()` in `src/core/`', says: [says('text', 'Date.now(', '**/src/core/**')] },
  { title: 'Do not run `docker compose down -v`', says: [says('command', 'docker compose down -v')] },
  { title: 'Use `uv` instead of `pip`', says: [says('command', 'pip')] },
  { title: '不要使用 `lodash` 库', says: library('lodash') },
  { title: 'Benutze `pino` statt `winston`', says: library('winston') },
  { title: 'Utilise `dayjs` au lieu de `moment`', says: library('moment') },
  { title: 'Stop using `var`', says: [says('text', 'var')] },
  { title: 'Never commit secrets', says: [] },
  { title: 'Always run the tests before a commit', says: [] },
  { title: 'Keep functions short, not clever', says: [] },
  { title: 'Do not touch generated files', says: [] },
  { title: 'Never use `moment` unless a plugin needs it', says: [] },
  { title: 'The request library times out after 30 s', says: [] },
  { title: 'Use tabs, not spaces', says: [] },
  { title: 'Prefer composition over inheritance', says: [] },
  { title: "Don't use magic numbers", says: [] },
  { title: 'Avoid `any` in tests', says: [] },
  { title: 'Write the changelog in English, not German', says: [] },
  { title: 'Do not use it in production', says: [] },
  { title: 'Retry with a budget instead of a fixed count', says: [] },
  { title: 'Should I use `fetch` instead of `axios`?', says: [] },
  { title: 'Use the cache instead of the database for sessions', says: [] },
  { title: 'No network calls in unit tests', says: [] },
  { title: 'Never deploy on Fridays', says: [] },
  { title: 'Use feature flags, never long branches', says: [] },
  { title: 'Do not mock the clock when the test is about time', says: [] },
  { title: 'The build uses `esbuild` and not `webpack` for pages only if WATCH is set', says: [] },
];

type Put = (text: string, line: string, chance: () => number) => { text: string; line: number } | undefined;

export interface Decided {
  predicate: Predicate;
  /** Lines that contradict it, and lines that look like it. */
  wrong: readonly string[];
  alike: readonly string[];
  put: Put;
}

const at = (text: string, index: number, line: string) => {
  const lines = text.split('\n');
  lines.splice(index, 0, line);
  return { text: lines.join('\n'), line: index };
};

/** Before a line that begins a statement at the outermost level, so that it stands in no comment and no string. */
const beforeStatement: Put = (text, line, chance) => {
  const places = text
    .split('\n')
    .flatMap((each, index) =>
      /^(?:import|export|const|function|class|interface|type|async function) /.test(each) ? [index] : [],
    );
  const index = places[Math.floor(chance() * places.length)];
  return index === undefined ? undefined : at(text, index, line);
};
/** First of an object of JSON. */
const inObject =
  (name: string): Put =>
  (text, line) => {
    const index = text.split('\n').findIndex((each) => each.includes(`"${name}": {`));
    return index < 0 ? undefined : at(text, index + 1, line);
  };
/** A step of a workflow, or a line of a script. */
const asStep: Put = (text, line, chance) => {
  if (text.trimStart().startsWith('{'))
    return inObject('scripts')(text, `    "planted": ${JSON.stringify(line)},`, chance);
  const lines = text.split('\n');
  const index = lines.findIndex((each) => /^\s*- (?:run|uses|name):/.test(each));
  if (index < 0) return at(text, lines.length, line);
  const indent = /^\s*/.exec(lines[index]!)?.[0] ?? '';
  return at(text, index, `${indent}- run: ${line}`);
};

const predicate = (kind: PredicateKind, subject: string, more: Partial<Predicate> = {}): Predicate => ({
  kind,
  subject,
  instead: '',
  files: '',
  isRegex: false,
  ...more,
});

/** What holds in this repository. */
export const decidedHere: readonly Decided[] = [
  ...['moment', 'lodash', 'axios', 'left-pad'].map((name): Decided => ({
    predicate: predicate('import', name),
    wrong: [
      `import x from '${name}';`,
      `import { a,\n  b } from "${name}";`.replace('\n', ''),
      `const x = require('${name}');`,
      `export * from '${name}/sub';`,
      `const x = await import('${name}');`,
    ],
    alike: [
      `// import x from '${name}';`,
      `const text = "import x from '${name}'";`,
      `import x from './${name}';`,
      `import x from '${name}-extra';`,
      `/* require('${name}') */`,
      `const ${name.replace('-', '')}Text = \`import '${name}'\`;`,
    ],
    put: beforeStatement,
  })),
  {
    predicate: predicate('import', 'vscode', { files: 'src/core/**' }),
    wrong: ["import { window } from 'vscode';", "import type { Uri } from 'vscode';"],
    alike: ["// needs 'vscode'", "const name = 'vscode';", "import x from 'vscode-uri';"],
    put: beforeStatement,
  },
  ...['moment', 'axios'].map((name): Decided => ({
    predicate: predicate('dependency', name),
    wrong: [`    "${name}": "^1.0.0",`],
    alike: [`    "${name}-x": "^1.0.0",`, `    "x-${name}": "npm:${name}@1",`],
    put: inObject('dependencies'),
  })),
  {
    predicate: predicate('dependency', 'left-pad'),
    wrong: ['    "left-pad": "^1.0.0",'],
    alike: ['    "left-padding": "^1.0.0",'],
    put: inObject('devDependencies'),
  },
  ...['yarn', 'pnpm'].map((name): Decided => ({
    predicate: predicate('command', name),
    wrong: [`${name} install`, `CI=1 ${name} test`, `npm run build && ${name} test`],
    alike: [`echo '${name} install'`, `true # ${name} install`, `npm run ${name}`, `./${name}.sh`],
    put: asStep,
  })),
  {
    predicate: predicate('text', '@ts-ignore'),
    wrong: ['// @ts-ignore'],
    alike: ['// @ts-ignored', '// ts-ignore'],
    put: beforeStatement,
  },
  {
    predicate: predicate('text', 'any', { files: 'src/**/*.ts' }),
    wrong: ['let value: any;', 'const list: Map<string, any> = new Map();', 'const x = y as any;'],
    alike: ['// of any kind: any', "const any = 'any: any';", 'z.any();', 'const x = list.any(y);'],
    put: beforeStatement,
  },
  {
    predicate: predicate('text', 'eval('),
    wrong: ['eval(text);', 'const x = eval("1");'],
    alike: ['// eval(text)', 'const x = "eval(text)";', 'page.evaluate(x);', 'retrieval(x);'],
    put: beforeStatement,
  },
  {
    predicate: predicate('text', 'console.log', { files: 'src/core/**' }),
    wrong: ['console.log(1);'],
    alike: ['// console.log(1)', "const x = 'console.log(1)';", 'my.console.log(1);', 'console.logs(1);'],
    put: beforeStatement,
  },
  {
    // A declaration file says what a library exports.
    predicate: predicate('text', 'export default', { files: 'src/**/!(*.d).ts' }),
    wrong: ['export default 1;'],
    alike: ['// export default', "const x = 'export default';"],
    put: beforeStatement,
  },
  {
    predicate: predicate('text', 'var', { files: 'src/**/*.ts' }),
    wrong: ['var x = 1;'],
    alike: ['// var x', 'const variable = 1;', "const x = 'var x';", 'const x = y.var;'],
    put: beforeStatement,
  },
  {
    predicate: predicate('text', String.raw`\bsetTimeout\([^,()]*\)`, { isRegex: true, files: 'src/**' }),
    wrong: ['setTimeout(work);'],
    alike: ['setTimeout(work, 5);', '// setTimeout(work)'],
    put: beforeStatement,
  },
];
