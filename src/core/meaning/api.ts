/** Requests of heads about the model for search by meaning. */
import path from 'node:path';
import { MemoryError } from '../../protocol/errors';
import type { MeaningStatus } from '../../protocol/meaning';
import type { MeaningApi, ModelChoice } from '../../protocol/questions/meaning';
import type { Meaning } from './choice';
import type { MeaningRoad } from './road';

const nothing: MeaningStatus = { phase: 'off', model: null, bytesDone: 0, bytesTotal: 0, offers: [], queue: null };

/** @param meaning absent in a memory without models */
export function meaningApi(
  meaning: Meaning | undefined,
  road: Pick<MeaningRoad, 'facts' | 'setPaused'>,
): { api: MeaningApi; describe(): MeaningStatus } {
  const describe = (): MeaningStatus => (meaning ? { ...meaning.status(), queue: road.facts?.queue ?? null } : nothing);
  const demand = (): Meaning => {
    if (!meaning) throw new MemoryError('no_model', 'This memory has no models.');
    return meaning;
  };
  const api: MeaningApi = {
    async meaning() {
      await meaning?.start();
      return describe();
    },
    async chooseModel(choice, signal) {
      await demand().choose(withWholeFolder(choice), signal);
      return describe();
    },
    async removeModel(id) {
      await demand().remove(id);
      return describe();
    },
    setEmbeddingPaused: async (isPaused) => road.setPaused(isPaused),
  };
  return { api, describe };
}

/** The folder must be absolute, because keeper and head have different working directories. */
function withWholeFolder(choice: ModelChoice): ModelChoice {
  if (choice.kind !== 'folder') return choice;
  if (!path.isAbsolute(choice.folder))
    throw new MemoryError('invalid_input', 'The folder of a model must be absolute.');
  return { kind: 'folder', folder: path.normalize(choice.folder) };
}
