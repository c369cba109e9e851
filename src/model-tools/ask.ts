/** A question answered with sentences of rows, or the word that memory has no answer. */
import * as z from 'zod/mini';
import type { AnswerSentence } from '../protocol/ask';
import { askQuery } from '../protocol/questions/ask';
import { project, sightOf } from './project-scope';
import { modelTool, neverKeys } from './tool';
import { history, line, moment } from './words';

const maxText = 420;
const voices = { user: 'person', assistant: 'Claude', tool: 'command', learning: 'learning' } as const;

export const ask = modelTool({
  name: 'ask',
  title: 'Ask memory a question',
  about:
    'Answers a question in words ("which command restores the dump?", "what did we decide about retries?") with sentences ' +
    'that each stand in a row of an earlier session, with key and day; where something was changed later, the change comes ' +
    'first. Says “not in memory” when no row answers: then it is not known, and is not to be guessed. Cheaper than search ' +
    'for one fact.',
  takes: z.object({ question: askQuery.shape.text, project }),
  async answer({ question, project: name }, ports, signal) {
    const sight = await sightOf(ports, name);
    const answered = await ports.memory.ask({ text: question, ...(sight.scope && { scope: sight.scope }) }, signal);
    const never = await neverKeys(ports);
    const sentences = answered.sentences.filter(({ key }) => !never.has(key));
    if (sentences.length === 0)
      return history(
        answered.none === 'no_subject'
          ? 'The question does not say what it is about.'
          : `Not in memory of ${sight.name}: no row answers this.`,
        answered.unknownWords.length > 0
          ? `No text in memory has: ${answered.unknownWords.map((word) => line(word, 60)).join(', ')}.`
          : '',
      );
    return {
      text: history(`What rows of ${sight.name} say.`, sentences.map(sentenceLines).join('\n')),
      items: sentences.map(({ key, sessionId }) => ({ id: key, ...(sessionId !== undefined && { sessionId }) })),
    };
  },
});

function sentenceLines({
  text,
  key,
  voice,
  at,
  title,
  sessionId,
  turn,
  amendedBy,
  isAmending,
}: AnswerSentence): string {
  const note = amendedBy ? ' | outdated: changed later, see above' : isAmending ? ' | changes what stands below' : '';
  const place = sessionId === undefined ? '' : ` (session ${sessionId}${turn === undefined ? '' : ` turn ${turn}`})`;
  return `- ${line(text, maxText)}\n  ${key} | ${moment(at)} | ${voices[voice]} | ${line(title, 120)}${place}${note}`;
}
