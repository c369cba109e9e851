/** What was tried and undone: stored as "fails when … because … instead …", never as a fact that holds. */
import { fileName } from '../../../../protocol/paths';
import { regex } from '../../../lib/regex';
import type { CallLine, SessionLine } from '../../../store/tables/session-lines';
import { isEdit, readRun } from '../../reading/outcomes';
import { wordingOf, quoteOf, quoteOfEdit, shortPath, withoutPlace } from '../candidate';
import type { Candidate, EvidenceDraft } from '../candidate';
import { changesAfter } from '../session-facts';
import type { SessionFacts } from '../session-facts';
import { undone } from '../undone';
import { errorOf, isSlip } from './error-line';
import { done } from './fixes';

/** More edits than this are no one attempt. */
const maxAttempt = 6;

export function deadEndsIn(facts: SessionFacts): Candidate[] {
  return [...takenBackByPerson(facts), ...takenBackAfterRed(facts)];
}

/** Edits of a turn that the person asked to undo, and that were undone. */
function takenBackByPerson(facts: SessionFacts): Candidate[] {
  const editsOf = new Map<number, CallLine[]>();
  for (const line of facts.lines) {
    if (!isEdit(line)) continue;
    const known = editsOf.get(line.turn);
    if (known) known.push(line);
    else editsOf.set(line.turn, [line]);
  }
  return [...facts.reactions.values()].flatMap((reaction): Candidate[] => {
    if (reaction.reaction !== 'undoes' && reaction.reaction !== 'corrects') return [];
    const edits = editsOf.get(reaction.turn) ?? [];
    if (edits.length === 0) return [];
    const reverts = undone(edits, changesAfter(facts, edits));
    // "Revert" may be about something else, and a correction may only add to the edits.
    if (reverts.length === 0) return [];
    const said: EvidenceDraft = {
      key: `reaction:${reaction.line.uid}`,
      kind: 'reaction',
      speaks: 1,
      message: reaction.reaction === 'undoes' ? 'undone' : 'corrected',
      args: [wordingOf(reaction.words, 80)],
      lines: [{ uid: reaction.line.uid, quote: quoteOf(reaction.line.text, reaction.words) }],
      at: reaction.line.at,
    };
    return [
      deadEndOf(facts, edits, {
        because: `you said: ${wordingOf(sentenceWith(reaction.line.text, reaction.words), 160)}`,
        instead: insteadAfter(facts, reaction.line, edits),
        proof: [said, ...reverts],
        at: reaction.line.at,
      }),
    ];
  });
}

/**
 * Edits after which a check named them and failed, that Claude undid itself, and after which the check passed by
 * another change.
 */
function takenBackAfterRed(facts: SessionFacts): Candidate[] {
  const { lines, places } = facts;
  const seen = new Set<string>();
  const reds: CallLine[] = [];
  const lastGreen = new Map<string, number>();
  for (const [place, line] of lines.entries()) {
    const run = line.kind === 'call' ? readRun(line) : undefined;
    // What a linter or a checker of types objects to is put right at once, and says so again by itself.
    if (line.kind === 'call' && run?.outcome === 'failed' && run.check !== undefined && run.check !== 'lint')
      reds.push(line);
    if (run?.outcome === 'passed') lastGreen.set(run.command, place);
  }
  let next = 0;
  return lines.flatMap((edit, index): Candidate[] => {
    if (!isEdit(edit) || intentBefore(facts, edit) === undefined) return [];
    const [revert] = undone([edit], changesAfter(facts, [edit]));
    if (!revert) return [];
    const until = places.get(revert.key.slice('revert:'.length)) ?? lines.length;
    while (next < reds.length && (places.get(reds[next]?.uid ?? '') ?? 0) <= index) next++;
    let red: CallLine | undefined;
    for (let at = next; at < reds.length && !red; at++) {
      const each = reds[at] as CallLine;
      if ((places.get(each.uid) ?? 0) >= until) break;
      if (each.agentId === edit.agentId) red = each;
    }
    const error = red && errorOf(red);
    if (!red || error === undefined || isSlip(error) || !isAbout(error, edit)) return [];
    const command = readRun(red)?.command ?? '';
    const isSolved = (lastGreen.get(command) ?? -1) >= until;
    // One attempt often consists of many edits of one file.
    const attempt = `${edit.turn} ${edit.diffs[0]?.file ?? ''}`;
    if (!isSolved || seen.has(attempt)) return [];
    seen.add(attempt);
    const proof: EvidenceDraft = {
      key: `red:${red.uid}`,
      kind: 'verification',
      speaks: 1,
      message: 'stillRed',
      args: [command],
      lines: [{ uid: red.uid, quote: quoteOf(red.output, error) }],
      at: red.at,
    };
    return [
      deadEndOf(facts, [edit], {
        because: wordingOf(withoutPlace(error), 160),
        instead: insteadAfter(facts, lines[until] as SessionLine, [edit]),
        proof: [proof, revert],
        at: red.at,
      }),
    ];
  });
}

/** True when the error names the file, its test, or a name that was added. */
function isAbout(error: string, { diffs }: CallLine): boolean {
  return diffs.some(({ file, before, after }) => {
    const name = fileName(file)
      .replace(/\.\w+$/, '')
      .replace(/[._-]?(?:test|spec)$/, '');
    return (
      (name.length > 2 && error.includes(name)) ||
      [...after.matchAll(/[A-Za-z_]\w{5,}/g)].some(([word]) => error.includes(word) && !before.includes(word))
    );
  });
}

function deadEndOf(
  facts: SessionFacts,
  edits: CallLine[],
  { because, instead, proof, at }: { because: string; instead: string; proof: EvidenceDraft[]; at: number },
): Candidate {
  const { head } = facts;
  const first = edits[0] as CallLine;
  const files = [...new Set(edits.flatMap(({ diffs }) => diffs.map(({ file }) => file)))].filter((file) => file !== '');
  const name = shortPath(files[0] ?? '', head);
  const intent = intentBefore(facts, first);
  const when = intent ?? `\`${wordingOf(quoteOfEdit(first), 120)}\` is put into \`${name}\``;
  return {
    rule: 'deadend',
    topic: `${name} ${quoteOfEdit(first)}`,
    fact: '',
    category: 'error',
    title: wordingOf(`Was taken back: ${intent ?? quoteOfEdit(first)}`, 120),
    description: '',
    context: '',
    tags: [],
    deadEnd: { when, because, instead },
    memoryKind: 'semantic',
    // It says of one place what was tried there, and is met again seldom. Without what worked instead, or of many edits
    // of which some were undone, nobody who was not there knows what to do otherwise.
    importance: instead === '' || edits.length > maxAttempt ? 0.2 : 0.3,
    cites: { files: files.slice(0, 8), symbols: [] },
    edits: [],
    at,
    evidence: [
      done(edits),
      ...proof.map((piece): EvidenceDraft => (piece.kind === 'revert' ? { ...piece, speaks: 0 } : piece)),
    ],
  };
}

/** What Claude said it would do right before the edit. */
function intentBefore({ saidBefore }: SessionFacts, edit: CallLine): string | undefined {
  const before = saidBefore.get(edit.uid);
  const sentence = before?.text
    .split(/(?<=[.!:。])\s+|\n+/)
    .map((each) => each.trim())
    .findLast(
      (each) =>
        /\b(?:let me|i'll|i will|i'm going to|now i|we can|i need to|try)\b/i.test(each) &&
        each.length >= 16 &&
        each.length <= 240,
    );
  // Looking at something is no attempt.
  if (
    sentence === undefined ||
    regex('i')`
      \b(?:let me|i'll|i will|i need to|now i|going to|let's)\s+(?:also |now |first |just |quickly |
      try to )*(?:check|verify|see|look|read|run|debug|review|search|find|understand|view|add (?:some )?
      (?:debug|log|print))
    `.test(sentence)
  )
    return undefined;
  return wordingOf(
    sentence
      .replace(
        regex('i')`
          ^(?:now|so|ok(?:ay)?|good|great|perfect)?[,.! ]*(?:let me|i'll|i will|i'm going to|
          now i(?:'ll)?|i need to|let's)\s+(?:try to |try |now |just |also )?
        `,
        '',
      )
      .replace(/[:.]$/, ''),
    160,
  );
}

/** What was edited in the same file after it was undone. */
function insteadAfter({ lines, head, places }: SessionFacts, from: SessionLine, edits: readonly CallLine[]): string {
  const files = new Set(edits.flatMap(({ diffs }) => diffs.map(({ file }) => file)));
  let next: CallLine | undefined;
  // Turns are in order, so the search ends behind the next one.
  for (let place = places.get(from.uid) ?? lines.length; place < lines.length && !next; place++) {
    const line = lines[place] as SessionLine;
    if (line.turn > from.turn + 1) break;
    if (
      isEdit(line) &&
      line.diffs.some(({ file, after }) => files.has(file) && /\p{L}{3}/u.test(after)) &&
      undone(edits, [line]).length === 0
    )
      next = line;
  }
  return next ? `\`${wordingOf(quoteOfEdit(next), 120)}\` in \`${shortPath(next.diffs[0]?.file ?? '', head)}\`` : '';
}

const sentenceWith = (text: string, words: string): string =>
  text.split(/(?<=[.!?。！？])\s+|\n+/).find((each) => each.includes(words)) ?? words;
