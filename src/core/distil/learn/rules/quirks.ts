/**
 * What a library that the project uses does not do, or does unexpectedly: said of it by name, in the present and without
 * conditions, in a session that went on to change code and ended a check green. Such a sentence holds beyond its session,
 * while most explanations are about code that was changed the next minute.
 */
import { fileName } from '../../../../protocol/paths';
import { regex } from '../../../lib/regex';
import type { CallLine, SaidLine } from '../../../store/tables/session-lines';
import { isEdit, readRun } from '../../reading/outcomes';
import { sentencesOf } from '../../reading/sentences';
import { likeness, termsOf } from '../../reading/turns';
import { quoteOf, quoteOfEdit, wordingOf } from '../candidate';
import type { Candidate } from '../candidate';
import type { SessionFacts } from '../session-facts';

/** Sentences of a session whose library is looked up in what was read and edited. */
const maxSentences = 60;
const [shortest, longest] = [24, 200];
/** Sentences with this share of words say the same. */
const alike = 0.5;

/** Subject, up to four words, and what it does not do. */
const limit = regex('i')`
  (?:^|[—–:]\s|\b(?:because|since|that|but|as)\s)(?:the\s)?
  (@?[A-Za-z][\w.-]{1,40}(?:\/[\w.-]{1,40})?)(?:\s\(?v?\d[\w.]{0,10}\)?)?(?:['’]s)?
  ((?:\s(?!(?:because|since|that|but|as|and|or|when|where|which|who|while)\s)
  [^\s,;:]{1,60}){0,4}?\s(?:does(?:n['’]?t|\snot)|do(?:n['’]?t|\snot)|can(?:not|['’]t)|has\sno|never|always|ignores?|
  silently|requires?|rewrites?|inherits?|drops?|strips?|swallows?|only\s(?:supports?|works?|accepts?|returns?|reads?|
  matches|applies))\s[^;:]{8,})
`;
/** About this moment, this code, or not sure. */
const passing = regex('i')`
  \b(?:if|unless|would|might|may|could|should|maybe|perhaps|probably|likely|seems?|appears?|i|i['’]m|we|you|your|let['’]s|
  our|my|this|these|those|it['’]s|here|now|currently|yet|still|errors?|fail(?:s|ed|ing)?|was|were|did(?:n['’]t)?|will|won['’]t|
  need(?:s|ed)?|want(?:s|ed)?|tests?|above|below|todo|already)\b|\?$
`;

interface Quirk {
  line: SaidLine;
  library: string;
  text: string;
  quote: string;
}

export function quirksIn(facts: SessionFacts): Candidate[] {
  const { lines, places, head } = facts;
  const calls = lines.filter((line): line is CallLine => line.kind === 'call');
  const lastGreen = calls.findLast((line) => readRun(line)?.check !== undefined && readRun(line)?.outcome === 'passed');
  const until = (lastGreen && places.get(lastGreen.uid)) ?? -1;
  const lastEdit = lines.slice(0, until + 1).findLast(isEdit);
  if (!lastGreen || !lastEdit) return [];
  const end = places.get(lastEdit.uid) ?? -1;
  const kept: Quirk[] = [];
  const own = plainName(fileName(head.projectRoot));
  const isUsed = new Map<string, boolean>();
  for (const quirk of lines.slice(0, end).flatMap(quirksOf).slice(0, maxSentences)) {
    const { library } = quirk;
    if (plainName(library) === own) continue;
    if (!isUsed.has(library)) isUsed.set(library, isImported(library, calls));
    const terms = termsOf(quirk.text);
    if (isUsed.get(library) === true && !kept.some(({ text }) => likeness(termsOf(text), terms) > alike))
      kept.push(quirk);
  }
  return kept.map(({ line, library, text, quote }): Candidate => ({
    rule: 'quirk',
    topic: `${library} ${[...termsOf(text)].toSorted().join(' ')}`,
    fact: '',
    category: 'general',
    title: wordingOf(text, 160),
    description: wordingOf(text, 400),
    context: '',
    tags: [],
    memoryKind: 'semantic',
    importance: 0.7,
    cites: { files: [], symbols: [] },
    edits: [],
    at: line.at,
    evidence: [
      {
        key: `said:${line.uid}`,
        kind: 'line',
        speaks: line.role === 'user' ? 1 : 0,
        message: line.role === 'user' ? 'told' : 'explained',
        args: [],
        lines: [{ uid: line.uid, quote: quoteOf(line.text, quote) }],
        at: line.at,
      },
      {
        key: `went-on:${lastGreen.uid}`,
        kind: 'line',
        speaks: 1,
        message: 'passed',
        args: [readRun(lastGreen)?.command ?? ''],
        lines: [
          { uid: lastEdit.uid, quote: quoteOfEdit(lastEdit) },
          { uid: lastGreen.uid, quote: quoteOf(lastGreen.input) },
        ],
        at: lastGreen.at,
      },
    ],
  }));
}

function quirksOf(line: SessionFacts['lines'][number]): Quirk[] {
  if (line.kind !== 'said' || line.note !== '' || line.agentId !== undefined) return [];
  return limitsIn(line.text).map((found) => ({ line, ...found }));
}

/** Sentences that say of something by name what it does not do; whether it is a library is not known here. */
export function limitsIn(said: string): Omit<Quirk, 'line'>[] {
  return sentencesOf(said).flatMap(({ text, quote }) => {
    const found = limit.exec(text);
    if (!found) return [];
    const [whole, library = '', rest = ''] = found;
    const from = whole.indexOf(library);
    // What was done about it is no part of the fact: ", so we walk the parents ourselves".
    const told = whole.slice(from);
    const turn = told.search(/,? so\b|,? which (?:is why|means)\b|\s(?:[—–→]|->)/);
    const words = turn < 0 ? told : told.slice(0, turn);
    return words.length >= shortest && words.length <= longest && !passing.test(words) && rest !== ''
      ? [{ library: library.toLowerCase(), text: sentenceOf(words), quote }]
      : [];
  });
}

/** The name of a library keeps its case. */
const sentenceOf = (words: string): string => `${words.trimEnd().replace(/[.,]$/, '')}.`;

const plainName = (name: string): string => name.toLowerCase().replaceAll(/[-_.]/g, '');

/** True when code or a manifest that was read or edited names the library: an import of Go, JavaScript, Python or Rust. */
function isImported(library: string, calls: readonly CallLine[]): boolean {
  const name = library.replaceAll('.', String.raw`\.`).replaceAll(/[-_]/g, '[-_]');
  const used = new RegExp(
    [
      String.raw`"[\w-]{1,40}(?:\.[\w-]{1,20})+/[\w.-]{1,60}/${name}(?:/[^"\n]{0,100})?"`,
      String.raw`\b[\w-]{1,40}\.[a-z]{2,8}/[\w.-]{1,60}/${name}(?:/v\d+)? v\d`,
      String.raw`(?:\bfrom |\brequire\(|\bimport )['"]${name}(?:/[^'"\n]{0,100})?['"]`,
      String.raw`"${name}": ?"[\^~>=]{0,2}\d`,
      String.raw`^[ \t]*(?:\d{1,6}[→|:\t])?[ \t]*(?:from ${name}(?:\.\w{1,40}){0,6} import\b|import ${name}\b)`,
      String.raw`\buse ${name}::`,
      String.raw`^${name} ?(?:[=~<>]=|= ?["{])`,
    ].join('|'),
    'im',
  );
  return calls.some(
    ({ output, diffs }) =>
      used.test(output.slice(0, maxLooked)) ||
      diffs.some(({ before, after }) => used.test(before.slice(0, maxLooked)) || used.test(after.slice(0, maxLooked))),
  );
}

/** Letters of one text; imports stand at its beginning. */
const maxLooked = 20_000;
