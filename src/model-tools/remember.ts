/** What a model may change, where a person allowed it: proposals for the inbox, and flags. */
import * as z from 'zod/mini';
import { MemoryError } from '../protocol/errors';
import { learningInput } from '../protocol/questions/learnings';
import { rowKey } from '../protocol/questions/schemas';
import { parseLineKey } from '../protocol/row-key';
import { sightOf } from './project-scope';
import { elsewhere } from './timeline';
import { modelTool } from './tool';
import { line } from './words';

/** Says of a flag that no person set it. */
const claudesTag = 'flagged by Claude';

export const remember = modelTool({
  name: 'remember',
  title: 'Propose a learning',
  about:
    'Proposes one fact for later sessions of this project: a convention, a fix that held, a setting, something that does not work. ' +
    "It goes into the person's inbox, marked as from Claude, and is given to nobody before the person accepts it. Secrets are removed.",
  writes: true,
  takes: z.object({
    title: learningInput.shape.title.check(z.describe('The fact in one sentence.')),
    description: learningInput.shape.description.check(z.describe('What it rests on, and when it applies.')),
    category: learningInput.shape.category,
  }),
  async answer(input, ports) {
    const { projects } = await sightOf(ports, undefined);
    const [own] = projects;
    if (!own) throw new MemoryError('not_found', 'This project is not in memory.');
    const { id, state, title } = await ports.memory.proposeLearning({
      ...input,
      projectId: own.id,
      ...(ports.sessionId !== undefined && { sessionId: ports.sessionId }),
    });
    const name = `“${line(title, 200)}” (l${id})`;
    if (state === 'accepted') return `${name} was accepted by a person before.`;
    if (state !== 'proposed') return `${name} was put aside by a person before and is not proposed again.`;
    return `${name} is in the inbox. A person decides about it.`;
  },
});

export const flag = modelTool({
  name: 'flag',
  title: 'Flag a row',
  about:
    'Flags a message or tool call of an earlier session of this project, ' +
    'so that the person finds it again (`is:flagged`). Marked as from Claude.',
  writes: true,
  takes: z.object({ id: rowKey }),
  async answer({ id }, ports) {
    const { memory } = ports;
    if (!parseLineKey(id)) throw new MemoryError('invalid_input', 'flag: only keys `p…` and `o…` can be flagged.');
    const sight = await sightOf(ports, undefined);
    const item = await memory.getItem(id);
    if (!sight.has(item.session.project.id)) throw elsewhere(id);
    if (item.isFlagged) return `${id} has a flag already.`;
    // First who, so that a call that is cut off leaves no flag that looks like the person's.
    await memory.setTags(id, [...(item.tags ?? []), claudesTag]);
    await memory.setFlagged(id, true);
    return `${id} is flagged.`;
  },
});
