/** The edit by which a place follows a decision, where that is clear. */
import type { Predicate } from '../../protocol/watch';
import type { Lines, Span } from './found';

export interface Edit {
  line: number;
  from: number;
  toLine: number;
  to: number;
  text: string;
}

/** What all of them call the same. */
const sharedCommands = /^\s+(?:install|run|test|start|build)\b/;
const managers: ReadonlySet<string> = new Set(['npm', 'pnpm', 'yarn', 'bun']);

export function followOf(predicate: Predicate, file: string, lines: Lines, span: Span): Edit | undefined {
  const { kind, subject, instead, isRegex } = predicate;
  if (kind === 'dependency') return withoutLine(file, lines, span);
  if (instead === '' || isRegex || /\n/.test(instead)) return undefined;
  if (lines.text.slice(span.from, span.to) !== subject) return undefined;
  if (kind === 'command' && managers.has(subject) && managers.has(instead)) {
    // `npm ci` has no counterpart of the same name.
    if (!sharedCommands.test(lines.text.slice(span.to, span.to + 40))) return undefined;
  }
  return editOf(lines, span.from, span.to, instead);
}

/** A package of JSON goes with its comma; one of a list of lines with its line. */
function withoutLine(file: string, lines: Lines, { from }: Span): Edit | undefined {
  const line = lines.lineOf(from);
  const text = lines.textOf(line);
  // Nobody wrote a longer one by hand.
  if (text.length > 500) return undefined;
  const [start, next] = [lines.startOf(line), lines.startOf(line + 1)];
  if (file.endsWith('.json')) {
    // One to a line, as it is written by every package manager.
    if (!/^\s*"[^"]+"\s*:\s*"[^"]*"\s*,?\s*$/.test(text)) return undefined;
    if (/,\s*$/.test(text)) return editOf(lines, start, next, '');
    const comma = /,\s*$/.exec(lines.text.slice(0, start));
    return editOf(lines, comma?.index ?? start, start + text.trimEnd().length, '');
  }
  if (file.endsWith('.toml') && !/^\s*(?:[\w.-]+\s*=\s*"[^"]*"|["'][^"']*["'],?)\s*$/.test(text)) return undefined;
  if (/pom\.xml$|\.gradle/.test(file) || /^require\s/.test(text)) return undefined;
  return editOf(lines, start, next, '');
}

function editOf(lines: Lines, from: number, to: number, text: string): Edit {
  const [line, toLine] = [lines.lineOf(from), lines.lineOf(to)];
  return { line, from: from - lines.startOf(line), toLine, to: to - lines.startOf(toLine), text };
}
