/** The person's language: English text is the key, the extension host sends the dictionary. */

let words: Readonly<Record<string, string>> = {};
let language = 'en';

/** Takes over language and dictionary; called once before the first paint and when the context changes. */
export function setWords(tag: string, dictionary: Readonly<Record<string, string>>): void {
  words = dictionary;
  // Editor tags such as `qps-ploc` are not always known to Intl.
  language = isKnownLanguage(tag) ? tag : 'en';
}

/**
 * Translates a text that the keeper wrote: its words are found in the sources of the keeper, not in those of the pages.
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
