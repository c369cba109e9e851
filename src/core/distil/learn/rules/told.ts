/** What a person told Claude to do always or never. Wishes for the task at hand are not rules. */
import { ownWords } from '../../reading/reactions';
import type { Candidate } from '../candidate';
import { wordingOf, quoteOf } from '../candidate';
import type { SessionFacts } from '../session-facts';
import { aboutOf, forbids, isStandingWish } from './standing-wishes';

/** Shorter sentences cannot be told from a description of work. */
const shortest = 12;
const longest = 220;
/** Letters of these scripts say as much as two of others. */
const denseLetters = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;

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
        title: wordingOf(withoutLead(sentence), 120),
        description: wordingOf(withoutLead(sentence), 400),
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

/** "and remember that we …" goes on from the sentence before; as a rule it stands alone. */
function withoutLead(sentence: string): string {
  const words = sentence.replace(
    /^(?:(?:and|but|so|also|ok(?:ay)?|oh|btw|by the way|please)[,:;]?\s+){1,4}(?=\S.{10})/i,
    '',
  );
  return words === sentence ? sentence : words.charAt(0).toUpperCase() + words.slice(1);
}

/** Sentences in the person's own words that state a rule. */
export function rulesIn(text: string): string[] {
  const sentences = ownWords(text)
    .split(/(?<=[.!?。！？])\s+|\n+|(?<=[。！？])/)
    .map((each) => each.replace(/^\s*(?:[-*•]|\d+[.)])\s+/, '').trim());
  return sentences.filter(
    (each) =>
      each.length + (each.match(denseLetters)?.length ?? 0) >= shortest &&
      each.length <= longest &&
      isStandingWish(each),
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
  return { topic: aboutOf(sentence), fact: forbids(sentence) ? 'never' : 'always' };
}
