/** The text as a part of a pattern that matches it literally. */
export const escapeForPattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/**
 * A regular expression written over several lines: line breaks with the white space around them are left out, all else
 * is taken as in a literal. A backtick is written `\x60`.
 */
export const regex =
  (flags = '') =>
  ({ raw }: TemplateStringsArray): RegExp =>
    new RegExp(raw.join('').replace(/\s*\n\s*/g, ''), flags);
