/** The whole texts of rows, learnings and first prompts, by their keys. */
import * as z from 'zod/mini';
import { MemoryError, asMemoryError } from '../protocol/errors';
import type { MemoryText, SessionId } from '../protocol/model';
import { cursor, rowKey } from '../protocol/questions/schemas';
import { parseRowKey } from '../protocol/row-key';
import { showInvisible } from '../protocol/visible-text';
import { project, sightOf } from './project-scope';
import type { Sight } from './project-scope';
import { elsewhere } from './timeline';
import { modelTool } from './tool';
import type { ClassedPorts } from './tool';
import { bytesOf, endWithin, history, line, maxParts, moment, nextPage } from './words';

const maxKeys = 20;

export const getObservations = modelTool({
  name: 'get_observations',
  title: 'Read what was found',
  about:
    'Answers the whole texts behind keys (`p…` a message, `o…` a tool call with its result, `l…` a learning), ' +
    'as search and get_session name them. ' +
    'Several at once; long texts come in pages. Costs the tokens that search said.',
  takes: z.object({
    ids: z
      .array(rowKey)
      .check(z.minLength(1), z.maxLength(maxKeys), z.describe(`Keys, at most ${maxKeys}, in the order to read.`)),
    project,
    cursor: z.exactOptional(cursor),
  }),
  async answer({ ids, project: name, cursor: from }, ports) {
    const sight = await sightOf(ports, name);
    const start = placeOf(from);
    const parts: string[] = [];
    const items: { id: string; sessionId?: SessionId }[] = [];
    let room = maxParts;
    let { offset } = start;
    let index = start.index;
    for (; index < ids.length && room > 0; index++) {
      const { item, text: whole } = await textOf(ids[index] as string, ports, sight, ids.length > 1);
      if (item) items.push(item);
      const end = endWithin(whole, offset, room);
      const part = whole.slice(offset, end);
      parts.push(part);
      room -= bytesOf(part);
      if (end < whole.length) return { text: history(...parts, nextPage(`${index}.${end}`)), items };
      offset = 0;
    }
    return { text: history(...parts, nextPage(index < ids.length ? `${index}.0` : undefined)), items };
  },
});

/** @throws MemoryError `invalid_input` */
function placeOf(from = '0.0'): { index: number; offset: number } {
  const match = /^(\d{1,2})\.(\d{1,9})$/.exec(from);
  if (!match) throw new MemoryError('invalid_input', 'get_observations: this cursor is none of its own.');
  return { index: Number(match[1]), offset: Number(match[2]) };
}

/** Of a key that is gone there is nothing to note. */
interface Part {
  text: string;
  item?: { id: string; sessionId?: SessionId };
}

/** Of several keys, one that is gone is said in its place. @throws MemoryError when it is the only one */
async function textOf(key: string, ports: ClassedPorts, sight: Sight, isOneOfMany: boolean): Promise<Part> {
  try {
    const { at, projectName, sessionId, sessionTitle, text } = await readText(key, ports, sight);
    const from = sessionId === '' ? '' : ` | session ${sessionId}`;
    const whole = `## ${key} | ${moment(at)} | ${line(projectName, 60)}${from} | ${line(sessionTitle, 120)}\n\n${showInvisible(text)}`;
    const ref = parseRowKey(key);
    const id = ref?.kind === 'learning' ? `learning/${ref.id}` : key;
    return { text: whole, item: { id, ...(sessionId !== '' && { sessionId }) } };
  } catch (error) {
    const known = asMemoryError(error);
    if (!isOneOfMany || known.code !== 'not_found') throw known;
    return { text: `## ${key}\n\n(${known.message})` };
  }
}

async function readText(key: string, { memory }: ClassedPorts, sight: Sight): Promise<MemoryText> {
  const ref = parseRowKey(key);
  if (ref?.kind === 'learning') {
    const { learning } = await memory.learningProof(ref.id);
    if (learning.project && !sight.has(learning.project.id)) throw elsewhere(key);
    if (learning.state !== 'accepted') throw new MemoryError('not_found', `${key} was not accepted by a person.`);
    return memory.memoryText(key);
  }
  const { project: own } =
    ref?.kind === 'session' ? await memory.getSession(ref.id) : (await memory.getItem(key)).session;
  if (!sight.has(own.id)) throw elsewhere(key);
  return memory.memoryText(key);
}
