/**
 * Recognises sentences that say nothing about the work: what an assistant says between calls, and what a client adds.
 */
import { regex } from '../../lib/regex';

const chatter = regex('i')`
  ^(?:(?:ok(?:ay)?|alright|right|good|great|perfect|excellent|wonderful|nice|sure|absolutely|certainly|
  of course|yes|no|done|fixed|got it|understood|i see|hmm|wait|you'?re (?:absolutely )?(?:right|correct|
  welcome)|good (?:point|question|catch|thinking|idea)|great (?:point|question|catch|idea)|makes sense|
  interesting|exactly|sorry|thanks|thank you)\b[\w ,'’]{0,60}[.!:,—-]*$|(?:now|first|next|then|also|so|
  and|ok(?:ay)?|great|good|perfect|excellent)?[,!.:]?\s*(?:let me|let's|i(?:'|’)?ll|i will|
  i am going to|i'm going to|i need to (?:check|look|see|read|find|understand)|we (?:need|
  have) to (?:check|look|see))\b|(?:now|first|next),? (?:let me|i|i'll|we|update|add|check|run)\b|
  (?:now )?i (?:see|understand|have|can see|now (?:have|see|understand)|found)\b.{0,80}(?:picture|
  understanding|what (?:needs|to)|how (?:it|this|the)|context)|here(?:'s|’s| is| are)\b|(?:below|
  above) (?:is|are)\b|looking at\b|checking\b|running\b|the (?:changes|summary|following|rest|file)
  \b[^.]{0,40}:$|this is a great\b|(?:would|do|shall|should) (?:you|i|we) (?:like|want|prefer)?
  \b.{0,200}\?$|want me to\b.{0,200}\?$|let me know\b|sure,|(?:give|try|run|restart|rebuild)
  \b.{0,80}\b(?:again|another try|now|it|and)\b|this is a new task\b|feel free\b|is there anything\b|
  anything else\b|hope (?:this|that)\b|happy to\b|ready to\b.{0,60}\?$)
`;
const chatterInChinese =
  /^(?:好的|没问题|明白了?|让我|我来|我先|接下来我|现在我|现在让我|首先让我|下面(?:我|是)|以下是|当然|完美|很好|太好了)[^。]{0,12}[。!,,::]?$|^(?:让我|我来|我先|现在让我|接下来,?让我|首先,?让我)/;
const machine = regex('i')`
  ^(?:\[Request (?:interrupted|cancelled)|<\/?[a-z-]+>|Caveat:|system-reminder|The user (?:opened|
  selected)|PreToolUse|PostToolUse|Stop hook|Hook |SessionStart|UserPromptSubmit|
  Base directory for this skill|This session is being continued|Contents of \/|No response requested|
  API Error|Prompt is too long|\[image\]?$|\[Image #\d+\]$|Claude (?:AI usage limit|Code|
  requested permission)|NOTE: |IMPORTANT: |Powered by\b)
`;
const generated = /(?:🤖 )?Generated with \[?Claude Code|Co-Authored-By: /i;

/** True for a sentence that does not belong in a summary. */
export function isNoise(text: string): boolean {
  return (
    text.length < 8 ||
    chatter.test(text) ||
    chatterInChinese.test(text) ||
    isMachine(text) ||
    generated.test(text) ||
    /^https?:\S+$/.test(text)
  );
}

export const isMachine = (text: string): boolean => machine.test(text);

/** Prompts that only mean "go on". */
const trivial = regex('i')`
  ^(?:y|yes|yeah|yep|yup|no|nope|ok|okay|k|sure|go|go ahead|go for it|go on|continue|carry on|proceed|
  do it|do that|yes,? do it|yes,? please|please do|sounds good|looks good|lgtm|perfect|great|nice|cool|
  thanks|thank you|thx|hello|hi|hey|good morning|test|ping|push|push it|commit|commit (?:this|it|that|
  these|those|the changes?|these changes|everything|all)|merge|done|next|retry|try again|again|stop|
  wait|never mind|both|all|all of them|[a-d]|option [a-d\d]|\d(?:\s*(?:,|\+|and|&)\s*\d)*|yes,? .{1,14}|
  继续|好的?|是的?|可以|行|谢谢|提交|对|嗯|你好)(?:[\s,]+(?:please|then|now|thanks|it|claude|吧|了))?[\s.!?。!~,]*$
`;

export const isTrivialPrompt = (text: string): boolean => trivial.test(text.trim());

/** Pasted lines of a terminal, log or program. */
const pasted = regex('i')`
  ^\s*(?:[$❯➜%] |>>> |at \S+ ?\(|\d{4}[-/]\d\d[-/]\d\d[T ]|\d\d:\d\d:\d\d|\[\d|\[[\w:.-]+\] |
  [{}[\]();]+,?\s*$|"[\w.-]+"\s*:|[+-]{1,3}\s*[\w/({]|@@|diff --git|index [0-9a-f]{7}|={3,}|-{3,}|
  npm (?:ERR|WARN)|Traceback|File ".+", line \d|Exit code|error(?:\[\w+\])?:|warning:|\w+Error:|FAIL\b|
  PASS\b|ok\s+\S+\s|---|\S+\.\w{1,5}:\d+(?::\d+)?[: ]|[│┌└├╭╰]|<[a-z][^>]*>|import .+ from |#include|
  (?:public|private|func|def|class|const|let|var|return|if \(|for \()\b.*[{;()=:]\s*$)
`;

export const isPasted = (line: string): boolean =>
  pasted.test(line) || (line.length > 400 && !/\s/.test(line.slice(0, 200)));
