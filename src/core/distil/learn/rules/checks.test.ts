import { expect, it } from 'vitest';
import { withoutPlace } from '../candidate';
import { isGeneral } from './checks';

it.each([
  'npm test',
  'npm run test:unit',
  'pnpm test',
  'pytest',
  'pytest -q',
  'vitest run',
  'npx vitest run',
  'go test ./...',
  'mise run test:ci',
  'cargo test',
  'make lint',
  'npx tsc -p .',
  'npm run build',
])('%s is how a project is checked', (command) => expect(isGeneral(command)).toBe(true));

it.each([
  'npm test table',
  'vitest run src/basket.test.ts',
  'npx vitest run basket',
  'pytest tests/test_scale.py',
  'pytest -k scale',
  'go test ./basket -run TestBasket',
  'go test ./internal/basket',
  'jest basket',
  'cargo test basket::',
  'npm test -- --grep basket',
  'go build ./shop/...',
  'go test ./shop/basket/...',
])('%s is about a part of it', (command) => expect(isGeneral(command)).toBe(false));

it.each([
  'pytest -x',
  'pytest --lf',
  'pytest --durations=10',
  'eslint . --fix',
  'jest -u',
  'npm test -- --bail',
  'vitest run --coverage',
  'cargo clippy --fix',
])('%s is how it was run once', (command) => expect(isGeneral(command)).toBe(false));

it('names an error without its place', () => {
  expect(withoutPlace("E   AssertionError: assert '5/8' == '2/3'")).toBe("AssertionError: assert '5/8' == '2/3'");
  expect(withoutPlace('[lint:go] cmd/a/b.go:12:3: G104: Errors unhandled')).toBe('G104: Errors unhandled');
  expect(withoutPlace('src/cart.ts(12,7): error TS2769: No overload matches')).toBe(
    'error TS2769: No overload matches',
  );
});
