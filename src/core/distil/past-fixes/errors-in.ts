/** The errors in what a compiler, linter, test runner or program put out, each with the file it names. */
import { regex } from '../../lib/regex';
import { readMessage } from './error-message';
import type { ErrorMessage } from './error-message';

export interface FoundError extends ErrorMessage {
  /** Number of its line in the text, from 0. */
  line: number;
  /** The line as it is, trimmed. */
  text: string;
  /** As the tool names it; empty when it names none. */
  file: string;
}

const maxLines = 3000;
const maxLine = 500;
const maxErrors = 60;
/** Lines below an error in which rustc and javac say more. */
const maxBelow = 8;

// oxlint-disable-next-line no-control-regex -- colours, and what a shell tells the editor
const controls = /\u001B(?:\[[\d;?]*[A-Za-z]|\][^\u0007\u001B]*(?:\u0007|\u001B\\))/g;
const placed = /^(?:e: |w: )?(?:file:\/\/)?((?:[A-Za-z]:)?[\w./\\@~+-]*\.\w{1,6})(?:[:(]\d+(?:[:,]\d+)?\)?)(?: - |:? )/;
const place = /^\d+:\d+ +(?=error|warning)/;
const severity = regex()`
  ^(?:fatal )?(?:error|Error|ERROR)(?:\[(?<rust>E\d{4})\]| (?<ts>TS\d{3,5}))?(?:: | +(?=\S))
`;
const exception = regex()`
  ^(?:Uncaught |Unhandled |Exception in thread \S{1,60} |Caused by: |thread \S{1,60} )?(?:[a-z][\w$]*\.){0,8}
  (?<name>(?:(?<=\.)[A-Z]\w{2,60})|[A-Z]\w{0,60}(?:Error|Exception|Warning|Interrupt|Exit)|Error)(?: \[(?<node>[A-Z_]{3,40})\])?:\s
`;
const codeBehind = regex()`
  (?:  (?<eslint>@?[a-z][\w-]{1,40}(?:\/[\w-]{2,50}){0,2})| \((?<paren>report[A-Z]\w{2,50}|[A-Z]{1,4}\d{3,5}|[a-z]{4,20})\)
  | \[(?<bracket>-?[\w=+-]{3,50})\])$
`;
const codeBefore = /^(?<ruff>[A-Z]{1,5}\d{2,5})(?: \[\*\])? (?=\S)/;

/** At most sixty, each once. */
export function errorsIn(output: string): FoundError[] {
  const lines = output.split('\n', maxLines);
  const found = new Map<string, FoundError>();
  for (let line = 0; line < lines.length && found.size < maxErrors; line++) {
    const error = errorAt(lines, line);
    if (!error) continue;
    const key = JSON.stringify([error.code, error.template, error.names]);
    if (!found.has(key)) found.set(key, error);
  }
  return [...found.values()];
}

/** The error that begins in this line. Undefined when there is none. */
export function errorAt(lines: readonly string[], line: number): FoundError | undefined {
  const text = clean(lines[line] ?? '');
  if (text === '') return undefined;
  let rest = text.replace(/^E {1,8}(?=\S)|^npm (?:ERR!|error) |^FAILED \S+ - |^ERROR: (?=\S)/, '');
  const file = placed.exec(rest)?.[1] ?? (place.test(rest) ? fileAbove(lines, line) : '');
  rest = rest.replace(placed, '').replace(place, '');
  const isPlaced = rest.length < text.length && (file !== '' || /^E {2}/.test(text));
  if (/^(?:warning|note|help|info)\b/i.test(rest) && !codeBehind.test(rest)) return undefined;
  const said = severity.exec(rest);
  rest = rest.replace(severity, '').replace(/^warning:? +/, '');
  const thrown = exception.exec(rest);
  rest = rest.replace(exception, '');
  const before = codeBefore.exec(rest);
  rest = rest.replace(codeBefore, '');
  const behind = codeBehind.exec(rest);
  const isNamed = said ?? thrown ?? before ?? undefined;
  if (!isNamed && !(isPlaced && isCompilers(text))) return undefined;
  if (behind) rest = rest.slice(0, behind.index).trimEnd();
  const thrownName = thrown?.groups?.['name'] === 'Error' ? undefined : thrown?.groups?.['name'];
  const code =
    said?.groups?.['rust'] ??
    said?.groups?.['ts'] ??
    before?.groups?.['ruff'] ??
    behind?.groups?.['eslint'] ??
    behind?.groups?.['paren'] ??
    behind?.groups?.['bracket'] ??
    thrown?.groups?.['node'] ??
    thrownName ??
    '';
  const below = belowOf(lines, line, said?.groups?.['rust'] !== undefined || /^cannot find symbol$/.test(rest));
  const message = readMessage(`${rest}${below.words}`, code);
  return message && { ...message, line, text, file: file === '' ? below.file : file };
}

const clean = (line: string): string => line.slice(0, maxLine).replace(controls, '').trim();

/** Go and Kotlin write no word of severity, but a column, which logs of tests do not. */
const isCompilers = (text: string): boolean =>
  /^(?:vet: )?\S{1,300}\.go:\d+:\d+: |^e: \S{1,300}\.kts?:/.test(text) ||
  (/^\S{1,300}_test\.go:\d+: /.test(text) && /\b(?:error|failed to|cannot|panic)\b/i.test(text));

/** Linters name the file once, above its findings. */
function fileAbove(lines: readonly string[], line: number): string {
  for (let at = line - 1; at >= 0 && at > line - 200; at--) {
    const text = clean(lines[at] ?? '');
    if (text === '') return '';
    if (/^\S*[\w-]\.\w{1,6}$/.test(text)) return text;
  }
  return '';
}

/** rustc writes what is wrong beside the code, javac what the symbol is. */
function belowOf(lines: readonly string[], line: number, isMeant: boolean): { words: string; file: string } {
  if (!isMeant) return { words: '', file: '' };
  let words = '';
  let file = '';
  for (const each of lines.slice(line + 1, line + 1 + maxBelow)) {
    const text = clean(each);
    if (/^error\b/.test(text)) break;
    file ||= /^--> ([^:]{1,300}):\d+/.exec(text)?.[1] ?? '';
    const more = /^\|[ |_]*\^+[-]* +(?=\S)(.{3,200})$/.exec(text)?.[1] ?? /^symbol: {1,4}(.{3,100})$/.exec(text)?.[1];
    if (more === undefined) continue;
    // A variable of javac's has no quotes.
    const [, sort, name] = /^(variable|class|method|package) (\S{1,100})/.exec(more) ?? [];
    words = name === undefined ? `: ${more}` : `: ${sort ?? ''} '${name}'`;
    break;
  }
  return { words, file };
}
