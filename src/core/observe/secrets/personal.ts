/**
 * Personal data that is redacted when a person switches its kind on: addresses of people, and numbers that prove
 * themselves by a check digit or by their form. Cards, Chinese identity numbers and US social security numbers in their
 * usual spelling are always redacted (numbers.ts, shapes.ts); switched on, other spellings are found too.
 */
import type { PersonalKind } from '../../../protocol/redaction';
import { regex } from '../../lib/regex';
import { isDay, passesChineseId, passesIban, passesLuhn } from './check-digits';
import type { Finding } from './finding';

// Lengths are bounded, so that a long run of letters is read a bounded number of times.
const email = /(?<![\w.+%-])[\w.+%-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![\w-])/g;
/** Addresses that belong to nobody: machines, logins of a server … */
const machines = /^(?:git|hg|svn|root|no-?reply|donotreply)$|[.+_-]no-?reply$|^no-?reply[.+_-]/i;
/** … and the hosts that documents use. */
const nowhere = /(?:^|\.)(?:example\.(?:com|org|net|edu)|example|invalid|test|localhost|users\.noreply\.github\.com)$/i;
/** A path of a package or an image that only looks like one: `react@npm.js`, `icon@2x.png`. */
const fileEnds = /\.(?:[cm]?[jt]sx?|json|png|jpe?g|gif|svg|webp|css|md|ya?ml|lock|txt|map)$/i;

/** International: a plus sign, and at least eight digits in groups. */
const international =
  /(?:(?<![\w+.-])|(?<=\\[nrt]))\+(?:[1-9]\d{6,14}|[1-9]\d{0,3}(?:[ .()/-]{1,2}\d{1,9}){1,6})(?![\w-]|\.\d)/g;
/** National, only with a code in brackets, or a mobile number of China. */
const national = regex(
  'g',
)`(?<![\w.-])(?:\((?:0\d{1,5}|[2-9]\d{2})\)[ -]?\d{3,4}[ -]\d{3,4}|[2-9]\d{2}[ -][2-9]\d{2}-\d{4}
    |1[3-9]\d([ -]?)\d{4}\1\d{4}(?!\.))(?![\w-])`;

const iban = /(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}(?![A-Za-z0-9])/g;
/** Length of an account number by its country. */
const ibanLengths: Readonly<Record<string, number>> = Object.fromEntries(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 FO18 ' +
    'FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 ' +
    'MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27 TN24 ' +
    'TR26 UA29 VA22 VG24 XK20'
  )
    .split(' ')
    .map((each) => [each.slice(0, 2), Number(each.slice(2))]),
);

const card = /(?:(?<![\w.#-])|(?<=\\[nrt]))\d(?:[ -]?\d){12,18}(?![\w-]|\.\d)/g;
const network = regex()`^(?:4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|35\d{14}
    |(?:5[06-8]|6\d)\d{11,17})$`;

const chineseId = /(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))[1-9]\d{5}[ -]?(?:18|19|20)\d{6}[ -]?\d{3}[\dXx](?![A-Za-z0-9])/g;
const ssn = /(?:(?<![\w.-])|(?<=\\[nrt]))(?!000|666|9\d\d)\d{3}([ -])(?!00)\d{2}\1(?!0000)\d{4}(?![\w-]|\.\d)/g;
/** Nine digits are a number of anything; the word before them says what. */
const namedSsn =
  /\b(?:ssn|social[ _-]?security(?:[ _-]?(?:number|no))?)\b["']?[ \t]{0,3}[:=#]?[ \t]{0,3}["']?(?!000|666|9)(\d{9})(?!\d)/gi;

type Find = (text: string) => Finding[];

const each = (kind: string, text: string, pattern: RegExp, isMeant: (value: string) => boolean): Finding[] =>
  [...text.matchAll(pattern)]
    .filter(([value]) => isMeant(value))
    .map(({ 0: value, index }) => ({ kind, start: index, end: index + value.length }));

function isPerson(value: string): boolean {
  const at = value.indexOf('@');
  return !machines.test(value.slice(0, at)) && !nowhere.test(value.slice(at + 1)) && !fileEnds.test(value);
}

const bare = (value: string): string => value.replace(/[ -]/g, '');
const digitsIn = (value: string): number => value.replace(/\D/g, '').length;

const finders: Readonly<Record<PersonalKind, Find>> = {
  email: (text) => (text.includes('@') ? each('email', text, email, isPerson) : []),
  phone: (text) => [
    ...(text.includes('+')
      ? each('phone', text, international, (value) => digitsIn(value) >= 8 && digitsIn(value) <= 15)
      : []),
    ...each('phone', text, national, () => true),
  ],
  iban: (text) =>
    each('iban', text, iban, () => true).flatMap(({ kind, start, end }) => {
      // Words behind it may look like one more group, so only as much is taken as its country has.
      const length = ibanLengths[text.slice(start, start + 2)] ?? 0;
      let taken = start;
      for (let letters = 0; letters < length && taken < end; taken++) if (text[taken] !== ' ') letters++;
      const value = bare(text.slice(start, taken));
      return value.length === length && passesIban(value) ? [{ kind, start, end: taken }] : [];
    }),
  card: (text) =>
    each('card-number', text, card, (value) => {
      const digits = bare(value);
      return network.test(digits) && !/^(\d)\1+$/.test(digits) && passesLuhn(digits);
    }),
  cnId: (text) =>
    each('national-id', text, chineseId, (value) => {
      const id = bare(value);
      return passesChineseId(id) && isDay(Number(id.slice(6, 10)), Number(id.slice(10, 12)), Number(id.slice(12, 14)));
    }),
  ssn: (text) => [
    ...each('us-ssn', text, ssn, () => true),
    ...[...text.matchAll(namedSsn)].map(({ 0: all, 1: value = '', index }) => ({
      kind: 'us-ssn',
      start: index + all.length - value.length,
      end: index + all.length,
    })),
  ],
};

/** What is found of these kinds; ranges may overlap. */
export const findPersonal = (text: string, kinds: readonly PersonalKind[]): Finding[] =>
  kinds.flatMap((kind) => finders[kind](text));
