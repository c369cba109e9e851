/**
 * Whether a report of a later session says that something left open was done. Rather no than a wrong yes: the report has nearly all
 * words of what was open, does the same with it, and says that it is done.
 */
import { trimEndOf } from '../../../protocol/text';
import { stopWords, tokenize } from '../../index/tokenize';
import { regex } from '../../lib/regex';

/** Words by which something is said to be open, and those that say nothing about which work it is. */
const fillerWords = (
  'does do did still need needs needed todo yet next step steps follow up left remaining remain open later now also should would could ' +
  'will must have has had been being done not no nothing more further manual manually please only just some any all each ' +
  'both item items task tasks work issue issues thing things out scope future known limitation limitations missing pending ' +
  'case cases new use using make sure way'
).split(' ');
/** What is done to something, by what it comes to. Words of one row may stand for each other. */
const actions: readonly (readonly [name: string, words: string])[] = [
  ['make', 'add implement create introduce write support enable build provide include extend wire cover handle'],
  ['tell', 'document describe explain note log report list comment'],
  ['drop', 'remove delete drop disable strip uninstall'],
  ['mend', 'fix repair resolve correct address solve'],
  ['undo', 'revert undo rollback'],
  ['change', 'rename move migrate port convert replace switch split extract merge refactor rework update upgrade bump'],
  ['run', 'run deploy publish release push verify check validate'],
];
/** Forms that no ending tells. */
const irregular: Readonly<Record<string, string>> = {
  ran: 'run',
  wrote: 'write',
  written: 'write',
  built: 'build',
  made: 'make',
  shown: 'show',
  sent: 'send',
  hidden: 'hide',
  kept: 'keep',
};
const irregularWords = new RegExp(`\\b(?:${Object.keys(irregular).join('|')})\\b`, 'gi');
const chinese: readonly (readonly [RegExp, string])[] = [
  [/还需要|还需|需要|尚未|还没有?|待办|下一步|已经|已|了(?=[。,,.]|$)/g, ' '],
  [/添加|新增|实现|创建/g, ' add '],
  [/删除|移除/g, ' remove '],
  [/修复|解决/g, ' fix '],
  [/更新|修改|重命名|迁移/g, ' update '],
];
/** How a list says that what follows is open, and how a subject of a commit begins. */
const lead = regex('i')`
  ^(?:next steps?|follow-?ups?|todo|to-do|remaining(?: work)?|still open|known (?:limitations?|issues?)|
  not done) ?[:：-] *
`;
const subject = /^(\w+)(?:\(([^)]{1,40})\))?!?: /;
/** As the tokenizer has it: `removed`, `removes` and `removing` are one term. */
function termOf(word: string): string {
  let first = '';
  tokenize(word, (term) => void (first ||= term));
  return first;
}
/** An ending may leave another stem than the word alone. */
const formsOf = (word: string): string[] => [termOf(word), termOf(`${word.replace(/e$/, '')}ed`)];
const fillers = new Set(fillerWords.flatMap((word) => [word, termOf(word)]));
const actionOf = new Map(
  actions.flatMap(([name, words]) =>
    words.split(' ').flatMap((word) => formsOf(word).map((form) => [form, name] as const)),
  ),
);
/** What is made beside a work, not the work itself. */
const beside = new Set(
  'test doc docs documentation readme comment example fixture mock benchmark issue how guide check warning'
    .split(' ')
    .map(termOf),
);
/** These cannot be the same work, whatever else is the same. */
const opposed: ReadonlySet<string> = new Set([
  'make drop',
  'drop make',
  'make undo',
  'undo make',
  'mend undo',
  'undo mend',
]);

/** The report says that it is not done, or not yet, or only partly. */
const undone = regex('i')`
  \b(?:not|no|never|without|cannot|can't|couldn't|could not|didn't|did not|won't|isn't|aren't|hasn't|haven't|unable|failed to|
  instead of|todo|will|would|should|plan(?:ned|s)? to|going to|next|later|start(?:ed|s)?|began|begin|partly|
  partially|some of|half|skip(?:ped|s)?|defer(?:red|s)?|postpone[ds]?|remain(?:s|ing)?|still|yet|attempt(?:ed)?|
  tried|try|draft(?:ed)?|prepar(?:ed?|ing)|stub(?:bed)?|consider(?:ed)?|
  discuss(?:ed)?|propos(?:ed|e|al)|wip|roadmap|backlog|tickets?)\b
`;
const undoneInChinese = /没有|尚未|还没|未能|无法|待|计划|将|部分|跳过/;
/** A state that was reached, said in the middle of a sentence. */
const passive = regex('i')`
  \b(?:is|are|was|were|been) (?:now )?(?:also )?([a-z]{3,20}(?:ed|en|wn|ept|ent))\b|\bnow ([a-z]{2,20}s)\b
`;
/** A report begins with what was done, or is the subject of a commit. */
const begins = regex('iu')`
  ^(?:[\w()\/.\-]{2,30}(?:\([^\)]{1,40}\))?!?: )?(?:(?:i|we|it|the|all|both|also|now|and|have|has|been|
  successfully) ){0,3}([\p{L}\-]+)
`;
const reaching: ReadonlySet<string> = new Set(['make', 'mend']);
const leastShare = 0.84;
const fewWords = 5;
const leastBack = 0.6;
const fewest = 2;

export interface Work {
  /** Its words without those that say nothing, each in its stem. */
  words: ReadonlySet<string>;
  actions: ReadonlySet<string>;
}

export function workOf(text: string): Work {
  const words = new Set<string>();
  const found = new Set<string>();
  tokenize(plain(text), (term) => {
    const action = actionOf.get(term);
    if (action !== undefined) found.add(action);
    else if (term.length > 1 && !stopWords.has(term) && !fillers.has(term)) words.add(term);
  });
  return { words, actions: found };
}

function plain(text: string): string {
  let plainText = trimEndOf(text.trim(), '.。!')
    .replace(lead, '')
    .replace(subject, (all, kind: string, scope: string | undefined) =>
      commitKinds.has(kind.toLowerCase()) ? `${kind.toLowerCase() === 'fix' ? 'fix ' : ''}${scope ?? ''} ` : all,
    )
    .replace(irregularWords, (word) => irregular[word.toLowerCase()] ?? word);
  if (/[\u4e00-\u9fff]/.test(plainText))
    for (const [words, word] of chinese) plainText = plainText.replace(words, word);
  return plainText;
}
const commitKinds = new Set('feat fix docs refactor chore test tests perf build ci style revert'.split(' '));

/** What a sentence reports as done: the verb, as the tokenizer has it. Undefined when it reports nothing. */
function reportedVerb(text: string): string | undefined {
  if (undone.test(text) || undoneInChinese.test(text)) return undefined;
  const kind = subject.exec(text.trim())?.[1]?.toLowerCase();
  const isSubject = kind !== undefined && commitKinds.has(kind);
  const words = isSubject ? text.trim().replace(subject, '') : plain(text);
  const reached = isSubject
    ? undefined
    : passive
        .exec(words)
        ?.slice(1)
        .find((word) => word !== undefined);
  const verb = termOf(reached ?? begins.exec(words.trim())?.[1] ?? '');
  if (isSubject && kind === 'fix' && !actionOf.has(verb)) return termOf('fix');
  return verb === '' ? undefined : verb;
}

/** What a sentence reports as done. */
export interface Report {
  verb: string;
  work: Work;
}

/** Undefined when it reports nothing. */
export function reportOf(text: string): Report | undefined {
  const verb = reportedVerb(text);
  return verb === undefined ? undefined : { verb, work: workOf(text) };
}

/** @param open what was left open, as `workOf` reads it */
export function isDoneBy(open: Work, { verb, work: done }: Report): boolean {
  if (open.words.size < fewest) return false;
  // The same is done with it: a verb of the same row, or the very verb; a state that is missing is made or mended.
  const action = actionOf.get(verb);
  const isSameVerb =
    action === undefined
      ? open.words.has(verb) || verb === termOf('make')
      : open.actions.size === 0
        ? reaching.has(action)
        : open.actions.has(action) || open.words.has(verb);
  if (!isSameVerb) return false;
  // What goes is only done where it was to go.
  for (const gone of ['drop', 'undo']) if (done.actions.has(gone) && !open.actions.has(gone)) return false;
  for (const one of open.actions) for (const other of done.actions) if (opposed.has(`${one} ${other}`)) return false;
  // A test of it, or words about it, are another work.
  for (const word of done.words) if (beside.has(word) && !open.words.has(word)) return false;
  if (done.actions.has('tell') && !open.actions.has('tell')) return false;
  let shared = 0;
  for (const word of open.words) if (done.words.has(word)) shared++;
  const least = open.words.size <= fewWords ? 1 : leastShare;
  return shared / open.words.size >= least && shared / Math.max(1, done.words.size) >= leastBack;
}

/** Two sentences that leave the same open. */
export function isSameOpen(one: Work, other: Work): boolean {
  const [small, large] = one.words.size <= other.words.size ? [one.words, other.words] : [other.words, one.words];
  if (small.size < fewest) return false;
  let shared = 0;
  for (const word of small) if (large.has(word)) shared++;
  return shared === small.size && shared / large.size >= 0.7;
}
