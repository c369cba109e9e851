/** How a sentence sounds: whether it tells what is asked for, decides something, or only speaks of what is to come. */
import { regex } from '../../lib/regex';
import type { Wants } from './question';

const reason = regex('iu')`
  \b(?:because|since|so that|due to|in order to|otherwise|the reason|caused? by|avoids?|prevents?)\b|因为|由于|以便|否则
`;
const number = regex('iu')`
  \d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|
  ninety|hundred|thousand|million|dozen|half|none|once|twice)\b|[一二三四五六七八九十百千万半]
`;
const time = regex('iu')`
  \d|\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|june|july|august|september|october|
  november|december|night|nightly|midnight|noon|morning|evening|hour|day|week|month|year|daily|weekly|monthly|before|
  after|until|once|whenever|as soon as|on startup)s?\b|[年月日时点周天]|之前|之后
`;
/** A name after the first word, or who people are. */
const person = regex('u')`
  @\w|[a-z,;] \p{Lu}\p{Ll}|\b(?:team|owner|admin|administrator|reviewer|author|maintainer|support|legal|auditor|manager|
  customer|provider|vendor|developer|colleague|everybody|everyone|nobody)s?\b
`;
const place = /\w[/.]\w|\b(?:in|under|at|from|into|inside|beside|on) /iu;

/** What a sentence must have to answer a question of this kind. */
const forms: Partial<Record<Wants, RegExp>> = { reason, number, time, person, place };

export const hasForm = (wants: Wants, text: string): boolean => forms[wants]?.test(text) ?? true;

const decided = regex('iu')`
  ^(?:settled|understood|agreed|decided|final|recap|amended|confirmed)\b|\b(?:we (?:agreed|decided|settled|chose)|
  from (?:here|now) on|is now|it is\b|must be|should be|always|never|instead of|rather than)
`;
const wish = /^(?:i want|i need|we need|please|can you|could you|before we|we have a problem|support complains)\b/iu;
const plan = regex('iu')`
  ^(?:let me|i(?:'| wi)ll|i(?:'m| am) going to|i would|one option|now i|next,? i|first,? i|i looked|looking at|maybe|
  perhaps)\b
`;
/** What was agreed before is told by who changes it. */
const saidBefore = /\b(?:we|you|i) (?:had )?(?:agreed|decided|settled|said|chose)\b/iu;
const earlier = /\b(?:ago|before|earlier|last|back|originally)\b/iu;

const decidedWorth = 1.15;
/** Of a report, the sentence that decides is the answer, whatever words it has. */
const decidedInReport = 1.4;

/** More than 1 for what decides, less for wishes, plans and what was agreed before. */
export function formWorth(text: string, isReport: boolean): number {
  const isPast = saidBefore.test(text) && earlier.test(text);
  return (
    (plan.test(text) ? 0.75 : 1) *
    (wish.test(text) ? 0.8 : 1) *
    (isPast ? 0.7 : 1) *
    (decided.test(text) ? (isReport ? decidedInReport : decidedWorth) : 1)
  );
}
