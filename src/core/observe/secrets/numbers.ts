/** Numbers of cards and of people, which prove themselves by a check digit. */
import { passesChineseId, passesLuhn } from './check-digits';
import type { Finding } from './finding';

// Groups of four digits, American Express's 4-6-5, or no groups. With one more group on either side it is a table of
// numbers.
const card =
  /(?:(?<![\w.#-])|(?<=\\[nrt]))(?<!\d{4}[ -])(?:\d{13,19}|\d{4}([ -])\d{4}\1\d{4}\1\d{4}|\d{4}([ -])\d{6}\2\d{5})(?![\w-]|\.\d| \d{4}\b)/g;
const chineseId =
  /(?:(?<!\w)|(?<=\\[nrt]))[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\w)/g;

/** As long as a number of a card or person is; found first, because what stands around it is dear to look at. */
const longNumber = /\d{13,19}|\d{4}[ -]\d{4}[ -]\d{4}[ -]\d{4}|\d{4}[ -]\d{6}[ -]\d{5}/;

export function findNumbers(text: string): Finding[] {
  if (!longNumber.test(text)) return [];
  const found: Finding[] = [];
  for (const { 0: value, index } of text.matchAll(card))
    if (isCardNumber(value) && !isInTable(text, index, value))
      found.push({ kind: 'card-number', start: index, end: index + value.length });
  for (const { 0: value, index } of text.matchAll(chineseId))
    if (passesChineseId(value)) found.push({ kind: 'national-id', start: index, end: index + value.length });
  return found;
}

/** Groups of four hexadecimal digits beside it: a table of letters or bytes, in which some number fits by chance. */
const isInTable = (text: string, index: number, value: string): boolean =>
  /[ -]/.test(value) &&
  (/[0-9A-Fa-f]{4,5}[ -]$/.test(text.slice(Math.max(0, index - 6), index)) ||
    /^[ -][0-9A-Fa-f]{4,5}(?![\w])/.test(text.slice(index + value.length, index + value.length + 7)));

/** Checks the Luhn digit, the prefix of a card network and its length; a long number alone may be a time or an id. */
function isCardNumber(text: string): boolean {
  const digits = text.replace(/[ -]/g, '');
  const isNetwork =
    /^(?:4\d{15}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|6(?:011|5\d\d)\d{12}|35\d{14}|62\d{14,17})$/.test(digits);
  if (!isNetwork || /^(\d)\1+$/.test(digits)) return false;
  return passesLuhn(digits);
}
