/**
 * Reads one transcript file into the store from where reading stopped, batch by batch. Rows and cursor are written in
 * one transaction.
 */
import type { SessionId } from '../../protocol/model';
import { pathParts } from '../../protocol/paths';
import type { NameKey } from '../lib/keyed-name';
import type { Redacted } from '../lib/redacted';
import { sealedJson } from '../lib/sealed-json';
import { breathe } from '../lib/turns';
import { observeDrafts } from '../observe/observe';
import { sealRows } from '../observe/seal';
import type { SealedRow } from '../observe/seal';
import { sealEntries } from '../observe/seal-entries';
import type { Numbered } from '../observe/seal-entries';
import type { SqlDriver } from '../store/sqlite/driver';
import { erasedTest } from '../store/tables/erasures';
import { isForgotten } from '../store/tables/forget';
import { toolOfCall } from '../store/tables/rows';
import { sessionNumber, turnAt } from '../store/tables/sessions';
import { newLedger, saveSource, sourcesOfSession } from '../store/tables/sources';
import type { Ledger } from '../store/tables/sources';
import { isMachinery, spillFolderOf } from '../transcript/discover';
import type { SourceFile } from '../transcript/discover';
import { parseHead, parseLine } from '../transcript/parse';
import { projectOfLine } from '../transcript/project';
import type { Entry, SkipReason } from '../transcript/schema';
import { readSpill } from '../transcript/spill';
import type { Batch } from '../transcript/tail';
import { threadEntries } from '../transcript/thread';
import type { ArchiveRun } from './archive-run';
import { bookBytes } from './book-bytes';
import { erasedLines } from './erased-lines';
import { openFile, readState } from './open-file';
import type { FileState, IngestPorts, OpenedFile } from './open-file';
import { writeBatch } from './write-batch';

export interface IngestReport {
  sessionId: SessionId;
  bytesRead: number;
  /** Rows were added, or an archived session is on disk again. */
  hasNews: boolean;
}

/**
 * Number of row keys remembered in one reading, by which a line that is written twice is told from one that is read
 * again.
 */
const maxSeen = 200_000;

export async function ingestFile(
  source: SourceFile,
  ports: IngestPorts,
  signal?: AbortSignal,
  opened?: OpenedFile,
): Promise<IngestReport> {
  const { stored, known, archive, suspect, batches } = opened ?? (await openFile(source, ports, signal));
  const sessionId = stored?.sessionId || sessionIdOf(source, ports.driver);
  let state = readState(known?.state);
  let ledger = known?.ledger ?? newLedger();
  const seen = new Set<string>();
  const report: IngestReport = { sessionId, bytesRead: 0, hasNews: false };
  const { guard } = ports;
  for await (const batch of batches) {
    signal?.throwIfAborted();
    if (batch.isRestart && report.bytesRead === 0) {
      state = readState(undefined);
      ledger = newLedger();
    }
    const bytes = batch.lines.reduce((sum, line) => sum + line.bytes, 0);
    const offset = batch.cursor.offset - bytes;
    guard.enter({ path: source.path, offset, bytes }, suspect !== undefined && batch.lines.length === 1);
    const step = await ingestBatch(
      { source, sessionId: report.sessionId, batch, state, ledger, seen, archive },
      ports,
    ).finally(() => guard.leave());
    report.sessionId = step.sessionId;
    report.bytesRead += bytes;
    report.hasNews ||= step.hasNews;
    state = step.state;
    ledger = step.ledger;
    if (seen.size > maxSeen) seen.clear();
    if (suspect && batch.cursor.offset >= suspect.offset + suspect.bytes) {
      guard.clear(suspect);
      if (batch.isEnd) return report;
      // The suspected lines are behind: the rest is read in whole batches again.
      const rest = await ingestFile(source, ports, signal);
      return { ...rest, bytesRead: report.bytesRead + rest.bytesRead, hasNews: report.hasNews || rest.hasNews };
    }
  }
  if (suspect) guard.clear(suspect);
  return report;
}

interface Step {
  source: SourceFile;
  sessionId: SessionId;
  batch: Batch;
  state: FileState;
  ledger: Ledger;
  seen: Set<string>;
  archive: ArchiveRun | undefined;
}

async function ingestBatch(
  { source, sessionId, batch, state, ledger: before, seen, archive }: Step,
  ports: IngestPorts,
) {
  const { driver, projects, names } = ports;
  const read: Numbered[] = [];
  batch.lines.forEach(({ text, head, nuls, isStuck }, line) => {
    if (isStuck) read.push({ entry: { envelope: { isSidechain: false }, bodies: [], skip: 'stuck' }, line });
    else for (const entry of text === undefined ? [parseHead(head)] : parseLine(text, nuls)) read.push({ entry, line });
  });
  const { entries: safe, folders } = await sealEntries(read, ports.redactor);
  await projects.learn(folders);
  const { entries, hasExcluded } = await leaveOut(safe, state.thread.cwd, folders, ports);
  const id =
    source.kind === 'agent' && sessionId === ''
      ? (entries.map(({ entry }) => entry.envelope.sessionId).find((each) => each !== undefined) ?? '')
      : sessionId;
  const next = follow(state, entries, id, names);
  next.hasExcluded ||= hasExcluded;
  const here = await projects.find(
    entries.find(({ entry }) => entry.envelope.cwd)?.entry.envelope.cwd ?? next.thread.cwd,
  );
  next.project ??= here.root === '' ? undefined : here;
  const project = next.project ? projectOfLine(here, next.project) : here;
  const skipAll = next.skipAll ?? reasonToSkip(source, entries) ?? reasonAgainst(source, id, project.root, next, ports);
  if (skipAll) next.skipAll = skipAll;
  // The state is kept, and the folder of a forgotten session may be the very name that had to go.
  if (skipAll === 'forgotten') delete next.project;
  // Reading, archiving, redacting and storing are a step each: requests are answered in between.
  await breathe();
  const no = sessionNumber(driver, id);
  const agentTurn = no === undefined ? () => 0 : (at: number) => turnAt(driver, no, at);
  const threaded = threadEntries(skipAll ? [] : entries, next.thread, {
    isAgentFile: source.kind === 'agent',
    names,
    turnAt: agentTurn,
  });
  const isErased = erasedTest(driver);
  // Archived before the rows are stored, so that the archive never lacks lines the memory has read.
  if (!skipAll)
    await archive?.take(
      batch,
      { sessionId: id, projectRoot: project.root, startedAt: next.startedAt },
      new Set(entries.flatMap(({ entry, line }) => (entry.skip === 'excluded' ? line : []))),
      isErased ? erasedLines(entries, threaded, id, names, isErased) : new Set(),
    );
  await breathe();
  if (!skipAll) next.thread = threaded.state;
  const spillFolder = spillFolderOf({ ...source, sessionId: id });
  const observed = await observeDrafts([...threaded.drafts, ...threaded.waiting], {
    readSpill: (path) => readSpill(path, spillFolder),
    toolOf: (toolUseId) => (no === undefined ? undefined : toolOfCall(driver, no, toolUseId)),
    names,
  });
  const sealed = await sealRows(
    observed.rows,
    observed.titles.map(({ title }) => title),
    ports.redactor,
    { usage: observed.usage, cost: observed.cost },
  );
  const roots = new Map(
    await Promise.all(
      [...new Set(sealed.rows.map(cwdOf))].map(
        async (cwd) => [cwd, projectOfLine(await projects.find(cwd || next.thread.cwd), project)] as const,
      ),
    ),
  );
  const uuids =
    next.leaves.length === 0
      ? []
      : entries.flatMap(({ entry: { envelope } }) => (envelope.uuid === undefined ? [] : names.of(envelope.uuid)));
  await breathe();
  let hasNews = false;
  const ledger = driver.transaction(() => {
    const written = skipAll
      ? undefined
      : writeBatch(driver, {
          sessionId: id,
          isAgent: source.kind === 'agent',
          project,
          thread: next.thread,
          startedAt: next.startedAt,
          originId: next.originId,
          rows: sealed.rows,
          roots,
          usage: sealed.usage,
          answered: observed.answered,
          queue: observed.queue,
          cost: sealed.cost,
          titles: observed.titles.map((title, index) => ({ ...title, title: sealed.titles[index]! })),
          uuids,
          leaves: next.leaves,
          seen,
          isErased: erasedTest(driver),
        });
    const result = bookBytes(before, batch, entries, {
      skipAll,
      version: next.thread.version,
      written,
      duplicates: threaded.duplicateLines,
      privates: sealed.privateLines,
    });
    result.redactions += sealed.redactions;
    const isBack = saveSource(
      driver,
      source,
      {
        cursor: batch.cursor,
        size: batch.isEnd ? source.size : -1,
        mtime: source.mtime,
        sessionId: id,
        state: sealedJson(next),
        ledger: result,
      },
      written?.session ?? null,
    );
    hasNews = isBack || (written?.hasNewRows ?? false);
    return result;
  });
  return { sessionId: id, state: next, ledger, hasNews };
}

/**
 * Removes the content of entries written in an excluded folder. A line without a folder counts as written in the folder
 * of the line before it.
 */
async function leaveOut(
  read: readonly Numbered<Redacted>[],
  cwdBefore: Redacted | '',
  written: ReadonlyMap<Redacted | '', string>,
  { projects, isExcluded }: IngestPorts,
): Promise<{ entries: Numbered<Redacted>[]; hasExcluded: boolean }> {
  const first: Redacted | '' = cwdBefore || (read.find(({ entry }) => entry.envelope.cwd)?.entry.envelope.cwd ?? '');
  const folders = new Set([first, ...read.flatMap(({ entry }) => entry.envelope.cwd ?? [])]);
  const out = new Set<Redacted | ''>();
  for (const cwd of folders) {
    const folder = written.get(cwd) ?? cwd;
    // As it is on the disk, and as the memory shows it: a person may name either.
    if (
      isExcluded((await projects.finder.find(folder)).root, folder) ||
      isExcluded((await projects.find(cwd)).root, cwd)
    )
      out.add(cwd);
  }
  if (out.size === 0) return { entries: [...read], hasExcluded: false };
  let cwd = first;
  const entries = read.map((each) => {
    cwd = each.entry.envelope.cwd ?? cwd;
    return out.has(cwd)
      ? { ...each, entry: { envelope: each.entry.envelope, bodies: [], skip: 'excluded' as const } }
      : each;
  });
  return { entries, hasExcluded: true };
}

function follow(
  state: FileState,
  entries: readonly Numbered<Redacted>[],
  sessionId: SessionId,
  names: NameKey,
): FileState {
  const next: FileState = { ...state, thread: { ...state.thread }, leaves: [...state.leaves] };
  for (const { entry } of entries) {
    const { at, sessionId: inside, originSessionId } = entry.envelope;
    if (next.startedAt === 0 && at !== undefined) next.startedAt = at;
    const other = originSessionId ?? inside;
    if (next.originId === '' && other !== undefined && other !== sessionId) next.originId = other;
    for (const body of entry.bodies)
      if (body.kind === 'title' && body.leafUuid) next.leaves = [...next.leaves, names.of(body.leafUuid)].slice(-50);
  }
  return next;
}

/** Why a whole file is skipped: it is a helper session of another tool, or a warm-up of the client. */
function reasonToSkip(source: SourceFile, entries: readonly { entry: Entry<Redacted> }[]): SkipReason | undefined {
  if (
    entries.some(
      ({ entry }) =>
        entry.skip === 'observer' || /[/\\]\.claude-mem[/\\]observer-sessions/.test(entry.envelope.cwd ?? ''),
    )
  )
    return 'observer';
  if (isMachinery(source.path)) return 'noise';
  const prompt = entries.flatMap(({ entry }) => entry.bodies).find((body) => body.kind === 'prompt');
  return source.kind === 'agent' && prompt?.kind === 'prompt' && prompt.text === 'Warmup' ? 'noise' : undefined;
}

function reasonAgainst(
  source: SourceFile,
  id: SessionId,
  root: string,
  state: FileState,
  ports: IngestPorts,
): SkipReason | undefined {
  // The first lines of a session may have no time; the file's time is used then.
  return isForgotten(ports.driver, id, root, state.startedAt || source.mtime) ? 'forgotten' : undefined;
}

/**
 * The name of the file. When another folder has a file of the same name that is not a copy, the name of the folder is
 * added.
 */
function sessionIdOf(source: SourceFile, driver: SqlDriver): SessionId {
  const isUnique = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(source.sessionId);
  if (
    source.kind === 'agent' ||
    isUnique ||
    sourcesOfSession(driver, source.sessionId).every(({ path, isGone }) => path === source.path || isGone)
  )
    return source.sessionId;
  return `${source.sessionId}@${pathParts(source.path).at(-2) ?? ''}`;
}

const cwdOf = (row: SealedRow): Redacted | '' => (row.kind === 'late_result' ? row.own.cwd : row.cwd);
