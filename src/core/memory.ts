/** The only place where all parts meet: ports in, MemoryApi out. */
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { ClassPolicy } from '../protocol/classes';
import type { EraseProgress } from '../protocol/erase';
import { memoryQuestions } from '../protocol/memory-api';
import type { MemoryApi, MemoryEvents, MemoryMethod } from '../protocol/memory-api';
import type { PortableProgress } from '../protocol/portable';
import { checkArguments } from '../protocol/questions/check';
import type { Scope } from '../protocol/questions/schemas';
import type { ScanProgress } from '../protocol/redaction';
import type { CaptureState } from '../protocol/status';
import { askAnswers } from './answers/ask/ask';
import { audited, auditedModels } from './answers/audited';
import { captureAnswers } from './answers/capture';
import { classAnswers } from './answers/classes';
import { eraseAnswers } from './answers/erase';
import { eraseArchive, forgetAnswers } from './answers/forget';
import { forgottenAnswers } from './answers/forgotten';
import { joinAnswers } from './answers/joins';
import { learningAnswers } from './answers/learnings';
import { leftAnswers } from './answers/left/left';
import { marksApi } from './answers/marks';
import { portableAnswers } from './answers/portable';
import { sessionPieces } from './answers/session-text/pieces';
import { sessionAnswers } from './answers/sessions';
import { stateAnswers } from './answers/state';
import { storyAnswers } from './answers/story';
import { memoryText, noteSource } from './answers/texts';
import { Importer } from './capture/importer';
import { LineGuard } from './capture/line-guard';
import { TranscriptArchive } from './capture/transcript-archive';
import { AuditLog } from './care/audit-log';
import { careAnswers, createCare } from './care/care';
import { MemoryKeys } from './care/keys';
import { noteExport, noteOlder } from './care/state';
import { Changes, tellMs } from './changes';
import { createDistil } from './distil/distil';
import { rejecting } from './distil/reading/reactions';
import { catchUpErased } from './erasing/erased-file';
import { Erasing } from './erasing/erasing';
import { giveApi } from './give/give-api';
import { GiveWork } from './give/give-work';
import { Noted } from './give/noted';
import { barKey } from './give/shadow-report';
import { startReindex } from './index/reindex';
import { indexText } from './index/tokenize';
import { insightsApi } from './insights/insights';
import { createNameKey } from './lib/keyed-name';
import { traceOf } from './lib/log';
import { Timers } from './lib/timers';
import { BackgroundTurns } from './lib/turns';
import { meaningApi } from './meaning/api';
import type { Memory, MemoryPorts } from './memory-ports';
import { createRedactor } from './observe/redact';
import type { Redacted } from './observe/redact';
import { Portable } from './portable/portable';
import { MemoryScan } from './redaction/memory-scan';
import { RuleBook } from './redaction/rule-book';
import { Finder } from './search/finder';
import { selectMatching } from './search/matching';
import { scopeProjects } from './search/scope';
import { catchUp, readBeside } from './store/backup/beside';
import { getConfiguration, saltKey, setConfiguration } from './store/tables/configuration';
import { defineTokens, mergeIndex } from './store/tables/documents';
import { selectKeys, selectRange, selectTurn } from './store/tables/erase-selection';
import type { IndexProgress } from './store/tables/index-queue';
import { policyKey, policyOf } from './store/tables/way-out';
import { ProjectFinder } from './transcript/project';
import { watchApi } from './watch/watch';
import { whyApi } from './why/why';

/** How often it is looked whether backups have forgotten what is still to be proved. */
const resumeMs = 5000;
/** After this time without new rows the index is merged and the journal checkpointed. */
const tidyMs = 3000;

export function createMemory(ports: MemoryPorts): Memory {
  const { driver, clock, log, emit, dataDir, version } = ports;
  defineTokens(driver, indexText);
  const salt = saltOf(ports);
  const { isOlder } = driver.kind === 'memory' ? { isOlder: false } : catchUp(driver, dataDir);
  if (isOlder) noteOlder(dataDir, clock.now());
  if (driver.kind !== 'memory') catchUpErased(driver, dataDir, clock.now());
  const lineThread = ports.startLineThread?.(salt);
  const redactor = createRedactor({ salt, thread: lineThread });
  const rules = new RuleBook({ dataDir, redactor, run: ports.care?.run });
  const names = createNameKey(salt);
  const seal = async (texts: readonly string[]): Promise<Redacted[]> => (await redactor.redact(texts)).texts;
  const timers = new Timers(log);
  const background = new BackgroundTurns(ports.elapsed);
  const { turn } = background;
  const projects = new ProjectFinder();
  const inScope = (scope: Scope | undefined) => scopeProjects(driver, projects, seal, scope);
  const configDirs = new Set<string>();
  /** The importer's last state, for parts that are created before it. */
  let isImporting = false;
  let indexing: IndexProgress | undefined;
  const captureState = (): CaptureState => ({ ...importer.state, ...(indexing && { indexing }) });

  const finder = new Finder({
    driver,
    clock,
    log,
    dataDir,
    elapsed: ports.elapsed,
    salt,
    machine: ports.machine,
    commits: ports.commits,
    isImporting: () => isImporting,
    turn,
  });
  const { road } = finder;
  const meaning = meaningApi(ports.meaning, road);
  road.onProgress = timers.throttled(tellMs, () => emit('meaning', meaning.describe()));
  ports.meaning?.onChange(() => emit('meaning', meaning.describe()));

  const changes = new Changes(finder, timers, (name, event) => {
    emit(name, event);
    if (name === 'changed') noteForGiving(event as MemoryEvents['changed']);
  });
  /** Flags and tags are in no brief, and what was judged comes from giving itself. */
  const noteForGiving = ({ sessions, learnings, isReset, marks, given }: MemoryEvents['changed']) => {
    if (learnings || isReset || (sessions.length === 0 && !marks && !given)) giving.note();
    else if (sessions.length > 0) giving.note(sessions);
  };
  const noted = new Noted(driver);
  const giving = new GiveWork({
    driver,
    index: finder.index,
    dataDir,
    log,
    timers,
    now: () => clock.now(),
    isImporting: () => isImporting,
    turn,
    names,
    noted,
    onGiven: () => changes.tell({ given: true }),
    idsOf: async (root) => (await inScope({ roots: [root] })) ?? [],
  });
  const distil = createDistil({
    driver,
    clock,
    log,
    redactor,
    seal,
    names,
    git: ports.commits,
    notedTest() {
      const words = noted.now();
      return (learning) => words.sentPlaceOf(learning) !== undefined;
    },
    settings: ports.distil?.connect
      ? { ...ports.distil, connect: auditedModels(ports.distil.connect, () => audit, ports.elapsed) }
      : ports.distil,
    isImporting: () => isImporting,
    turn,
    scopeProjects: inScope,
    changed: changes.tell,
    emitQueue: (status) => emit('queue', status),
    later: timers.later,
  });

  const tidySoon = timers.debounced(tidyMs, () => {
    if (isImporting) return;
    mergeIndex(driver);
    driver.checkpoint();
  });
  const tellCapture = timers.throttled(tellMs, () => emit('capture', captureState()));
  /** No row has moved, but everything that names a project is named anew. */
  const onJoins = () => changes.tell({ isReset: true, learnings: true });
  const archive = new TranscriptArchive({ driver, archive: ports.archive, clock });
  const guard = new LineGuard(dataDir, clock, ports.startTouching);
  const importer = new Importer({
    driver,
    surroundings: ports.surroundings,
    guard,
    archive: () => archive.target,
    onExcludes: () => archive.requestExcluded(),
    redactor,
    names,
    clock,
    log,
    onRows(sessionId) {
      changes.note(sessionId);
      distil.noteRows(sessionId);
      tidySoon();
    },
    onJoins,
    // What is said about learnings and given beside notes changes with them.
    onNotes: () => changes.tell({ learnings: true }),
    onFolders: () => changes.tell({}),
    onState(state) {
      isImporting = state.phase === 'importing';
      emit('capture', captureState());
      distil.noteCapture();
      giving.note([]);
    },
  });
  /** Waits for pending writes, then runs `work` while capture is stopped. */
  const alone = async (work: () => void | Promise<void>) => {
    await importer.suspend(async () => {
      // `work` may erase rows, so copies made from them are deleted first.
      road.dropCopies();
      await giving.erase();
      await work();
    });
    finder.refill(timers.later);
    changes.tell({ isReset: true, learnings: true });
  };
  const care = createCare({
    driver,
    archive: ports.archive,
    dataDir,
    clock,
    log,
    version,
    machineName: ports.care?.computer ?? 'computer',
    run: ports.care?.run,
    reopen: ports.care?.reopen,
    isBusy: () => ['scanning', 'importing'].includes(importer.state.phase),
    isFollowing: () => importer.state.phase === 'idle',
    // Heads read the status again when they are told of capture.
    onAlarms: () => emit('capture', captureState()),
    alone,
  });

  const scan = new MemoryScan({
    driver,
    archive: ports.archive,
    dataDir,
    clock,
    log,
    redactor,
    rules,
    care,
    turn,
    settle: () => importer.suspend(async () => {}),
    alone,
    onProgress: timers.progress<ScanProgress>(tellMs, (progress) => emit('scan', progress)),
  });

  const keys = new MemoryKeys(driver.kind === 'memory' ? undefined : dataDir);
  const audit = new AuditLog({ driver, keys, clock, log, days: () => care.auditDays() });
  const erasing = new Erasing({
    driver,
    archive: ports.archive,
    dataDir,
    clock,
    log,
    redactor,
    names,
    keys,
    audit,
    care,
    turn,
    newKey: randomUUID,
    select: async (target) => {
      if (target.kind === 'rows') return selectKeys(driver, target.keys);
      if (target.kind === 'turn') return selectTurn(driver, target.sessionId, target.turn);
      if (target.kind === 'range') return selectRange(driver, target.since, target.until, await inScope(target.scope));
      return selectMatching(finder.index, target.query, await inScope(target.query.scope), clock.now());
    },
    alone,
    onProgress: timers.progress<EraseProgress>(tellMs, (progress) => emit('erase', progress)),
  });
  /** What an earlier keeper began is proved when the backups have forgotten it as well. */
  const resumeErasing = () => {
    erasing.resume();
    if (erasing.isOpen && care.isForgetting()) timers.later(resumeMs, resumeErasing);
  };
  const careRun = ports.care?.run;
  const portable = new Portable({
    driver,
    dataDir,
    version,
    clock,
    log,
    redactor,
    turn,
    exportOther: careRun && ((task, signal) => careRun('exportOther', task, signal)),
    isExcluded: (root, cwd) => importer.isExcluded(root, cwd),
    pieces: sessionPieces(driver, clock),
    onExported: (folder) => noteExport(dataDir, folder),
    onSessions(ids) {
      for (const id of ids) changes.note(id);
      distil.noteImported([...ids]);
    },
    onImported() {
      distil.sweep();
      changes.tell({ isReset: true, learnings: true, marks: true, given: true });
      finder.refill(timers.later);
      tidySoon();
    },
    onProgress: timers.progress<PortableProgress>(tellMs, (progress) => emit('portable', progress)),
  });

  /** Pages show classes, and briefs are made anew. */
  const onClasses = () => {
    changes.tell({ classes: true, marks: true, given: true });
    giving.note();
  };
  const setPolicy = (policy: ClassPolicy) => {
    if (isDeepStrictEqual(policyOf(driver), policy)) return;
    setConfiguration(driver, policyKey, policy, clock.now());
    onClasses();
  };
  const machine = ports.care?.machine ?? 'unknown';
  const api: MemoryApi = {
    ...captureAnswers({
      driver,
      surroundings: ports.surroundings,
      importer,
      archive,
      care,
      changes,
      inScope,
      takeRules: (own) => rules.take(own),
      onSettings(settings) {
        for (const dir of settings.configDirs) configDirs.add(dir);
        ports.commits?.setRoots(settings.source, settings.trustedRoots ?? []);
        distil.noteFolders();
        if (settings.classes) setPolicy(settings.classes);
        if (settings.giveBar !== undefined) setConfiguration(driver, barKey, settings.giveBar, clock.now());
      },
    }),
    ...stateAnswers({ ...ports, rules, scan, machine, importer, captureState, archive, care, road, meaning, inScope }),
    ...joinAnswers({ driver, clock, onJoins }),
    ...sessionAnswers({ driver, clock, inScope }),
    memoryText: async (key) => memoryText({ driver, clock, log, finder }, key),
    noteSource: async (key) => noteSource(driver, key),
    async search(query, signal) {
      background.noteQuestion();
      return finder.search(query, await inScope(query.scope), signal);
    },
    moreInSession: async (query, id) => finder.moreInSession(query, id, await inScope(query.scope)),
    async suggest(prefix, scope) {
      background.noteQuestion();
      return finder.suggest(prefix, await inScope(scope));
    },
    ...marksApi({
      driver,
      clock,
      seal,
      changed: () => changes.tell({ marks: true }),
      renamed: (id) => changes.renamed(id),
    }),
    ...learningAnswers({
      driver,
      clock,
      seal,
      inScope,
      notes: () => noted.now(),
      changed: () => changes.tell({ learnings: true }),
    }),
    ...insightsApi({ driver, clock, columns: () => finder.columns(), inScope }),
    ...meaning.api,
    ...distil.api,
    ...watchApi({
      driver,
      clock,
      names,
      seal,
      inScope,
      judge:
        careRun &&
        (async (pattern) =>
          (await careRun('judgePatterns', { patterns: [{ name: '', pattern, flags: 'm' }] }))[0]?.fault),
      changed: () => changes.tell({ learnings: true }),
    }),
    ...whyApi({ driver, names, inScope, seal, commits: ports.commits, rejecting }),
    ...storyAnswers({ driver, names, clock }),
    ...leftAnswers({ driver, names, inScope }),
    ...askAnswers({
      driver,
      index: finder.index,
      clock,
      elapsed: ports.elapsed,
      inScope,
      askModel: (asked, signal) => distil.askModel(asked, signal),
      noteQuestion: () => background.noteQuestion(),
    }),
    ...careAnswers(care),
    ...eraseAnswers({ driver, keys, erasing, audit }),
    redaction: async () => rules.status(),
    previewScan: async () => scan.preview(),
    scanAgain: (requestId, signal) => scan.run(requestId, signal),
    ...giveApi({
      driver,
      index: finder.index,
      clock,
      names,
      noted,
      inScope,
      countTokens: (text) => distil.countTokens(text),
      onChoice() {
        changes.tell({ given: true });
        giving.note();
      },
    }),
    ...portableAnswers({
      driver,
      clock,
      portable,
      onRestrictions() {
        changes.tell({ given: true });
        giving.note();
      },
    }),
    ...classAnswers({ driver, clock, onClasses }),
    ...forgottenAnswers({ driver, clock, importer, care, alone, seal }),
    ...forgetAnswers({ driver, clock, importer, archive, care, erasing, alone, configDirs: () => [...configDirs] }),
  };

  const answers = checked(api);
  return {
    ...answers,
    as: (who) => audited(answers, who, { driver, audit, elapsed: ports.elapsed, now: () => clock.now(), secret: salt }),
    forgetModel: (source) => distil.forgetModel(source),
    whenErased: () => erasing.settled(),
    beat: async () => {
      await care.beat();
      audit.prune();
    },
    readyBriefs: () => {
      giving.note();
      return giving.run();
    },
    setEmbedder: (embedder) => road.setEmbedder(embedder),
    meaningFacts: () => road.facts,
    whenEmbedded: () => road.whenEmbedded(),
    start: () => {
      timers.later(0, () => finder.refill(timers.later));
      timers.later(0, () => finder.warm(timers.later));
      startReindex({
        driver,
        timers,
        elapsed: ports.elapsed,
        onProgress(progress) {
          indexing = progress;
          tellCapture();
          if (progress) return;
          log.info('index: all texts can be found again');
          // Lengths of texts that were not in the index are known now.
          changes.tell({ isReset: true });
          tidySoon();
        },
      });
      archive.forgetBuried();
      archive.requestMissing();
      if (care.mustEmptyArchive())
        eraseArchive({ importer, archive, care }).catch((error: unknown) => log.error(`archive: ${traceOf(error)}`));
      resumeErasing();
      portable.tidy().catch((error: unknown) => log.error(`import of memory: ${traceOf(error)}`));
      importer.start();
      care.start();
      distil.start();
    },
    async close() {
      timers.close();
      background.close();
      await Promise.all([scan.close(), portable.close()]);
      await erasing.close();
      await Promise.all([importer.close(), care.close(), road.close(), distil.close(), giving.close()]);
      lineThread?.close();
      guard.close();
      audit.flush();
    },
  };
}

/** Checks the arguments of every request against its table, whoever calls. */
function checked(api: MemoryApi): MemoryApi {
  const methods = (Object.keys(memoryQuestions) as MemoryMethod[]).map((name) => {
    const answer = api[name] as (...args: unknown[]) => Promise<unknown>;
    return [name, async (...args: unknown[]) => answer(...checkArguments(name, memoryQuestions[name], args))] as const;
  });
  return Object.fromEntries(methods) as unknown as MemoryApi;
}

/** A repaired memory may have lost its salt; with another one it would know none of its rows again. */
function saltOf({ driver, dataDir, clock, makeSalt }: MemoryPorts): string {
  const known = getConfiguration<string>(driver, saltKey);
  if (known !== undefined) return known;
  const kept = driver.kind === 'memory' ? '' : readBeside(dataDir).salt;
  const salt = kept === '' ? makeSalt() : kept;
  setConfiguration(driver, saltKey, salt, clock.now());
  return salt;
}
