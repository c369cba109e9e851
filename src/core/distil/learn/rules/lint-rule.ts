/** The rule that a linter names in its finding: one-off fixes of one rule are one learning. */

const names: readonly RegExp[] = [
  // oxlint and biome: eslint(no-console), lint/style/useConst
  /\b((?:eslint|typescript|unicorn|react|import|jest|vitest|oxc|promise|jsx-a11y)[\w-]*\([\w/-]+\))/,
  /\b(lint\/[a-zA-Z]+\/[a-zA-Z]+)\b/,
  // clippy, rustc, stylelint, shellcheck, pylint
  /\b(clippy::[a-z_]+)\b/,
  /(?:^|\s|:)(SC\d{4}|SA\d{4}|ST\d{4}|CA\d{4}|IDE\d{4})\b/,
  /\((?:[CRWEF]\d{4}, )?([a-z]+(?:-[a-z]+)+)\)\s*$/,
  // ruff and flake8, at the beginning or behind the place: F401, PLR0913. TS2304 is the compiler's.
  /(?:^|:\d{1,7}:?\s{1,4})(?!TS\d)([A-Z]{1,4}\d{3,4})\b/,
];
// golangci-lint ends with the linter, whose own name for the rule stands first: "G204: Subprocess launched … (gosec)".
const goPlace = /\.go:\d{1,7}(?::\d{1,7})?: /;
const linterName = /\(([a-z][a-z\d]{1,24})\)$/;
const ownName = /^([A-Za-z][\w-]{1,40})(?:\([\w -]{1,40}\))?: \S/;
// eslint ends its findings with the rule, which often has a plugin: @typescript-eslint/no-explicit-any. Other lines end
// with words that look the same: up-to-date.
const byEslint = /(?<!\d)\d{1,7}:\d{1,7}:?\s{1,8}(?:error|warning)\s/;
const lastName = /\s((?:@[\w-]+\/)?(?:[\w-]+\/)?[a-z]+(?:-[a-z]+)+)\s*$/;

/** The linter's name of the rule, with a blank between the linter and its own name where both are told. */
export function lintRuleOf(error: string): string | undefined {
  const place = goPlace.exec(error);
  const linter = place && linterName.exec(error.trimEnd())?.[1];
  if (linter) {
    const own = ownName.exec(error.slice(place.index + place[0].length))?.[1];
    return own === undefined ? linter : `${linter} ${own}`;
  }
  for (const name of names) {
    const found = name.exec(error)?.[1];
    if (found !== undefined) return found;
  }
  return byEslint.test(error) ? lastName.exec(error)?.[1] : undefined;
}
