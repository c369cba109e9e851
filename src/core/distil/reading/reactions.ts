/**
 * What the person's next message says about the turn before it. Only clear statements count: a plain "yes" may answer a
 * question, and pasted or quoted text is not the person's.
 */
import { regex } from '../../lib/regex';
import type { SaidLine, SessionLine } from '../../store/tables/session-lines';

export type Reaction = 'accepts' | 'corrects' | 'undoes' | 'neither';

export interface ReadReaction {
  reaction: Reaction;
  /** The words that show it, literally from the message; empty for `neither`. */
  words: string;
}

export interface TurnReaction extends ReadReaction {
  /** The turn it is about, i.e. the one before the message. */
  turn: number;
  line: SaidLine;
}

/** A message with more own words than this starts new work instead. */
const maxOwn = 600;
const praised = 160;
const maxPraise = 60;
const asksForMore =
  /\b(?:commit|push|merge|ship|now|can you|please|let'?s|but|next|also|then|make|add|open a)\b(?!\s*[.!]?\s*$)|提交|请|再/i;
const neither: ReadReaction = { reaction: 'neither', words: '' };

const asks =
  "(?:^|[.!?\\n,;:]\\s*|\\b(?:please|pls|just|now|then|can you|could you|can we|could we|lets|let's|" +
  "let us|i want (?:you )?to|i'd like (?:you )?to|you should|we should|ok|okay|and|actually|" +
  'no)[,:]?\\s+)';
const undoing: readonly RegExp[] = [
  new RegExp(
    `${asks}((?:undo|revert|roll ?back|back out|discard|abandon|throw away)(?:\\s+(?:that|this|it|` +
      `these|those|the|your|my|all|everything|last|both|to|back)\\b|\\s*[.!]?\\s*$))`,
    'i',
  ),
  new RegExp(
    `${asks}(put (?:it|that|this|them) back|go back to (?:how|what|the (?:old|previous|original|` +
      'earlier))|restore the (?:old|previous|original)|git (?:revert|reset --hard|checkout --|' +
      `restore)\\b)`,
    'i',
  ),
  /(撤销|撤回|回滚|还原|退回去|改回(?:去|来|原)|恢复(?:原来|之前|原样))/,
];
const correcting: readonly RegExp[] = [
  regex('i')`
    ^\s*(no(?:pe)?(?:[,.!:;—-]|\s*\n|\s+(?:that|this|it|i|you|the|we|don't|dont|not|still)\b))
    (?!\s*(?:problem|worries|need|rush|thanks|thank|thats? (?:fine|ok|good)|it'?s (?:fine|ok|good)))
  `,
  regex('i')`
    ((?:that|this|it)(?:'s| is| was)? (?:still )?(?:wrong|incorrect|not (?:right|correct|true|working|
    what|how|fixed)|broken|failing|worse))
  `,
  /(not what (?:i|we) (?:asked|meant|wanted|want|said|need))/i,
  regex('i')`
    \b((?:you(?:'ve| have)?) (?:broke|forgot|missed|ignored|misunderstood|removed the wrong|
    deleted the wrong|shouldn't have|should not have|got (?:it|that|this) wrong|didn't (?:fix|do|change|
    add|update|run|read)|did not (?:fix|do|change|add|update)|keep (?:making|doing|breaking)))
  `,
  regex('i')`
    \b(still (?:fail(?:s|ing)?|broken|not|wrong|see(?:ing)?|gett?ing|get|shows?|says|there|happens?|
    happening|have the same|the same|an? (?:issue|problem|error)|doesn'?t|does not|isn'?t|using|red|
    crash(?:es|ing)?))\b
  `,
  regex('i')`
    \b((?:doesn'?t|does not|didn'?t|did not|don'?t|won'?t|isn'?t|not) (?:seem to )?(?:work(?:ing)?|
    compile|build|render|help|fix (?:it|this|that))\b)
  `,
  regex('i')`
    \b((?:something|this|that|it|you|we) (?:just )?broke\b|(?:is|are) (?:now )?(?:failing|broken)\b|
    (?:test|tests|build|lint|ci|it|this|that) (?:now )?(?:fails|crashes|failed|breaks)\b)
  `,
  regex('i')`
    \b((?:i|we)(?:'m| am|'re| are)? (?:now )?(?:get(?:ting)?|see(?:ing)?|have|got) (?:now )?(?:an?|this|
    these|the(?: same)?|lots of|some|many) (?:\w+ ){0,2}(?:errors?|exceptions?|failures?|crash|warnings?|
    import cycle)\b)
  `,
  regex('i')`
    ((?:you(?:'re| are)|that(?:'s| is)) (?:not correct|mistaken|wrong)|\b(?:i|we) still (?:see|get|have|
    don'?t|can'?t)\b|^\s*oh no\b|^\s*who+ps\b|\bwe(?: have|'ve)? (?:just )?lost\b)
  `,
  /\b(i (?:said|told you|already told|asked (?:you )?(?:to|for|not)|meant|did ?n[o']t (?:ask|want|mean|say)))\b/i,
  regex('i')`
    \b(why (?:did|didn'?t|are|would|have) you\b|why is (?:it|this|that) (?:still|now)\b|stop (?:doing|
    adding|making|changing)\b|don'?t (?:do that|touch|change that)\b|(?:should|must) (?:not|
    n'?t) (?:have )?(?:been|be|do|change|use))
  `,
  /(^\s*wrong\b|^\s*hmm+,? (?:no|that)|fucking stupid|you were wrong|are you sure\b)/i,
  regex()`
    (^\s*不(?:对|是|行|要)|不对|错了|不是(?:这样|这个意思|我要)|还是(?:不行|报错|失败|有问题|不能|没)|没(?:有)?(?:用|效果|解决|修好|生效)|不(?:起作用|工作|
    能用)|又(?:报错|失败|坏)|仍然(?:报错|失败|不)|弄坏|搞错|为什么你)
  `,
];
const accepting: readonly RegExp[] = [
  regex('i')`
    ^\s*((?:(?:ok(?:ay)?|yes|yeah|yep|wow|oh|ah|cool|alright|and)[,.!]? )?(?:that(?:'s| is| was)? |
    this(?: is)? |it(?:'s| is)? |looks |all |very |really |sounds )*(?:perfect(?:ly)?|
    excellent|awesome|amazing|fantastic|brilliant|great(?! (?:question|idea|if|point|but))|beautiful|
    wonderful|lovely|nice(?! to have| if|ly)|well done|good (?:job|work|stuff|catch)|lgtm|comprehensive|
    incredibl[ey]))\b
  `,
  /^\s*((?:ok(?:ay)?,? |yes,? )?(?:thanks|thank you|thx|ty\b|cheers)(?! in advance))/i,
  regex('i')`
    \b((?:it|that|this|everything|all)(?:'s| is)? (?:now )?(?:works?|working)(?: (?:now|great|fine|well|
    perfectly|again|as expected|like a charm))|(?:that|this|it) (?:worked|did it|fixed it|did the trick)|
    (?:works|working) (?:now|great|fine|perfectly)|it seems to work|that was it|(?:tests|lint|build|ci)
    (?: all| now)? (?:pass(?:es)?|is green|are green)(?: now)?)\b
  `,
  regex('i')`
    \b(exactly what (?:i|we) (?:need(?:ed)?|want(?:ed)?|meant|had in mind)|looks? (?:good|great|perfect|
    right|fine)(?: to me)?|love (?:it|this)|i (?:really )?like (?:it|this|that))\b
  `,
  new RegExp(
    `${asks}(commit (?:this|it|that|these|those|the changes?|everything|all)|merge (?:it|this)|` +
      `ship it|push (?:it|this|up)|get this (?:committed|merged)|open a pr|make a pr)\\b`,
    'i',
  ),
  /(太好了|很好|完美|不错|可以了|好的,?谢|谢谢|感谢|(?:成功|搞定|解决)了|没问题了|正是我(?:要|想)|提交(?:吧|代码|一下)|干得好|好用)/,
];
/** Before praise, these words negate it. */
const negated = regex('i')`
  (?:\bnot|n't|\bnever|\bwould be|\bcould be|\bwill be|\bif (?:it|this|that)|\bisn'?t|\bmake sure|
  \bwhether|\bonce|\bwhen|\bsure|\buntil|\bverify|\bcheck)\s+(?:\w+\s+){0,3}$
`;
/** "Works now, but …", "do all tests pass?": this is not praise. */
const takenBack = /^[^.!\n]{0,120}(?:\?|,? (?:but|except|however)\b)/i;
/** "There is no error any more", "check that it does not fail", "if it fails": this reports no failure. */
const supposed = regex('i')`
  \bwhat\s*$|(?:\bif|\bwhen|\bin case|\bwhether|\bwhat happens|\bmake sure|\bensure|\bso that|
  \bno longer|\bcheck (?:that|if)|\bbefore|\bhow did|\bwhy (?:can|would))\s+[^.!?\n]{0,60}$
`;

export function readReaction(text: string): ReadReaction {
  const own = ownWords(text);
  if (own === '') return neither;
  const undone = find(own, undoing, () => true);
  if (undone) return said('undoes', undone, text);
  const corrected = find(own, correcting, (before) => !supposed.test(before));
  const accepted = find(
    own.slice(0, praised),
    accepting,
    (before, after) =>
      !negated.test(before) && (before.trim() === '' ? !/^[^.!,\n]{0,60}\?/.test(after) : !takenBack.test(after)),
  );
  if (corrected) return said('corrects', corrected, text);
  return accepted ? said('accepts', accepted, text) : neither;
}

/** True for pure praise: "great, that works now". */
export const isPraise = (text: string): boolean =>
  text.trim().length <= maxPraise &&
  !/[?？]/.test(text) &&
  readReaction(text).reaction === 'accepts' &&
  !asksForMore.test(text);

/** The words of a prompt that take back or correct what was done before it. */
export function rejecting(prompt: string): string | undefined {
  const { reaction, words } = readReaction(prompt);
  return reaction === 'undoes' || reaction === 'corrects' ? words : undefined;
}

/** By turn: what the prompt after it says about it. Prompts of sub-agents and commands of the client are ignored. */
export function readReactions(lines: readonly SessionLine[]): TurnReaction[] {
  const prompts = lines.filter(
    (line): line is SaidLine =>
      line.kind === 'said' &&
      line.role === 'user' &&
      line.note === '' &&
      line.agentId === undefined &&
      line.text.trim() !== '',
  );
  return prompts.slice(1).flatMap((line, index) => {
    const turn = prompts[index]?.turn ?? 0;
    return turn === line.turn ? [] : [{ ...readReaction(line.text), turn, line }];
  });
}

function find(
  own: string,
  patterns: readonly RegExp[],
  isMeant: (before: string, after: string) => boolean,
): string | undefined {
  for (const pattern of patterns) {
    const match = pattern.exec(own);
    const words = match?.[1];
    if (!match || !words) continue;
    const start = match.index + match[0].indexOf(words);
    if (isMeant(own.slice(0, start), own.slice(start + words.length))) return words.trim();
  }
  return undefined;
}

/** Accepts only words that occur literally in the message. */
function said(reaction: Reaction, words: string, text: string): ReadReaction {
  return text.includes(words) ? { reaction, words } : neither;
}

const looksPasted = regex()`
  ^(?:\s*(?:at |>|\||\$ |❯|➜|\+|-{3}|#{1,6} |\d+:\d+|\[[\w:.-]+\]|\d{4}-\d\d-\d\d|[A-Z]+:|error|warning|
  FAIL|---|===|Exit code|Traceback|File "|npm |\w+\.go:\d|\S+\.\w{1,4}:\d+|[{}[\]<"]))
`;

/** The message without fences, quotes and pasted lines. A blank line after a colon begins a paste. */
export function ownWords(text: string): string {
  const plain = text
    .slice(0, 4000)
    .replace(/```[\s\S]*?(?:```|$)/g, '\n')
    .replace(/`[^`\n]{0,300}`/g, ' ')
    .replace(/["“][^"”\n]{12,600}["”]/g, ' ');
  const lines = plain.split('\n');
  const kept: string[] = [];
  for (const line of lines) {
    if (looksPasted.test(line)) {
      // Text after a paste may be pasted too, so only the words before it count.
      if (kept.some((each) => each.trim() !== '')) break;
      continue;
    }
    kept.push(line);
    if (line.trimEnd().endsWith(':') && kept.length > 1) break;
  }
  return kept.join('\n').trim().slice(0, maxOwn);
}
