/** Names that code declares, and names in backticks in a text. */

const declarations: readonly RegExp[] = [
  /\b(?:function|class|interface|struct|enum|trait|impl|module|namespace|protocol|record)\s+([A-Za-z_$][\w$]{2,79})/g,
  /\b(?:type)\s+([A-Z][\w$]{2,79})\s*(?:=|struct\b|interface\b|<)/g,
  /\bfunc\s+(?:\([^)\n]{0,80}\)\s*)?([A-Za-z_]\w{2,79})\s*[([]/g,
  /\b(?:def|fn|sub)\s+([A-Za-z_]\w{2,79})/g,
  /\b(?:export\s+)?(?:const|let|var|val)\s+([A-Za-z_$][\w$]{2,79})\s*(?::[^=\n]{1,80})?=\s*(?:async\s*)?(?:function\b|\(|[\w$]+\s*=>)/g,
];
/** Keywords, and names that are used everywhere. */
const common = new Set(
  (
    'main test tests init new get set run add name value data self this true false null type index item ' +
    'items result error string number for the and not with from return'
  ).split(' '),
);
const maxNames = 40;
const maxCode = 20_000;

/** Functions, classes and types declared in a piece of code. */
export function declaredIn(code: string): string[] {
  const names = new Set<string>();
  for (const pattern of declarations) {
    for (const [, name = ''] of code.slice(0, maxCode).matchAll(pattern)) {
      if (!common.has(name.toLowerCase())) names.add(name);
      if (names.size >= maxNames) return [...names];
    }
  }
  return [...names];
}

/** Identifiers in backticks, without their arguments. */
export function identifiersIn(text: string): string[] {
  const names = new Set<string>();
  for (const [, name = ''] of text
    .slice(0, maxCode)
    .matchAll(/`(?:[\w$]{1,60}[.:]{1,2})?([A-Za-z_$][\w$]{2,79})(?:\(\))?`/g)) {
    if (!common.has(name.toLowerCase())) names.add(name);
    if (names.size >= maxNames) break;
  }
  return [...names];
}
