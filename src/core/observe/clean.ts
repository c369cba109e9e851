/** Cleans text before it is stored: removes terminal codes, NULs and lone surrogates, and limits the length. */
import { dropLastWord } from '../lib/text';

const ansi = /\u001B(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\))/g;
const control = /[\0-\u0008\u000B\u000C\u000E-\u001F\u007F]/g;
/** Invisible in a terminal, but it may split a word and would hide it from search. */
export const invisible = new RegExp(`${ansi.source}|${control.source}`, 'g');
const loneSurrogate = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;
/** Longest text passed to the redaction rules, in UTF-16 units. */
const maxRaw = 1 << 20;
const keyEnd = /-----END [A-Z ]*PRIVATE KEY(?: BLOCK)?-----/;

export interface BoundText {
  text: string;
  /** Bytes (UTF-8) that were cut off. */
  truncatedBytes: number;
}

/** Clean text of limited length. It is cut before it is redacted, so the cut is made where it cannot split a secret. */
export function cleanText(raw: string): BoundText {
  if (raw.length <= maxRaw) return { text: scrub(raw), truncatedBytes: 0 };
  const headEnd = raw.lastIndexOf('\n', maxRaw * 0.75);
  const tailStart = raw.indexOf('\n', raw.length - maxRaw * 0.25);
  const head = headEnd > 0 ? raw.slice(0, headEnd) : dropLastWord(raw.slice(0, maxRaw * 0.5));
  let tail = tailStart > 0 ? raw.slice(tailStart + 1) : '';
  // The tail may contain the end of a private key whose beginning was cut off; no rule would recognise it.
  const end = keyEnd.exec(tail);
  if (end && !tail.slice(0, end.index).includes('-----BEGIN')) tail = tail.slice(end.index + end[0].length);
  return {
    text: scrub(`${head}\n${tail}`),
    truncatedBytes: Buffer.byteLength(raw) - Buffer.byteLength(head) - Buffer.byteLength(tail),
  };
}

export const scrub = (raw: string): string =>
  raw.replace(ansi, '').replaceAll('\r\n', '\n').replace(control, '').replace(loneSurrogate, '\uFFFD');
