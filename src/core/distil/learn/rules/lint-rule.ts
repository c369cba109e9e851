/** The rule that a linter names in its finding: one-off fixes of one rule are one learning. */

const names: readonly RegExp[] = [
  // oxlint and biome: eslint(no-console), lint/style/useConst
  /\b((?:eslint|typescript|unicorn|react|import|jest|vitest|oxc|promise|jsx-a11y)[\w-]*\([\w/-]+\))/,
  /\b(lint\/[a-zA-Z]+\/[a-zA-Z]+)\b/,
  // clippy, rustc, golangci-lint, stylelint, shellcheck, pylint
  /\b(clippy::[a-z_]+)\b/,
  /\((errcheck|govet|staticcheck|revive|gosec|gocritic|unparam|ineffassign|gosimple|stylecheck|misspell|lll|dupl|funlen|gocyclo)\)\s*$/,
  /\b(SC\d{4}|SA\d{4}|ST\d{4}|CA\d{4}|IDE\d{4})\b/,
  /\((?:[CRWEF]\d{4}, )?([a-z]+(?:-[a-z]+)+)\)\s*$/,
  // ruff and flake8, at the beginning or behind the place: F401, PLR0913. TS2304 is the compiler's.
  /(?:^|:\d{1,7}:?\s{1,4})(?!TS\d)([A-Z]{1,4}\d{3,4})\b/,
];
// eslint ends its findings with the rule, which often has a plugin: @typescript-eslint/no-explicit-any. Other lines end
// with words that look the same: up-to-date.
const byEslint = /(?<!\d)\d{1,7}:\d{1,7}:?\s{1,8}(?:error|warning)\s/;
const lastName = /\s((?:@[\w-]+\/)?(?:[\w-]+\/)?[a-z]+(?:-[a-z]+)+)\s*$/;

export function lintRuleOf(error: string): string | undefined {
  for (const name of names) {
    const found = name.exec(error)?.[1];
    if (found !== undefined) return found;
  }
  return byEslint.test(error) ? lastName.exec(error)?.[1] : undefined;
}
