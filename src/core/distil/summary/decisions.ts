/**
 * What was decided: accepted plans, answers to questions, choices of the person, and sentences that give reasons for a
 * choice.
 */
import { regex } from '../../lib/regex';
import type { CallLine } from '../../store/tables/session-lines';
import type { QuotedClaim } from '../../store/tables/summaries';
import { claimFrom, quoteFrom, weigh } from '../reading/evidence';
import { isNoise, isPasted } from '../reading/noise';
import { plainWords, sentencesOf } from '../reading/sentences';
import { likeness, termsOf } from '../reading/turns';
import type { Reading, Turn } from '../reading/turns';

const maxDecisions = 6;
/** In answers a sentence must name a choice; "because" alone only explains. */
const chosen = regex('i')`
  \b(?:decided|opted|chose|settled on|went with|going with|we agreed|the trade-?off (?:is|was)|
  by design|on purpose|deliberately|intentionally|the (?:better|right|cleaner|simpler|safer) (?:choice|
  approach|option)|recommend(?:ation)?\b.{0,40}\b(?:option|approach|keep|use))\b|(?:^|^I |^We |\bnow )
  (?:kept|keep|keeps|use|uses|used|replaced|moved|switched|changed)\b.{3,100}\b(?:instead of|
  rather than|in favou?r of)\b|\binstead of\b.{3,80}\bbecause\b|\bbecause\b.{3,120}\b(?:instead|
  rather than)\b
`;
/** How an assistant says again what was agreed. */
const agreed = regex('i')`
  ^(?:settled|understood|agreed|got it|final(?: \w+){0,4}|recap(?: \w+){0,6}|amended(?: \w+){0,3}|the rule(?: \w+){0,4}|
  so the rule(?: is)?)(?:,? [^:.,—–]{0,60})?(?:[:—–]|,| -) ?\S.{20,}
`;
const chosenInChinese = /决定|选择了?|改用|采用|而不是|故意|权衡/;
/** In prompts: what the person prefers. */
const wanted = regex('i')`
  \b(?:let'?s (?:go with|use|keep|not|set|rename|make|call|put|remove|drop|move|stick)|go with|
  i(?:'d| would)? (?:prefer|rather|go with|like option)|i like option|i think (?:we should|it should|
  it'?s better|a\)|b\)|option)|we (?:should|must) (?:always|never|only|not|keep|use)|
  use .{2,40} (?:instead of|rather than)|(?:instead of|rather than) .{2,60},? (?:use|let)|^(?:please )?
  (?:do(?:n'?t| not)|always|never) \w|^no,? (?:it should|we|use|keep|i)\b|(?:do|take|choose|pick|
  like) option [a-d\d]\b)
`;
const wantedInChinese = /不要|改成|就用|还是用|应该|我选|采用|统一|必须|方案/;

export function findDecisions(reading: Reading): QuotedClaim[] {
  const found = reading.turns.flatMap((turn, index) => [
    ...fromCalls(turn),
    ...fromPrompt(turn),
    ...fromAnswer(turn),
    ...fromYes(turn, reading.turns[index + 1]),
  ]);
  const kept: typeof found = [];
  for (const each of found.toSorted((a, b) => b.score - a.score)) {
    if (kept.length >= maxDecisions) break;
    const terms = termsOf(each.claim.text);
    if (!kept.some((other) => likeness(termsOf(other.claim.text), terms) > 0.5)) kept.push(each);
  }
  return kept.toSorted((a, b) => a.at - b.at).map(({ claim }) => claim);
}

interface Decision {
  claim: QuotedClaim;
  score: number;
  at: number;
}

function fromCalls({ calls }: Turn): Decision[] {
  return calls.flatMap((call) => {
    if (call.tool === 'AskUserQuestion') return answersOf(call);
    if (call.tool === 'ExitPlanMode') return planOf(call);
    return [];
  });
}

/** Parses the client's form `"Which one?"="This one"`. */
function answersOf(call: CallLine): Decision[] {
  if (!/answered your question/i.test(call.output)) return [];
  return [...call.output.matchAll(/"([^"\n]{3,300})"="([^"\n]{1,200})"/g)].map((match) => ({
    claim: claimFrom(call, `${match[1] ?? ''} ${match[2] ?? ''}`, match[0]),
    score: 4,
    at: call.at,
  }));
}

/** The heading of an approved plan; of a rejected one, what the person said. */
function planOf(call: CallLine): Decision[] {
  if (call.type === 'error') {
    const said = /the user said:\n([^\n]{12,400})/.exec(call.output)?.[1];
    return said === undefined || said.startsWith('The user wants to clarify')
      ? []
      : [{ claim: claimFrom(call, said, said), score: 2.5, at: call.at }];
  }
  const title = /^#{1,3} +([^\n]{4,200})/m.exec(call.input)?.[1];
  return title === undefined || !/approved/i.test(call.output)
    ? []
    : [
        {
          claim: claimFrom(call, `Plan approved: ${plainWords(title).replace(/^Plan:\s*/i, '')}`, title),
          score: 3.5,
          at: call.at,
        },
      ];
}

function fromPrompt({ prompt }: Turn): Decision[] {
  if (
    !prompt ||
    prompt.note === 'command' ||
    prompt.text.length > 700 ||
    /^\s*Implement the following plan/i.test(prompt.text)
  )
    return [];
  return sentencesOf(prompt.text)
    .filter(
      ({ text, quote }) =>
        weigh(text) >= 20 &&
        text.length <= 260 &&
        !isPasted(quote) &&
        !/[??]$/.test(text) &&
        (wanted.test(text) || wantedInChinese.test(text)),
    )
    .slice(0, 1)
    .map(({ text, quote }) => ({
      claim: claimFrom(prompt, text, quote),
      score: 2 + (/\b(?:instead|prefer|never|always|option)\b/i.test(text) ? 0.5 : 0),
      at: prompt.at,
    }));
}

const proposing = regex('i')`
  \b(?:i think|i'd (?:say|suggest|recommend|go)|i (?:suggest|recommend|propose)|makes? (?:more )?sense|
  (?:is|are|be|would be) (?:better|best|cleaner|simpler|safer)|we (?:could|should)|should (?:be|we|i)|
  recommend(?:ed|ation)?|would you like me to|want me to|do you want me to|shall i|should i)\b|建议|推荐|
  要不要|更好
`;
const agreeing = regex('i')`
  ^(?:yes|yeah|yep|ok(?:ay)?|sure|sounds good|do it|go (?:ahead|for it)|please do|agreed|right|exactly|correct|that's (?:it|
  right|the (?:one|rule))|好|可以|行|是)\b[\s\w,!.]{0,20}$|^(?:好的?|可以|行|是的?|对)[。,!\s]*$
`;

/** A proposal that the person answered with a plain yes. */
function fromYes({ answers }: Turn, next: Turn | undefined): Decision[] {
  const last = answers.at(-1);
  const yes = next?.prompt;
  if (!last || !yes || !agreeing.test(yes.text.trim())) return [];
  const sentences = sentencesOf(last.text).filter(
    ({ text, kind }) => kind !== 'heading' && weigh(text) >= 20 && text.length <= 260 && !/[::]$/.test(text),
  );
  const proposal =
    sentences.find(({ text }) => proposing.test(text) && !/[??]$/.test(text)) ??
    sentences.findLast(({ text }) => proposing.test(text) && termsOf(text).size >= 7);
  if (!proposal) return [];
  const claim = claimFrom(last, `Agreed: ${proposal.text}`, proposal.quote);
  return [
    {
      claim: { ...claim, evidence: [...claim.evidence, quoteFrom(yes, yes.text.split('\n')[0] ?? '')] },
      score: 3,
      at: yes.at,
    },
  ];
}

function fromAnswer({ answers, edits }: Turn): Decision[] {
  const last = answers.at(-1);
  if (!last) return [];
  return sentencesOf(last.text)
    .filter(
      ({ text, kind }) =>
        kind !== 'heading' &&
        weigh(text) >= 30 &&
        text.length <= 300 &&
        !isNoise(text) &&
        !/[??:]$/.test(text) &&
        !/^(?:if|should|you (?:can|could)|would|or)\b/i.test(text) &&
        (chosen.test(text) || agreed.test(text) || chosenInChinese.test(text)),
    )
    .slice(0, 2)
    .map(({ text, quote }, index) => ({
      claim: claimFrom(last, text, quote),
      score:
        (edits.length > 0 ? 1.8 : 1) +
        (agreed.test(text) ? 1 : 0) +
        (/\bbecause\b|\bso that\b/i.test(text) ? 0.5 : 0) -
        index * 0.2,
      at: last.at,
    }));
}
