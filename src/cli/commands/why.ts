import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { findDataDir } from '../../keeper/pointer';
import { toldLines } from '../../model-tools/why-told';
import { MemoryError } from '../../protocol/errors';
import { placeIn, whyQueryOf } from '../../protocol/why-text';
import { withMemory } from '../memory';
import { readOptionsAndWords } from '../options';
import { print, printJson } from '../output';

const maxFileBytes = 20_000_000;

/** Which turn wrote a line of a file as it stands on the disk. */
export async function whyCommand(args: readonly string[]): Promise<void> {
  const { values, positionals } = readOptionsAndWords(args, {});
  const [place] = positionals;
  const { file = '', lines } = place === undefined ? {} : placeIn(place);
  if (!lines || positionals.length !== 1)
    throw new MemoryError('invalid_input', 'Which line? Name it as FILE:LINE, or FILE:LINE-LINE.');
  const whole = path.resolve(file);
  const query = whyQueryOf(whole, await textOf(whole), lines.from, lines.to);
  const why = await withMemory(await findDataDir(values['data-dir']), (memory) =>
    memory.why({ ...query, withCommits: true }),
  );
  if (values.json) printJson(why);
  else print(`${toldLines(why).join('\n')}\n`);
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return (await stat(file)).size > maxFileBytes ? undefined : await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
}
