/**
 * A tool that a model can call: one question about the memory, answered as text. Which protocol it comes by is the
 * head's matter; what it takes and says is the same everywhere.
 */
import * as z from 'zod/mini';
import type { WayOut } from '../protocol/classes';
import type { MemoryApi } from '../protocol/memory-api';
import type { SessionId } from '../protocol/model';
import { checkArguments } from '../protocol/questions/check';
import { answer, question } from '../protocol/questions/question';
import { tokensOfBytes } from '../protocol/tokens';
import { showInvisible } from '../protocol/visible-text';
import { classedMemory } from './classed-memory';
import type { ClassedMemory } from './classed-memory';
import { bytesOf } from './words';

/** What a head gives to the tools. */
export interface ToolPorts {
  memory: MemoryApi;
  /** By which what is answered leaves the memory; `mcp` when absent. */
  way?: WayOut;
  /** The folder that the model's client works in. Absolute. */
  folder: string;
  /** The session that the model is in, when its client tells. */
  sessionId?: SessionId;
  /** Text of a file of the person's; undefined when it cannot be read. */
  readFile: (path: string) => Promise<string | undefined>;
}

/** What a tool works with. */
export interface ClassedPorts extends Omit<ToolPorts, 'memory' | 'way'> {
  memory: ClassedMemory;
}

export interface ModelTool {
  name: string;
  title: string;
  /** For the model: what it answers and when it helps. */
  about: string;
  /** It changes what is kept, so it is offered only where a person allowed that. */
  writes: boolean;
  /** JSON schema of the arguments. */
  inputSchema: { type: 'object'; [key: string]: unknown };
  /** @throws MemoryError */
  call(given: unknown, ports: ToolPorts, signal?: AbortSignal): Promise<string>;
}

/** An answer with texts of the memory in it, and which they are. */
interface Given {
  text: string;
  items: readonly { id: string; sessionId?: SessionId }[];
}

interface Spec<Input extends z.ZodMiniType> {
  name: string;
  title: string;
  about: string;
  takes: Input;
  writes?: boolean;
  answer(input: z.output<Input>, ports: ClassedPorts, signal?: AbortSignal): Promise<string | Given>;
}

export function modelTool<Input extends z.ZodMiniType>(spec: Spec<Input>): ModelTool {
  const { name, title, about, takes, writes = false } = spec;
  const asked = question({ about, takes: [['arguments', takes]], gives: answer<string>(), by: 'head', writes });
  const { $schema: _, ...inputSchema } = z.toJSONSchema(takes, { io: 'input' });
  return {
    name,
    title,
    about,
    writes,
    inputSchema: { ...inputSchema, type: 'object' },
    async call(given, { memory, way = 'mcp', ...others }, signal) {
      const ports: ClassedPorts = { ...others, memory: classedMemory(memory, way) };
      const [input] = checkArguments(name, asked, [given ?? {}]) as [z.output<Input>];
      if (!writes && (await isOff(ports))) return switchedOff;
      // Whatever a tool forgets, of ids and names too: no text of the memory acts on a terminal or hides what it says.
      const answered = await spec.answer(input, ports, signal);
      if (typeof answered === 'string') return showInvisible(answered);
      const text = showInvisible(answered.text);
      if (answered.items.length > 0) await note(ports, text, answered.items);
      return text;
    },
  };
}

const switchedOff = 'The person has said that this session gets no memory. Go on without it.';

async function isOff({ memory, sessionId }: ClassedPorts): Promise<boolean> {
  if (sessionId === undefined) return false;
  return (await memory.giveChoices()).sessions.some((each) => each.sessionId === sessionId);
}

/** Keys of rows, and ids of learnings, that a person said must not be given: lists leave them out. */
export async function neverKeys({ memory }: ClassedPorts): Promise<ReadonlySet<string>> {
  const { never } = await memory.giveChoices();
  return new Set(never.flatMap(({ id, key }) => [id.replace(/^learning\//, 'l'), ...(key === undefined ? [] : [key])]));
}

/** For the list of what was given to which session. The answer goes out even when it cannot be noted. */
async function note({ memory, sessionId }: ClassedPorts, text: string, items: Given['items']): Promise<void> {
  await memory
    .noteGiven({
      requestId: crypto.randomUUID(),
      ...(sessionId !== undefined && { sessionId }),
      source: 'mcp',
      tokens: tokensOfBytes(bytesOf(text)),
      items: [...items],
    })
    .catch(() => {});
}
