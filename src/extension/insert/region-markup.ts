/** Reads HTML and the files built on it up to the end of a text: Vue, Svelte, Astro, and templates with islands of code. */
import { languageNamed } from './language-names';
import type { Hazard } from './languages';
import type { Region } from './region';
import { scriptRegion } from './region-script';

type RegionAt = (languageId: string, lines: readonly string[]) => Region;

/** Text that would end the element around a comment, or that an engine replaces before the script is read. */
const inElement: readonly Hazard[] = ['elementEnd', 'templates'];

/** A language whose comments `/* … *‍/` fit into every expression between braces. */
const expressionLanguage = 'css';

const rawElements = /^(?:script|style|textarea|title|template)$/i;

interface Island {
  open: RegExp;
  close: string;
  languageId: string;
}

/** Code between the signs of a template engine, which is found before the markup is read. */
const islands: Readonly<Record<string, Island>> = {
  php: { open: /<\?(?:php\b|=|(?!xml))/gi, close: '?>', languageId: 'php' },
  erb: { open: /<%[=-]?(?!%)/g, close: '%>', languageId: 'ruby' },
  ejs: { open: /<%[_=-]?(?!%)/g, close: '%>', languageId: 'javascript' },
  jsp: { open: /<%[!=@]?/g, close: '%>', languageId: 'java' },
};

/** The text with blanks in the place of its islands, or the region when the text ends in one. */
export function withoutIslands(text: string, languageId: string): string | Region {
  const island = islands[languageId];
  if (!island) return text;
  let result = '';
  let from = 0;
  for (;;) {
    island.open.lastIndex = from;
    const match = island.open.exec(text);
    if (!match) return result + text.slice(from);
    const start = match.index;
    const inside = start + match[0].length;
    const end = languageId === 'php' ? phpEnd(text, inside) : blockEnd(text, inside, island);
    if (typeof end !== 'number') return end;
    result += text.slice(from, start) + text.slice(start, end).replaceAll(/[^\n]/g, ' ');
    from = end;
  }
}

function blockEnd(text: string, inside: number, { close, languageId }: Island): number | Region {
  const isComment = text[inside] === '#' || text.startsWith('--', inside);
  const end = text.indexOf(isComment && text[inside] === '-' ? `--${close}` : close, inside);
  if (end >= 0) return text.indexOf('>', end) + 1;
  return { languageId, hazards: [], ...(isComment && { unsafeFrom: text.lastIndexOf('<', inside) }) };
}

/** PHP ends at its closing sign outside strings and block comments; a line comment does not hide it. */
function phpEnd(text: string, inside: number): number | Region {
  const token = /\?>|\/\*|["'`]|(?:#(?!\[)|\/\/)(?:(?!\?>)[^\n])*|<<<[ \t]*(["']?)([A-Za-z_]\w*)\1\n/g;
  token.lastIndex = inside;
  for (;;) {
    const match = token.exec(text);
    if (!match) return { languageId: 'php', hazards: [] };
    const [sign, , label] = match;
    let end: number | undefined;
    if (sign === '?>') return match.index + 2;
    if (sign === '/*') end = after(text, '*/', token.lastIndex);
    else if (label !== undefined) {
      const close = new RegExp(`^[ \\t]*${label}\\b`, 'gm');
      close.lastIndex = token.lastIndex;
      end = close.test(text) ? close.lastIndex : undefined;
    } else if (/^["'`]$/.test(sign)) end = stringEnd(text, sign, token.lastIndex);
    else continue;
    if (end === undefined) return { languageId: 'php', hazards: [], unsafeFrom: match.index };
    token.lastIndex = end;
  }
}

function after(text: string, wanted: string, from: number): number | undefined {
  const at = text.indexOf(wanted, from);
  return at < 0 ? undefined : at + wanted.length;
}

function stringEnd(text: string, quote: string, from: number): number | undefined {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === quote) return at + 1;
  }
  return undefined;
}

/**
 * The region at the end of the text.
 * @param regionAt judges the text of an element that is in another language
 */
export function markupRegion(text: string, languageId: string, regionAt: RegionAt): Region {
  let from = 0;
  if (languageId === 'astro') {
    const start = /^\s*---[ \t]*\n/.exec(text)?.[0].length;
    if (start !== undefined) {
      const end = /^---[ \t]*$/m.exec(text.slice(start));
      if (!end) return scriptRegion(text, start, { languageId: 'typescript' });
      from = start + end.index + 3;
    }
  }
  return new Markup(text, languageId, regionAt).read(from);
}

interface Tag {
  end: number;
  isClosed: boolean;
  attributes: string;
}

class Markup {
  /** Open elements of a Vue file; its blocks are those at the top. */
  #depth = 0;

  constructor(
    readonly text: string,
    readonly languageId: string,
    readonly regionAt: RegionAt,
  ) {}

  read(start: number): Region {
    const { text, languageId } = this;
    const hasBraces = languageId === 'svelte' || languageId === 'astro';
    const token = /<!--|<!\[CDATA\[|<[!?]|<\/?(?=[A-Za-z])|\{\{|\{/g;
    token.lastIndex = start;
    for (let match = token.exec(text); match; match = token.exec(text)) {
      const at = match.index;
      const [sign] = match;
      let end: number | Region | undefined = token.lastIndex;
      if (sign === '<!--') end = after(text, '-->', at);
      else if (sign === '<![CDATA[') end = after(text, ']]>', at);
      else if (sign === '<!' || sign === '<?') end = after(text, '>', at);
      else if (sign === '<' || sign === '</') end = this.#element(at, sign === '</');
      else if (sign === '{{' && languageId === 'vue') end = this.#moustache(at);
      else if (hasBraces) end = this.#braces(at);
      if (end === undefined) return { languageId, hazards: [], unsafeFrom: at };
      if (typeof end !== 'number') return end;
      token.lastIndex = end;
    }
    return { languageId, hazards: [] };
  }

  #moustache(at: number): number | Region {
    return after(this.text, '}}', at) ?? { languageId: expressionLanguage, hazards: [...inElement] };
  }

  #braces(at: number): number | Region {
    const isAstro = this.languageId === 'astro';
    const end = scriptRegion(this.text, at + 1, {
      languageId: expressionLanguage,
      ...(isAstro && { children: 'astro' }),
      isIsland: true,
    });
    return typeof end === 'number' ? end : { ...end, hazards: inElement };
  }

  /** Behind the tag; of an element with text of its own behind its end. */
  #element(at: number, isClosing: boolean): number | Region | undefined {
    const { text, languageId } = this;
    const name = /^<\/?([A-Za-z][\w:.-]*)/.exec(text.slice(at, at + 100))?.[1] ?? '';
    const tag = this.#tag(at + 1 + (isClosing ? 1 : 0) + name.length);
    if (!tag) return undefined;
    if (isClosing) {
      this.#depth = Math.max(0, this.#depth - 1);
      return tag.end;
    }
    if (tag.isClosed) return tag.end;
    const isXml = languageId === 'xml' || languageId === 'xsl';
    const isBlock = languageId === 'vue' && this.#depth === 0 && name !== 'template';
    const isRaw = !isXml && (rawElements.test(name) || isBlock) && !this.#isPlainTemplate(name, tag);
    if (!isRaw) {
      if (!/^(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)$/i.test(name)) this.#depth++;
      return tag.end;
    }
    const closing = new RegExp(`</${name}\\b[^>]*>?`, 'gi');
    closing.lastIndex = tag.end;
    if (closing.test(text)) return closing.lastIndex;
    return this.#inside(at, name.toLowerCase(), tag);
  }

  #isPlainTemplate(name: string, { attributes }: Tag): boolean {
    if (name.toLowerCase() !== 'template') return false;
    return this.languageId !== 'vue' || this.#depth > 0 || !/\blang\s*=\s*["']?(?!html\b)\w/i.test(attributes);
  }

  /** Inside an element with text of its own. */
  #inside(at: number, name: string, { end, attributes }: Tag): Region {
    const languageId = elementLanguage(name, attributes, this.languageId);
    if (languageId === '') return { languageId: this.languageId, hazards: [], unsafeFrom: at };
    const lines = this.text.slice(end).split('\n').slice(0, -1);
    const region = this.regionAt(languageId, lines);
    return {
      ...region,
      hazards: [...region.hazards, ...inElement],
      ...(region.unsafeFrom !== undefined && { unsafeFrom: end + region.unsafeFrom }),
    };
  }

  /** Reads attributes; undefined when the tag does not end. */
  #tag(from: number): Tag | undefined {
    const { text } = this;
    const hasBraces = this.languageId === 'svelte' || this.languageId === 'astro';
    for (let at = from; at < text.length; at++) {
      const sign = text[at];
      if (sign === '>') return { end: at + 1, isClosed: text[at - 1] === '/', attributes: text.slice(from, at) };
      if (sign === '"' || sign === "'") {
        const end = text.indexOf(sign, at + 1);
        if (end < 0) return undefined;
        at = end;
      } else if (sign === '{' && hasBraces) {
        const end = scriptRegion(text, at + 1, { languageId: 'javascript', children: 'astro', isIsland: true });
        if (typeof end !== 'number') return undefined;
        at = end - 1;
      }
    }
    return undefined;
  }
}

/** The language of an element's text by its attributes; empty where comments are not possible. */
function elementLanguage(name: string, attributes: string, languageId: string): string {
  const valueOf = (attribute: string) =>
    new RegExp(`(?:^|\\s)${attribute}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i')
      .exec(attributes)
      ?.slice(1)
      .find((value) => value !== undefined)
      ?.trim()
      .toLowerCase() ?? '';
  const lang = valueOf('lang');
  if (name === 'style') return lang === '' ? 'css' : languageNamed(lang);
  if (name === 'script') return scriptLanguage(lang, valueOf('type'));
  if (name === 'template') return languageNamed(lang);
  // A block of a Vue file: `<i18n lang="yaml">`, `<docs>`.
  if (languageId === 'vue' && name === 'docs') return 'html';
  return languageId !== 'vue' || lang === '' || lang.startsWith('json') ? '' : languageNamed(lang);
}

function scriptLanguage(lang: string, type: string): string {
  if (lang !== '') return languageNamed(lang);
  if (type === '' || type === 'module' || /(?:java|ecma)script/.test(type)) return 'javascript';
  if (/babel|jsx/.test(type)) return 'javascriptreact';
  if (/typescript|\bts\b/.test(type)) return 'typescript';
  if (/^(?:text\/)?(?:html|template|ng-template|x-template)$/.test(type)) return 'html';
  if (/handlebars/.test(type)) return 'handlebars';
  if (/shader|glsl|vertex|fragment/.test(type)) return 'glsl';
  if (/^(?:text\/)?(?:py|mpy|x-python|python)$/.test(type)) return 'python';
  // JSON has no comments, and of other types nothing is known.
  return '';
}
