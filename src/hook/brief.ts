/** Finds the text that the keeper keeps ready for a folder. */
import path from 'node:path';
import { giveFolder, briefIndexName } from '../protocol/data-folder';
import { isInside, pathParts } from '../protocol/paths';
import { parseObject, readSmall } from './input';

const maxIndexBytes = 4 << 20;
const maxBriefBytes = 256 << 10;

/** The brief of the deepest folder that contains this one; undefined when there is none. */
export async function readBrief(dataDir: string, folder: string): Promise<string | undefined> {
  const place = path.join(dataDir, giveFolder);
  const index = parseObject((await readSmall(path.join(place, briefIndexName), maxIndexBytes)) ?? '');
  const entries: unknown[] = index?.['version'] === 1 && Array.isArray(index['folders']) ? index['folders'] : [];
  const [deepest] = entries
    .filter(isEntry)
    .filter((entry) => isInside(entry.folder, `${folder}/x`))
    .sort((one, other) => pathParts(other.folder).length - pathParts(one.folder).length);
  return deepest && readSmall(path.join(place, deepest.file), maxBriefBytes);
}

/** A name with a separator could lead out of the folder. */
function isEntry(value: unknown): value is { folder: string; file: string } {
  const { folder, file } = (value ?? {}) as { folder?: unknown; file?: unknown };
  return typeof folder === 'string' && typeof file === 'string' && /^\w[\w.-]{0,200}$/.test(file);
}
