/** Translations: the English text is the key, and the extension host sends the dictionary. */

let words: Readonly<Record<string, string>> = {};
let language = 'en';

/** Sets language and dictionary; called before the first paint and when the context changes. */
export function setWords(tag: string, dictionary: Readonly<Record<string, string>>): void {
  words = dictionary;
  // Intl does not know all tags of the editor, e.g. `qps-ploc`.
  language = isKnownLanguage(tag) ? tag : 'en';
}

/**
 * Translates a text of the keeper. Its literal is in the keeper's sources, where the extractor finds it, not in those
 * of the pages.
 */
export const translate = (text: string, args: readonly (string | number)[]): string => t(text, ...args);

/** Translates a literal English text and fills in {0}, {1} … */
export function t(text: string, ...args: readonly (string | number)[]): string {
  const own = Object.hasOwn(words, text) ? words[text] : undefined;
  return (own ?? text).replace(/\{(\d+)\}/g, (hole, index: string) => String(args[Number(index)] ?? hole));
}

/** The language tag for Intl. */
export function getLanguage(): string {
  return language;
}

function isKnownLanguage(tag: string): boolean {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(tag).length > 0;
  } catch {
    return false;
  }
}
