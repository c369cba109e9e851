/** Size of the memory on disk by part. */
import nodeFs from 'node:fs';
import path from 'node:path';
import type { SizesByPart } from '../../protocol/care';
import {
  archiveName,
  backupFolder,
  databaseName,
  logFolder,
  modelsFolder,
  pageJournalSuffix,
  walSuffix,
} from '../../protocol/data-folder';
import { sizeOfFile } from '../lib/durable';
import { sizeOfFlatFiles } from '../meaning/flat-file';
import { sizeOfCopies } from './old-copies';

/** Bytes of the files directly in a folder; 0 when it does not exist. */
function sizeOfFolder(folder: string): number {
  try {
    return nodeFs.readdirSync(folder).reduce((sum, name) => sum + sizeOfFile(path.join(folder, name)), 0);
  } catch {
    return 0;
  }
}

/** Bytes of all files below a folder. */
function sizeOfTree(folder: string): number {
  try {
    const files = nodeFs
      .readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile());
    return files.reduce((sum, { parentPath, name }) => sum + sizeOfFile(path.join(parentPath, name)), 0);
  } catch {
    return 0;
  }
}

export function sizesOf(dataDir: string): SizesByPart {
  const sizeOf = (name: string) => sizeOfFile(path.join(dataDir, name));
  return {
    // Includes the copy of its vectors.
    database: sizeOf(databaseName) + sizeOfFlatFiles(dataDir),
    journal: sizeOf(databaseName + walSuffix) + sizeOf(databaseName + pageJournalSuffix),
    archive: sizeOf(archiveName) + sizeOf(archiveName + walSuffix),
    backups: sizeOfFolder(path.join(dataDir, backupFolder)),
    logs: sizeOfFolder(path.join(dataDir, logFolder)),
    models: sizeOfTree(path.join(dataDir, modelsFolder)),
    aside: sizeOfCopies(dataDir),
  };
}
