/** Writes the rows of one batch into the store. Must run in the caller's transaction, together with the cursor. */
import type { SessionId } from '../../protocol/model';
import type { KeyedName } from '../lib/keyed-name';
import { foldRedacted, noText } from '../observe/redact';
import type { Redacted } from '../observe/redact';
import { cutLine } from '../observe/seal';
import type { SealedRow } from '../observe/seal';
import { titleOfPrompt } from '../observe/title';
import type { SqlDriver } from '../store/sqlite/driver';
import { erasedMark, hasErasedLooks, putErasedRows } from '../store/tables/erasures';
import type { ErasedTest } from '../store/tables/erasures';
import { ensureProject } from '../store/tables/projects';
import { dropImportedUsage, hasImported } from '../store/tables/row-aliases';
import {
  noteAnswer,
  placeMessage,
  putLateResult,
  putMessage,
  putTool,
  toolOfCall,
  withdrawMessage,
} from '../store/tables/rows';
import type { Place, PutResult } from '../store/tables/rows';
import { putCosts, putUsage, settleCosts } from '../store/tables/session-costs';
import { applyLeafTitle, putLeafTitle, setTitle } from '../store/tables/session-titles';
import { ensureSession, placeAgentRows, sessionNumber, updateSession } from '../store/tables/sessions';
import type { SessionDelta } from '../store/tables/sessions';
import type { AnsweredDraft, CostDraft, QueueDraft, TitleDraft, UsageDraft } from '../transcript/drafts';
import { titleRanks } from '../transcript/schema';
import type { ThreadState } from '../transcript/thread';
import type { SealedProject } from './sealed-projects';

export interface WriteInput {
  sessionId: SessionId;
  /** The lines are of a sub-agent's file. */
  isAgent: boolean;
  project: SealedProject;
  thread: ThreadState;
  startedAt: number;
  originId: Redacted | '';
  rows: readonly SealedRow[];
  /** The project of each folder named by the rows. */
  roots: ReadonlyMap<string, SealedProject>;
  usage: readonly UsageDraft<Redacted>[];
  answered: readonly AnsweredDraft[];
  queue: readonly QueueDraft[];
  cost: CostDraft<Redacted> | undefined;
  titles: readonly (Omit<TitleDraft, 'title'> & { title: Redacted })[];
  /** Uuids of the lines in this batch, and of lines that titles wait for. */
  uuids: readonly KeyedName[];
  leaves: readonly KeyedName[];
  /** Row keys seen earlier in this reading. */
  seen: Set<string>;
  /** Tells what a person erased; undefined when nothing ever was. */
  isErased: ErasedTest | undefined;
}

export interface Written {
  session: number | null;
  storedLines: Set<number>;
  duplicateLines: Set<number>;
  /** Lines of rows that a person erased. */
  erasedLines: Set<number>;
  hasNewRows: boolean;
}

const firstPromptLength = 300;

export function writeBatch(driver: SqlDriver, input: WriteInput): Written {
  const written: Written = {
    session: null,
    storedLines: new Set(),
    duplicateLines: new Set(),
    erasedLines: new Set(),
    hasNewRows: false,
  };
  // A file with entries of the client only is not a session.
  const known = sessionNumber(driver, input.sessionId);
  if (input.isErased) passErasures(driver, input, input.isErased);
  const rows = input.isErased ? withoutErased(driver, input, known, input.isErased, written) : input.rows;
  if (known !== undefined)
    for (const each of input.queue) {
      const isChanged =
        each.kind === 'withdrawn' ? withdrawMessage(driver, known, each) : placeMessage(driver, known, each);
      written.hasNewRows ||= isChanged;
    }
  // A session of which a person erased all rows is none any more, until it says something new.
  const isOnlyErased = rows.length === 0 && input.rows.length > 0 && known === undefined;
  if (
    isOnlyErased ||
    (input.rows.length === 0 && input.usage.length === 0 && input.titles.length === 0 && !(input.cost && known))
  )
    return { ...written, session: known ?? null };
  const projectId = ensureProject(driver, input.project.root, input.project.name);
  const session = ensureSession(driver, input.sessionId, {
    projectId,
    cwd: input.thread.cwd,
    at: input.startedAt,
    isAgent: input.isAgent,
  });
  written.session = session.no;
  const delta = newDelta(session.nextSequence, input);
  const projectIds = new Map(
    [...input.roots].map(([cwd, { root, name }]) => [
      cwd,
      root === input.project.root ? projectId : ensureProject(driver, root, name),
    ]),
  );
  const isImported = hasImported(driver);
  if (isImported) dropImportedUsage(driver, session.no);
  let promptId: number | null = null;
  for (const row of rows) {
    const { uid, line, cwd, at } = row.kind === 'late_result' ? { ...row.own, uid: `late:${row.toolUseId}` } : row;
    if (row.kind === 'message' && row.text === '') continue;
    const isSeen = input.seen.has(uid);
    input.seen.add(uid);
    const place: Place = {
      session: session.no,
      projectId: projectIds.get(cwd) ?? projectId,
      hasImported: isImported,
      next: () => delta.nextSequence++,
    };
    const result: PutResult =
      row.kind === 'message'
        ? putMessage(driver, row, place)
        : row.kind === 'tool'
          ? putTool(driver, row, place, promptId)
          : putLateResult(driver, row, place, promptId);
    note(written, result, line, isSeen);
    if (row.kind === 'tool' && row.resultLine !== undefined) note(written, result, row.resultLine, isSeen);
    if (row.kind === 'message' && row.role === 'user') promptId = result.outcome === 'copied' ? null : result.id;
    if (result.outcome === 'added') count(delta, row, at);
    else describe(delta, row, at);
  }
  updateSession(driver, session.no, delta);
  if (!input.isAgent && delta.turns > 0) placeAgentRows(driver, session.no);
  for (const answered of input.answered) noteAnswer(driver, answered);
  for (const usage of input.usage) putUsage(driver, session.no, usage);
  if (input.cost) putCosts(driver, session.no, input.cost);
  if (input.cost || input.usage.length > 0) settleCosts(driver, session.no);
  putTitles(driver, session.no, input, delta);
  // A new title is reported like a new row.
  written.hasNewRows ||= input.titles.length > 0;
  return written;
}

/** A queued prompt that was erased is erased as the line that takes its place, too. */
function passErasures(driver: SqlDriver, { queue, sessionId }: WriteInput, isErased: ErasedTest): void {
  for (const each of queue)
    if (each.kind === 'withdrawn' && each.by !== undefined && isErased(each.uid))
      putErasedRows(driver, [{ mark: each.by, session: sessionId }], '');
}

/** Without the rows that a person erased; these count for the number of turns only. */
function withoutErased(
  driver: SqlDriver,
  { rows, sessionId }: WriteInput,
  known: number | undefined,
  isErased: ErasedTest,
  written: Written,
): SealedRow[] {
  const hasLooks = hasErasedLooks(driver);
  return rows.filter((row) => {
    const isGone =
      row.kind === 'late_result'
        ? isErased(row.own.uid) ||
          (isErased(erasedMark.call(row.toolUseId, sessionId)) &&
            (known === undefined || toolOfCall(driver, known, row.toolUseId) === undefined))
        : isErased(row.uid) ||
          (row.kind === 'message' && row.answerKey !== null && isErased(erasedMark.answer(row.answerKey))) ||
          (hasLooks && isErased(erasedMark.look(sessionId, row.at, row.kind === 'message' ? row.role : row.tool)));
    if (!isGone) return true;
    written.erasedLines.add(row.kind === 'late_result' ? row.own.line : row.line);
    if (row.kind === 'tool' && row.resultLine !== undefined) written.erasedLines.add(row.resultLine);
    return false;
  });
}

function newDelta(nextSequence: number, { thread, originId, isAgent }: WriteInput): SessionDelta {
  return {
    nextSequence,
    prompts: 0,
    observations: 0,
    errors: 0,
    turns: 0,
    firstAt: 0,
    lastAt: 0,
    gitBranch: thread.gitBranch,
    model: noText,
    version: isAgent ? '' : thread.version,
    entrypoint: isAgent ? '' : thread.entrypoint,
    originId: isAgent ? '' : originId,
    lastUuid: isAgent ? '' : thread.lastUuid,
    isAgent,
    firstPrompt: noText,
    firstCommand: noText,
    title: noText,
    files: new Set(),
  };
}

function note(written: Written, { outcome }: PutResult, line: number, isSeen: boolean): void {
  if (outcome === 'added' || outcome === 'updated') {
    written.hasNewRows = true;
    written.storedLines.add(line);
  } else if (outcome === 'copied' || isSeen) {
    written.duplicateLines.add(line);
  } else {
    // The row exists because this line was read before a truncation or a lost cursor, so the line counts as stored.
    written.storedLines.add(line);
  }
}

/** Counts a row that this session has first. */
function count(delta: SessionDelta, row: SealedRow, at: number): void {
  describe(delta, row, at);
  if (row.kind === 'message') {
    if (row.role === 'user') delta.prompts++;
    return;
  }
  const tool = row.kind === 'tool' ? row : row.own;
  delta.observations++;
  if (tool.result.type === 'error') delta.errors++;
}

/** What a row says about its session, whoever has it first: a session looks the same in whatever order files are read. */
function describe(delta: SessionDelta, row: SealedRow, at: number): void {
  if (at > 0) {
    delta.firstAt = delta.firstAt === 0 ? at : Math.min(delta.firstAt, at);
    delta.lastAt = Math.max(delta.lastAt, at);
  }
  if (row.kind === 'message') {
    if (row.role === 'user') {
      delta.turns = Math.max(delta.turns, row.turn);
      if (row.note !== 'command' && delta.firstPrompt === '') {
        delta.firstPrompt = cutLine(foldRedacted(row.text), firstPromptLength);
        delta.title = titleOfPrompt(row.text);
      } else if (row.note === 'command' && delta.firstCommand === '')
        delta.firstCommand = cutLine(foldRedacted(row.text), firstPromptLength);
    }
    if (row.role === 'assistant' && row.model !== '' && speaksForSession(delta, row)) delta.model = row.model;
    return;
  }
  const tool = row.kind === 'tool' ? row : row.own;
  if (tool.model && speaksForSession(delta, tool)) delta.model = tool.model;
  for (const { file } of tool.diffs) if (file !== '') delta.files.add(file);
}

/** Lines of sub-agents stand in the main file of old clients. */
const speaksForSession = ({ isAgent }: SessionDelta, { agentId }: { agentId: string | null }): boolean =>
  isAgent || agentId === null;

function putTitles(driver: SqlDriver, session: number, input: WriteInput, delta: SessionDelta): void {
  if (delta.firstPrompt !== '') setTitle(driver, session, delta.title, titleRanks.prompt);
  else if (delta.firstCommand !== '') setTitle(driver, session, delta.firstCommand, titleRanks.command);
  const isTitleErased = input.isErased?.(erasedMark.title(input.sessionId)) ?? false;
  for (const { title, rank, leafUuid } of input.titles) {
    if (isTitleErased) continue;
    if (leafUuid === undefined) setTitle(driver, session, title, rank);
    else putLeafTitle(driver, leafUuid, title);
  }
  if (isTitleErased) return;
  const waiting = new Set(input.leaves);
  applyLeafTitle(driver, session, [
    ...input.uuids.filter((uuid) => waiting.has(uuid)),
    ...(input.thread.lastUuid ? [input.thread.lastUuid] : []),
  ]);
}
