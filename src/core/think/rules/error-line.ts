/** The line of a red check that says what is wrong, in words worth remembering. */
import type { CallLine } from '../../store/session-lines';
import { readRun } from '../outcomes';
import { isTelling } from '../verdict';

/** Undefined when the check was not red, or its output does not say why. */
export function errorOf(red: CallLine): string | undefined {
  const line = readRun(red)?.firstBad;
  return line !== undefined && isTelling(line) ? line : undefined;
}

/** Slips of the moment: a name not imported yet, a leftover. Nobody needs to remember them. */
export const isSlip = (error: string): boolean => /undefined: |is not defined|imported and not used|declared and not used|is declared but|is unused \(unused\)|unused (?:variable|import|function)|(?:defined|assigned a value) but never used|cannot find name|undeclared name|missing return|syntax error|unexpected token|expected .{1,20} found|does not exist on type|has no exported member|unresolved import|cannot find (?:value|type|function|macro)|redeclared|already declared|missing import|NameError|IndentationError|not enough arguments|too many arguments|is not a type\b|unknown field|has no field or method/i.test(error);
