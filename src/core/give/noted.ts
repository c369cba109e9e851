/**
 * What stands in Claude Code's own files already, and what contradicts them. Words are compared, sentence by sentence;
 * when in doubt neither is said ([0037](../../../docs/decisions/0037-notes-of-claude.md)).
 */
import type { Learning } from '../../protocol/model';
import type { NotePlace } from '../../protocol/note';
import { rowKeyOf } from '../../protocol/row-key';
import { forbids } from '../distil/learn/rules/standing-wishes';
import { sentencesOf } from '../distil/reading/sentences';
import type { Sentence } from '../distil/reading/sentences';
import type { NameKey } from '../lib/keyed-name';
import type { SqlDriver } from '../store/sqlite/driver';
import { allNotes, notesStamp } from '../store/tables/notes';
import type { NoteOfProject } from '../store/tables/notes';
import type { Piece } from './candidates';
import { neverTest } from './choices';
import { contradicts, numbersIn } from './contradicting';
import { termsIn } from './term-weights';

/** A sentence of a note, or a whole list item or line of it. */
interface Unit {
  text: string;
  terms: ReadonlySet<string>;
  note: NoteOfProject;
  line: number;
  /** Only single sentences are compared for what contradicts them. */
  isSentence: boolean;
}

/** Of the words, this share must stand there; the rest is how it is put. */
const standsFrom = 0.85;
/** Fewer words must all be there, and little else. */
const fewWords = 3;
/** A long line has all words of something short somewhere. */
const longest = 4;
/** Of an index, the client sends only its beginning. */
const indexLines = 200;
const indexLetters = 25_000;
const maxOwnSentences = 6;

/** What stood in the files at one moment. */
class NotedWords {
  readonly #units: readonly Unit[];
  readonly #byTerm = new Map<string, number[]>();

  constructor(notes: readonly NoteOfProject[]) {
    this.#units = notes.flatMap(unitsOf);
    for (const [at, { terms }] of this.#units.entries())
      for (const term of terms) {
        const known = this.#byTerm.get(term);
        if (known) known.push(at);
        else this.#byTerm.set(term, [at]);
      }
  }

  /**
   * Where the words stand in a file that Claude Code gives by itself: of one of the projects, or the person's own. All
   * projects when `projectIds` is undefined.
   */
  placeOf(text: string, projectIds: readonly number[] | undefined): NotePlace | undefined {
    const found = this.#standing(text, projectIds, ({ note }) => note.isSent);
    return found && placeOf(found);
  }

  /**
   * An accepted learning with where it stands, or what contradicts it. Others are as they were. One that applies to all
   * projects is compared with those that are looked at (undefined: all), and the file is then named with its project.
   */
  withNotes(learning: Learning, lookedAt: readonly number[] | undefined): Learning {
    if (learning.state !== 'accepted' || learning.deadEnd) return learning;
    if (this.#units.length === 0) return learning;
    const ids = learning.project ? projectsOf(learning) : lookedAt;
    const nameOf = (unit: Unit) => placeOf(unit, learning.project === null);
    const own = [learning.title, ...sentencesOf(learning.description).map(({ text }) => text)];
    for (const sentence of own.slice(0, maxOwnSentences)) {
      const against = this.#near(termsIn(sentence), ids).find(
        ({ unit }) => unit.isSentence && contradicts(sentence, unit.text),
      )?.unit;
      if (against) return { ...learning, contradicts: { ...nameOf(against), text: against.text } };
    }
    const found = this.#standingLearning(learning, ids, () => true);
    return found ? { ...learning, standsIn: nameOf(found) } : learning;
  }

  /** Where a learning stands in a file that Claude Code gives by itself. */
  sentPlaceOf(learning: Learning): NotePlace | undefined {
    const found = this.#standingLearning(learning, projectsOf(learning), ({ note }) => note.isSent);
    return found && placeOf(found);
  }

  #standingLearning(
    learning: Learning,
    ids: readonly number[] | undefined,
    isMeant: (unit: Unit) => boolean,
  ): Unit | undefined {
    const { title, description } = learning;
    const whole =
      description === '' || description.startsWith(title) ? description || title : `${title}. ${description}`;
    return this.#standing(title, ids, isMeant) ?? this.#standing(whole, ids, isMeant);
  }

  #standing(
    text: string,
    projectIds: readonly number[] | undefined,
    isMeant: (unit: Unit) => boolean,
  ): Unit | undefined {
    const terms = termsIn(text);
    const isAgainst = forbids(text);
    const numbers = numbersIn(text);
    return this.#near(terms, projectIds)
      .filter(({ unit }) => isMeant(unit))
      .toSorted((a, b) => b.shared - a.shared || a.unit.terms.size - b.unit.terms.size)
      .find(({ unit, shared }) => {
        const isFew = terms.size < fewWords;
        if (isFew ? shared < terms.size || unit.terms.size > terms.size + 1 : shared < standsFrom * terms.size)
          return false;
        if (unit.terms.size > longest * terms.size || forbids(unit.text) !== isAgainst) return false;
        const there = numbersIn(unit.text);
        return numbers.every((number) => there.includes(number)) && !contradicts(text, unit.text);
      })?.unit;
  }

  /** Units with any of the words, and how many of them. */
  #near(terms: ReadonlySet<string>, projectIds: readonly number[] | undefined): { unit: Unit; shared: number }[] {
    const shared = new Map<number, number>();
    for (const term of terms) for (const at of this.#byTerm.get(term) ?? []) shared.set(at, (shared.get(at) ?? 0) + 1);
    const ids = projectIds && new Set(projectIds);
    return [...shared].flatMap(([at, count]) => {
      const unit = this.#units[at]!;
      const isHere = unit.note.projectId === null || ids === undefined || ids.has(unit.note.projectId);
      return isHere ? [{ unit, shared: count }] : [];
    });
  }
}

export class Noted {
  #stamp = '';
  #words = new NotedWords([]);

  constructor(private readonly driver: SqlDriver) {}

  /** Asked once for a question, not for each piece: it looks at every note, and reads them anew when one has changed. */
  now(): NotedWords {
    const stamp = notesStamp(this.driver);
    if (stamp !== this.#stamp) {
      this.#words = new NotedWords(allNotes(this.driver));
      this.#stamp = stamp;
    }
    return this.#words;
  }
}

/** What applies to all projects is compared with the person's own notes. */
const projectsOf = ({ project }: Learning): number[] => (project ? [project.id] : []);

const placeOf = ({ note, line }: Unit, isOfAll = false): NotePlace => ({
  key: rowKeyOf({ kind: 'note', row: note.no }),
  file: isOfAll && note.projectName !== null ? `${note.projectName}/${note.name}` : note.name,
  line,
});

/** Its sentences, and what stands on one line together. Comments are for people, and front matter for the client. */
function unitsOf(note: NoteOfProject): Unit[] {
  const body =
    note.kind === 'index' ? note.body.split('\n').slice(0, indexLines).join('\n').slice(0, indexLetters) : note.body;
  const plain = withoutComments(withoutHead(body));
  const lines = lineNumbers(plain);
  const byLine = new Map<number, Sentence[]>();
  for (const sentence of sentencesOf(plain)) {
    if (sentence.kind === 'heading') continue;
    const line = lines(sentence.start);
    byLine.set(line, [...(byLine.get(line) ?? []), sentence]);
  }
  return [...byLine].flatMap(([line, sentences]) => {
    const unit = (text: string, isSentence: boolean): Unit => ({ text, terms: termsIn(text), note, line, isSentence });
    const units = sentences.map(({ text }) => unit(text, true));
    return sentences.length > 1 ? [...units, unit(sentences.map(({ text }) => text).join(' '), false)] : units;
  });
}

/** The same length and lines without the letters. */
const blank = (text: string): string => text.replace(/[^\n]/g, ' ');

function withoutHead(text: string): string {
  if (!/^---[ \t]*\r?\n/.test(text)) return text;
  const end = text.indexOf('\n---', 3);
  return end < 0 ? text : blank(text.slice(0, end + 4)) + text.slice(end + 4);
}

function withoutComments(text: string): string {
  let plain = '';
  for (let at = 0; ;) {
    const from = text.indexOf('<!--', at);
    const to = from < 0 ? -1 : text.indexOf('-->', from);
    if (to < 0) return plain + text.slice(at);
    plain += text.slice(at, from) + blank(text.slice(from, to + 3));
    at = to + 3;
  }
}

function lineNumbers(text: string): (at: number) => number {
  let line = 1;
  let read = 0;
  return (at) => {
    for (; read < at; read++) if (text[read] === '\n') line++;
    return line;
  };
}

/** What must not be given by itself: what a person never wants, and what Claude Code gives already. */
export function unwantedTest(
  { driver, names, noted }: { driver: SqlDriver; names: NameKey; noted: Noted },
  projectIds: readonly number[] | undefined,
): (piece: Piece) => boolean {
  const isNever = neverTest(driver, names);
  const words = noted.now();
  return (piece) => isNever?.(piece) === true || words.placeOf(piece.text, projectIds) !== undefined;
}
