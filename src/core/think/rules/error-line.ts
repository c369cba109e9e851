/** The line of a red check that says what is wrong, in words worth remembering. */
import type { CallLine } from '../../store/session-lines';
import { withoutPlace } from '../candidate';
import { readRun } from '../outcomes';

const shortest = 12;
const longest = 300;
/** Says that something failed, not what. */
const saysNothing = /^(?:\W*(?:FAIL(?:ED|URES?)?|ERROR|error|Error|Failed|exit status \d+|Exit code \d+|make: \*\*\*.*|npm ERR!.*|ELIFECYCLE.*|command failed.*|\[\w+\] ERROR.*|.*\btask failed|Task .* failed|\d+ (?:failed|errors?|failing|issues?|problems?|tests? failed).*|Tests?:.*failed.*|-{3} FAIL: \S+.*|(?:FAIL|FAILED|✕|×|✗|❯|●)\s+\S+.*|FAIL.*|=+ .* =+|\S+\s+\.{3,}.*|error: (?:script|process|command) .*))\W*$/;
/** Says what was expected, thrown or missing. */
const telling = /\b(?:error|exception|expected|received|assert\w*|panic|cannot|can't|could not|failed to|not found|no such|refused|denied|invalid|missing|unexpected|mismatch|timed? ?out|must|should|want|got)\b/i;

/** Undefined when the check was not red, or its output does not say why. */
export function errorOf(red: CallLine): string | undefined {
  const first = readRun(red)?.firstBad;
  if (first === undefined) return undefined;
  if (isTelling(first)) return first;
  const from = red.output.indexOf(first) + first.length;
  return red.output.slice(from, from + 8000).split('\n').map((line) => line.trim()).find((line) => line.length <= longest && telling.test(line) && isTelling(line));
}

const isTelling = (line: string): boolean => withoutPlace(line).trim().length >= shortest && !saysNothing.test(line.trim());

/** Slips of the moment: a name not imported yet, a leftover. Nobody needs to remember them. */
export const isSlip = (error: string): boolean => /undefined: |is not defined|imported and not used|declared and not used|is declared but|is unused \(unused\)|unused (?:variable|import|function)|(?:defined|assigned a value) but never used|cannot find name|undeclared name|missing return|syntax error|unexpected token|expected .{1,20} found|does not exist on type|has no exported member|unresolved import|cannot find (?:value|type|function|macro)|redeclared|already declared|missing import|NameError|IndentationError|not enough arguments|too many arguments|is not a type\b|unknown field|has no field or method/i.test(error);
