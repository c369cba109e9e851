/** Requests about what is read: settings, progress, and the ledger. */
import type { CaptureApi, CaptureSettings } from '../../protocol/questions/capture';
import type { Scope } from '../../protocol/questions/schemas';
import type { OwnRules } from '../../protocol/redaction';
import type { PatternSurroundings } from '../capture/exclude';
import { previewExcludes, storedExcludes } from '../capture/exclude-preview';
import type { Importer } from '../capture/importer';
import type { TranscriptArchive } from '../capture/transcript-archive';
import type { Care } from '../care/care';
import type { Changes } from '../changes';
import type { SqlDriver } from '../store/sqlite/driver';
import { counts } from '../store/tables/counts';
import { listProjects } from '../store/tables/projects';
import { ledgerTotals, listLedgers } from '../store/tables/sources';
import { lookIntoFolder } from '../transcript/config-folder';

export interface CapturePorts {
  driver: SqlDriver;
  surroundings: PatternSurroundings;
  importer: Importer;
  archive: TranscriptArchive;
  care: Pick<Care, 'configure'>;
  changes: Changes;
  /** Ids of the projects in a scope; undefined for all. */
  inScope: (scope: Scope | undefined) => Promise<number[] | undefined>;
  /** Puts a person's own rules of redaction in force. */
  takeRules: (rules: OwnRules) => Promise<void>;
  /** Called with every head's settings. */
  onSettings: (settings: CaptureSettings) => void;
}

export function captureAnswers(ports: CapturePorts): Omit<CaptureApi, 'status'> {
  const { driver, importer, archive, care, changes } = ports;
  return {
    async configure(settings) {
      // Before anything is read under these settings.
      if (settings.redaction) await ports.takeRules(settings.redaction);
      if (settings.isArchiving !== undefined) archive.setOn(settings.isArchiving);
      importer.configure(settings);
      if (settings.care) care.configure(settings.care);
      ports.onSettings(settings);
    },
    async importNow(signal) {
      const isComplete = await importer.importNow(signal);
      changes.flush();
      const { sessions, prompts, observations } = counts(driver);
      const ledger = ledgerTotals(driver);
      return {
        files: ledger.files,
        filesRead: importer.takeFilesRead(),
        sessions,
        prompts,
        observations,
        ledger,
        isComplete,
      };
    },
    cancelImport: async () => importer.cancel(),
    setPaused: async (isPaused) => importer.setPaused(isPaused),
    async projects(scope) {
      const ids = await ports.inScope(scope);
      return listProjects(driver).filter(({ id }) => ids === undefined || ids.includes(id));
    },
    previewExcludes: async (patterns) =>
      previewExcludes(driver, patterns ?? storedExcludes(driver), ports.surroundings),
    lookIntoFolder: async (folder, signal) => lookIntoFolder(folder, signal),
    ledger: async (cursor) => listLedgers(driver, cursor),
  };
}
