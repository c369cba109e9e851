/** Deletes what a person wants gone: from the memory, its archive and its backups. */
import type { SessionId } from '../../protocol/model';
import type { SessionApi } from '../../protocol/questions/sessions';
import type { Importer } from '../capture/importer';
import type { TranscriptArchive } from '../capture/transcript-archive';
import type { Care } from '../care/care';
import type { Erasing } from '../erasing/erasing';
import type { Clock } from '../lib/clock';
import { inTurns } from '../lib/turns';
import type { SqlDriver } from '../store/sqlite/driver';
import { markOf } from '../store/tables/buried-roots';
import { deleteEverything, forgetProject, forgetSession } from '../store/tables/forget';
import type { Tombstone } from '../store/tables/forget';
import { titlesQuoting } from '../store/tables/forget-distilled';
import { joinedWith } from '../store/tables/projects';
import { allSessionIds, folderOfSession, knownSessions, sessionsOfProjects } from '../store/tables/sessions';
import { discoverTranscripts } from '../transcript/discover';

export interface ForgetPorts {
  driver: SqlDriver;
  clock: Clock;
  importer: Importer;
  archive: TranscriptArchive;
  care: Pick<Care, 'erasing'>;
  erasing: Pick<Erasing, 'beforeForgetting'>;
  /** Runs `work` while nothing is read, and reports that everything changed. */
  alone: (work: () => void) => Promise<void>;
  /** Config folders from which transcripts are read. */
  configDirs: () => readonly string[];
}

type ForgetApi = Pick<
  SessionApi,
  'quotingLearnings' | 'forgetSession' | 'forgetProject' | 'deleteEverything' | 'deleteArchive' | 'restoreTranscript'
>;

/** Empties the archive; sessions and learnings made from the transcripts stay. */
export function eraseArchive({
  importer,
  archive,
  care,
}: Pick<ForgetPorts, 'importer' | 'archive' | 'care'>): Promise<void> {
  return care.erasing({ kind: 'archive' }, () => importer.suspend(async () => archive.erase()));
}

export function forgetAnswers(ports: ForgetPorts): ForgetApi {
  const { driver, clock, archive, care, erasing, alone, configDirs } = ports;
  const forget = async (
    targets: readonly Omit<Tombstone, 'at'>[],
    ids: readonly SessionId[],
    work: (now: number) => void | Promise<void>,
  ) => {
    const at = clock.now();
    const kind = targets[0]?.kind ?? 'project';
    // A call that is repeated finds nothing left, and makes no second receipt.
    const isKnown = knownSessions(driver, ids).length > 0;
    const prove = isKnown ? await erasing.beforeForgetting(kind, ids) : undefined;
    await care.erasing({ kind: 'some', tombstones: targets.map((target) => ({ ...target, at })) }, () =>
      alone(async () => {
        await work(at);
        archive.forgetBuried();
      }),
    );
    prove?.();
  };
  return {
    quotingLearnings: async (from) => titlesQuoting(driver, from),
    forgetSession: (id) => forget([{ kind: 'session', target: id }], [id], (now) => forgetSession(driver, id, now)),
    forgetProject(id) {
      return forget(
        joinedWith(driver, id).map(({ ownRoot }) => ({ kind: 'project', target: markOf(driver, ownRoot) })),
        sessionsOfProjects(
          driver,
          joinedWith(driver, id).map((each) => each.id),
        ),
        (now) => inTurns(forgetProject(driver, id, now)),
      );
    },
    async deleteEverything() {
      const ids: SessionId[] = [];
      for (const dir of configDirs())
        for await (const { kind, sessionId } of discoverTranscripts(dir)) if (kind === 'main') ids.push(sessionId);
      const known = allSessionIds(driver);
      const prove = known.length > 0 ? await erasing.beforeForgetting('everything', known) : undefined;
      await care.erasing({ kind: 'everything' }, () =>
        alone(() => {
          deleteEverything(driver, ids, clock.now());
          archive.erase();
        }),
      );
      prove?.();
    },
    deleteArchive: () => eraseArchive(ports),
    restoreTranscript: async (id) => archive.restore(id, configDirs(), folderOfSession(driver, id)),
  };
}
