/** Sentences of rows, each with the words around it by which it is understood. */
import { oneLine } from '../../../protocol/text';
import { sentencesOf } from '../../distil/reading/sentences';
import { termsIn } from '../../give/term-weights';
import type { AskLine } from '../../store/tables/ask-lines';

export interface Unit {
  line: AskLine;
  /** Plain words on one line. */
  text: string;
  /** Stands in the row as it is. */
  quote: string;
  own: ReadonlySet<string>;
  /** Words of the sentences beside it and of its heading. */
  beside: ReadonlySet<string>;
  /** Words of the row, and of what it answers. */
  around: ReadonlySet<string>;
  /** Words of all that was read of its turn and the two beside it. */
  turns: ReadonlySet<string>;
  isQuestion: boolean;
  /** Sentences of its row that tell something. */
  place: number;
}

/** A shorter sentence says nothing without the one before it; what a person answers is short and is kept. */
const minSentence = 12;
const maxUnits = 24;

/** @param title of the session, which says what all of it is about */
export function unitsOf(lines: readonly AskLine[], title: string): Unit[] {
  const titled = termsIn(title);
  let before: ReadonlySet<string> = new Set();
  const ofTurn = new Map<number, Set<string>>();
  const units = lines.flatMap((line) => {
    const told = tell(line);
    const own = told.map(({ text, heading }) => termsIn(`${text}\n${heading}`));
    const row = new Set(own.flatMap((terms) => [...terms]));
    if (line.voice !== 'tool') ofTurn.set(line.turn, new Set([...(ofTurn.get(line.turn) ?? titled), ...row]));
    const around = new Set([...row, ...before, ...titled]);
    if (line.voice !== 'tool') before = row;
    return told.slice(0, maxUnits).map(({ text, quote }, place): Omit<Unit, 'turns'> => {
      const beside = new Set([...own[place]!, ...(own[place - 1] ?? []), ...(own[place + 1] ?? [])]);
      return { line, text, quote, own: own[place]!, beside, around, isQuestion: /[?？]["'”’)]*$/u.test(text), place };
    });
  });
  const together = new Map(
    [...ofTurn.keys()].map((turn) => [
      turn,
      new Set([turn - 1, turn, turn + 1].flatMap((each) => [...(ofTurn.get(each) ?? [])])),
    ]),
  );
  return units.map((unit) => ({ ...unit, turns: together.get(unit.line.turn) ?? unit.around }));
}

function tell({ voice, text }: AskLine): { text: string; quote: string; heading: string }[] {
  if (voice === 'tool') {
    const [command = ''] = text.split('\n', 1);
    return command.trim() === '' ? [] : [{ text: oneLine(command), quote: command.trim(), heading: '' }];
  }
  return sentencesOf(text).filter(({ kind, text: words }) => kind !== 'heading' && words.length >= minSentence);
}
