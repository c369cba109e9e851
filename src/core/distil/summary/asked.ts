/** What the person asked for: of each prompt the sentence with the request, in order. */
import { regex } from '../../lib/regex';
import type { SaidLine } from '../../store/tables/session-lines';
import type { QuotedClaim } from '../../store/tables/summaries';
import { claimFrom, maxQuote, maxSentence } from '../reading/evidence';
import { isMachine, isPasted, isTrivialPrompt } from '../reading/noise';
import { isPraise } from '../reading/reactions';
import { plainWords, sentencesOf } from '../reading/sentences';
import type { Sentence } from '../reading/sentences';
import { likeness, termsOf } from '../reading/turns';
import type { Reading, Turn } from '../reading/turns';

export interface Ask {
  turn: number;
  claim: QuotedClaim;
  terms: ReadonlySet<string>;
  /** How clearly it is a request. */
  score: number;
}

const maxAsks = 10;
/** Requests that are compared with each other; of more, the clearest. */
const maxCompared = 200;
const asking = regex('i')`
  \b(?:can|could|would|will) (?:you|we|i)\b|\bplease\b|\blet'?s\b|\bi(?:'d| would)? (?:want|need|like|
  prefer)\b|\bwe (?:need|should|have to|want)\b|\b(?:should|must) (?:be|have|not|we|it)\b|\bhow (?:do|
  does|can|would|is|are|could)\b|\bwhy\b|\bwhat (?:is|are|do|does|would|if|happens)\b|\bhave a look\b|
  \btake a look\b|\b(?:make sure|instead)\b
`;
const ordering = regex('i')`
  ^(?:(?:ok(?:ay)?|yes|and|now|then|also|next|first|great|perfect)[,.!]?\s+)?(?:add|address|allow|
  analy[sz]e|apply|build|change|check|clean|commit|compare|configure|continue with|convert|create|debug|
  delete|design|document|draft|enable|ensure|explain|explore|extract|find|finish|fix|generate|give|
  go through|help|implement|improve|increase|inspect|integrate|introduce|investigate|list|look|make|
  merge|migrate|modify|move|open|optimi[sz]e|plan|prepare|propose|publish|read|rebase|reduce|refactor|
  release|remove|rename|replace|resolve|restore|restructure|review|rewrite|run|search|set up|setup|show|
  simplify|split|start|summari[sz]e|support|switch|tell|test|translate|try|turn|undo|revert|update|
  upgrade|use|validate|verify|work on|write)\b
`;
const askingInChinese =
  /请|帮(?:我|忙)|能不能|能否|可以.{0,30}[吗么]|怎么|如何|为什么|需要|我想|我要|希望|应该|[吗呢][??]?$|^(?:添加|增加|修复|修改|实现|检查|删除|重构|优化|更新|写|把|将|运行|解释|分析|生成)/;

/** At most ten requests. Of more, the clearest, and always the first and the last. */
export function findAsks(reading: Reading): Ask[] {
  const asks = reading.turns.flatMap((turn) => askOf(turn) ?? []);
  const spoken =
    asks.length > 0
      ? asks
      : reading.turns
          .flatMap(({ prompt, turn }) => (prompt && !isMachine(prompt.text) ? [shortAsk(prompt, turn)] : []))
          .slice(0, 1);
  const clear =
    spoken.length <= maxCompared
      ? spoken
      : [
          ...spoken.slice(0, 1),
          ...spoken
            .slice(1, -1)
            .toSorted((a, b) => b.score - a.score)
            .slice(0, maxCompared),
          ...spoken.slice(-1),
        ].toSorted((a, b) => a.turn - b.turn);
  const distinct = clear.filter(
    (ask, index) => !clear.slice(0, index).some((before) => likeness(before.terms, ask.terms) > 0.8),
  );
  if (distinct.length <= maxAsks) return distinct;
  const last = distinct.length - 1;
  const worth = (ask: Ask, index: number) => ask.score + (index === 0 ? 9 : index === last ? 3 : 0);
  const kept = new Set(
    [...distinct.entries()]
      .sort((a, b) => worth(b[1], b[0]) - worth(a[1], a[0]) || a[0] - b[0])
      .slice(0, maxAsks)
      .map(([index]) => index),
  );
  return distinct.filter((_, index) => kept.has(index));
}

function askOf({ prompt, turn }: Turn): Ask | undefined {
  if (!prompt || isTrivialPrompt(prompt.text) || isMachine(prompt.text)) return undefined;
  if (prompt.note === 'command') {
    const [command = ''] = prompt.text.split('\n');
    return /\s/.test(command.trim()) ? made(prompt, turn, command, command, 0.5) : undefined;
  }
  const own = ownSentences(prompt);
  // Praise is no request.
  if (own.length === 0 || isPraise(prompt.text)) return undefined;
  // A plan is named by its heading.
  const plan = /^\s*Implement the following plan/i.test(prompt.text)
    ? own.find(({ kind }) => kind === 'heading')
    : undefined;
  if (plan) return made(prompt, turn, plan.text, plan.quote, 3);
  const whole = wholePrompt(prompt, own);
  if (whole) return made(prompt, turn, whole.text, whole.quote, Math.max(...own.map(scoreOf)));
  const [best] = [...own.entries()].sort((a, b) => scoreOf(b[1]) - scoreOf(a[1]) || a[0] - b[0]);
  if (!best) return undefined;
  const wider = withContext(prompt, own, best[0]);
  return made(prompt, turn, wider.text, wider.quote, scoreOf(best[1]));
}

/**
 * Adds the sentences before and after it on its line, up to the longest length, because they explain words like "it".
 */
function withContext(prompt: SaidLine, own: readonly Sentence[], best: number): { text: string; quote: string } {
  let from = best;
  let to = best;
  const span = (first: number, last: number) => prompt.text.slice(own[first]?.start, own[last]?.end);
  const fits = (first: number, last: number) =>
    own[first] !== undefined &&
    own[last] !== undefined &&
    span(first, last).length <= maxSentence - 10 &&
    !span(first, last).includes('\n');
  while (fits(from - 1, to)) from--;
  while (fits(from, to + 1)) to++;
  return { text: plainWords(span(from, to)), quote: span(from, to) };
}

const shortAsk = (prompt: SaidLine, turn: number): Ask => {
  const [line = ''] = prompt.text.trim().split('\n');
  return made(prompt, turn, line, line, 0);
};

function made(prompt: SaidLine, turn: number, text: string, quote: string, score: number): Ask {
  // A quotation mark whose other half is outside the sentence is removed.
  const plain = (text.match(/["“”]/g)?.length ?? 0) % 2 === 1 ? text.replace(/^["“]|["”]$/g, '') : text;
  return {
    turn,
    claim: claimFrom(prompt, plain, quote),
    terms: termsOf(text),
    score: score + Math.min(1, text.length / 120),
  };
}

/** Sentences of the prompt without pasted text. */
function ownSentences(prompt: SaidLine): Sentence[] {
  const own = sentencesOf(prompt.text).filter(
    ({ text, quote, heading }) =>
      !isPasted(quote) && !isMachine(text) && !/^(?:output|logs?|error|stack ?trace)s?$/i.test(heading),
  );
  return own.filter(({ text }) => text.length >= 8 || own.length === 1).slice(0, 40);
}

/** A short prompt is used whole. */
function wholePrompt(prompt: SaidLine, own: readonly Sentence[]): { text: string; quote: string } | undefined {
  const [first] = own;
  const last = own.at(-1);
  if (!first || !last || last.end - first.start > 200) return undefined;
  const quote = prompt.text.slice(first.start, last.end);
  return quote.includes('\n') || quote.length > maxQuote ? undefined : { text: plainWords(quote), quote };
}

function scoreOf(sentence: Sentence): number {
  const { text, kind } = sentence;
  let score = 0;
  if (ordering.test(text)) score += 2;
  if (asking.test(text) || askingInChinese.test(text)) score += 1.5;
  if (/[??]$/.test(text)) score += 0.5;
  if (/\b(?:missing|wrong|fails?|failing|broken|bug|bad news|issue|problem|doesn't|isn't|not working)\b/i.test(text))
    score += 0.8;
  if (kind === 'heading') score += 0.4;
  if (kind === 'nested') score -= 1;
  if (sentence.start < 400) score += 0.6;
  if (text.length < 25) score -= 1.2;
  if (text.length > 260) score -= 0.5;
  return score;
}
