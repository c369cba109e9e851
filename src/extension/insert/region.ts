/**
 * The language at a place of a file with several: `<script>` in HTML, a fence in Markdown, JSX in TypeScript. No API of
 * the editor tells it reliably, so the text above the place is read. Pure functions over lines.
 */
import { languageNamed } from './language-names';
import type { Hazard } from './languages';
import { markupRegion, withoutIslands } from './region-markup';
import { scriptRegion } from './region-script';

export interface Region {
  /** Decides the form of a comment; empty where the language has no comments or is not known. */
  languageId: string;
  /** What would act inside a comment because of the file around it. */
  hazards: readonly Hazard[];
  /** Set inside a string, a tag or a comment, where a comment is not possible: where that begins. */
  unsafeFrom?: number;
  /** What begins every line there: `> ` in a quotation, the indent of a list. */
  prefix?: string;
}

const plainRegion = (languageId: string): Region => ({ languageId, hazards: [] });

/** A misread file must not move an insertion far away. */
const maxLinesMoved = 200;

/** Where a comment can stand at or above a line, and in which language. */
export function placeComment(
  languageId: string,
  line: number,
  lineAt: (line: number) => string,
): { line: number; region: Region } {
  const first = pinnedFirstLine(languageId, lineAt(0)) ? 1 : 0;
  const lines = Array.from({ length: Math.max(line, first) }, (_, index) => lineAt(index));
  let at = lines.length;
  for (;;) {
    const region = regionAt(languageId, lines.slice(0, at), at < lines.length ? lines[at] : lineAt(at));
    if (region.unsafeFrom === undefined) return { line: at, region };
    const text = lines.slice(0, at).join('\n');
    const begins = text.slice(0, region.unsafeFrom).split('\n').length - 1;
    if (begins >= at || line - begins > maxLinesMoved) return { line, region: plainRegion(languageId) };
    if (begins < first) return { line: first, region: regionAt(languageId, lines.slice(0, first)) };
    at = begins;
  }
}

/** Lines that must stay the first of their file. */
function pinnedFirstLine(languageId: string, line: string): boolean {
  if (/^(?:#!|<\?xml\b|<\?php\b)/.test(line)) return true;
  return (languageId === 'python' && /^%%\w/.test(line)) || (languageId === 'astro' && /^---\s*$/.test(line));
}

/** The language at the start of the line after `above`; `next` is that line. */
export function regionAt(languageId: string, above: readonly string[], next = ''): Region {
  const text = above.length === 0 ? '' : `${above.join('\n')}\n`;
  switch (languageId) {
    case 'markdown':
    case 'mdx':
    case 'rmd':
    case 'quarto':
      return markdownRegion(languageId, above, next);
    case 'javascript':
    case 'javascriptreact':
    case 'typescriptreact':
      return scriptRegion(text, 0, { languageId, children: 'mdx' });
    case 'typescript':
      return scriptRegion(text, 0, { languageId });
    case 'html':
    case 'xhtml':
    case 'svg':
    case 'xml':
    case 'xsl':
    case 'vue':
    case 'svelte':
    case 'astro':
    case 'velocity':
      return markupRegion(text, languageId, regionAt);
    case 'php':
    case 'erb':
    case 'ejs':
    case 'jsp': {
      const outside = withoutIslands(text, languageId);
      return typeof outside === 'string'
        ? markupRegion(outside, languageId === 'php' ? 'html' : languageId, regionAt)
        : outside;
    }
    case 'python':
      return plainRegion(magicLanguages[/^%%(\w+)/.exec(above[0] ?? '')?.[1] ?? ''] ?? languageId);
    default:
      return plainRegion(languageId);
  }
}

/** Cells of notebooks in another language than that of the notebook. */
const magicLanguages: Readonly<Record<string, string>> = {
  bash: 'shellscript',
  sh: 'shellscript',
  script: 'shellscript',
  html: 'html',
  HTML: 'html',
  svg: 'svg',
  SVG: 'svg',
  js: 'javascript',
  javascript: 'javascript',
  latex: 'latex',
  perl: 'perl',
  ruby: 'ruby',
  R: 'r',
  sql: 'sql',
  bigquery: 'sql',
  cython: 'python',
  markdown: 'markdown',
  writefile: '',
};

interface Fence {
  marks: string;
  language: string;
  from: number;
  prefix: string;
}

const fencePattern = /^((?:[ \t]*>)*[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?)(`{3,}|~{3,})(.*)$/;

function markdownRegion(languageId: string, lines: readonly string[], next: string): Region {
  const prose = plainRegion(languageId);
  const start = frontMatterEnd(lines, next);
  if (start < 0) return plainRegion('yaml');
  let fence: Fence | undefined;
  // A block of HTML lasts to its closing tag.
  let element: { name: string; from: number } | undefined;
  for (let line = start; line < lines.length; line++) {
    const text = lines[line] ?? '';
    if (element) {
      if (new RegExp(`</${element.name}`, 'i').test(text)) element = undefined;
      continue;
    }
    const [, prefix = '', marks = '', info = ''] = fencePattern.exec(text) ?? [];
    if (fence) {
      const closes = marks !== '' && marks[0] === fence.marks[0] && marks.length >= fence.marks.length;
      // A quotation that ends closes the fences in it.
      if ((closes && info.trim() === '') || (fence.prefix.includes('>') && !text.trimStart().startsWith('>')))
        fence = undefined;
    } else if (marks !== '' && !(marks.startsWith('`') && info.includes('`'))) {
      // The lines of a fence in a list are as deep as the text of its item.
      const margin = prefix.replace(/[^>\s]/g, ' ');
      fence = { marks, language: fenceLanguage(info.trim()), from: line + 1, prefix: margin };
    } else {
      const name = /^ {0,3}<(script|style)\b[^>]*>(?!.*<\/\1)/i.exec(text)?.[1];
      if (name) element = { name, from: line };
    }
  }
  if (element) return shifted(regionAt('html', lines.slice(element.from)), lines, element.from);
  if (!fence) return prose;
  const inside = lines.slice(fence.from);
  if (fence.prefix.includes('>')) return { ...plainRegion(fence.language), prefix: fence.prefix };
  return { ...shifted(regionAt(fence.language, inside), lines, fence.from), prefix: fence.prefix };
}

/** Offsets of a part as those of the whole. */
function shifted(region: Region, lines: readonly string[], from: number): Region {
  if (region.unsafeFrom === undefined) return region;
  const before = lines.slice(0, from).reduce((sum, line) => sum + line.length + 1, 0);
  return { ...region, unsafeFrom: before + region.unsafeFrom };
}

/** The line after the front matter; 0 without one, and -1 inside it. */
function frontMatterEnd(lines: readonly string[], next: string): number {
  if (!/^---\s*$/.test(lines[0] ?? '')) return 0;
  const end = lines.findIndex((line, index) => index > 0 && /^(?:---|\.\.\.)\s*$/.test(line));
  if (end > 0) return end + 1;
  // A line of dashes alone is a rule.
  return /^(?:[\w-]+\s*:|#)/.test(lines[1] ?? next) ? -1 : 0;
}

/** `ts title="x"`, `{r, echo=FALSE}`, `{.python .numberLines}` */
function fenceLanguage(info: string): string {
  const name = /^\{?\s*[.=]?([^\s,{}:]+)/.exec(info.trim())?.[1] ?? '';
  return name === '' ? '' : languageNamed(name);
}
