/** The tools as an MCP server. Requests it does not know, `server/discover` among them, are refused at once. */
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import type { CallToolResult, Tool } from '@modelcontextprotocol/sdk/types.js';
import type { ModelTool, ToolPorts } from '../model-tools/tool';
import { instructionsFor } from '../model-tools/tools';
import { asMemoryError } from '../protocol/errors';
import type { MemoryApi } from '../protocol/memory-api';
import { serverName } from '../protocol/own-server';
import { isGiven, wrapGiven } from '../protocol/own-text';
import { showInvisible } from '../protocol/visible-text';

export interface ServerPorts extends Omit<ToolPorts, 'memory'> {
  tools: readonly ModelTool[];
  version: string;
  /** Opens the memory when it is not open. */
  memory: () => Promise<MemoryApi>;
  /** Errors that are not the model's. Never text of a session. */
  log: (message: string) => void;
}

/**
 * The high-level server of the library takes schemas of its own; ours come from the table of questions, and arguments
 * are checked by them.
 */
export function createServer({ tools, version, memory, log, ...ports }: ServerPorts): {
  server: Server;
  /** Resolves when every call so far is answered. */
  settle: () => Promise<void>;
} {
  const running = new Set<Promise<CallToolResult>>();
  const server = new Server(
    { name: serverName, title: 'Claude-Mem', version },
    { capabilities: { tools: {} }, instructions: instructionsFor(tools) },
  );
  // The library knows one listener, as this property.
  // oxlint-disable-next-line unicorn/prefer-add-event-listener
  server.onerror = (error) => log(`mcp: ${error.name}`);
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: tools.map(describe) }));
  const call = async (name: string, given: unknown, signal: AbortSignal): Promise<CallToolResult> => {
    const tool = tools.find((each) => each.name === name);
    if (!tool) return failure(`There is no tool ${name}. There are: ${tools.map((each) => each.name).join(', ')}.`);
    try {
      return { content: [textOf(await tool.call(given, { ...ports, memory: await memory() }, signal))] };
    } catch (error) {
      const { code, message } = asMemoryError(error);
      if (code === 'internal') log(`mcp: ${tool.name}: ${error instanceof Error ? error.name : 'error'}`);
      return failure(message);
    }
  };
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal }) => {
    const answered = call(params.name, params.arguments, signal);
    running.add(answered);
    try {
      return await answered;
    } finally {
      running.delete(answered);
    }
  });
  return {
    server,
    async settle() {
      await Promise.all(running);
      // The library writes an answer right after it has it.
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

/** All that we answer has our mark, by which capture knows it again. */
const textOf = (text: string) => ({ type: 'text' as const, text: isGiven(text) ? text : wrapGiven(text) });

/** For the model, so that it can mend its call; an error of the protocol would be shown to nobody. */
const failure = (words: string): CallToolResult => ({ isError: true, content: [textOf(showInvisible(words))] });

const describe = ({ name, title, about, inputSchema, writes }: ModelTool): Tool => ({
  name,
  title,
  description: about,
  inputSchema,
  annotations: { title, readOnlyHint: !writes, destructiveHint: false, idempotentHint: true, openWorldHint: false },
});
