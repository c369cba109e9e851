/** A fact that a rule found in a session, with the evidence for and against it. Its texts come from the store. */
import { createHash } from 'node:crypto';
import type { DeadEnd, EvidenceKind, MemoryKind, evidenceMessages } from '../../../protocol/learning';
import type { LearningCategory } from '../../../protocol/model';
import { pathInside, repositoryOfWorktree, withoutWorktree } from '../../../protocol/paths';
import { firstLetters, shortenAtWord } from '../../../protocol/text';
import { regex } from '../../lib/regex';
import { normalizeError } from '../../observe/fingerprint';
import type { claudesRule } from '../../store/tables/learning-evidence';
import type { CallLine, SessionHead } from '../../store/tables/session-lines';
import type { SessionFacts } from './session-facts';

/** The first part of a fact's key; each rule has its own prior in confidence.ts. */
type Rule = 'told' | 'fix' | 'check' | 'failing' | 'deadend' | 'together' | 'quirk' | 'model' | typeof claudesRule;

interface QuotedLine {
  uid: string;
  quote: string;
}

export interface EvidenceDraft {
  key: string;
  kind: EvidenceKind;
  speaks: -1 | 0 | 1;
  value?: number;
  message: keyof typeof evidenceMessages;
  args: (string | number)[];
  lines: QuotedLine[];
  at: number;
}

export interface Candidate {
  rule: Rule;
  /**
   * Topic and statement. An equal topic and fact is the same learning; another fact about the same topic may contradict
   * it.
   */
  topic: string;
  fact: string;
  category: LearningCategory;
  title: string;
  description: string;
  context: string;
  tags: string[];
  deadEnd?: DeadEnd;
  memoryKind: MemoryKind;
  /** From 0 to 1. */
  importance: number;
  cites: { files: string[]; symbols: string[] };
  evidence: EvidenceDraft[];
  /** Uids of the edits it rests on; git is asked what became of them. */
  edits: string[];
  at: number;
}

const maxQuoteLength = 300;

/** A literal part of a row's text, starting at the given words. */
export function quoteOf(text: string, words = ''): string {
  const start = words === '' ? 0 : Math.max(0, text.indexOf(words));
  return firstLetters(text.slice(start), maxQuoteLength).trim();
}

/** The first line with a word that an edit added. */
export function quoteOfEdit({ diffs, headline }: CallLine): string {
  const lines = diffs.flatMap(({ before, after }) => {
    const old = new Set(before.split('\n').map((line) => line.trim()));
    return after.split('\n').filter((line) => /\p{L}{2}/u.test(line) && !old.has(line.trim()));
  });
  return quoteOf(lines[0] ?? headline);
}

/** The text of a learning as one plain line. */
export const wordingOf = (text: string, most: number): string =>
  shortenAtWord(
    text.replace(/[`*_#>]+/g, (mark) => (mark === '`' || mark === '_' ? mark : '')),
    most,
  );

/** A path relative to the project or the session's folder, as people write it. */
export function shortPath(file: string, { cwd, projectRoot }: Pick<SessionHead, 'cwd' | 'projectRoot'>): string {
  // The longer root first: a worktree's folder is below the project's and would be left in the path.
  for (const root of [projectRoot, cwd, repositoryOfWorktree(file) ?? ''].toSorted((a, b) => b.length - a.length)) {
    const inside = pathInside(root, file);
    if (inside !== undefined) return withoutWorktree(inside);
  }
  return file;
}

/** An error line without the tool's tag and without line and column. */
export const withoutPlace = (error: string): string =>
  error
    .replace(/^\s*E\s+(?=\S)/, '')
    .replace(/^\s*(?:\[[\w:.-]+\]\s*)?(?:[\w./\\@-]+(?::\d+(?::\d+)?|\(\d+(?:,\d+)?\)):?\s*)+/, '');

/** The part of an error line that names the error, independent of place and numbers. */
export const errorTopic = (line: string): string => normalizeError(withoutPlace(line));

/** Contains the project's root, because row numbers change when rows are rebuilt. */
export function topicKeyOf({ rule, topic }: Pick<Candidate, 'rule' | 'topic'>, projectRoot: string): string {
  return `${rule}:${hash(projectRoot)}:${hash(topic)}:`;
}

export const factKeyOf = (candidate: Pick<Candidate, 'rule' | 'topic' | 'fact'>, projectRoot: string): string =>
  topicKeyOf(candidate, projectRoot) + hash(candidate.fact);

/** Row id of a fact: equal for the same fact on every machine. */
export const learningIdOf = (factKey: string): string => `found-${hash(factKey)}`;

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 24);

/** In longer code only the first names are looked for: they are what the file is about. */
const maxCode = 40_000;
const declaration = regex('gm')`
  ^[ \t]*(?:export[ \t]+)?(?:default[ \t]+)?(?:public |private |protected |static |async |abstract |
  pub(?:\([a-z]+\))? )*(?:func(?:tion)?[ \t]+(?:\([^)\n]{0,200}\)[ \t]*)?|(?:class|interface|type|
  struct|enum|trait|def|fn)[ \t]+|const[ \t]+(?=[\w$]{1,80}[ \t]*=[ \t]*(?:async[ \t]*)?\())
  ([A-Za-z_$][\w$]{2,60})
`;

/** Names declared in the added code of these edits. */
export function declaredIn(edits: readonly CallLine[]): string[] {
  const names = edits.flatMap(({ diffs }) =>
    diffs.flatMap(({ after }) => [...after.slice(0, maxCode).matchAll(declaration)].map((match) => match[1] ?? '')),
  );
  return [...new Set(names)].filter((name) => name !== '').slice(0, 12);
}

/**
 * What the person said about a turn, as evidence. Praise and "undo" apply to the whole turn; a correction counts only
 * against the change it names, because a turn contains many. `about`: the words of the change.
 */
export function reactionTo({ reactions }: SessionFacts, turn: number, about: string): EvidenceDraft[] {
  const found = reactions.get(turn);
  if (!found || found.reaction === 'neither') return [];
  const { reaction, line, words } = found;
  const speaks = reaction === 'accepts' ? 1 : reaction === 'undoes' || sharesWord(line.text, about) ? -1 : 0;
  return [
    {
      key: `reaction:${line.uid}`,
      kind: 'reaction',
      speaks,
      value: reaction === 'undoes' ? 0 : 1,
      message: reaction === 'accepts' ? 'accepted' : reaction === 'corrects' ? 'corrected' : 'undone',
      args: [wordingOf(words, 80)],
      lines: [{ uid: line.uid, quote: quoteOf(line.text, words) }],
      at: line.at,
    },
  ];
}

const everyday = new Set([
  'this',
  'that',
  'with',
  'from',
  'have',
  'when',
  'what',
  'should',
  'would',
  'could',
  'return',
  'test',
  'tests',
  'error',
  'string',
  'value',
  'func',
  'function',
  'const',
  'import',
  'still',
  'there',
  'which',
  'does',
  'file',
  'code',
  'line',
  'make',
  'true',
  'false',
  'null',
  'type',
  'name',
  'only',
  'into',
  'some',
  'they',
  'then',
  'your',
  'again',
  'wrong',
  'failed',
  'passed',
  'edit',
  'after',
]);

function sharesWord(text: string, about: string): boolean {
  const words = new Set(
    [...text.toLowerCase().matchAll(/[\p{L}_]{4,}/gu)].map(([word]) => word).filter((word) => !everyday.has(word)),
  );
  return [...about.toLowerCase().matchAll(/[\p{L}_]{4,}/gu)].some(([word]) => words.has(word));
}
