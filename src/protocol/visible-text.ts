/** Makes invisible characters of untrusted text visible, because they can change how the text reads. */
import { oneLine } from './text';

/** Bidirectional controls, zero-width and other invisible format characters, and tag characters. */
// eslint-disable-next-line no-misleading-character-class
const invisible =
  /[\u061C\u115F\u1160\u180E\u200B\u200E\u200F\u2028-\u202E\u2060-\u2064\u2066-\u206F\u3164\uFEFF\uFFF9-\uFFFB]|[\u{E0000}-\u{E007F}]/gu;
/** Control characters except tab and line feed. A lone carriage return counts, because it hides the text before it. */
// eslint-disable-next-line no-control-regex
const controls = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g;
/** Colour and cursor sequences of terminals, which are removed. */
// eslint-disable-next-line no-control-regex
const ansi = /\u001B\[[0-9;?]*[ -/]*[@-~]|\u001B\][^\u0007\u001B]*(?:\u0007|\u001B\\)/g;

/** Shows invisible characters as ‹U+202E› and control characters as their pictures; removes terminal colours. */
export function showInvisible(text: string): string {
  return text
    .replace(ansi, '')
    .replace(/\r\n/g, '\n')
    .replace(
      invisible,
      (character) => `‹U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}›`,
    )
    .replace(controls, (character) => pictureOf(character.charCodeAt(0)));
}

function pictureOf(code: number): string {
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '␡' : `‹U+${code.toString(16).toUpperCase().padStart(4, '0')}›`;
}

/** The same on one line, for titles. */
export function showLine(text: string): string {
  return showInvisible(oneLine(text));
}
