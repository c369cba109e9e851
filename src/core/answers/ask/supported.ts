/**
 * Whether rows say what a sentence says: its numbers, its names and almost all of its words stand there, and neither side
 * denies what the other tells. Words prove no meaning, so what passes is not proved to be true; what a row does not even
 * mention is found out.
 */
import type { StruckWhy } from '../../../protocol/ask';
import { everydayTerms } from '../../give/everyday-words';
import { termsIn } from '../../give/term-weights';
import { jointLetter, tokensOf } from '../../index/tokenize';
import { foldForComparison } from '../../lib/text';

/** Share of the other words that may be the writer's own: of five words one. */
const ownWords = 0.2;
/** A piece of a row that is shorter says nothing by itself. */
const minQuote = 8;

const numberWords: ReadonlyMap<string, string> = new Map(
  (
    'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen ' +
    'nineteen twenty'
  )
    .split(' ')
    .map((word, at) => [word, String(at + 1)]),
);
const tens: ReadonlyMap<string, string> = new Map(
  'thirty forty fifty sixty seventy eighty ninety hundred'.split(' ').map((word, at) => [word, String(10 * (at + 3))]),
);
/** Words that join what rows say. */
const glue: ReadonlySet<string> = termsIn(
  `agreed decided chose chosen settled session sessions person user claude assistant asked said says told according
  because since therefore thus instead currently now then later earlier both each per after before until while only
  always must may might every any than more less least most use uses used using set sets make made keep kept keeps
  does did doing stay stays stayed become becomes result answer reason was were been rule`,
);
const negations =
  /\b(?:not|never|no|none|nothing|without|cannot|neither|nor|stopped|dropped|removed)\b|n['’]t\b|不|没|未|无/giu;

export interface Supporting {
  /** What the sentence names as its quote. */
  quote: string;
  /** The whole row. */
  row: string;
}

/** Why the rows do not say it; undefined when they do. */
export function whyUnsupported(sentence: string, rows: readonly Supporting[]): StruckWhy | undefined {
  if (rows.length === 0 || !rows.every(({ quote, row }) => stands(quote, row))) return 'quote';
  const said = rows.map(({ row }) => row).join('\n');
  const numbers = numbersIn(said);
  if ([...numbersIn(sentence)].some((number) => !numbers.has(number))) return 'number';
  const terms = allTerms(said);
  const words = [...termsIn(sentence)].filter(
    (term) => !glue.has(term) && !everydayTerms.has(term) && !/^\d+$/.test(term),
  );
  const missing = words.filter((term) => !terms.has(term) && !isNumberWord(term));
  if (missing.some((term) => term.includes(jointLetter)) || namesIn(sentence).some((name) => !isIn(name, said)))
    return 'name';
  if (missing.length > Math.floor(words.length * ownWords)) return 'words';
  const quoted = rows.map(({ quote }) => quote).join('\n');
  const [own, theirs] = [countIn(sentence), countIn(quoted)];
  return own > theirs || (own === 0 && theirs > 0) ? 'negation' : undefined;
}

const countIn = (text: string): number => text.match(negations)?.length ?? 0;

/** Differences in white space do not count. */
const stands = (quote: string, row: string): boolean => {
  const piece = oneSpace(quote);
  return piece !== '' && oneSpace(row).includes(piece) && (piece.length >= minQuote || piece === oneSpace(row));
};

const oneSpace = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Digits as they are, and small numbers in words as digits. */
function numbersIn(text: string): Set<string> {
  const digits = text.match(/\d+(?:[.,:]\d+)*/g) ?? [];
  const words = (text.toLowerCase().match(/[a-z]+/g) ?? []).flatMap(
    (word) => (word === 'one' ? undefined : numberWords.get(word)) ?? tens.get(word) ?? [],
  );
  return new Set([...digits.map((each) => each.replace(/,(?=\d{3}\b)/g, '')), ...words]);
}

const isNumberWord = (term: string): boolean => numberWords.has(term) || tens.has(term);

/** Names: words in capitals after the first one, and what stands in code marks. */
function namesIn(sentence: string): string[] {
  const coded = [...sentence.matchAll(/`([^`\n]{2,100})`/g)].map((match) => match[1] ?? '');
  const words = [...sentence.matchAll(/(?<=[\p{L}\p{N},;)] )\p{Lu}[\p{L}\p{N}]+/gu)].map(([word]) => word);
  return [...coded, ...words];
}

const isIn = (name: string, text: string): boolean => foldForComparison(text).includes(foldForComparison(name));

/** All words of a text: a row may be longer than what is weighed. */
const allTerms = (text: string): Set<string> => new Set(tokensOf(text).map(({ term }) => term));
