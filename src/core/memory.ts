import { MemoryError } from '../protocol/errors';
import type { MeaningFacts } from '../protocol/meaning-queue';
/** The only place where the parts meet: ports in, MemoryApi out. */
import type {
  CaptureState,
  ImportReport,
  MemoryApi,
  MemoryEventName,
  MemoryEvents,
  MemoryStatus,
  MemoryText,
} from '../protocol/memory-api';
import { protocolVersion } from '../protocol/memory-api';
import type { SessionId } from '../protocol/model';
import { parseRowKey } from '../protocol/row-key';
import { itemText, learningText } from './answers/item-text';
import { marksApi } from './answers/marks';
import { Importer } from './capture/importer';
import { TranscriptArchive } from './capture/transcript-archive';
import { careApi, createCare } from './care/care';
import { gatherFacts } from './care/gather';
import type { RunCareTask } from './care/tasks';
import { createDistil } from './distil/distil';
import type { DistilSettings } from './distil/task-schedule';
import { Completer } from './index/complete';
import { FullText } from './index/full-text';
import { HotSet, maxHotRows } from './index/hotset';
import { withStrength } from './index/memory-kinds';
import { indexText } from './index/tokenize';
import { insightsApi } from './insights/insights';
import { checkLearning, checkLimit } from './lib/checks';
import type { Clock } from './lib/clock';
import type { CommitHistory, CommittedFiles } from './lib/git';
import { localDay } from './lib/local-day';
import type { Log } from './lib/log';
import { breathe } from './lib/turns';
import { meaningApi } from './meaning/api';
import type { Meaning } from './meaning/choice';
import type { Embedder } from './meaning/embedder';
import type { Machine } from './meaning/feed';
import { MeaningRoad } from './meaning/road';
import { createRedactor } from './observe/redact';
import type { Redacted } from './observe/redact';
import { recall } from './search/recall';
import { Merits } from './search/rerank';
import { scopeProjects } from './search/scope';
import type { SqlDriver } from './store/sqlite/driver';
import { schemaVersion } from './store/sqlite/migrate';
import { getConfiguration, setConfiguration } from './store/tables/configuration';
import { countSessions, counts } from './store/tables/counts';
import { defineTokens, mergeIndex } from './store/tables/documents';
import { deleteEverything, forgetProject, forgetSession } from './store/tables/forget';
import type { Tombstone } from './store/tables/forget';
import { hotRows, hotRowsOfSession } from './store/tables/hot-rows';
import {
  deleteLearning,
  getLearning,
  listLearnings,
  noteUse,
  restoreLearning,
  saveLearning,
} from './store/tables/learnings';
import { findRowsWithWords, readItemByKey, readPage } from './store/tables/reader';
import {
  allProjects,
  folderOfSession,
  getCards,
  getSession,
  listProjects,
  listSessions,
} from './store/tables/sessions';
import { ledgerTotals, listLedgers } from './store/tables/sources';
import { noteGiven } from './store/tables/stats';
import { noteSessionUse } from './store/tables/uses';
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
  care?: {
    run: RunCareTask;
    /** Ends this keeper so that the next one opens anew. */ reopen: () => void;
    /** Operating system and runtime, for reports. */ machine: string;
  };
  /** What the machine says about work in the background; without it nothing but the memory itself is asked. */
  machine?: Machine;
  /** Commits and files of open, trusted folders. */
  commits?: CommitHistory & CommittedFiles & { setRoots(source: string, roots: readonly string[]): void };
  /** How models are asked for money, and what tests set otherwise. */
  distil?: DistilSettings;
  /** The choice of a model that turns texts into vectors; without it search goes by words alone. */
  meaning?: Meaning;
  emit: <Name extends MemoryEventName>(name: Name, event: MemoryEvents[Name]) => void;
}

export interface Memory extends MemoryApi {
  /** Begins to follow transcripts; before it, only questions are answered. */
  start(): void;
  /** Looks once at what care is due: by itself it does so every minute. */
  beat(): Promise<void>;
  /** The model that turns texts into vectors, when there is one: at its start, when it is another one, when it goes. */
  setEmbedder(embedder: Embedder | undefined): void;
  /** A window that said which models may be asked is gone, and its key with it. */
  forgetModel(source: string): void;
  /** How far it has got and what it is worth; undefined without a model. */
  meaningFacts(): MeaningFacts | undefined;
  /** Resolves when everything has a vector that can have one now, and was tried. */
  settleMeaning(): Promise<void>;
  close(): Promise<void>;
}

/** Changes are told at most this often: a back-fill writes thousands of rows a second. */
const tellMs = 200;
/** After this long without new rows the index is merged and the journal folded into the file. */
const tidyMs = 3000;
const maxCompletedLength = 200;

export function createMemory(ports: MemoryPorts): Memory {
  const { driver, clock, log, emit } = ports;
  defineTokens(driver, indexText);
  const salt = saltOf(ports);
  const redactor = createRedactor({ salt });
  const hot = new HotSet();
  const index = new FullText(driver, (term) => hot.correct(term));
  const merits = new Merits(driver);
  const completer = new Completer(driver, () => index.columns(), ports.elapsed);
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
    road.invalidate(event.isReset ?? false);
    merits.invalidate();
    if (event.isReset) completer.clear();
    emit('changed', { sessions: [], learnings: false, isReset: false, ...event });
  };
  /** A full disk must not keep a memory from being read. */
  const bestEffort = (note: () => void) => {
    try {
      note();
    } catch (error) {
      log.warn(`use not noted: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const noteUseOf = (id: SessionId) => {
    bestEffort(() => noteSessionUse(driver, id, clock.now()));
    merits.invalidate();
  };
  const given = (text: MemoryText): MemoryText => {
    bestEffort(() => noteGiven(driver, text, localDay(clock.now()), clock.now()));
    return text;
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
  /** In slices: who asks meanwhile is answered in between. */
  const warm = () => {
    if (!index.warm()) later(0, warm);
  };
  const fillHot = () => {
    hot.clear();
    hot.put(hotRows(driver, maxHotRows));
  };
  const archive = new TranscriptArchive({ driver, archive: ports.archive, clock });
  const importer = new Importer({
    driver,
    archive: () => archive.target,
    onExcludes: () => archive.requestExcluded(),
    redactor,
    clock,
    log,
    onRows(sessionId) {
      if (touched.size === 0) later(tellMs, tell);
      touched.add(sessionId);
      distil.noteRows(sessionId);
      if (tidyTimer) {
        clearTimeout(tidyTimer);
        timers.delete(tidyTimer);
      }
      tidyTimer = later(tidyMs, tidy);
    },
    onState(state: CaptureState) {
      emit('capture', state);
      distil.noteCapture();
    },
  });
  const road = new MeaningRoad({
    driver,
    index,
    clock,
    log,
    dataDir: ports.dataDir,
    elapsed: ports.elapsed,
    salt,
    machine: ports.machine,
    commits: ports.commits,
    isImporting: () => importer.state.phase === 'importing',
    onProgress: () => tellMeaning(),
  });
  const distil = createDistil({
    driver,
    clock,
    log,
    redactor,
    seal: (texts) => seal(texts),
    git: ports.commits,
    settings: ports.distil,
    isImporting: () => importer.state.phase === 'importing',
    scopeProjects: (scope) => scopeProjects(driver, projects, scope),
    changed,
    emitQueue: (status) => emit('queue', status),
    later,
  });
  /** Runs after what is being written has been written, and keeps capture out meanwhile. */
  const alone = async (work: () => void) => {
    await importer.suspend(async () => {
      // Whoever is alone may erase: what is derived goes first.
      road.dropCopies();
      work();
    });
    fillHot();
    changed({ isReset: true, learnings: true });
  };
  const care = createCare({
    driver,
    archive: ports.archive,
    dataDir: ports.dataDir,
    clock,
    log,
    version: ports.version,
    run: ports.care?.run,
    reopen: ports.care?.reopen,
    isBusy: () => ['scanning', 'importing'].includes(importer.state.phase),
    alone: (work) => alone(work),
    facts: async () => ({
      ...(await gatherFacts(driver, await status(), ports.care?.machine ?? 'unknown', meaning.describe())),
      ...(road.facts && { vectors: road.facts }),
    }),
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
  const meaning = meaningApi(ports.meaning, () => road.facts?.queue ?? null);
  let isTellingMeaning = false;
  const tellMeaning = () => {
    if (isTellingMeaning) return;
    isTellingMeaning = true;
    later(tellMs, () => {
      isTellingMeaning = false;
      emit('meaning', meaning.describe());
    });
  };
  ports.meaning?.onChange(() => emit('meaning', meaning.describe()));
  const seal = async (texts: readonly string[]): Promise<Redacted[]> => (await redactor.redact(texts)).texts;

  const status: Memory['status'] = async (scope) => {
    const ids = await scopeProjects(driver, projects, scope);
    const all = counts(driver);
    return {
      schemaVersion,
      protocolVersion,
      extensionVersion: ports.version,
      dataDir: ports.dataDir,
      databaseBytes: driver.sizeBytes(),
      sizes: care.sizes(),
      driver: driver.kind,
      keeperPid: ports.pid,
      ...all,
      inScope: ids ? countSessions(driver, ids) : all.sessions,
      lastCaptureAt: importer.lastCaptureAt,
      capture: importer.state,
      ledger: ledgerTotals(driver),
      archive: archive.status(),
      warnings: [...ports.warnings, ...care.warnings()],
    };
  };

  return {
    ...careApi(care),
    ...marksApi({ driver, clock, seal, changed: () => changed({ marks: true }) }),
    ...meaning,
    ...distil.api,
    ...insightsApi({
      driver,
      clock,
      columns: () => index.columns(),
      inScope: (scope) => scopeProjects(driver, projects, scope),
    }),
    forgetModel: (source) => distil.forgetModel(source),
    status,
    beat: () => care.beat(),
    setEmbedder: (embedder) => road.setEmbedder(embedder),
    meaningFacts: () => road.facts,
    settleMeaning: () => road.settle(),
    start: () => {
      later(0, fillHot);
      later(0, warm);
      archive.forgetBuried();
      archive.requestMissing();
      if (care.mustEmptyArchive())
        emptyArchive().catch((error: unknown) =>
          log.error(`archive: ${error instanceof Error ? error.message : String(error)}`),
        );
      importer.start();
      care.start();
      distil.start();
    },
    async close() {
      for (const timer of timers) clearTimeout(timer);
      await Promise.all([importer.close(), care.close(), road.close(), distil.close()]);
    },
    async configure(settings) {
      configDirs = [...new Set([...configDirs, ...settings.configDirs])];
      if (settings.isArchiving !== undefined) archive.setOn(settings.isArchiving);
      importer.configure(settings);
      if (settings.care) care.configure(settings.care);
      ports.commits?.setRoots(settings.source, settings.trustedRoots ?? []);
      distil.noteFolders();
    },
    async importNow(signal): Promise<ImportReport> {
      const isComplete = await importer.importNow(signal);
      if (touched.size > 0) tell();
      const { sessions, prompts, observations } = counts(driver);
      const ledger = ledgerTotals(driver);
      return {
        files: ledger.files,
        filesRead: importer.state.filesDone,
        sessions,
        prompts,
        observations,
        ledger,
        isComplete,
      };
    },
    cancelImport: async () => importer.cancel(),
    setPaused: async (isPaused) => importer.setPaused(isPaused),
    setEmbeddingPaused: async (isPaused) => road.setPaused(isPaused),
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
      const words = text
        .split(/\s+/)
        .filter((word) => word !== '')
        .slice(0, 10);
      return findRowsWithWords(driver, getSession(driver, id, clock.now()).no, words);
    },
    async getItem(key) {
      const { session: _, ...item } = readItemByKey(driver, key);
      return item;
    },
    async search(query, signal) {
      const ids = await scopeProjects(driver, projects, query.scope);
      // Let a newer keystroke's cancellation arrive before the work begins.
      await breathe();
      signal?.throwIfAborted();
      return recall({ driver, index, road, merits, clock: time }, query, ids, signal);
    },
    async suggest(prefix, scope) {
      // What is taken replaces what was typed: of a longer text nothing is offered.
      if (prefix.length > maxCompletedLength) return [];
      const text = prefix;
      const pieces = completer.complete(text, await scopeProjects(driver, projects, scope));
      return [...completer.searches(text), ...pieces, ...hot.suggest(text)];
    },
    async memoryText(key): Promise<MemoryText> {
      const ref = parseRowKey(key);
      if (!ref) throw new MemoryError('invalid_input', 'This is not the key of a memory.');
      if (ref.kind === 'learning') {
        const learning = getLearning(driver, ref.id);
        bestEffort(() => noteUse(driver, learning.id, clock.now()));
        return given({
          key,
          sessionId: learning.sourceSessions[0] ?? '',
          sessionTitle: learning.title,
          projectName: learning.project?.name ?? '',
          at: learning.updatedAt,
          text: learningText(learning),
        });
      }
      if (ref.kind === 'session') {
        const card = getSession(driver, ref.id, clock.now());
        noteUseOf(card.id);
        return given({
          key,
          sessionId: card.id,
          sessionTitle: card.title,
          projectName: card.project.name,
          at: card.updatedAt,
          text: card.firstPrompt,
        });
      }
      const item = readItemByKey(driver, key);
      const card = getCards(driver, [item.session], clock.now()).get(item.session);
      if (card) noteUseOf(card.id);
      return given({
        key,
        sessionId: card?.id ?? '',
        sessionTitle: card?.title ?? '',
        projectName: card?.project.name ?? '',
        at: item.at,
        text: itemText(item),
      });
    },
    async listLearnings(query) {
      const page = listLearnings(
        driver,
        { ...query, limit: checkLimit(query.limit, 100, 200) },
        await scopeProjects(driver, projects, query.scope),
      );
      return { ...page, items: page.items.map((learning) => withStrength(learning, clock.now())) };
    },
    async saveLearning(raw) {
      const input = checkLearning(raw);
      const tags = input.tags ?? [];
      const [title, description, context, verificationNotes, ...sealedTags] = await seal([
        input.title,
        input.description,
        input.context ?? '',
        input.verificationNotes ?? '',
        ...tags,
      ]);
      const learning = saveLearning(
        driver,
        {
          ...input,
          title: title!,
          description: description!,
          context: context!,
          verificationNotes: verificationNotes!,
          tags: sealedTags,
        },
        clock.now(),
      );
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
      return forget(root === undefined ? undefined : { kind: 'project', target: root }, (now) =>
        forgetProject(driver, id, now),
      );
    },
    async deleteEverything() {
      const ids: SessionId[] = [];
      for (const dir of configDirs)
        for await (const { kind, sessionId } of discoverTranscripts(dir)) if (kind === 'main') ids.push(sessionId);
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
