/** What a person accepted as worth knowing later. */
import * as z from 'zod/mini';
import type { Learning } from '../protocol/model';
import { learningQuery } from '../protocol/questions/learnings';
import { project, sightOf } from './project-scope';
import { modelTool, neverKeys } from './tool';
import { bytesOf, history, line, moment, nextPage, pageThatFits, passage, tokensLine } from './words';

const defaultLearnings = 20;
const maxText = 500;

export const learnings = modelTool({
  name: 'learnings',
  title: 'What was learnt',
  about:
    'Lists learnings of this project that a person accepted: conventions, fixes that held, settings, dead ends. ' +
    'Helps before a choice of approach or when an error looks familiar.',
  takes: z.object({
    text: learningQuery.shape.text,
    category: learningQuery.shape.category,
    project,
    limit: z.exactOptional(z.int().check(z.gte(1), z.lte(40), z.describe(`${defaultLearnings} when absent.`))),
    cursor: learningQuery.shape.cursor,
  }),
  async answer({ text: words, category, project: name, limit = defaultLearnings, cursor }, ports) {
    const sight = await sightOf(ports, name);
    const query = {
      ...(sight.scope && { scope: sight.scope }),
      ...(words !== undefined && { text: words }),
      ...(category && { category }),
      ...(cursor !== undefined && { cursor }),
    };
    const never = await neverKeys(ports);
    const isNever = ({ id }: Learning) => never.has(`l${id}`);
    const { items, parts, next } = await pageThatFits(
      (most) => ports.memory.listLearnings({ ...query, limit: most }),
      limit,
      (learning) => (isNever(learning) ? '' : learningLines(learning)),
    );
    const text = history(
      parts.length === 0 ? `No accepted learning in ${sight.name}.` : `Accepted learnings in ${sight.name}.`,
      parts.filter((lines) => lines !== '').join('\n'),
      nextPage(next),
    );
    return { text, items: items.filter((each) => !isNever(each)).map(({ id }) => ({ id: `learning/${id}` })) };
  },
});

function learningLines({ id, category, title, description, deadEnd, ...rest }: Learning): string {
  const bytes = bytesOf(description + rest.context);
  return [
    `- l${id} | ${moment(rest.updatedAt)} | ${category} | ${tokensLine(bytes)} | ${line(title, 200)}`,
    ...(deadEnd
      ? [
          `  fails when: ${line(deadEnd.when, 200)}; because: ${line(deadEnd.because, 200)}; instead: ${line(deadEnd.instead, 200)}`,
        ]
      : []),
    ...(description === '' ? [] : [`  ${passage(description, maxText).replaceAll('\n', '\n  ')}`]),
    ...(rest.staleReason === undefined ? [] : [`  may be outdated: ${line(rest.staleReason, 200)}`]),
  ].join('\n');
}
