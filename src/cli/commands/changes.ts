import { createTwoFilesPatch } from 'diff';
import { findDataDir } from '../../keeper/pointer';
import { MemoryError } from '../../protocol/errors';
import type { ChangedFile, NetChange } from '../../protocol/story';
import { withMemory } from '../memory';
import { readOptionsAndWords } from '../options';
import { print, printJson } from '../output';

/** What a session changed: a line for each file, or one file as a diff. */
export async function changesCommand(args: readonly string[]): Promise<void> {
  const { values, positionals } = readOptionsAndWords(args, {});
  const [session, file, ...rest] = positionals;
  if (session === undefined || rest.length > 0)
    throw new MemoryError('invalid_input', 'Which session? Name its id, and a file for its diff.');
  const dataDir = await findDataDir(values['data-dir']);
  if (file !== undefined) {
    const change = await withMemory(dataDir, (memory) => memory.sessionChange(session, file));
    if (values.json) printJson(change);
    else print(patchOf(change));
    return;
  }
  const changes = await withMemory(dataDir, (memory) => memory.sessionChanges(session));
  if (values.json) printJson(changes);
  else print(changes.files.map((each) => `${lineOf(each)}\n`).join('') || 'No edit of this session is in memory.\n');
}

function lineOf({ name, added, removed, isNew, known, doubt }: ChangedFile): string {
  const notes = [
    ...(isNew ? ['new'] : []),
    ...(added + removed === 0 ? ['taken back'] : []),
    ...(known === 'parts' ? ['known in parts'] : []),
    ...(doubt === undefined ? [] : ['may have been changed otherwise']),
  ];
  return `+${added} -${removed}  ${name}${notes.length > 0 ? `  (${notes.join(', ')})` : ''}`;
}

/** Where the file is not known whole, line numbers are those of the piece. */
function patchOf({ name, pieces, isNew }: NetChange): string {
  return pieces
    .map(({ before, after }) => createTwoFilesPatch(isNew ? '/dev/null' : `a/${name}`, `b/${name}`, before, after))
    .join('');
}
