/** Answers about taking the memory elsewhere, and about not using it for a time. */
import { MemoryError } from '../../protocol/errors';
import { mostRestrictedDays } from '../../protocol/portable';
import type { PortableApi } from '../../protocol/questions/portable';
import { dayMs } from '../lib/clock';
import type { Clock } from '../lib/clock';
import type { Portable } from '../portable/portable';
import type { SqlDriver } from '../store/sqlite/driver';
import { allProjects } from '../store/tables/projects';
import { liftRestriction, listRestrictions, restrict } from '../store/tables/restrictions';

export interface PortableAnswerPorts {
  driver: SqlDriver;
  clock: Clock;
  portable: Portable;
  /** Called when what may be processed has changed. */
  onRestrictions: () => void;
}

/** Clocks of a head and of the keeper may differ a little. */
const slackMs = 60_000;

export function portableAnswers({ driver, clock, portable, onRestrictions }: PortableAnswerPorts): PortableApi {
  const list = () => listRestrictions(driver, clock.now());
  return {
    exportMemory: (request, signal) => portable.exportMemory(request, signal),
    previewExport: (part, signal) => portable.exportPreview(part, signal),
    previewMemoryImport: (path, signal) => portable.preview(path, signal),
    importMemory: (requestId, path, signal) => portable.importMemory(requestId, path, signal),
    restrictions: async () => list(),
    async restrictProcessing(until, projectId) {
      const project = allProjects(driver).find(({ id }) => id === projectId);
      if (projectId !== undefined && !project) throw new MemoryError('not_found', 'This project is not in memory.');
      const ms = until - clock.now();
      if (ms <= 0 || ms > mostRestrictedDays * dayMs + slackMs)
        throw new MemoryError('invalid_input', `Processing can be restricted for ${mostRestrictedDays} days at most.`);
      restrict(driver, project?.root ?? '', until, clock.now());
      onRestrictions();
      return list();
    },
    async liftRestriction(id) {
      liftRestriction(driver, id);
      onRestrictions();
      return list();
    },
  };
}
