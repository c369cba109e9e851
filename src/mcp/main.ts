/**
 * `claude-mem-vscode mcp`: the memory as an MCP server over standard input and output. It lives as long as its client.
 */
import { readFile, stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { readTools, writeTools } from '../model-tools/tools';
import { MemoryError, asMemoryError } from '../protocol/errors';
import { showInvisible } from '../protocol/visible-text';
import { AskedMemory, version } from './memory';
import { takeStdout } from './own-stdout';
import { createServer } from './server';

/** For the chat of the editor, which loads this bundle for them. */
export { readTools };

/** A keeper that hangs must not keep this process after its client has gone. */
const longestAnswerMs = 10_000;
/** A file of which a line is asked; a longer one is no source. */
const maxFileBytes = 4 << 20;

/** Resolves when the client has gone. @throws MemoryError `invalid_input` */
export async function serve(args: readonly string[]): Promise<void> {
  const { 'data-dir': dataDir, 'allow-writes': mayWrite } = parseOptions(args);
  const stdout = takeStdout();
  const log = (message: string) => void process.stderr.write(showInvisible(`${message}\n`));
  const memory = new AskedMemory(dataDir, log);
  const sessionId = process.env['CLAUDE_CODE_SESSION_ID'];
  const { server, settle } = createServer({
    tools: mayWrite ? [...readTools, ...writeTools] : readTools,
    version,
    memory: () => memory.open(),
    folder: process.env['CLAUDE_PROJECT_DIR'] || process.cwd(),
    ...(sessionId && { sessionId }),
    readFile: readSource,
    log,
  });
  await server.connect(new StdioServerTransport(process.stdin, stdout));
  // What was asked before the input ended is answered: a script may ask by a pipe.
  if ((await clientGone()) === 'ended') await Promise.race([settle(), afterMs(longestAnswerMs)]);
  await server.close();
  await memory.close();
  // Behind a signal it is still open, and would keep this process.
  process.stdin.destroy();
}

const afterMs = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());

/** The client closes our input, or sends a signal; when it was killed, writing fails. */
function clientGone(): Promise<'ended' | 'stopped'> {
  return new Promise((resolve) => {
    process.stdin.once('end', () => resolve('ended'));
    const stop = () => resolve('stopped');
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop);
    process.stdin.once('close', stop);
    process.stdout.on('error', stop);
  });
}

async function readSource(file: string): Promise<string | undefined> {
  try {
    const { size } = await stat(file);
    return size > maxFileBytes ? undefined : await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
}

function parseOptions(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: { 'data-dir': { type: 'string' }, 'allow-writes': { type: 'boolean', default: false } },
    }).values;
  } catch (error) {
    throw new MemoryError('invalid_input', (error as Error).message);
  }
}

if (require.main === module)
  serve(process.argv.slice(2)).catch((error: unknown) => {
    process.stderr.write(showInvisible(`${asMemoryError(error).message}\n`));
    process.exitCode = 2;
  });
