/**
 * The requests of a head about the model. Folders must be absolute, so that they mean the same to the keeper and the
 * head.
 */
import path from 'node:path';
import { MemoryError } from '../../protocol/errors';
import type { MeaningApi, MeaningStatus, ModelChoice } from '../../protocol/meaning';
import type { MeaningQueue } from '../../protocol/meaning-queue';
import type { Meaning } from './choice';

const nothing: MeaningStatus = { phase: 'off', model: null, bytesDone: 0, bytesTotal: 0, offers: [], queue: null };

/** @param meaning absent in a memory without models */
export function meaningApi(
  meaning: Meaning | undefined,
  queue: () => MeaningQueue | null,
): MeaningApi & { describe(): MeaningStatus } {
  const describe = (): MeaningStatus => (meaning ? { ...meaning.status(), queue: queue() } : nothing);
  const demand = (): Meaning => {
    if (!meaning) throw new MemoryError('no_model', 'This memory has no models.');
    return meaning;
  };
  return {
    describe,
    async meaning() {
      await meaning?.start();
      return describe();
    },
    async chooseModel(choice, signal) {
      await demand().choose(checkChoice(choice), signal);
      return describe();
    },
    async removeModel(id) {
      await demand().remove(id);
      return describe();
    },
  };
}

function checkChoice(choice: ModelChoice): ModelChoice {
  switch (choice.kind) {
    case 'off':
      return { kind: 'off' };
    case 'offer':
      return { kind: 'offer', id: choice.id, ...(choice.hub !== undefined && { hub: choice.hub }) };
    case 'folder':
      if (!path.isAbsolute(choice.folder))
        throw new MemoryError('invalid_input', 'The folder of a model must be absolute.');
      return { kind: 'folder', folder: path.normalize(choice.folder) };
    default:
      throw new MemoryError('invalid_input', 'A model is chosen from the offer, by its folder, or turned off.');
  }
}
