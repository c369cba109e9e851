/** Finds the text that the keeper keeps ready for a folder. */
import path from 'node:path';
import { briefIndexName, briefPartsName, giveFolder } from '../protocol/data-folder';
import { isInside, pathParts } from '../protocol/paths';
import { parseObject, readSmall } from './input';

const maxIndexBytes = 4 << 20;
const maxBriefBytes = 256 << 10;

export interface Brief {
  text: string;
  /** What it gives, as the keeper wrote it; read when it is wanted. */
  readParts: () => Promise<unknown>;
}

/** The brief of the deepest folder that contains this one; undefined when there is none, or the session gets nothing. */
export async function readBrief(dataDir: string, folder: string, sessionId = ''): Promise<Brief | undefined> {
  const place = path.join(dataDir, giveFolder);
  const index = parseObject((await readSmall(path.join(place, briefIndexName), maxIndexBytes)) ?? '');
  if (Array.isArray(index?.['off']) && index['off'].includes(sessionId)) return undefined;
  const entries: unknown[] = index?.['version'] === 1 && Array.isArray(index['folders']) ? index['folders'] : [];
  const [deepest] = entries
    .filter(isEntry)
    .filter((entry) => isInside(entry.folder, `${folder}/x`))
    .sort((one, other) => pathParts(other.folder).length - pathParts(one.folder).length);
  if (!deepest) return undefined;
  const read = (file: string) => readSmall(path.join(place, file), maxBriefBytes);
  const text = await read(deepest.file);
  if (text === undefined) return undefined;
  return { text, readParts: async () => parseObject((await read(briefPartsName(deepest.file))) ?? '') };
}

/** A name with a separator could lead out of the folder. */
function isEntry(value: unknown): value is { folder: string; file: string } {
  const { folder, file } = (value ?? {}) as { folder?: unknown; file?: unknown };
  return typeof folder === 'string' && typeof file === 'string' && /^\w[\w.-]{0,200}$/.test(file);
}
