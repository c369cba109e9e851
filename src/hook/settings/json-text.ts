/**
 * Changes in the text of a JSON file that leave every other byte as it is, and that can be taken back exactly: what
 * `append` puts in, `cutOut` takes out again, with the white space that came along.
 */
import { parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Node, ParseError } from 'jsonc-parser';
import { MemoryError } from '../../protocol/errors';

/** How the file is written: one line, or lines that end and are indented in its own way. */
export interface Layout {
  isOneLine: boolean;
  eol: string;
  unit: string;
}

/**
 * The tree of a JSON text without a byte order mark; undefined for a blank text. Claude Code refuses comments and
 * commas at the end, so a file with them is broken already and is not touched.
 * @throws MemoryError `invalid_input` with line and column
 */
export function parseJson(text: string): Node | undefined {
  if (text.trim() === '') return undefined;
  const errors: ParseError[] = [];
  let root: Node | undefined;
  try {
    root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  } catch {
    // Nested so deeply that no reader gets through it.
    throw brokenAt(text, 0, 'it is nested too deeply');
  }
  const [first] = errors;
  if (first) throw brokenAt(text, first.offset, wordsOf(first));
  try {
    JSON.parse(text);
  } catch (error) {
    // The parser above lets some control characters pass, which the client does not.
    throw brokenAt(text, Number(/position (\d+)/.exec(String(error))?.[1] ?? 0), 'it is no JSON');
  }
  if (root?.type !== 'object') throw brokenAt(text, root?.offset ?? 0, 'it is no object');
  return root;
}

const wordsOf = ({ error }: ParseError): string =>
  printParseErrorCode(error)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();

export function brokenAt(text: string, offset: number, what: string): MemoryError {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/);
  const line = before.length;
  const column = (before.at(-1)?.length ?? 0) + 1;
  return new MemoryError(
    'invalid_input',
    `The settings of Claude Code cannot be changed, because they are broken at line ${line}, column ${column}: ${what}.`,
    { reason: 'broken_settings', line, column, what },
  );
}

export function layoutOf(text: string, root: Node): Layout {
  const first = root.children?.[0];
  const lead = first && /[\r\n]([ \t]+)$/.exec(text.slice(root.offset, first.offset))?.[1];
  return {
    isOneLine: first !== undefined && !/[\r\n]/.test(text.slice(root.offset, endOf(root))),
    eol: /\r?\n/.exec(text)?.[0] ?? '\n',
    unit: lead ?? '  ',
  };
}

/** The text with `item` as the last child of a list or an object that is `depth` levels below the root. */
export function append(text: string, layout: Layout, container: Node, depth: number, item: string): string {
  const last = container.children?.at(-1);
  const at = last ? endOf(last) : container.offset + 1;
  const placed = lineAt(layout, depth + 1) + indented(item, layout, depth + 1);
  return text.slice(0, at) + (last ? `,${placed}` : placed + lineAt(layout, depth)) + text.slice(at);
}

/** The text without a child of a list or an object that is `depth` levels below the root. */
export function cutOut(text: string, layout: Layout, container: Node, depth: number, child: Node): string {
  const siblings = container.children ?? [];
  const index = siblings.indexOf(child);
  const before = siblings[index - 1];
  const next = siblings[index + 1];
  if (before) return text.slice(0, endOf(before)) + text.slice(endOf(child));
  if (next) return text.slice(0, child.offset) + text.slice(next.offset);
  // An only child was put in with a line of its own for the closing bracket.
  const closing = lineAt(layout, depth);
  const end = endOf(child);
  return text.slice(0, container.offset + 1) + text.slice(end + (text.startsWith(closing, end) ? closing.length : 0));
}

/** JSON of a value, as `append` takes it. */
export const jsonOf = (value: unknown, { isOneLine, unit }: Layout): string =>
  isOneLine ? JSON.stringify(value) : JSON.stringify(value, null, unit);

const lineAt = ({ isOneLine, eol, unit }: Layout, depth: number): string => (isOneLine ? '' : eol + unit.repeat(depth));

const indented = (item: string, layout: Layout, depth: number): string => item.replaceAll('\n', lineAt(layout, depth));

export const endOf = (node: Node): number => node.offset + node.length;
