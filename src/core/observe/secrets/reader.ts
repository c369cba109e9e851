/** Reads the value behind a telling name: in quotes, in a list, in an element, in a cell, or unquoted. */
import { looksRandom } from './chance';
import type { Finding } from './finding';
import { unquotedAt } from './unquoted';
import type { Named } from './unquoted';
import { isSecretValue } from './values';
import type { ValueForm } from './values';

const maxValue = 4096;
/** Sticky patterns: each is tried only where the reader stands. */
const wrapper =
  /string\(\d{1,4}\) |(?:[A-Za-z_$][\w$:.<>]{0,60}[!]?\(\s{0,5}){1,2}|\([\s+-]{0,40}(?=["'])|[&@$]{1,2}(?=["'])|[rbfuRBFUNn]{1,2}(?=["'])/y;
/** Functions that only hold a value. */
const holder = /(?:Some|SecretStr|SecureString|Secret|String|Just|Ok)\(\s{0,5}$/;
const quote = /"""|'''|(?:"(?=\\"))?\\*(?:["'`“‘「『«]|&quot;|&#39;)/y;
const closers: Readonly<Record<string, string>> = { '“': '”', '‘': '’', '「': '」', '『': '』', '«': '»' };
const list = /\[\s{0,40}/y;
const next = /\s{0,5},\s{0,40}/y;
const yamlBlock = /[|>][+-]?\d?[ \t]{0,5}\r?\n(?:[ \t]{0,12}\d{1,6}[→\t])?[+-]?[ \t]{1,40}/y;
const columnValue = /[^\s"'`<>(){}[\],;]{1,200}/y;

/** `usual`: any value. `strict`: an argument of a function. `random`: one of several arguments. */
export type Trust = 'usual' | 'strict' | 'random';

export class Reader {
  readonly found: Finding[] = [];
  #at = 0;

  constructor(readonly text: string) {}

  /** Stands behind `pattern`, when that is at `from`; else at `from`. */
  isBehind(pattern: RegExp, from: number): boolean {
    this.#at = from;
    return this.#eat(pattern) !== undefined;
  }

  get at(): number {
    return this.#at;
  }

  /** A value in quotes, a list of them, or an unquoted one. `sign`: what stands between it and its name. */
  value(named: Named, form: ValueForm | 'told', sign = ''): boolean {
    const from = this.#at;
    if (sign.includes(':') && this.#eat(yamlBlock) !== undefined) return this.unquoted(named, 'data');
    if (named.nameClass !== 'weak' && this.#eat(list) !== undefined) {
      let count = 0;
      while (count < 20 && this.quoted(named)) {
        count++;
        this.#eat(next);
      }
      if (count > 0) return true;
    }
    this.#at = from;
    if (this.quoted(named)) return true;
    this.#at = from;
    if (/[=!]=/.test(sign)) return false;
    // A line break ends the value of a name, except where it is in quotes, as in JSON.
    return !sign.includes('\n') && this.unquoted(named, form);
  }

  quoted(named: Named, trust: Trust = 'usual'): boolean {
    const isWrapped = /[A-Za-z]\((?!\d)/.test(this.#eat(wrapper) ?? '');
    const opened = this.#eat(quote);
    if (opened === undefined) return false;
    const start = this.#at;
    const mark = opened.slice(-1);
    const close =
      mark === ';' || (opened.length === 3 && opened === mark.repeat(3))
        ? opened
        : opened.slice(opened.startsWith('"\\') ? 1 : 0, -1) + (closers[mark] ?? mark);
    const length = this.text.slice(start, start + maxValue + close.length).indexOf(close);
    if (length < 0) return false;
    const end = start + length;
    const value = this.text.slice(start, end);
    if (value.includes('\n')) return false;
    this.#at = end + close.length;
    const isRandom = looksRandom(value) || (/\d/.test(value) && /[!@#$%^&*]/.test(value));
    if (trust === 'random' && !(isRandom && /\d/.test(value) && /^[A-Za-z0-9+/=-]{16,}$|[!@#$%^&*]/.test(value)))
      return false;
    if (trust === 'strict' && !isRandom && named.nameClass !== 'password') return false;
    if (isWrapped && !isRandom && !holder.test(this.text.slice(Math.max(0, start - 30), start - opened.length)))
      return false;
    return this.#add(named, 'quoted', start, value);
  }

  unquoted(named: Named, form: ValueForm | 'told'): boolean {
    return unquotedAt(this.text, this.#at, named, form).some((each) =>
      this.#add(named, each.form, each.start, each.value),
    );
  }

  /** A value in the next column or word, which may be of anything: only what looks random is taken. */
  column(named: Named): boolean {
    const start = this.#at;
    const value = (this.#eat(columnValue) ?? '').replace(/[.:]$/, '');
    if (!/\d/.test(value) || !/[A-Za-z]/.test(value)) return false;
    const isPlain = /^[A-Za-z0-9+/=-]{8,}$/.test(value) || (named.nameClass === 'secret' && /^[\w-]{16,}$/.test(value));
    const isChosen = named.nameClass === 'password' && /[!@#$%^&*]/.test(value);
    return (
      (isPlain || (isChosen && /^[A-Za-z0-9]/.test(value) && !value.includes('_'))) &&
      this.#add(named, 'code', start, value)
    );
  }

  /** The text of an element of XML. */
  element(named: Named): boolean {
    const from = this.text.startsWith('<![CDATA[', this.#at) ? this.#at + 9 : this.#at;
    const value = /^[^<>\n]{1,4096}/.exec(this.text.slice(from, from + maxValue))?.[0] ?? '';
    const rest = this.text.slice(from + value.length, from + value.length + 5);
    if (!/^(?:\s*<\/|\]\]>)/.test(rest) && !value.endsWith(']]')) return false;
    return this.#add(named, 'data', from, (value.endsWith(']]') ? value.slice(0, -2) : value).trimEnd());
  }

  /** The cell beside the name's. */
  cell(named: Named): boolean {
    const value = /^[^|│┃\n`*]{1,200}/.exec(this.text.slice(this.#at, this.#at + 210))?.[0].trimEnd() ?? '';
    return this.#add(named, /\s/.test(value) ? 'prose' : 'data', this.#at, value);
  }

  /** Part of the text that is a value of this name. */
  range(named: Named, start: number, end: number): boolean {
    return this.#add(named, 'data', start, this.text.slice(start, end));
  }

  #add({ name, nameClass }: Named, form: ValueForm, start: number, value: string): boolean {
    if (value === '' || !isSecretValue(value, nameClass, form, name)) return false;
    this.found.push({ kind: 'assignment', start, end: start + value.length });
    return true;
  }

  #eat(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.text);
    if (!match) return undefined;
    this.#at = pattern.lastIndex;
    return match[0];
  }
}
