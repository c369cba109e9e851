import { deleteArchive } from '../care/forget';
import { commandIds } from '../contributions';
import type { Command } from './command';

export const deleteArchivedTranscripts: Command = {
  id: commandIds.deleteArchive,
  run: (parts) => deleteArchive(parts),
};
