import { randomUUID } from 'node:crypto';
import { readBackupList } from '../../keeper/next-open';
import { findDataDir } from '../../keeper/pointer';
import type { BackupInfo } from '../../protocol/care';
import { MemoryError } from '../../protocol/errors';
import { formatBytes } from '../format';
import { withMemory } from '../memory';
import { readOptionsAndWords } from '../options';
import { print, printJson } from '../output';

/** Makes a backup, or lists them, also when the memory cannot be opened. */
export async function backupCommand(args: readonly string[]): Promise<void> {
  const { values, positionals } = readOptionsAndWords(args, { from: { type: 'string' } });
  const [action = 'list', ...rest] = positionals;
  if (rest.length > 0 || !['list', 'now'].includes(action))
    throw new MemoryError('invalid_input', 'Say `backup list` or `backup now`.');
  const dataDir = await findDataDir(values['data-dir']);
  if (action === 'now') {
    const made = await withMemory(dataDir, (memory) => memory.backUp(randomUUID()));
    if (values.json) printJson(made);
    else print(`${describe(made)}\n`);
    return;
  }
  const backups = await readBackupList(values.from ?? dataDir);
  if (values.json) printJson({ backups });
  else print(backups.length === 0 ? 'no backups\n' : backups.map((each) => `${describe(each)}\n`).join(''));
}

function describe({ name, kind, at, bytes, counts }: BackupInfo): string {
  const content =
    kind === 'written' ? `${counts.learnings} learnings` : `${counts.sessions} sessions, ${counts.learnings} learnings`;
  return `${name}  ${new Date(at).toISOString().slice(0, 16).replace('T', ' ')}  ${formatBytes(bytes)}  ${content}`;
}
