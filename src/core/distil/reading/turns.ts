/** A session by turns, as a summary needs it: request, last answers, and changes. */
import { fileName } from '../../../protocol/paths';
import { stopWords, tokenize } from '../../index/tokenize';
import type { CallLine, SaidLine, SessionHead, SessionLine } from '../../store/tables/session-lines';
import { isEdit } from './outcomes';

export interface Turn {
  turn: number;
  prompt: SaidLine | undefined;
  /** Texts of the assistant, without sub-agents. */
  answers: SaidLine[];
  calls: CallLine[];
  edits: CallLine[];
  /** True when the person interrupted the turn. */
  isInterrupted: boolean;
}

export interface Reading {
  head: SessionHead;
  lines: readonly SessionLine[];
  turns: Turn[];
  calls: CallLine[];
  /** Names of the edited files, without folders. */
  editedNames: ReadonlySet<string>;
}

export function readTurns(head: SessionHead, lines: readonly SessionLine[]): Reading {
  const turns = new Map<number, Turn>();
  for (const line of lines) {
    let turn = turns.get(line.turn);
    if (!turn)
      turns.set(
        line.turn,
        (turn = { turn: line.turn, prompt: undefined, answers: [], calls: [], edits: [], isInterrupted: false }),
      );
    if (line.kind === 'call') {
      turn.calls.push(line);
      if (isEdit(line)) turn.edits.push(line);
    } else if (line.agentId === undefined) readWords(turn, line);
  }
  const calls = lines.filter((line): line is CallLine => line.kind === 'call');
  const editedNames = new Set(
    calls.filter(isEdit).flatMap(({ diffs }) => diffs.map(({ file }) => fileName(file).toLowerCase())),
  );
  return { head, lines, turns: [...turns.values()], calls, editedNames };
}

function readWords(turn: Turn, line: SaidLine): void {
  if (line.role === 'user' && (line.note === '' || line.note === 'command')) turn.prompt ??= line;
  else if (line.role === 'assistant' && line.note === '') turn.answers.push(line);
  else if (line.note === 'notice' && /^\[Request (?:interrupted|cancelled)/.test(line.text)) turn.isInterrupted = true;
}

/** The terms of a text, without stop words. */
export function termsOf(text: string): Set<string> {
  const terms = new Set<string>();
  tokenize(text, (term) => {
    if (!stopWords.has(term)) terms.add(term);
  });
  return terms;
}

/** Share of the smaller set's words that are also in the other one: 0 to 1. */
export function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  if (small.size === 0) return 0;
  let shared = 0;
  for (const term of small) if (large.has(term)) shared++;
  return shared / small.size;
}

/** 0 without common words, 1 for equal sets. */
export function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size === 0 || b.size === 0) return 0;
  let shared = 0;
  for (const term of a) if (b.has(term)) shared++;
  return shared / (a.size + b.size - shared);
}
