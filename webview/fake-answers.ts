/** Answers of the made-up memory: its state, its backups and the editor here, the rest in the files beside it. */
import type { BackupInfo } from '../src/protocol/care';
import type { MemoryStatus } from '../src/protocol/status';
import type { WebviewApi } from '../src/protocol/webview-api';
import { failMissing, fakeProjects } from './fake-data';
import { answerGiving } from './fake-giving';
import type { FakeHost } from './fake-host';
import { answerLearnings } from './fake-learnings';
import { answerModels } from './fake-models';
import { answerSearch } from './fake-search';
import { answerSessions } from './fake-sessions';

/** Methods used in tests of the pages; others are rejected. */
export function createAnswers(host: FakeHost): Partial<WebviewApi> {
  const done = () => Promise.resolve();
  return {
    ...answerSessions(host),
    ...answerSearch(host),
    ...answerLearnings(host),
    ...answerModels(host),
    ...answerGiving(host),
    ready: () => Promise.resolve(host.context),
    status: () => Promise.resolve(describe(host)),
    projects: () => Promise.resolve(fakeProjects.map((project) => ({ ...project, sessions: 1, lastAt: 0 }))),
    setPaused: async (isPaused) => {
      host.capture = { ...host.capture, phase: isPaused ? 'paused' : 'idle' };
      host.emit('capture', host.capture);
    },
    cancelImport: async () => {
      host.capture = { ...host.capture, phase: 'cancelled' };
      host.emit('capture', host.capture);
    },
    openSession: done,
    setReaderParts: done,
    noteLeft: done,
    copyTurn: done,
    insert: done,
    copyContext: done,
    setInBasket: async (key, isIn) => {
      host.basket = isIn ? [...host.basket, key] : host.basket.filter((each) => each !== key);
      host.emit('basket', { keys: host.basket });
    },
    copyText: done,
    resumeSession: done,
    restoreTranscript: done,
    openFile: done,
    openDiff: done,
    openChange: done,
    showDigest: done,
    whatIsLeft: async () => host.left,
    openChanges: done,
    openFileAt: done,
    openLink: done,
    importNow: done,
    openSettings: done,
    chooseConfigDir: done,
    showForgotten: done,
    showLog: done,
    dismissFirstRun: done,
    openDoctor: done,
    proposalsSeen: done,
    promoteLearnings: done,
    copySummary: done,
    insertSummary: done,
    setApiKey: done,
    showInsights: done,
    askEditorModel: async () => null,
    examine: async () => host.examination,
    applyRemedy: async (remedy) => {
      if (remedy !== 'back_up') return '';
      const [newest] = host.examination.backups;
      const made: BackupInfo = {
        ...(newest ?? failMissing()),
        name: `made-${host.examination.backups.length}`,
        kind: 'manual',
        at: Date.now(),
      };
      host.examination = { ...host.examination, backups: [made, ...host.examination.backups] };
      return 'Memory is backed up: 5 MB';
    },
    restoreBackup: async () => 'Memory restored. Learnings kept: 2',
    listUneven: async (cursor = '0') => {
      const from = Number(cursor);
      return {
        items: host.ledger.slice(from, from + 200),
        ...(from + 200 < host.ledger.length && { next: String(from + 200) }),
      };
    },
  };
}

function describe(host: FakeHost): MemoryStatus {
  const count = host.sessions.length;
  return {
    schemaVersion: 1,
    protocolVersion: 2,
    extensionVersion: '0.1.0',
    dataDir: host.context.dataDir,
    databaseBytes: 12_000_000,
    sizes: { database: 12_000_000, journal: 0, archive: 0, backups: 0, logs: 0, models: 0, aside: 0 },
    driver: 'disk',
    keeperPid: 1,
    sessions: count,
    projects: fakeProjects.length,
    prompts: count * 6,
    observations: count * 80,
    learnings: host.learnings.length,
    forgotten: 0,
    inScope: count,
    lastCaptureAt: null,
    capture: host.capture,
    warnings: host.warnings,
    ledger: {
      files: count,
      bytesSeen: 0,
      bytesStored: 0,
      bytesSkipped: {},
      linesSkipped: {},
      redactions: 0,
      filesGone: 0,
    },
    archive: { isOn: true, isBroken: false, files: count, sessions: count, plainBytes: 0, bytes: 0, redactions: 0 },
  };
}
