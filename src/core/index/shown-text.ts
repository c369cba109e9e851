/** A part of a text as a person reads it in one line: without the signs of Markdown, and with each path once. */

interface PartOptions {
  /** The part begins at the beginning of a line, where signs of blocks stand. */
  isLineStart: boolean;
  /** The part begins inside a block of code, which is shown as it is. */
  isCode: boolean;
  /** True for an address that must be seen, because it was searched for. */
  isWanted: (address: string) => boolean;
}

const fence = /^\s*(?:```|~~~)/;
const listSigns = /^\s*(?:>\s?)*\s*(?:#{1,6}\s+|[-*+]\s+(?:\[[ xX]\]\s+)?)?/;
/** The line under the head of a table, and a rule. */
const ruler = /^[\s|:*_-]+$/;
const link = /!?\[([^\][]*)\]\(([^()\s]*)\)/g;
const emphasis = /(^|[\s(])\*([^\s*][^*]*)\*(?=$|[\s).,:;!?])/g;
const betweenPaths = /([\s"'`()<>,;:]+)/;
/** A shorter one is a word with a slash: and/or. */
const shortestPath = 8;

/** True when a place of a text is inside a block of code. */
export const isInCode = (text: string, at: number): boolean =>
  text
    .slice(0, at)
    .split('\n')
    .slice(0, -1)
    .filter((line) => fence.test(line)).length %
    2 ===
  1;

export function withoutMarkdown(part: string, { isLineStart, isCode, isWanted }: PartOptions): string {
  let isInBlock = isCode;
  const lines = part.split('\n').flatMap((line, index) => {
    const isWhole = index > 0 || isLineStart;
    if (isWhole && fence.test(line)) {
      isInBlock = !isInBlock;
      return [];
    }
    if (isInBlock) return [line];
    if (isWhole && line.includes('-') && ruler.test(line)) return [];
    const text = isWhole ? line.replace(listSigns, '') : line;
    return [withoutInline(text.trimStart().startsWith('|') ? cellsOf(text) : text, isWanted)];
  });
  return lines.join('\n');
}

const cellsOf = (row: string): string =>
  row
    .split('|')
    .map((cell) => cell.trim())
    .filter((cell) => cell !== '')
    .join(' · ');

/** What stands in backquotes is code and stays as it is; a lone one is a letter. */
function withoutInline(line: string, isWanted: (address: string) => boolean): string {
  const pieces = line.split('`');
  const isPaired = pieces.length % 2 === 1;
  return pieces
    .map((piece, index) => {
      if (isPaired && index % 2 === 1) return piece;
      const plain = piece
        .replace(link, (_, label: string, address: string) => (isWanted(address) ? `${label} ${address}` : label))
        .replace(emphasis, '$1$2');
      return withoutPairs(withoutPairs(plain, '**'), '~~');
    })
    .join(isPaired ? '' : '`');
}

/** Signs without a partner mean something else: `**kwargs`. */
function withoutPairs(text: string, sign: string): string {
  const parts = text.split(sign);
  return parts.length % 2 === 1 ? parts.join('') : text;
}

/** Says a path once: tools write it in their headline, their input and their output. */
export function eachPathOnce(text: string): string {
  const seen: string[] = [];
  return text
    .split(betweenPaths)
    .map((word) => {
      const name = word.replaceAll('\\', '/');
      if (name.length < shortestPath || !name.includes('/')) return word;
      if (seen.some((other) => other === name || other.endsWith(`/${name}`))) return '';
      seen.push(name);
      return word;
    })
    .join('');
}
