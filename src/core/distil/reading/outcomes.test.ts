import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asked, call, edited, ran } from '../../../../test/fixtures/session-lines';
import { growthOf, maxGrowth } from '../../../../test/growth';
import { checkOf } from './check-kinds';
import { changesFiles, pairChecks, readRun } from './outcomes';
import { splitShell } from './shell';

describe('what a command was', () => {
  it.each([
    ['cd /home/me/shop && npm test 2>&1 | tail -20', 'npm test', 'test'],
    ['FOO=1 timeout 60 npx vitest run src/a.test.ts', 'vitest run src/a.test.ts', 'test'],
    ['go test -v -count=1 ./cli/... 2>&1 | head -50', 'go test ./cli/...', 'test'],
    ['uv run pytest -q test/test_cache.py', 'pytest test/test_cache.py', 'test'],
    ['python3 -m pytest', 'pytest', 'test'],
    ['mise run fmt && mise run lint', 'mise run lint', 'lint'],
    ['mise run lint && mise run test:ci', 'mise run lint && mise run test:ci', 'test'],
    ['cargo clippy --all', 'cargo clippy --all', 'lint'],
    ['../gradlew :app:assembleDebug build', '../gradlew :app:assembleDebug build', 'build'],
    ['npx tsc --noEmit', 'tsc --noEmit', 'build'],
    ['bundle exec rspec spec/a_spec.rb', 'rspec spec/a_spec.rb', 'test'],
    ['make', 'make', 'build'],
    ['make -j4 check', 'make -j4 check', 'lint'],
    ['../scripts/test-all.sh', '../scripts/test-all.sh', 'test'],
    ['go vet ./...', 'go vet ./...', 'lint'],
    ['git status', 'git status', undefined],
    ['npm run dev', 'npm run dev', undefined],
    ['ls src/test', 'ls src/test', undefined],
    ["git commit -m 'npm test passes'", 'git commit -m npm test passes', undefined],
    ["cat > a.sh <<'EOF'\nnpm test\nEOF", 'cat', undefined],
    ['vitest --version', 'vitest --version', undefined],
    ['ruff format', 'ruff format', undefined],
  ])('%s', (input, command, check) => {
    const run = readRun(ran(input, 'x'));
    expect([run?.command, run?.check]).toEqual([command, check]);
  });

  it.each([
    ['the exit status', ran('npm test', 'all is said', 1), 'failed'],
    ['a pipe hides a failure', ran('go test ./... 2>&1 | tail -5', 'FAIL\tshop/cart\t0.2s\nFAIL'), 'failed'],
    ['a pipe hides a success', ran('go test ./... | tail -5', 'ok  \tshop/cart\t0.2s'), 'passed'],
    ['a pipe hides all', ran('npm test | grep cart', 'cart is tested'), 'unknown'],
    ['vitest', ran('npx vitest run | tail -3', ' Tests  1 failed | 11 passed (12)'), 'failed'],
    ['vitest, all well', ran('npx vitest run | tail -3', ' Tests  12 passed (12)'), 'passed'],
    ['pytest', ran('pytest | tail -1', '=== 1 failed, 26 passed in 1.48s ==='), 'failed'],
    ['pytest, all well', ran('pytest | tail -1', '=== 26 passed in 1.48s ==='), 'passed'],
    ['tsc', ran('tsc --noEmit | head -3', "src/a.ts(3,1): error TS2304: Cannot find name 'x'."), 'failed'],
    ['tsc, silent', ran('tsc --noEmit | head -3', ''), 'passed'],
    ['silent tests tell nothing', ran('go test ./... | grep FAIL', ''), 'unknown'],
    ['a filter that found nothing', ran('go test ./... | grep FAIL', '', 1), 'unknown'],
    ['eslint', ran('npx eslint . | tail', '✖ 3 problems (3 errors, 0 warnings)'), 'failed'],
    ['golangci', ran('mise run lint | head -50', '[lint] $ golangci-lint run\n0 issues.'), 'passed'],
    ['cargo', ran('cargo test 2>&1 | tail -4', 'test result: FAILED. 3 passed; 1 failed;'), 'failed'],
    ['cut off by head', ran('go test ./... | head -2', 'ok  \ta\t0.1s\nok  \tb\t0.1s'), 'unknown'],
    ['hidden by ||', ran('npm test || true', 'Tests: 1 failed, 2 passed'), 'failed'],
    ['in the background', ran('npm test', 'Command running in background with ID: a1'), 'unknown'],
    ['never answered', ran('npm test', '', 0, { isAnswered: false }), 'unknown'],
    [
      'a suite that prints errors and passes',
      ran('npm test 2>&1 | tail', 'Error: provoked on purpose\nTests  4 passed (4)'),
      'passed',
    ],
  ])('outcome by %s', (_, line, outcome) => {
    expect(readRun(line)?.outcome).toBe(outcome);
  });

  it('names the line that is wrong, literally', () => {
    const output = '# shop/cart\ncart/cart.go:12:2: undefined: total\nFAIL\tshop/cart [build failed]';
    expect(readRun(ran('go test ./cart', output, 1))?.firstBad).toBe('cart/cart.go:12:2: undefined: total');
  });

  it('a refused call ran nothing', () => {
    expect(
      readRun(
        call({
          tool: 'Bash',
          input: 'npm test',
          type: 'error',
          output: "The user doesn't want to proceed with this tool use.",
        }),
      ),
    ).toBeUndefined();
    expect(readRun(call({ tool: 'Read', input: 'npm test' }))).toBeUndefined();
  });

  it('any text is taken apart without an end of its own', () => {
    const pieces = [
      'npm test',
      '&&',
      '|',
      '"',
      "'",
      '$(',
      ')',
      '\\',
      '<<EOF\n',
      'EOF',
      '\n',
      ';',
      '2>&1',
      ' ',
      'cd x',
      '#',
      '||',
    ];
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 8 })), { maxLength: 20 }),
        (parts) => {
          const input = parts.join('');
          for (const { pipeline } of splitShell(input))
            for (const words of pipeline) expect(words.length).toBeGreaterThan(0);
          const run = readRun(ran(input, 'x'));
          if (run) expect(run.command).toMatch(/^[^\n]{1,200}$/);
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each(['"', '$(', '\\', "'", '(', '<<E\n', 'a '])('reads endless %j in time that grows with it', async (unit) => {
    expect(await growthOf((size) => splitShell(unit.repeat(size)), 50_000)).toBeLessThan(maxGrowth);
  });

  it('knows a wrapped program whatever runs it', () => {
    for (const prefix of [[], ['npx'], ['uv', 'run'], ['timeout', '30'], ['timeout', '-k', '5', '30'], ['env', 'A=1']])
      expect(checkOf([...prefix, 'pytest', 'a'])).toBe('test');
  });
});

describe('red and green', () => {
  const red = () => ran('npm test', '1 failed', 1);
  const green = () => ran('cd /x && npm test | tail -3', 'Tests  4 passed (4)');

  it('a check red, an edit, the same check green', () => {
    const edit = edited('/home/me/shop/cart.ts', 'a', 'b');
    const lines = [asked('fix it'), red(), edit, green()];
    const [pair, ...rest] = pairChecks(lines);
    expect(rest).toEqual([]);
    expect(pair).toMatchObject({ check: 'test', command: 'npm test', isFlaky: false });
    expect(pair?.edits).toEqual([edit]);
  });

  it('without a change between it is flaky', () => {
    const [pair] = pairChecks([red(), ran('git status', 'clean'), green()]);
    expect(pair?.isFlaky).toBe(true);
  });

  it('a command that changes files is a change too', () => {
    const [pair] = pairChecks([red(), ran("sed -i '' 's/a/b/' cart.ts"), green()]);
    expect(pair).toMatchObject({ isFlaky: false, edits: [] });
    expect(changesFiles(ran('npm test > /dev/null 2>&1'))).toBe(false);
    expect(changesFiles(ran('npx eslint . --fix'))).toBe(true);
  });

  it('another check, a failed edit, an unknown end pair nothing', () => {
    expect(pairChecks([red(), ran('npm run lint', '0 errors')])).toEqual([]);
    expect(pairChecks([red(), ran('npm test | grep x', 'x')])).toEqual([]);
    const [pair] = pairChecks([red(), edited('/a.ts', 'a', 'b', { type: 'error' }), green()]);
    expect(pair?.edits).toEqual([]);
  });

  it('only the edits after the last red count', () => {
    const first = edited('/a.ts', 'a', 'b');
    const second = edited('/b.ts', 'a', 'b');
    const [pair] = pairChecks([red(), first, red(), second, green()]);
    expect(pair?.edits).toEqual([second]);
  });

  it('of a chain the part that failed is red, those before it are green', () => {
    const chain = (output: string, status: number) => ran('mise run lint && mise run test', output, status);
    const edit = edited('/a.ts', 'a', 'b');
    const pairs = pairChecks([
      chain('0 issues.\n--- FAIL: TestCart (0.01s)\nFAIL', 1),
      edit,
      ran('mise run lint', '0 issues.'),
      ran('mise run test', 'ok  \tcart\t0.1s'),
    ]);
    expect(pairs.map(({ command }) => command)).toEqual(['mise run test']);
  });

  it('a check that was never reached is not red', () => {
    expect(
      pairChecks([
        ran('cd nowhere && npm test', '(eval):cd:1: no such file or directory: nowhere', 1),
        edited('/a.ts', 'a', 'b'),
        green(),
      ]),
    ).toEqual([]);
  });
});
