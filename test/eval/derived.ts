/**
 * Questions that a history answers about itself, made from its rows when it is measured: an error and the sessions that
 * fixed it, a symbol of a file and the session that edited it last, a command and the sessions in which it worked.
 */
import { errorLine } from '../../src/core/distil/reading/error-line';
import { isEdit, pairChecks, readRun } from '../../src/core/distil/reading/outcomes';
import { declaredIn } from '../../src/core/distil/reading/symbols';
import type { SqlDriver } from '../../src/core/store/sqlite/driver';
import { sessionHead, sessionLines } from '../../src/core/store/tables/session-lines';
import type { SessionLine } from '../../src/core/store/tables/session-lines';
import { fileName } from '../../src/protocol/paths';
import { randomFrom } from '../bench/measure';
import type { Question } from './sets';

/** Questions of each kind, and of one session in each kind: a long session must not ask them all. */
const maxOfKind = 80;
const maxOfSession = 4;
const maxLetters = 120;
/** What is done in more sessions than this nobody looks one of them up by. */
const maxRight = 4;
const fewestWords = 3;

/** A question in the making: sessions that answer it, the one it is counted for first. */
interface Draft {
  text: string;
  right: Set<string>;
}

type Drafts = Map<string, Draft>;

export function deriveQuestions(driver: SqlDriver): Question[] {
  const errors: Drafts = new Map();
  const commands: Drafts = new Map();
  const edits = new Map<string, { at: number; session: string; sessions: Set<string> }>();
  const ids = driver.all<{ id: string }>('SELECT id FROM sessions ORDER BY created_at, id');
  for (const { id } of ids) {
    const head = sessionHead(driver, id);
    if (!head) continue;
    // Another session owns copied rows.
    const lines = sessionLines(driver, head.no).filter(({ isCopy }) => !isCopy);
    readErrors(id, lines, errors);
    readCommands(id, lines, commands);
    for (const line of lines) {
      if (!isEdit(line)) continue;
      for (const { file, before, after } of line.diffs) {
        for (const symbol of declaredIn(`${before}\n${after}`)) {
          const text = `${fileName(file)} ${symbol}`;
          const known = edits.get(text);
          const sessions = (known?.sessions ?? new Set<string>()).add(id);
          edits.set(text, known && known.at > line.at ? known : { at: line.at, session: id, sessions });
        }
      }
    }
  }
  const symbols = [...edits].map(([text, { session, sessions }]) => ({
    text,
    right: new Set([session]),
    part: sessions.size > 1 ? 'symbol → last of several edits' : 'symbol → its edit',
  }));
  return [
    ...draw([...errors.values()].filter(isRare), 'error → fix'),
    ...draw([...commands.values()].filter(isRare), 'command → worked'),
    ...['symbol → its edit', 'symbol → last of several edits'].flatMap((part) =>
      draw(
        symbols.filter((each) => each.part === part),
        part,
      ),
    ),
  ];
}

const isRare = ({ right }: Draft): boolean => right.size <= maxRight;

/** The line that a check failed with, where it was green after an edit in the same session. */
function readErrors(id: string, lines: readonly SessionLine[], errors: Drafts): void {
  for (const { red, edits, isFlaky } of pairChecks(lines)) {
    const line = readRun(red)?.firstBad;
    const key = line === undefined ? undefined : errorLine(line);
    if (line === undefined || key === undefined || isFlaky || edits.length === 0) continue;
    // Who meets the error again has it at another line.
    add(errors, key, line.replace(/:\d+(?::\d+)?/g, ''), id);
  }
}

function readCommands(id: string, lines: readonly SessionLine[], commands: Drafts): void {
  for (const line of lines) {
    if (line.kind !== 'call') continue;
    const run = readRun(line);
    if (run?.outcome !== 'passed' || run.command.split(/\s+/).length < fewestWords) continue;
    add(commands, run.command, run.command, id);
  }
}

function add(drafts: Drafts, key: string, text: string, id: string): void {
  const draft = drafts.get(key) ?? { text: text.trim().slice(0, maxLetters), right: new Set() };
  draft.right.add(id);
  drafts.set(key, draft);
}

/** Some of them, the same ones each time, and no text twice. */
function draw(drafts: readonly Draft[], part: string): Question[] {
  const random = randomFrom(5);
  const mixed = drafts.map((draft) => ({ draft, order: random() })).sort((a, b) => a.order - b.order);
  const ofSession = new Map<string, number>();
  const questions = new Map<string, Question>();
  for (const { draft } of mixed) {
    const [first = ''] = draft.right;
    const count = ofSession.get(first) ?? 0;
    if (questions.size >= maxOfKind || count >= maxOfSession || questions.has(draft.text)) continue;
    ofSession.set(first, count + 1);
    questions.set(draft.text, { text: draft.text, gold: draft.right, part });
  }
  return [...questions.values()];
}
