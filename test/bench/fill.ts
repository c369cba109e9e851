/** Rows of tool calls without a transcript, and whole databases filled with them. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { indexText } from '../../src/core/index/tokenize';
import type { MessageRow, ToolRow } from '../../src/core/observe/observe';
import { literal, noText } from '../../src/core/observe/redact';
import type { Redacted } from '../../src/core/observe/redact';
import { openDatabase } from '../../src/core/store/open';
import type { SqliteEngine } from '../../src/core/store/sqlite/sqlite';
import { defineTokens } from '../../src/core/store/tables/documents';
import { ensureProject } from '../../src/core/store/tables/projects';
import { putMessage, putTool } from '../../src/core/store/tables/rows';
import { setTitle } from '../../src/core/store/tables/session-titles';
import { ensureSession } from '../../src/core/store/tables/sessions';
import { titleRanks } from '../../src/core/transcript/schema';
import { asRedacted, names } from '../fixtures/sealed';
import { vocabulary } from './history';
import { makeText, randomFrom } from './measure';

const random = randomFrom(3);
let next = 0;

/** Calls with results of `words` words each; the text is declared redacted. */
export function makeRows(count: number, words: number): ToolRow<Redacted>[] {
  return Array.from({ length: count }, () => makeRow(words) as ToolRow<Redacted>);
}

function makeRow(words: number): ToolRow {
  const n = next++;
  const output = makeText(vocabulary, words, random);
  return {
    kind: 'tool',
    uid: names.of(`uid-${n}-${Math.floor(random() * 1e9)}`),
    turn: Math.floor(n / 10),
    at: 1_790_000_000_000 + n,
    cwd: literal('/work/shop'),
    agentId: null,
    line: n,
    toolUseId: names.of(`toolu_${n}`),
    tool: 'Bash',
    headline: `npm run step-${n % 900}`,
    input: `npm run step-${n % 900} -- ${makeText(vocabulary, 6, random)}`,
    diffs: [],
    importance: 0.5,
    isAnswered: true,
    result: {
      type: 'tool_result',
      output,
      preview: output.slice(0, 200),
      truncatedBytes: 0,
      exitStatus: 0,
      fingerprint: null,
      files: [],
    },
  };
}

/** A prompt with the time of a call. */
const makePrompt = ({ uid, at, cwd, line }: ToolRow<Redacted>): MessageRow<Redacted> => ({
  kind: 'message',
  uid: names.of(`prompt-${uid}`),
  turn: 0,
  at,
  cwd,
  agentId: null,
  line,
  role: 'user',
  note: '',
  text: makeText(vocabulary, 25, random) as Redacted,
  truncatedBytes: 0,
  hash: uid,
  answerKey: null,
  olderAnswerKey: null,
  model: noText,
});

/**
 * A data folder with an indexed database of this size. It takes minutes, so it is made once and no benchmark changes it
 * permanently.
 */
export const filledFolder = (engine: SqliteEngine, megabytes: number): string =>
  madeOnce(engine, `filled-${megabytes}`, 250, ({ bytes }) => bytes >= megabytes * 1e6);

/** The same with so many tool calls, of 80 words each: about 2.5 KB of the file. */
export const folderOfCalls = (engine: SqliteEngine, calls: number): string =>
  madeOnce(engine, `calls-${calls}`, 80, ({ filled }) => filled >= calls);

const callsOfSession = 500;

function madeOnce(
  engine: SqliteEngine,
  name: string,
  words: number,
  isFull: (so: { bytes: number; filled: number }) => boolean,
): string {
  const folder = path.resolve('.cache/bench', name);
  if (existsSync(folder)) return folder;
  const making = `${folder}-making`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true });
  const { driver, close } = openDatabase({ engine, dataDir: making, version: 'bench' });
  defineTokens(driver, indexText);
  for (let count = 1; !isFull({ bytes: driver.sizeBytes(), filled: (count - 1) * callsOfSession }); count++) {
    driver.transaction(() => {
      const projectId = ensureProject(
        driver,
        asRedacted(`/work/project-${count % 7}`),
        asRedacted(`project-${count % 7}`),
      );
      const session = ensureSession(driver, `session-${count}`, {
        projectId,
        cwd: literal('/work/shop'),
        at: count,
        isAgent: false,
      });
      let sequence = 0;
      const place = { session: session.no, projectId, next: () => ++sequence };
      setTitle(driver, session.no, makeText(vocabulary, 8, random) as Redacted, titleRanks.prompt);
      makeRows(callsOfSession, words).forEach((row, index) => {
        if (index % 10 === 0) putMessage(driver, { ...makePrompt(row), turn: index / 10 }, place);
        putTool(driver, row, place, null);
      });
    });
  }
  driver.checkpoint();
  close();
  renameSync(making, folder);
  return folder;
}
