/**
 * Whether a text was made by chance: a key, or a word a person chose? Names of types, files and variables are made of
 * words, however many digits they end with.
 */

/**
 * How seldom a letter follows another in the words of English and of code, from 0 (often) to 9; 26 rows of 26, the first
 * letter's row. Counted over the words that occur at least five times in 12 MB of public documentation and code.
 */
const rareness =
  '53237537395131739121446657144416562460462592252869471645166139235706824137784925530556068365259325367659' +
  '35214447688331645112746359254512670993651792432799482646043219834224912436695706660898197456168242387849' +
  '34233339997230148322849594163416483546851358141438563444043616645444861446476916530567186167159633358929' +
  '03550767186337217736379879272224172855643596114488694433754947422033913324367816551564295266138132388849' +
  '24448668686256588638055688163405581944341593224579393726157219545532662024684928460692098457259223496839' +
  '32342448398221629121789798165708261887663798466988791664155217546216922586579735241475256535516440557557' +
  '3445243829922230551266455618540554188658353558584545';
/** Of random letters nine in ten are rarer on average, of pairs of words that stand together one in ten. */
const rareFrom = 3.4;
/** Letters change between small, capital and digit this often in random text: 0.4 and more of all places. */
const restlessFrom = 0.3;

/** The mean rareness of neighbours; 0 for less than two letters. */
export function rarenessOf(letters: string): number {
  let sum = 0;
  let pairs = 0;
  let last = -1;
  for (let at = 0; at < letters.length; at++) {
    const letter = (letters.charCodeAt(at) | 32) - 97;
    const isLetter = letter >= 0 && letter < 26;
    if (isLetter && last >= 0) {
      sum += rareness.charCodeAt(last * 26 + letter) - 48;
      pairs++;
    }
    last = isLetter ? letter : -1;
  }
  return pairs === 0 ? 0 : sum / pairs;
}

/** 0 other, 1 small letter, 2 capital, 3 digit. */
function classOf(code: number): number {
  if (code >= 97 && code <= 122) return 1;
  if (code >= 65 && code <= 90) return 2;
  return code >= 48 && code <= 57 ? 3 : 0;
}

/** The share of places at which the class of letter changes; a capital that begins a word does not count. */
function restlessness(text: string): number {
  let changes = 0;
  let last = classOf(text.charCodeAt(0));
  for (let at = 1; at < text.length; at++) {
    const now = classOf(text.charCodeAt(at));
    const beginsWord = last === 2 && now === 1;
    if (now !== last && !beginsWord) changes++;
    last = now;
  }
  return changes / text.length;
}

/** True for a text that looks made by chance, of any alphabet of letters, digits and signs. */
export function looksRandom(text: string): boolean {
  const digits = text.replace(/\D+/g, '').length;
  const letters = text.replace(/[^A-Za-z]+/g, '');
  if (letters.length === 0) return digits >= 8;
  if (entropy(text) < 2.5) return false;
  if (digits >= 3 && letters.length >= 3 && /^[\da-f]{24,}$/i.test(text)) return true;
  if (digits === 0) return letters.length >= 6 && (rarenessOf(text) >= rareFor(letters.length) || isRestless(text));
  if (isRestless(text)) return !isCounted(text);
  // Few changes: `Zk9` at an end of words, or random letters with few digits.
  const runs = text.split(/[^A-Za-z]+/).filter((run) => run.length >= 4);
  return runs.length > 0 && rarenessOf(runs.join(' ')) >= rareFrom;
}

const isRestless = (text: string): boolean => text.length >= 8 && restlessness(text) >= restlessFrom;

/** No word is as long as a long run of letters, so there less has to speak against one. */
const rareFor = (length: number): number => (length >= 18 ? 2.5 : length >= 14 ? 3 : rareFrom);

/** Words with a number each (`int32`, `utf8`, `v2`), which change as often as random text where they are short. */
function isCounted(text: string): boolean {
  const parts = text.split(/[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])/).filter((part) => part !== '');
  if (parts.length < 2) return /^[A-Za-z]{2,}\d{1,4}$/.test(text);
  return parts.every(
    (part) => /^(?:[A-Za-z]{1,3}|[A-Za-z]{2,}\d{0,3}|\d{1,4}|v\d+)$/.test(part) && rarenessOf(part) < 4,
  );
}

/** Shannon entropy in bits per letter. */
export function entropy(value: string): number {
  const counts = new Map<string, number>();
  for (const letter of value) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length);
  return bits;
}
