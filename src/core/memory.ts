/** The only place where the parts meet: ports in, MemoryApi out. */
import type { CaptureState, ImportReport, MemoryApi, MemoryEventName, MemoryEvents, MemoryStatus, MemoryText } from '../protocol/memory-api';
import { protocolVersion } from '../protocol/memory-api';
import type { SessionId } from '../protocol/model';
import { careApi, createCare } from './care/care';
import { gatherFacts } from './care/gather';
import type { RunCareTask } from './care/tasks';
import { Importer } from './capture/importer';
import { TranscriptArchive } from './capture/transcript-archive';
import { checkLearning, checkLimit } from './checks';
import { searchMemory } from './find';
import { HotSet, mostHotRows } from './index/hotset';
import { FullText } from './index/search';
import { indexText } from './index/tokenize';
import { itemText, learningText } from './item-text';
import type { Clock } from './lib/clock';
import type { Log } from './lib/log';
import { meaningApi } from './meaning/api';
import type { Meaning } from './meaning/choice';
import type { Embedder } from './meaning/embedder';
import { createRedactor } from './observe/redact';
import type { Redacted } from './observe/redact';
import { scopeProjects } from './scope';
import { getConfiguration, setConfiguration } from './store/configuration';
import { countSessions, counts } from './store/counts';
import { defineTokens, mergeIndex } from './store/documents';
import type { SqlDriver } from './store/driver';
import { deleteEverything, forgetProject, forgetSession } from './store/forget';
import type { Tombstone } from './store/forget';
import { hotRows, hotRowsOfSession } from './store/hot-rows';
import { deleteLearning, getLearning, listLearnings, noteUse, restoreLearning, saveLearning } from './store/learnings';
import { schemaVersion } from './store/migrate';
import { findRowsWithWords, readItemByKey, readPage } from './store/reader';
import { allProjects, folderOfSession, getCards, getSession, listProjects, listSessions } from './store/sessions';
import { ledgerTotals, listLedgers } from './store/sources';
import { discoverTranscripts } from './transcript/discover';
import { ProjectFinder } from './transcript/project';

export interface MemoryPorts {
  driver: SqlDriver;
  /** Undefined when it could not be opened: memory works without. */
  archive: SqlDriver | undefined;
  clock: Clock;
  log: Log;
  dataDir: string;
  version: string;
  pid: number;
  /** A random text, made once per store by the caller. */
  makeSalt: () => string;
  /** Milliseconds that only grow, for durations. */
  elapsed: () => number;
  warnings: MemoryStatus['warnings'];
  /** Backups, restore and repair; without it only the rest of memory works. */
  care?: { run: RunCareTask; /** Ends this keeper so that the next one opens anew. */ reopen: () => void; /** Operating system and runtime, for reports. */ machine: string };
  /** The choice of a model that turns texts into vectors; without it search goes by words alone. */
  meaning?: Meaning;
  emit: <Name extends MemoryEventName>(name: Name, event: MemoryEvents[Name]) => void;
}

export interface Memory extends MemoryApi {
  /** Begins to follow transcripts; before it, only questions are answered. */
  start(): void;
  /** Looks once at what care is due: by itself it does so every minute. */
  beat(): Promise<void>;
  /** The model to use from now on; undefined when there is none any more. */
  setEmbedder(embedder: Embedder | undefined): void;
  close(): Promise<void>;
}

/** Changes are told at most this often: a back-fill writes thousands of rows a second. */
const tellMs = 200;
/** After this long without new rows the index is merged and the journal folded into the file. */
const tidyMs = 3000;

export function createMemory(ports: MemoryPorts): Memory {
  const { driver, clock, log, emit } = ports;
  defineTokens(driver, indexText);
  const redactor = createRedactor({ salt: saltOf(ports) });
  const hot = new HotSet();
  const index = new FullText(driver, (term) => hot.correct(term));
  const projects = new ProjectFinder();
  const time = { now: () => clock.now(), elapsed: ports.elapsed };
  const touched = new Set<SessionId>();
  const timers = new Set<ReturnType<typeof setTimeout>>();
  let tidyTimer: ReturnType<typeof setTimeout> | undefined;
  let configDirs: readonly string[] = [];

  const later = (ms: number, work: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      try {
        work();
      } catch (error) {
        // A full disk must not end the thread: the next write tells its caller.
        log.error(`background: ${error instanceof Error ? error.message : String(error)}`);
      }
    }, ms);
    timers.add(timer);
    return timer;
  };
  const changed = (event: Partial<MemoryEvents['changed']>) => {
    index.invalidate(event.isReset);
    emit('changed', { sessions: [], learnings: false, isReset: false, ...event });
  };
  const tell = () => {
    const sessions = [...touched];
    touched.clear();
    for (const id of sessions) hot.put(hotRowsOfSession(driver, id));
    changed({ sessions: sessions.length > 50 ? [] : sessions });
  };
  const tidy = () => {
    if (importer.state.phase === 'importing') return;
    mergeIndex(driver);
    driver.checkpoint();
  };
  const fillHot = () => {
    hot.clear();
    hot.put(hotRows(driver, mostHotRows));
  };
  const archive = new TranscriptArchive({ driver, archive: ports.archive, clock });
  const importer = new Importer({
    driver, archive: () => archive.target, onExcludes: () => archive.requestExcluded(), redactor, clock, log,
    onRows(sessionId) {
      if (touched.size === 0) later(tellMs, tell);
      touched.add(sessionId);
      if (tidyTimer) {
        clearTimeout(tidyTimer);
        timers.delete(tidyTimer);
      }
      tidyTimer = later(tidyMs, tidy);
    },
    onState: (state: CaptureState) => emit('capture', state),
  });
  /** Runs after what is being written has been written, and keeps capture out meanwhile. */
  const alone = async (work: () => void) => {
    await importer.suspend(async () => work());
    fillHot();
    changed({ isReset: true, learnings: true });
  };
  const care = createCare({
    driver, archive: ports.archive, dataDir: ports.dataDir, clock, log, version: ports.version, run: ports.care?.run, reopen: ports.care?.reopen,
    isBusy: () => ['scanning', 'importing'].includes(importer.state.phase),
    alone: (work) => alone(work),
    facts: async () => gatherFacts(driver, await status(), ports.care?.machine ?? 'unknown', meaning.describe()),
  });
  /** The memory forgets, then its backups do; killed in between, the next keeper goes on with the backups. */
  const forget = async (tombstone: Omit<Tombstone, 'at'> | undefined, work: (now: number) => void) => {
    const at = clock.now();
    care.willForget(tombstone ? [{ ...tombstone, at }] : []);
    try {
      await alone(() => {
        work(at);
        archive.forgetBuried();
      });
    } finally {
      care.didForget();
    }
  };
  const emptyArchive = async () => {
    await importer.suspend(async () => archive.erase());
    await care.didDeleteArchive();
  };
  const meaning = meaningApi(ports.meaning, () => null);
  ports.meaning?.onChange(() => emit('meaning', meaning.describe()));
  const seal = async (texts: readonly string[]): Promise<Redacted[]> => (await redactor.redact(texts)).texts;

  const status: Memory['status'] = async (scope) => {
    const ids = await scopeProjects(driver, projects, scope);
    const all = counts(driver);
    return {
      schemaVersion, protocolVersion, extensionVersion: ports.version, dataDir: ports.dataDir, databaseBytes: driver.sizeBytes(), sizes: care.sizes(), driver: driver.kind, keeperPid: ports.pid,
      ...all, inScope: ids ? countSessions(driver, ids) : all.sessions, lastCaptureAt: importer.lastCaptureAt, capture: importer.state, ledger: ledgerTotals(driver), archive: archive.status(), warnings: [...ports.warnings, ...care.warnings()],
    };
  };

  return {
    ...careApi(care),
    ...meaning,
    setEmbedder: () => {},
    status,
    beat: () => care.beat(),
    start: () => {
      later(0, fillHot);
      archive.forgetBuried();
      archive.requestMissing();
      if (care.mustEmptyArchive()) emptyArchive().catch((error: unknown) => log.error(`archive: ${error instanceof Error ? error.message : String(error)}`));
      importer.start();
      care.start();
    },
    async close() {
      for (const timer of timers) clearTimeout(timer);
      await Promise.all([importer.close(), care.close()]);
    },
    async configure(settings) {
      configDirs = [...new Set([...configDirs, ...settings.configDirs])];
      if (settings.isArchiving !== undefined) archive.setOn(settings.isArchiving);
      importer.configure(settings);
      if (settings.care) care.configure(settings.care);
    },
    async importNow(signal): Promise<ImportReport> {
      const isComplete = await importer.importNow(signal);
      if (touched.size > 0) tell();
      const { sessions, prompts, observations } = counts(driver);
      const ledger = ledgerTotals(driver);
      return { files: ledger.files, filesRead: importer.state.filesDone, sessions, prompts, observations, ledger, isComplete };
    },
    cancelImport: async () => importer.cancel(),
    setPaused: async (isPaused) => importer.setPaused(isPaused),
    projects: async () => listProjects(driver),
    async listSessions(query) {
      checkLimit(query.limit, 50, 200);
      return listSessions(driver, query, await scopeProjects(driver, projects, query.scope), clock.now());
    },
    async getSession(id) {
      const { no: _, ...card } = getSession(driver, id, clock.now());
      return card;
    },
    async readSession(query) {
      const { no, ...session } = getSession(driver, query.sessionId, clock.now());
      return { session, ...readPage(driver, no, { ...query, limit: checkLimit(query.limit, 60, 200) }) };
    },
    async findInSession(id, text) {
      const words = text.split(/\s+/).filter((word) => word !== '').slice(0, 10);
      return findRowsWithWords(driver, getSession(driver, id, clock.now()).no, words);
    },
    async getItem(key) {
      const { session: _, ...item } = readItemByKey(driver, key);
      return item;
    },
    async search(query, signal) {
      const ids = await scopeProjects(driver, projects, query.scope);
      // Let a newer keystroke's cancellation arrive before the work begins.
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
      return searchMemory(driver, index, query, ids, time);
    },
    suggest: async (prefix) => hot.suggest(prefix.slice(0, 200)),
    async memoryText(key): Promise<MemoryText> {
      if (key.startsWith('l')) {
        const learning = getLearning(driver, key.slice(1));
        noteUse(driver, learning.id, clock.now());
        return { key, sessionId: learning.sourceSessions[0] ?? '', sessionTitle: learning.title, projectName: learning.project?.name ?? '', at: learning.updatedAt, text: learningText(learning) };
      }
      if (key.startsWith('s')) {
        const card = getSession(driver, key.slice(1), clock.now());
        return { key, sessionId: card.id, sessionTitle: card.title, projectName: card.project.name, at: card.updatedAt, text: card.firstPrompt };
      }
      const item = readItemByKey(driver, key);
      const card = getCards(driver, [item.session], clock.now()).get(item.session);
      return { key, sessionId: card?.id ?? '', sessionTitle: card?.title ?? '', projectName: card?.project.name ?? '', at: item.at, text: itemText(item) };
    },
    listLearnings: async (query) => listLearnings(driver, { ...query, limit: checkLimit(query.limit, 100, 200) }, await scopeProjects(driver, projects, query.scope)),
    async saveLearning(raw) {
      const input = checkLearning(raw);
      const tags = input.tags ?? [];
      const [title, description, context, verificationNotes, ...sealedTags] = await seal([input.title, input.description, input.context ?? '', input.verificationNotes ?? '', ...tags]);
      const learning = saveLearning(driver, { ...input, title: title!, description: description!, context: context!, verificationNotes: verificationNotes!, tags: sealedTags }, clock.now());
      changed({ learnings: true });
      return learning;
    },
    async deleteLearning(id) {
      deleteLearning(driver, id, clock.now());
      changed({ learnings: true });
    },
    async restoreLearning(id) {
      const learning = restoreLearning(driver, id);
      changed({ learnings: true });
      return learning;
    },
    forgetSession: (id) => forget({ kind: 'session', target: id }, (now) => forgetSession(driver, id, now)),
    forgetProject(id) {
      const root = allProjects(driver).find((project) => project.id === id)?.root;
      return forget(root === undefined ? undefined : { kind: 'project', target: root }, (now) => forgetProject(driver, id, now));
    },
    async deleteEverything() {
      const ids: SessionId[] = [];
      for (const dir of configDirs) for await (const { kind, sessionId } of discoverTranscripts(dir)) if (kind === 'main') ids.push(sessionId);
      care.willDeleteAll();
      await alone(() => {
        deleteEverything(driver, ids, clock.now());
        archive.erase();
      });
      await care.didDeleteAll();
    },
    ledger: async (cursor) => listLedgers(driver, cursor),
    restoreTranscript: async (id) => archive.restore(id, configDirs, folderOfSession(driver, id)),
    async deleteArchive() {
      care.willDeleteArchive();
      await emptyArchive();
    },
  };
}

function saltOf({ driver, clock, makeSalt }: MemoryPorts): string {
  const known = getConfiguration<string>(driver, 'redaction.salt');
  if (known !== undefined) return known;
  const salt = makeSalt();
  setConfiguration(driver, 'redaction.salt', salt, clock.now());
  return salt;
}
