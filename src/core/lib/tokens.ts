/** Estimates the number of tokens of a text without a tokenizer: the likely number and an upper limit. */
import { tokensOfBytes } from '../../protocol/tokens';

/** The likely number. For display; reservations use `maxTokensOf`. */
export const estimateTokens = (text: string): number => tokensOfBytes(Buffer.byteLength(text));

/** Tokens of a request besides our texts: roles, and the schema as the API words it. */
const frameTokens = 600;

/**
 * Upper limit of the tokens in the texts of a request. Words have at least two letters per token, however unusual they
 * are. Everything else counts one token per byte, the smallest token: digits, signs, other scripts, and long runs of
 * mixed letters and digits such as keys.
 */
export function maxTokensOf(...texts: string[]): number {
  return texts.reduce((sum, text) => sum + maxTokensOfText(text), frameTokens);
}

function maxTokensOfText(text: string): number {
  let tokens = Buffer.byteLength(text);
  // A word with the space before it, unless it looks like a code.
  for (const [word] of text.matchAll(/ ?[A-Za-z]+/g)) if (isWord(word)) tokens -= Math.floor(word.length / 2);
  // Without the last blank, which may belong to the next word.
  for (const [blanks] of text.matchAll(/[ \t\n]{2,}/g)) tokens -= Math.floor((blanks.length - 1) / 2);
  return tokens;
}

const maxWordLength = 24;

/** Lower case, capitalised, all capitals, or such words joined as in identifiers. */
function isWord(word: string): boolean {
  const letters = word.trimStart();
  return (
    letters.length <= maxWordLength &&
    (/^[A-Z]?[a-z]*$/.test(letters) || /^[A-Z]+$/.test(letters) || /^[a-z]*(?:[A-Z][a-z]{2,})+$/.test(letters))
  );
}
