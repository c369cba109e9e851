import { findDataDir } from '../../keeper/pointer';
import { MemoryError } from '../../protocol/errors';
import { withMemory } from '../memory';
import { readOptionsAndWords } from '../options';
import { print, printJson, tell } from '../output';

const gap = '⋯ not in memory ⋯';

/** A file as it stood after a turn. What is not known is said on stderr, and at its place. */
export async function stoodCommand(args: readonly string[]): Promise<void> {
  const { values, positionals } = readOptionsAndWords(args, {});
  const [place = '', file, ...rest] = positionals;
  const [, sessionId, turn] = /^(.+)#(\d{1,7})$/.exec(place) ?? [];
  if (sessionId === undefined || file === undefined || rest.length > 0)
    throw new MemoryError('invalid_input', 'Name the turn and the file: SESSION#TURN FILE.');
  const stood = await withMemory(await findDataDir(values['data-dir']), (memory) =>
    memory.fileAtTurn({ sessionId, turn: Number(turn), file }),
  );
  if (values.json) {
    printJson(stood);
    return;
  }
  if (stood.known === 'nothing')
    throw new MemoryError('not_found', 'How this file stood then is not in memory: it was neither read nor edited.');
  if (stood.known === 'parts') tell('Only parts of it are known.\n');
  else if (stood.doubt) tell(`It may have stood otherwise (${stood.doubt}).\n`);
  const text = stood.pieces.join(`\n${gap}\n`);
  print([...(stood.isOpenAbove ? [gap] : []), text, ...(stood.isOpenBelow ? [gap] : [])].join('\n'));
}
