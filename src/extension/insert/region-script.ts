/** Reads JavaScript and TypeScript, with JSX, up to the end of a text: is a comment possible there, and in what form? */
import type { Region } from './region';

export interface ScriptOptions {
  languageId: string;
  /** Language whose comments are written between JSX tags; without it there is no JSX. */
  children?: string;
  /** The text is an expression in braces, which ends where they close. */
  isIsland?: boolean;
}

interface Frame {
  kind: 'code' | 'template' | 'tag' | 'children';
  /** Where it begins. */
  at: number;
  /** Open braces of code. */
  depth: number;
  isClosing: boolean;
}

const wordsBeforeExpressions = new Set(
  (
    'return typeof instanceof in of new delete void throw case do else yield await default extends async export ' +
    'const let var if while for'
  ).split(' '),
);
const word = /[\p{L}\p{N}_$#@]+/uy;
const tagStart = /<(?:[\p{L}_$][\p{L}\p{N}_$.:-]*|(?=>))/uy;
/** Type parameters of an arrow function, which look like a tag: `<T,>(…) =>`, `<T extends U>(…) =>`. */
const typeParameters = /<\s*(?:const\s+)?[\p{L}_$][\p{L}\p{N}_$]*\s*(?:,|extends\b|=[^>])/uy;

/** The region at the end of the text. For an island that ends before, the offset behind its closing brace. */
export function scriptRegion(text: string, from: number, options: ScriptOptions & { isIsland: true }): Region | number;
export function scriptRegion(text: string, from: number, options: ScriptOptions): Region;
export function scriptRegion(text: string, from: number, options: ScriptOptions): Region | number {
  return new Script(text, from, options).read();
}

class Script {
  readonly #frames: Frame[];
  #at: number;
  /** The last token was a value, so `/` divides and `<` compares. */
  #isValue = false;

  constructor(
    readonly text: string,
    from: number,
    readonly options: ScriptOptions,
  ) {
    this.#at = from;
    this.#frames = [frame('code', from)];
  }

  read(): Region | number {
    const { text } = this;
    while (this.#at < text.length) {
      const top = this.#frames.at(-1);
      if (!top) return this.#at;
      const unsafe = this.#step(top);
      if (unsafe !== undefined) return this.#region(this.options.languageId, unsafe);
    }
    const top = this.#frames.at(-1);
    if (!top) return this.#at;
    if (top.kind === 'template') return this.#region(this.options.languageId, top.at);
    if (top.kind === 'children') return this.#region(this.options.children ?? '');
    // Between the attributes of JSX comments of code are possible, in Astro not.
    if (top.kind === 'tag' && this.options.children === 'astro') return this.#region('astro', top.at);
    return this.#region(this.options.languageId);
  }

  #region(languageId: string, unsafeFrom?: number): Region {
    return { languageId, hazards: [], ...(unsafeFrom !== undefined && { unsafeFrom }) };
  }

  /** Reads one token; a number is where a string or comment without an end begins. */
  #step(top: Frame): number | undefined {
    if (top.kind === 'template') return this.#template();
    if (top.kind === 'children') return this.#children();
    return top.kind === 'tag' ? this.#tag(top) : this.#code(top);
  }

  #code(top: Frame): number | undefined {
    const { text } = this;
    const at = this.#at;
    const sign = text[at] ?? '';
    if (/\s/.test(sign)) {
      this.#at++;
      return undefined;
    }
    if (sign === '/' && (text[at + 1] === '/' || text[at + 1] === '*')) return this.#comment();
    if (sign === '"' || sign === "'") return this.#string(sign);
    word.lastIndex = at;
    const name = word.exec(text)?.[0];
    if (name !== undefined) {
      this.#at += name.length;
      this.#isValue = !wordsBeforeExpressions.has(name) || text[at - 1] === '.';
    } else if (sign === '`') this.#push('template');
    else if (sign === '/' && !this.#isValue) this.#regex();
    else if (sign === '<' && this.#isTag()) this.#openTag();
    else this.#operator(top, sign);
    return undefined;
  }

  #operator(top: Frame, sign: string): void {
    const at = this.#at++;
    if (sign === '{') top.depth++;
    if (sign === '}' && --top.depth < 0) {
      // Also leaves the braces of `${…}` and of an expression in JSX.
      if (this.#frames.length > 1 || this.options.isIsland) this.#frames.pop();
      else top.depth = 0;
    }
    const isPostfix =
      /[!+-]/.test(sign) &&
      this.#isValue &&
      (sign === '!' ? this.text[at + 1] !== '=' : this.text[at + 1] === sign || this.text[at - 1] === sign);
    this.#isValue = sign === ')' || sign === ']' || isPostfix;
  }

  #isTag(): boolean {
    if (this.options.children === undefined || this.#isValue) return false;
    tagStart.lastIndex = this.#at;
    typeParameters.lastIndex = this.#at;
    return tagStart.test(this.text) && !typeParameters.test(this.text);
  }

  #openTag(): void {
    tagStart.lastIndex = this.#at;
    const length = tagStart.exec(this.text)?.[0].length ?? 1;
    this.#frames.push(frame('tag', this.#at));
    this.#at += length;
  }

  #tag(top: Frame): number | undefined {
    const { text } = this;
    const sign = text[this.#at] ?? '';
    if (sign === '/' && (text[this.#at + 1] === '/' || text[this.#at + 1] === '*') && !top.isClosing)
      return this.#comment();
    if (sign === '"' || sign === "'") {
      const end = text.indexOf(sign, this.#at + 1);
      if (end < 0) return top.at;
      this.#at = end + 1;
    } else if (sign === '{') this.#push('code');
    else if (sign === '/' && text[this.#at + 1] === '>') this.#leave(2, 1);
    else if (sign === '>' && top.isClosing) this.#leave(1, 2);
    else if (sign === '>') {
      top.kind = 'children';
      this.#at++;
    } else this.#at++;
    return undefined;
  }

  #children(): number | undefined {
    const { text } = this;
    const rest = text.slice(this.#at, this.#at + 4);
    if (rest.startsWith('{')) this.#push('code');
    else if (rest.startsWith('</')) {
      this.#frames.push({ ...frame('tag', this.#at), isClosing: true });
      this.#at += 2;
    } else if (rest === '<!--') {
      const end = text.indexOf('-->', this.#at);
      if (end < 0) return this.#at;
      this.#at = end + 3;
    } else {
      tagStart.lastIndex = this.#at;
      if (tagStart.test(text)) this.#openTag();
      else this.#at++;
    }
    return undefined;
  }

  #template(): undefined {
    const { text } = this;
    const sign = text[this.#at];
    if (sign === '\\') this.#at += 2;
    else if (sign === '`') this.#leave(1, 1);
    else if (sign === '$' && text[this.#at + 1] === '{') {
      this.#at++;
      this.#push('code');
    } else this.#at++;
  }

  #comment(): number | undefined {
    const at = this.#at;
    const isLine = this.text[at + 1] === '/';
    const end = this.text.indexOf(isLine ? '\n' : '*/', at + 2);
    if (end < 0) return at;
    this.#at = isLine ? end : end + 2;
    return undefined;
  }

  /** A string ends with its line, unless the line ends in a backslash. */
  #string(quote: string): number | undefined {
    const { text } = this;
    const start = this.#at++;
    for (; this.#at < text.length; this.#at++) {
      const sign = text[this.#at];
      if (sign === '\\') this.#at++;
      else if (sign === quote || sign === '\n') {
        this.#at++;
        this.#isValue = true;
        return undefined;
      }
    }
    return start;
  }

  #regex(): void {
    const line = this.text.slice(this.#at + 1).match(/^(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/)?.[0];
    this.#at += 1 + (line?.length ?? 0);
    this.#isValue = line !== undefined;
  }

  #push(kind: Frame['kind']): void {
    this.#frames.push(frame(kind, this.#at++));
    this.#isValue = false;
  }

  #leave(length: number, frames: number): void {
    this.#at += length;
    this.#frames.length = Math.max(this.#frames.length - frames, this.options.isIsland ? 0 : 1);
    this.#isValue = true;
  }
}

const frame = (kind: Frame['kind'], at: number): Frame => ({ kind, at, depth: 0, isClosing: false });
