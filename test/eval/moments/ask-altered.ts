/** Sentences that a careless model could have written instead of what a row says, made from the row's own sentence. */
import type { AnswerSentence } from '../../../src/protocol/ask';

export interface Altered {
  how:
    | 'as it is'
    | 'another number'
    | 'another name'
    | 'denied'
    | 'more than it says'
    | 'another quote'
    | 'another row';
  text: string;
  quote: string;
  row: string;
  isRight: boolean;
}

const number = /\b\d+\b|\b(?:two|three|four|five|seven|twelve|fifty|ninety)\b/iu;

/** @param rows the rows of all sentences, in their order; each is beside the one before in `another row` */
export function alter(sentences: readonly AnswerSentence[], rows: readonly string[]): Altered[] {
  return sentences.flatMap(({ text, quote }, at): Altered[] => {
    const row = rows[at]!;
    const wrong = (how: Altered['how'], change: Partial<Altered>): Altered => ({
      how,
      text,
      quote,
      row,
      isRight: false,
      ...change,
    });
    const other = sentences[(at + 7) % sentences.length]!;
    const isOther = !row.includes(other.quote);
    const denied = text.replace(/\b(is|are|has|stays?|go|takes?|was)\b/u, '$1 not');
    return [
      { how: 'as it is', text, quote, row, isRight: true },
      ...(number.test(text) ? [wrong('another number', { text: text.replace(number, '8191') })] : []),
      wrong('another name', { text: `${text.replace(/[.!]$/u, '')}, in \`quokka.settings\`.` }),
      ...(denied !== text && !/\bnot\b/u.test(text) ? [wrong('denied', { text: denied })] : []),
      wrong('more than it says', {
        text: `${text.replace(/[.!]$/u, '')}, and customers praised the velvet dashboard after the spring audit.`,
      }),
      wrong('another quote', { quote: `${quote.slice(0, -4)} quokka` }),
      ...(isOther ? [wrong('another row', { text: other.text })] : []),
    ];
  });
}
