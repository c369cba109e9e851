import { findDataDir } from '../../keeper/pointer';
import type { AnswerSentence } from '../../protocol/ask';
import { MemoryError } from '../../protocol/errors';
import { showLine } from '../../protocol/visible-text';
import { withMemory } from '../memory';
import { readOptionsAndWords } from '../options';
import { print, printJson } from '../output';
import { projectsCalled } from './export';

/** A question, answered with sentences that each stand in a row; or that memory has none. */
export async function askCommand(args: readonly string[]): Promise<void> {
  const { values, positionals } = readOptionsAndWords(args, { project: { type: 'string', multiple: true } });
  const text = positionals.join(' ').trim();
  if (text === '') throw new MemoryError('invalid_input', 'What should be asked? Give a question.');
  const answer = await withMemory(await findDataDir(values['data-dir']), async (memory) => {
    const projectIds = await projectsCalled(memory, values.project ?? []);
    return memory.ask({ text, ...(projectIds.length > 0 && { scope: { projectIds } }) });
  });
  if (values.json) {
    printJson(answer);
    return;
  }
  if (answer.sentences.length > 0) {
    print(answer.sentences.map(toldSentence).join(''));
    return;
  }
  const unknown =
    answer.unknownWords.length > 0 ? ` Nothing in memory says: ${answer.unknownWords.map(showLine).join(', ')}.` : '';
  print(
    answer.none === 'no_subject'
      ? 'The question does not say what it is about.\n'
      : `Not in memory.${unknown} \`search\` lists sessions that have some of the words.\n`,
  );
}

function toldSentence({ text, at, project, title, sessionId, turn, isAmending, amendedBy }: AnswerSentence): string {
  const note = amendedBy ? '  (before it was changed)' : isAmending ? '  (changed later)' : '';
  const place = sessionId === undefined ? '' : `  ${sessionId}${turn === undefined ? '' : `#${turn}`}`;
  const day = new Date(at).toISOString().slice(0, 16).replace('T', ' ');
  return `${showLine(text)}${note}\n  ${day}  ${project?.name ?? ''}  ${showLine(title)}\n${place}\n\n`;
}
