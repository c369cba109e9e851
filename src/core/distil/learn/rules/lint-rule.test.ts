import { expect, it } from 'vitest';
import { lintRuleOf } from './lint-rule';

it.each([
  [
    '12:7  error  Unexpected any. Specify a different type  @typescript-eslint/no-explicit-any',
    '@typescript-eslint/no-explicit-any',
  ],
  ['3:1  warning  Unexpected console statement  no-console', 'no-console'],
  ['x eslint(no-shadow): cart is already declared', 'eslint(no-shadow)'],
  ['src/cart.py:4:1: F841 Local variable is assigned to but never used', 'F841'],
  ['warning: clippy::needless_return', 'clippy::needless_return'],
  ['cart.go:8:2: Error return value is not checked (errcheck)', 'errcheck'],
  ['cart.go:8:2: must not be called, use the one with a context (noctx)', 'noctx'],
  ['[lint:go] shop/cart.go:8:2: G304: file is opened by a variable (gosec)', 'gosec G304'],
  ['cart_test.go:8:2: require-error: for errors use require (testifylint)', 'testifylint require-error'],
  ['cart.go:8:2: undefined: tax', undefined],
  ['In run.sh line 3: SC2086 (info): Double quote to prevent globbing', 'SC2086'],
  ['cart.py:1:0: C0114: Missing module docstring (missing-module-docstring)', 'missing-module-docstring'],
  ['lint/style/useConst  This let is never reassigned', 'lint/style/useConst'],
  ['AssertionError: expected 3 to be 4', undefined],
  ['F401 [*] `os` imported but unused', 'F401'],
  ['/work/shop/a.js:4:2: warning Unexpected alert  no-alert', 'no-alert'],
  ['The lockfile of the workspace is not up-to-date', undefined],
  ['error: the formatter found a file that is read-only', undefined],
  ["src/cart.ts(3,1): error TS2304: Cannot find name 'tax'.", undefined],
  ['src/cart.ts:3:1: TS2554 Expected 2 arguments', undefined],
  ['warning: the option needs SHA256 or better', undefined],
])('%s', (line, rule) => expect(lintRuleOf(line)).toBe(rule));
