/** Checks a model's answer: a sentence stays only when each of its quotes occurs literally in the line it names. */
import * as z from 'zod/mini';
import { MemoryError } from '../../../protocol/errors';
import { learningCategories } from '../../../protocol/model';
import { taskErrors } from '../../../protocol/task-errors';
import { firstLetters, oneLine } from '../../../protocol/text';
import { escapeForPattern } from '../../lib/regex';
import type { SessionLine } from '../../store/tables/session-lines';
import type { LineQuote, QuotedClaim } from '../../store/tables/summaries';
import type { CheckedLearning } from '../learn/model-learnings';
import { textsOf } from './session-text';

const claimShape = z.object({ text: z.string(), quotes: z.array(z.object({ line: z.number(), quote: z.string() })) });
const learningShape = z.object({
  category: z.enum(learningCategories),
  title: z.string(),
  text: z.string(),
  failsWhen: z.string(),
  because: z.string(),
  instead: z.string(),
  quotes: claimShape.shape.quotes,
});
const claimLists = ['asked', 'done', 'decisions', 'openEnds', 'keyPoints'] as const;
const answerShape = z.object({
  title: z.string(),
  asked: z.array(claimShape),
  done: z.array(claimShape),
  decisions: z.array(claimShape),
  openEnds: z.array(claimShape),
  keyPoints: z.array(claimShape),
  learnings: z.optional(z.array(learningShape)),
});

export type ModelSummary = z.infer<typeof answerShape>;
type CheckedClaims = Record<(typeof claimLists)[number], QuotedClaim[]>;

export interface CheckedSummary extends CheckedClaims {
  title: string;
  learnings: CheckedLearning[];
  droppedClaims: number;
}

const minQuote = 12;
const maxQuoteLength = 300;
const maxClaimLength = 400;
const maxTitleLength = 120;
const maxClaims = 10;
const maxLearnings = 5;
const maxTextLength = 800;
/** Longer quotes would make a slow pattern, so they count as not found. */
const maxWords = 120;

/** @throws MemoryError `invalid_input`, after which the queue tries again */
export function readModelSummary(text: string): ModelSummary {
  try {
    // Models without structured output often put a code fence around JSON.
    const bare = text
      .trim()
      .replace(/^```(?:json)?/, '')
      .replace(/```$/, '')
      .trim();
    return answerShape.parse(JSON.parse(bare));
  } catch {
    throw new MemoryError('invalid_input', taskErrors.malformed, { args: [], maxRetries: 1 });
  }
}

export function checkSummary(answer: ModelSummary, lines: readonly SessionLine[]): CheckedSummary {
  let droppedClaims = 0;
  const check = (claims: ModelSummary['asked']): QuotedClaim[] =>
    claims.slice(0, maxClaims).flatMap(({ text, quotes }): QuotedClaim[] => {
      const evidence = quotes.slice(0, 5).map(({ line, quote }) => findQuote(lines[line - 1], quote));
      const found = evidence.filter((each) => each !== undefined);
      const sentence = plainLine(text, maxClaimLength);
      if (sentence !== '' && found.length > 0 && found.length === evidence.length)
        return [{ text: sentence, evidence: found }];
      droppedClaims++;
      return [];
    });
  const learnings = (answer.learnings ?? [])
    .slice(0, maxLearnings)
    .flatMap(({ category, title, text, failsWhen, because, instead, quotes }): CheckedLearning[] => {
      const [proved] = check([{ text: title, quotes }]);
      const isDeadEnd = failsWhen.trim() !== '';
      if (!proved || (text.trim() === '' && !isDeadEnd)) return [];
      const deadEnd = {
        when: plainLine(failsWhen, maxClaimLength),
        because: plainLine(because, maxClaimLength),
        instead: plainLine(instead, maxClaimLength),
      };
      return [
        {
          category,
          title: plainLine(title, maxTitleLength),
          text: plainLine(text, maxTextLength),
          quotes: proved.evidence,
          ...(isDeadEnd && { deadEnd }),
        },
      ];
    });
  const checked = Object.fromEntries(claimLists.map((name) => [name, check(answer[name])])) as CheckedClaims;
  return { title: plainLine(answer.title, maxTitleLength), ...checked, learnings, droppedClaims };
}

/**
 * Finds a quote in a line, ignoring differences in white space only. It must have 12 letters, or be the whole text of
 * the line.
 */
function findQuote(line: SessionLine | undefined, quote: string): LineQuote | undefined {
  const words = quote.trim().split(/\s+/);
  if (!line || words[0] === '' || words.length > maxWords) return undefined;
  const pattern = new RegExp(words.map(escapeForPattern).join('\\s+'), 'u');
  for (const text of textsOf(line)) {
    const match = pattern.exec(text)?.[0];
    if (match === undefined || (match.length < minQuote && match !== text.trim())) continue;
    return { uid: line.uid, turn: line.turn, at: line.at, quote: firstLetters(match, maxQuoteLength) };
  }
  return undefined;
}

/** A model's answer may contain control characters, which a stored line must not have. */
const plainLine = (text: string, most: number): string =>
  firstLetters(oneLine(text.replace(/[\u0000-\u001F\u007F]/g, ' ')), most);
