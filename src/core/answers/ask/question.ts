/** What a question is about, and what kind of answer it wants. */
import { sentencesOf } from '../../distil/reading/sentences';
import { isEverydayForm, everydayTerms } from '../../give/everyday-words';
import type { TermCounts } from '../../give/term-counts';
import { weighTerms } from '../../give/term-weights';
import { jointLetter, stopWords, tokensOf } from '../../index/tokenize';

/**
 * `reason`: why. `number`: how many, how long. `time`: when. `person`: who. `place`: where. `command`: what was run.
 * `confirmation`: yes or no. Others want any sentence that tells it.
 */
export type Wants = 'reason' | 'number' | 'time' | 'person' | 'place' | 'command' | 'confirmation' | 'anything';

export interface ReadQuestion {
  /** Words that say what it is about, each with its weight times how often it is said. */
  terms: ReadonlyMap<string, number>;
  wants: Wants;
  /** Words that no text has, as they were written. */
  unknownWords: string[];
  /** It tells what goes wrong in several sentences, and asks for what was agreed about that. */
  isReport: boolean;
}

/** Words that ask, and say nothing about what. */
const asking = `
  decide decided decision decisions choose chose chosen choice agree agreed agreement settle settled pick picked say said
  tell told remember recall rule rules policy convention reason explain explained happen happened mention mentioned
  earlier previously before ago ever currently anything someone somebody many much often long far session sessions
  conversation chat claude memory last yesterday week month supposed meant want wanted use used using does large big
  still exactly
`;
const askingTerms: ReadonlySet<string> = new Set(tokensOf(asking).map(({ term }) => term));
/** Chinese has no spaces: words that ask would be parts of every word pair beside them. */
const chineseAsking = /为什么|为何|怎么样?|什么时候|什么|哪个|哪些|多少|几个|我们|决定|是否|吗|呢|的/gu;

const wantsReason = /\b(?:why|what(?:'s| is| was) the reason|how come|reason for)\b|为什么|为何|原因/iu;
const wantsNumber =
  /\bhow (?:many|much|long|often|large|big|far)\b|\bwhat (?:number|size|limit|percentage|port)\b|多少|几个/iu;
const wantsCommand = /\b(?:which|what|how)\b[^.?!]{0,30}\b(?:commands?|run|ran|invoke|call(?:ed)?)\b|命令/iu;

/** The day on which something was said stands beside each sentence. */
const wantsTime = /^\s*when (?!did (?:we|you|i)\b)|什么时候|何时/iu;
const wantsPerson = /^\s*(?:who|whose|whom)\b|谁/iu;
const wantsPlace = /^\s*where\b|哪里|哪儿/iu;
const wantsConfirmation = /^\s*(?:is|are|was|were|do|does|did|has|have|should|can|may|must)\b|是否|吗/iu;

/** A word below this weight is said of everything; a question without any other has no subject. */
export const tellingFrom = 0.31;
/** Each further time that a word is said counts half of the one before. */
const repeated = 0.5;

/** "Who reviewed it" is not answered by a sentence that says it. Of a report, words of every day are left out. */
const everydayWeight = 0.15;
/** Words that a report has at least. */
const minReport = 6;

export function readQuestion(counts: TermCounts, text: string): ReadQuestion {
  const asked = text.replace(chineseAsking, ' ');
  const weights = weighTerms(counts, asked);
  const terms = new Map<string, number>();
  const unknownWords = new Set<string>();
  const isLong = sentencesOf(text).length > 1 && !/[?？]\s*$/u.test(text);
  let end = 0;
  for (const { term, start, end: to } of tokensOf(asked)) {
    const word = asked.slice(start, to);
    // The parts of an identifier follow the whole: they find it in other spellings, and are no words of their own.
    const isPart = start < end;
    end = Math.max(end, to);
    if (isPart || stopWords.has(term) || askingTerms.has(term)) continue;
    const weight = weights.get(term) ?? 0;
    const known = terms.get(term);
    if (weight < tellingFrom || (everydayTerms.has(term) && isEverydayForm(word))) {
      if (!isLong && !terms.has(term)) terms.set(term, everydayWeight);
      continue;
    }
    const isUnknown = counts.frequency(term) === 0;
    if (isUnknown) unknownWords.add(word);
    // A report names files that are new, such as the test that fails.
    if (isUnknown && isLong && term.includes(jointLetter)) continue;
    terms.set(term, known === undefined ? weight : known + weight * repeated);
  }
  return {
    terms,
    wants: wantsOf(text),
    unknownWords: [...unknownWords],
    isReport: isLong && terms.size >= minReport,
  };
}

function wantsOf(text: string): Wants {
  if (wantsNumber.test(text)) return 'number';
  if (wantsReason.test(text)) return 'reason';
  if (wantsTime.test(text)) return 'time';
  if (wantsPerson.test(text)) return 'person';
  if (wantsPlace.test(text)) return 'place';
  if (wantsCommand.test(text)) return 'command';
  return wantsConfirmation.test(text) ? 'confirmation' : 'anything';
}
