/** What a person told Claude to do always or never. Wishes for the task at hand are not rules. */
import { regex } from '../../../lib/regex';
import { ownWords } from '../../reading/reactions';
import type { Candidate } from '../candidate';
import { wordingOf, quoteOf } from '../candidate';
import type { SessionFacts } from '../session-facts';

/** Shorter sentences cannot be told from a description of work. */
const shortest = 12;
const longest = 220;
const lasting = regex('i')`
  \b(?:always|never|from now on|going forward|in (?:this|our) (?:repo(?:sitory)?|project|codebase)|
  in future|every time|whenever you|don'?t ever|remember (?:that|to)|note for (?:the )?future|
  we (?:always|never|only)|we use \S+(?: \S+)?,? not|our (?:convention|rule|style) is)\b|总是|一律|永远不要|
  以后(?:都|不要)|从现在(?:开始|起)|记住|务必
`;
/** The sentence is about the program being written or about an observation, not an instruction. */
const aboutTheWork = regex('i')`
  \?\s*$|\b(?:why|how come|does|did|is it|are there|would it|could it|should it|it (?:will |would )?
  (?:always|never)|that (?:always|never)|which (?:always|never)|(?:this|the \w+|user|users|code|
  function|test|tests|it|agent|method|field|value|script|cli|command) (?:is|are|was|were|will|would|
  should|must|can|does|do|has|have)? ?(?:always|never)|always (?:return|show|list|happen|fail|get|warn|
  be |write|exist|seem|the|a |an )|never (?:return|called|used|happen|been|be |reach|get|exist|seen|
  mind|set|assigned|executed))|(?:i|we|they|he|it) (?:have |had )?(?:always|never) (?:had|have|saw|see|
  did|do|thought|think|knew|know|been|was|were|liked)\b
`;
const asksClaude = regex('i')`
  ^(?:(?:please|also|and|ok(?:ay)?|so|but|no|yes|btw|by the way|important|note|remember|from now on|
  going forward|in (?:this|our) (?:repo(?:sitory)?|project|codebase)|in future|whenever|every time)
  [,:;!.]?\s+)*(?:please\s+|you\s+(?:should|must|have to|need to)\s+|we\s+(?:always|never|only|use|do|
  don'?t|should|must|want)\b|always\b|never\b|do(?:n'?t| not)\b|use\b|run\b|write\b|keep\b|make sure\b|
  prefer\b|remember\b|put\b|add\b|commit\b|ask\b|check\b|when(?:ever)?\b|our\b)|总是|一律|永远不要|以后|从现在|记住|务必|
  请
`;

export function whatWasTold({ lines }: SessionFacts): Candidate[] {
  return lines.flatMap((line): Candidate[] => {
    if (line.kind !== 'said' || line.role !== 'user' || line.note !== '' || line.agentId !== undefined) return [];
    return rulesIn(line.text).map((sentence) => {
      const { topic, fact } = subjectOf(sentence);
      return {
        rule: 'told',
        topic,
        fact,
        category: /\b(?:remember that|note for)\b|记住/i.test(sentence) ? 'general' : 'best_practice',
        title: wordingOf(sentence, 120),
        description: wordingOf(sentence, 400),
        context: '',
        tags: [],
        memoryKind: 'semantic',
        importance: 0.9,
        cites: { files: [], symbols: [] },
        edits: [],
        at: line.at,
        evidence: [
          {
            key: `told:${line.uid}`,
            kind: 'line',
            speaks: 1,
            message: 'told',
            args: [],
            lines: [{ uid: line.uid, quote: quoteOf(line.text, sentence) }],
            at: line.at,
          },
        ],
      };
    });
  });
}

/** Sentences in the person's own words that state a rule. */
export function rulesIn(text: string): string[] {
  const sentences = ownWords(text)
    .split(/(?<=[.!?。！？])\s+|\n+|(?<=[。！？])/)
    .map((each) => each.replace(/^\s*(?:[-*•]|\d+[.)])\s+/, '').trim());
  return sentences.filter(
    (each) =>
      each.length >= shortest &&
      each.length <= longest &&
      lasting.test(each) &&
      asksClaude.test(each) &&
      !aboutTheWork.test(each),
  );
}

/** A project uses one of these, so naming another contradicts it. */
const either: Readonly<Record<string, readonly string[]>> = {
  packages: ['npm', 'pnpm', 'yarn', 'bun'],
  indentation: ['tabs', 'spaces'],
  quotes: ['single quotes', 'double quotes'],
  tests: ['jest', 'vitest', 'mocha'],
  python: ['pip', 'poetry', 'uv', 'conda'],
  merging: ['squash', 'rebase', 'merge commits'],
};

/** Topic and statement of a rule: "never X" contradicts "always X", "use pnpm, not npm" contradicts "use npm". */
export function subjectOf(sentence: string): { topic: string; fact: string } {
  const lower = sentence.toLowerCase();
  for (const [topic, choices] of Object.entries(either)) {
    const wanted = choices.find(
      (choice) =>
        new RegExp(`\\b(?:use|run|with|by|prefer|always|only)\\s+(?:\\w+\\s+)?${choice}\\b`).test(lower) &&
        !new RegExp(`\\b(?:never|not|don'?t|do not|instead of)\\s+(?:use\\s+|run\\s+)?${choice}\\b`).test(lower),
    );
    const refused = choices.find((choice) =>
      new RegExp(`\\b(?:never|not|don'?t|do not|instead of)\\s+(?:use\\s+|run\\s+)?${choice}\\b`).test(lower),
    );
    if (wanted !== undefined) return { topic: `either:${topic}`, fact: wanted };
    if (refused !== undefined) return { topic: `either:${topic}`, fact: `not ${refused}` };
  }
  const isAgainst = /\b(?:never|don'?t|do not|avoid|stop)\b|不要|别/.test(lower);
  return {
    topic: lower
      .replace(filler, ' ')
      .replace(/[^\p{L}\p{N}./_-]+/gu, ' ')
      .trim(),
    fact: isAgainst ? 'never' : 'always',
  };
}

const filler = regex('g')`
  \b(?:always|never|from now on|going forward|in future|please|also|and|ok|okay|so|but|just|ever|don'?t|
  do not|remember|to|that|you|should|must|we|the|a|an|make sure|avoid|stop|every time)\b
`;
