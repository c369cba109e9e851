/**
 * Words of code whose signs matter: `C++` is not `C`, `.NET` not `net`, `x==y` not two words. The index has letters
 * only, so what makes these words different is looked up in the stored text.
 */
import { trimEndOf } from '../../protocol/text';
import { foldForComparison } from '../lib/text';

/** Signs that end a sentence, or open and close brackets and quotes around a word. */
const opening = /^[([{"'`“‘«„]+/;
const closing = ',;:.!?)]}"\'`”’»…';

/** Between letters or at an end: two signs, or one that joins two operands. */
const operators = /[+=<>|&^%~!?*]{2,}|[-+*/%&|^:?!]=|[=~|<>]>|<[=~|]|::=|\?\./;
/** Also written between plain words, as in `branch -> checkpoint`. */
const arrow = /^(?:-+>|<-+)$/;
const signsOnly = /^[-+=<>|&^%~!?*/:.$@#\\]{2,8}$/;
/** C++, g++, C#, F#, objective-c++ */
const named = /[\p{L}\p{N}](?:\+\+|#)$/u;
/** .NET, .env, @scope/pkg, @Injectable */
const marked = /^[.@]\p{L}/u;
/** x=1, Map<string, T> */
const joined = /[\p{L}\p{N}_\])"'][=<][\p{L}\p{N}_["']/u;

/** The part of a typed word that must stand in a text as it is; undefined when its letters are enough. */
export function codeWordOf(typed: string): string | undefined {
  if (signsOnly.test(typed)) return operators.test(typed) || arrow.test(typed) ? typed : undefined;
  const word = trimEndOf(typed.replace(opening, ''), closing);
  if (!/[\p{L}\p{N}]/u.test(word)) return undefined;
  // Addresses and paths are found by their parts; their signs are written in many ways.
  if (/^[a-z]+:\/\//i.test(word)) return undefined;
  const isCode = named.test(word) || marked.test(word) || joined.test(word) || operators.test(word);
  return isCode ? word : undefined;
}

export const isArrow = (word: string): boolean => arrow.test(word);

/**
 * Whether a text folded for comparison has the word, not as a part of a longer one. With `isOpen` the word is still
 * being typed, so more letters may follow.
 */
export function hasCodeWord(folded: string, word: string, isOpen = false): boolean {
  const wanted = foldForComparison(word);
  const startsWithLetter = isLetterAt(wanted, 0);
  // `.net` stands in `asp.net`, but its letters must end there.
  const endsWithLetter = !isOpen && isLetterAt(wanted, wanted.length - 1);
  for (let at = folded.indexOf(wanted); at >= 0; at = folded.indexOf(wanted, at + 1)) {
    const end = at + wanted.length;
    if (startsWithLetter && at > 0 && isLetterAt(folded, at - 1)) continue;
    if (endsWithLetter && end < folded.length && isLetterAt(folded, end)) continue;
    return true;
  }
  return false;
}

/** Tests folded texts for a phrase or a word of code. */
export function comparisonWith(text: string): (folded: string) => boolean {
  const word = codeWordOf(text);
  if (word !== undefined && !/\s/.test(text)) return (folded) => hasCodeWord(folded, word);
  const phrase = foldForComparison(text);
  return (folded) => folded.includes(phrase);
}

const isLetterAt = (text: string, at: number): boolean => /[\p{L}\p{N}_]/u.test(text.charAt(at));

/** A path, an option, a name with its parts, a call: what people copy and do not say. */
const writtenAsCode = /\w[./_:=@#([\\]\w|^--?\w|^[./~]\S|[a-z\d][A-Z]|[_\\|<>{}$=`]|\w\(\)/;

/** Share of the words of a text that are written as code, from 0 to 1. */
export function codeShare(text: string): number {
  const words = text.match(/\S+/g) ?? [];
  return words.length === 0 ? 0 : words.filter((word) => writtenAsCode.test(word)).length / words.length;
}
