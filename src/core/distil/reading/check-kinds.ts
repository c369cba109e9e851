/** Recognises commands that check something: tests, builds and linters of common tool chains, and task runners. */
import { fileName } from '../../../protocol/paths';
import type { CheckKind } from '../../../protocol/summary';

/** Programs that only run another one, and the arguments they take first. */
const wrappers: Readonly<Record<string, readonly string[]>> = {
  npx: [],
  bunx: [],
  pnpx: [],
  sudo: [],
  time: [],
  nice: [],
  command: [],
  exec: [],
  env: [],
  nohup: [],
  'xvfb-run': [],
  uv: ['run'],
  poetry: ['run'],
  pipenv: ['run'],
  rye: ['run'],
  hatch: ['run'],
  bundle: ['exec'],
  pnpm: ['exec', 'dlx'],
  yarn: ['exec', 'dlx'],
  npm: ['exec'],
  mise: ['exec', 'x'],
  direnv: ['exec'],
};
const shellWords = new Set(['then', 'do', 'if', 'else', '!', '{', 'while']);
const runners: Readonly<Record<string, readonly string[]>> = {
  npm: ['run', 'run-script'],
  pnpm: ['run'],
  yarn: ['run'],
  bun: ['run'],
  mise: ['run', 'r'],
  deno: ['task'],
  turbo: ['run'],
  nx: ['run'],
  poe: [],
  just: [],
  task: [],
  make: [],
  gmake: [],
  rake: [],
  invoke: [],
  inv: [],
  composer: ['run'],
  ant: [],
  nox: [],
  tox: [],
  bazel: [],
  mix: [],
  lerna: ['run'],
};
/** Task runners that build when they are called without a task. */
const buildsAlone = new Set(['make', 'gmake', 'ninja', 'tsc', 'ant']);

const testNames = /(?:^|[:_.-])(?:tests?|specs?|e2e|unit|integration|coverage|ctest|pytest|vitest|jest)(?:$|[:_.-])/;
const lintNames =
  /(?:^|[:_.-])(?:lint(?:er|ing)?|check(?:s|er)?|vet|clippy|eslint|ruff|mypy|rubocop|stylelint)(?:$|[:_.-])/;
const buildNames = /(?:^|[:_.-])(?:build|compile|bundle|typecheck|type-check|tsc|types|all)(?:$|[:_.-])/;
const silentNames = /(?:^|[:_.-])(?:watch|dev|serve|start|fmt|format|clean|install|fix|write|update)(?:$|[:_.-])/;

/** By program: what each subcommand checks; `''` is the program alone. */
const programs: Readonly<Record<string, Readonly<Record<string, CheckKind>>>> = {
  go: { test: 'test', build: 'build', install: 'build', vet: 'lint' },
  cargo: { test: 'test', nextest: 'test', build: 'build', check: 'build', clippy: 'lint' },
  pytest: { '': 'test' },
  'py.test': { '': 'test' },
  tox: { '': 'test' },
  nox: { '': 'test' },
  unittest: { '': 'test' },
  jest: { '': 'test' },
  vitest: { '': 'test' },
  mocha: { '': 'test' },
  ava: { '': 'test' },
  tap: { '': 'test' },
  karma: { '': 'test' },
  cypress: { run: 'test' },
  playwright: { test: 'test' },
  c8: { '': 'test' },
  deno: { test: 'test', check: 'build', lint: 'lint' },
  bun: { test: 'test', build: 'build' },
  npm: { test: 'test', t: 'test' },
  pnpm: { test: 'test', t: 'test', build: 'build', lint: 'lint' },
  yarn: { test: 'test', build: 'build', lint: 'lint' },
  rspec: { '': 'test' },
  rails: { test: 'test' },
  cucumber: { '': 'test' },
  minitest: { '': 'test' },
  rubocop: { '': 'lint' },
  standardrb: { '': 'lint' },
  srb: { tc: 'build' },
  mvn: { test: 'test', verify: 'test', compile: 'build', package: 'build', install: 'build' },
  mvnw: { test: 'test', verify: 'test', compile: 'build', package: 'build', install: 'build' },
  gradle: { test: 'test', check: 'test', build: 'build', assemble: 'build' },
  gradlew: { test: 'test', check: 'test', build: 'build', assemble: 'build' },
  javac: { '': 'build' },
  ktlint: { '': 'lint' },
  checkstyle: { '': 'lint' },
  ctest: { '': 'test' },
  gcc: { '': 'build' },
  'g++': { '': 'build' },
  clang: { '': 'build' },
  'clang++': { '': 'build' },
  cc: { '': 'build' },
  ninja: { '': 'build', test: 'test' },
  cmake: { '--build': 'build' },
  'clang-tidy': { '': 'lint' },
  cppcheck: { '': 'lint' },
  bazel: { test: 'test', build: 'build' },
  dotnet: { test: 'test', build: 'build' },
  swift: { test: 'test', build: 'build' },
  swiftlint: { '': 'lint' },
  xcodebuild: { '': 'build', test: 'test' },
  mix: { test: 'test', compile: 'build', credo: 'lint' },
  flutter: { test: 'test', analyze: 'lint', build: 'build' },
  phpunit: { '': 'test' },
  tsc: { '': 'build' },
  'vue-tsc': { '': 'build' },
  webpack: { '': 'build' },
  rollup: { '': 'build' },
  esbuild: { '': 'build' },
  tsup: { '': 'build' },
  vite: { build: 'build' },
  next: { build: 'build', lint: 'lint' },
  docker: { build: 'build' },
  rustc: { '': 'build' },
  eslint: { '': 'lint' },
  oxlint: { '': 'lint' },
  biome: { check: 'lint', lint: 'lint', ci: 'lint' },
  stylelint: { '': 'lint' },
  xo: { '': 'lint' },
  standard: { '': 'lint' },
  prettier: { '--check': 'lint', '-c': 'lint' },
  ruff: { check: 'lint' },
  flake8: { '': 'lint' },
  pylint: { '': 'lint' },
  mypy: { '': 'lint' },
  pyright: { '': 'lint' },
  basedpyright: { '': 'lint' },
  ty: { check: 'lint' },
  bandit: { '': 'lint' },
  black: { '--check': 'lint' },
  'golangci-lint': { '': 'lint', run: 'lint' },
  staticcheck: { '': 'lint' },
  shellcheck: { '': 'lint' },
  hadolint: { '': 'lint' },
  actionlint: { '': 'lint' },
  'pre-commit': { run: 'lint' },
  svelte: { '': 'lint' },
  'svelte-check': { '': 'lint' },
};

/** The words of the command that finally runs: without `npx`, `uv run`, `timeout 60`, `python -m`. */
export function unwrap(words: readonly string[]): string[] {
  let rest = [...words];
  for (let rounds = 0; rounds < 5; rounds++) {
    const [first = '', second = ''] = rest;
    const name = fileName(first);
    if (shellWords.has(first) || /^[A-Za-z_]\w*=/.test(first)) rest = rest.slice(1);
    else if (name === 'timeout' || name === 'gtimeout')
      rest = rest.slice(
        Math.max(
          1,
          rest.findIndex((word, at) => at > 0 && !/^-|^[\d.]+[smhd]?$/.test(word)),
        ),
      );
    else if (/^python[\d.]*$|^py$/.test(name) && second === '-m') rest = rest.slice(2);
    else if (Object.hasOwn(wrappers, name)) {
      const own = wrappers[name] ?? [];
      if (own.length > 0 && !own.includes(second)) break;
      rest = rest.slice(own.length > 0 ? 2 : 1);
      while (rest[0]?.startsWith('-')) rest = rest.slice(1);
    } else break;
  }
  return rest.length > 0 ? rest : [...words];
}

/** What a command checks; undefined when it checks nothing. */
export function checkOf(words: readonly string[]): CheckKind | undefined {
  if (words.some((word) => /^--(?:version|help|watch|collect-only|list)$/.test(word) || word === '-h'))
    return undefined;
  const [first = '', ...rest] = unwrap(words);
  const name = fileName(first);
  if (/\.(?:sh|bash|mjs|js|py|rb)$/.test(first)) return byName(name.replace(/\.\w+$/, ''));
  if (['bash', 'sh', 'zsh', 'node', 'tsx', 'ruby'].includes(name) || /^python[\d.]*$/.test(name)) {
    if (rest.includes('--test')) return 'test';
    const script = rest.find((word) => !word.startsWith('-'));
    return script !== undefined && /^[\w./-]+\.(?:sh|mjs|cjs|js|ts|py|rb)$/.test(script)
      ? byName(fileName(script).replace(/\.\w+$/, ''))
      : undefined;
  }
  // `go test -c` compiles the tests but runs none.
  if (name === 'go' && rest[0] === 'test' && rest.includes('-c')) return 'build';
  const named = Object.hasOwn(programs, name) ? programs[name] : undefined;
  const plain = rest.filter((word) => !word.startsWith('-'));
  if (named) {
    // Any argument may be the goal: `mvn -q clean verify`, `gradle :app:test`.
    const goals = /^(?:mvnw?|gradlew?)$/.test(name)
      ? plain.map((word) => word.split(':').at(-1) ?? '')
      : [plain[0] ?? ''];
    const goal = goals.findLast((each) => each !== '' && Object.hasOwn(named, each));
    if (goal !== undefined) return named[goal];
    for (const word of rest) if (word.startsWith('-') && Object.hasOwn(named, word)) return named[word];
    if (name === 'docker' && (plain[0] === 'compose' || plain[0] === 'buildx') && plain[1] === 'build') return 'build';
    if (name === 'cargo' && plain[0] === 'fmt' && rest.includes('--check')) return 'lint';
    if (Object.hasOwn(named, '') && !Object.hasOwn(runners, name))
      return rest.some((word) => /^--?(?:fix|write)$/.test(word)) && named[''] !== 'lint' ? undefined : named[''];
  }
  if (Object.hasOwn(runners, name)) {
    const verbs = runners[name] ?? [];
    const task = verbs.includes(plain[0] ?? '')
      ? plain[1]
      : verbs.length === 0 || name === 'yarn' || name === 'pnpm' || name === 'nx' || name === 'turbo' || name === 'mise'
        ? plain.find((word) => !word.includes('='))
        : undefined;
    if (task === undefined) return buildsAlone.has(name) ? 'build' : undefined;
    return byName(task);
  }
  return /^(?:\.{0,2}\/|[\w-]+\/)/.test(first) ? byName(name) : undefined;
}

function byName(name: string): CheckKind | undefined {
  if (silentNames.test(name)) return undefined;
  // A type check counts as a build.
  if (buildNames.test(name) && !testNames.test(name)) return 'build';
  return testNames.test(name) ? 'test' : lintNames.test(name) ? 'lint' : undefined;
}
