/** The status of the memory, and the diagnosis. */
import path from 'node:path';
import type { MeaningStatus } from '../../protocol/meaning';
import type { CaptureApi } from '../../protocol/questions/capture';
import type { CareApi } from '../../protocol/questions/care';
import type { Scope } from '../../protocol/questions/schemas';
import type { CaptureState, MemoryStatus } from '../../protocol/status';
import { protocolVersion } from '../../protocol/version';
import type { PatternSurroundings } from '../capture/exclude';
import { previewExcludes, storedExcludes } from '../capture/exclude-preview';
import type { Importer } from '../capture/importer';
import { readPassedOver } from '../capture/line-guard';
import type { TranscriptArchive } from '../capture/transcript-archive';
import type { Care } from '../care/care';
import { diagnose } from '../care/diagnose';
import { gatherFacts } from '../care/gather';
import { readCareState } from '../care/state';
import type { Clock } from '../lib/clock';
import type { MeaningRoad } from '../meaning/road';
import type { MemoryScan } from '../redaction/memory-scan';
import type { RuleBook } from '../redaction/rule-book';
import { listManifests } from '../store/backup/files';
import type { SqlDriver } from '../store/sqlite/driver';
import { schemaVersion } from '../store/sqlite/migrate';
import { countSessions, counts } from '../store/tables/counts';
import { listRestrictions } from '../store/tables/restrictions';
import { ledgerTotals } from '../store/tables/sources';
import { countForgotten } from '../store/tables/unforget';
import { examineConfigDirs } from '../transcript/config-folder';

export interface StatePorts {
  driver: SqlDriver;
  surroundings: PatternSurroundings;
  clock: Clock;
  dataDir: string;
  version: string;
  pid: number;
  /** Operating system and runtime, for reports. */
  machine: string;
  /** Warnings from opening the database. */
  warnings: MemoryStatus['warnings'];
  importer: Pick<Importer, 'lastCaptureAt' | 'links' | 'folders' | 'configDirs'>;
  captureState: () => CaptureState;
  archive: TranscriptArchive;
  care: Care;
  rules: Pick<RuleBook, 'status'>;
  scan: Pick<MemoryScan, 'isRunning'>;
  road: Pick<MeaningRoad, 'facts'>;
  meaning: { describe(): MeaningStatus };
  /** Ids of the projects in a scope; undefined for all. */
  inScope: (scope: Scope | undefined) => Promise<number[] | undefined>;
}

/** Before anything was read nothing can match. */
const idleExcludes = ({ driver, surroundings }: StatePorts, sessions: number) =>
  sessions === 0
    ? []
    : previewExcludes(driver, storedExcludes(driver), surroundings).filter(({ projects }) => projects.length === 0);

/**
 * A folder that had sessions and is gone: unmounted, renamed, or another one in the settings. Without any session it
 * is what a person sees who has not used Claude Code yet, and the empty list says where it looks.
 */
function folderWarnings({ folders }: StatePorts['importer'], sessions: number): MemoryStatus['warnings'] {
  if (sessions === 0 || !folders.some(({ fault }) => fault !== undefined)) return [];
  return [
    { code: 'config_folder', message: 'A config folder of Claude Code is not there: nothing new is read from it.' },
  ];
}

export function stateAnswers(ports: StatePorts): Pick<CaptureApi, 'status'> & Pick<CareApi, 'diagnose'> {
  const { driver, clock, dataDir, importer, archive, care, road, meaning } = ports;
  const status = async (scope?: Scope): Promise<MemoryStatus> => {
    const ids = await ports.inScope(scope);
    const all = counts(driver);
    const restrictions = listRestrictions(driver, clock.now());
    return {
      ...(restrictions.length > 0 && { restrictions }),
      schemaVersion,
      protocolVersion,
      extensionVersion: ports.version,
      dataDir,
      databaseBytes: driver.sizeBytes(),
      sizes: care.sizes(),
      driver: driver.kind,
      keeperPid: ports.pid,
      ...all,
      forgotten: countForgotten(driver),
      inScope: ids ? countSessions(driver, ids) : all.sessions,
      lastCaptureAt: importer.lastCaptureAt,
      capture: ports.captureState(),
      ledger: ledgerTotals(driver),
      archive: archive.status(),
      warnings: [...ports.warnings, ...care.warnings(), ...folderWarnings(importer, all.sessions)],
    };
  };
  return {
    status,
    async diagnose() {
      const facts = await gatherFacts(driver, await status(), ports.machine, meaning.describe(), {
        links: importer.links,
        folders: await examineConfigDirs(importer.configDirs),
        now: clock.now(),
        passedOver: readPassedOver(dataDir).map(({ path: file, offset }) => ({ file: path.basename(file), offset })),
      });
      return diagnose(
        {
          ...facts,
          redaction: { ...ports.rules.status(), isScanning: ports.scan.isRunning },
          idleExcludes: idleExcludes(ports, facts.sessions),
          ...(road.facts && { vectors: road.facts }),
        },
        readCareState(dataDir),
        listManifests(dataDir),
        clock.now(),
      );
    },
  };
}
