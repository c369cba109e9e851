/** The line of a failed check that says what is wrong. */
import { fileName } from '../../../../protocol/paths';
import type { CheckKind } from '../../../../protocol/summary';
import { regex } from '../../../lib/regex';
import type { CallLine } from '../../../store/tables/session-lines';
import { readRun } from '../../reading/outcomes';
import { isTelling } from '../../reading/verdict';

/** Undefined when the check did not fail, or its output does not say why. */
export function errorOf(red: CallLine): string | undefined {
  const line = readRun(red)?.firstBad;
  return line !== undefined && isTelling(line) ? line : undefined;
}

/** For a linter or compiler, which lists many files: the line about an edited file. */
export function errorAbout(red: CallLine, check: CheckKind, files: readonly string[]): string | undefined {
  const first = errorOf(red);
  if (check === 'test' || first === undefined) return first;
  const names = new Set(files.map(fileName));
  const isAbout = (line: string) => {
    const place = placeOf(line);
    return place !== undefined && names.has(fileName(place));
  };
  if (!placed.test(first) || isAbout(first)) return first;
  return red.output
    .split('\n')
    .map((line) => line.trim())
    .find((line) => line.length <= longest && isAbout(line) && isTelling(line));
}

/** The file that an error line names with its line. */
export const placeOf = (line: string): string | undefined => placed.exec(line)?.[1];

const placed = /(?:^|[\s(\]])([\w./@-]+\.\w{1,5})[:(]\d+/;
const longest = 300;

const leftOver =
  /ineffectual assignment|unused write|unused[ -]parameter|seems to be unused|redundant (?:return|break|continue|else)\b/i;

/** True for slips such as a missing import, which are not worth remembering. */
export const isSlip = (error: string): boolean =>
  leftOver.test(error) ||
  regex('i')`
    undefined: |is not defined|imported and not used|declared and not used|is declared but|
    is unused \(unused\)|unused (?:variable|import|function)|(?:defined|assigned a value) but never used|
    cannot find name|undeclared name|missing return|syntax error|unexpected token|expected .{1,20} found|
    does not exist on type|has no exported member|unresolved import|cannot find (?:value|type|function|
    macro)|redeclared|already declared|missing import|NameError|IndentationError|not enough arguments|
    too many arguments|is not a type\b|unknown field|has no field or method|
    cannot use \S{1,80} \((?:value|variable|constant) of|is not assignable to|mismatched types|incompatible types
  `.test(error);
