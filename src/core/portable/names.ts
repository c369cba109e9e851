/** Names in an export. */
export const manifestName = 'manifest.json';
export const schemaName = 'schema.json';
export const readmeName = 'README.md';

/** Ending of a folder that is being written: it has no manifest yet, and is no export. */
export const unfinishedFolder = '.part';

const beginning = 'claude-mem-export-';

export const isExportFolder = (name: string): boolean => name.startsWith(beginning) && !name.endsWith(unfinishedFolder);

/** As `claude-mem-export-2026-11-30-0915`, in universal time. */
export const folderNameOf = (at: number): string =>
  `${beginning}${new Date(at).toISOString().slice(0, 16).replace('T', '-').replace(':', '')}`;
