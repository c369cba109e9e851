/** Finds words within columns, in whatever way Unicode writes their letters. Needs the functions of `defineTokens`. */
import { composed } from '../../lib/text';

/** SQL: true when the text has the word of a parameter in it, which is given as `wordPattern`. */
export const hasWord = (text: string, parameter = '?'): string => `composed(${text}) LIKE ${parameter} ESCAPE '\\'`;

/** A word as the value of the parameter of `hasWord`. */
export const wordPattern = (word: string): string => `%${composed(word).replace(/[\\%_]/g, '\\$&')}%`;

const maxWords = 8;

/** The words of a text that filters a list. */
export const filterWords = (text: string | undefined): string[] =>
  (text ?? '')
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, maxWords);
