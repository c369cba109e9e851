/** How many tokens a text is, without asking anyone: as they likely are, and as many as they can be at most. */

/**
 * Bytes over 3.5: measured on English, code and JSON with a public tokenizer; for what is shown as likely; what money
 * is set aside for is counted higher.
 */
export const estimateTokens = (text: string): number => Math.ceil(Buffer.byteLength(text) / 3.5);

/** What a request has besides our texts: roles, the schema as the API puts it into words. */
const frameTokens = 600;

/**
 * The most tokens the texts of a request can be. Words of letters are at least two letters a token, however odd they
 * are; everything else is counted byte by byte, which is as small as tokens get: digits, signs, other scripts, and long
 * runs of mixed letters and digits, like keys and encoded data.
 */
export function maxTokensOf(...texts: string[]): number {
  return texts.reduce((sum, text) => sum + maxTokensOfText(text), frameTokens);
}

function maxTokensOfText(text: string): number {
  let tokens = Buffer.byteLength(text);
  // A word with the space before it, when nothing in it looks like a code.
  for (const [word] of text.matchAll(/ ?[A-Za-z]+/g)) if (isWord(word)) tokens -= Math.floor(word.length / 2);
  // Less the last one: it may have gone with its word already.
  for (const [blanks] of text.matchAll(/[ \t\n]{2,}/g)) tokens -= Math.floor((blanks.length - 1) / 2);
  return tokens;
}

const maxWordLength = 24;

/** Lower case, one capital at the front, all capitals, or such words joined as in names. */
function isWord(word: string): boolean {
  const letters = word.trimStart();
  return (
    letters.length <= maxWordLength &&
    (/^[A-Z]?[a-z]*$/.test(letters) || /^[A-Z]+$/.test(letters) || /^[a-z]*(?:[A-Z][a-z]{2,})+$/.test(letters))
  );
}
