/**
 * Time of a tool call over MCP as the memory grows: the built server as a process of its own, with a keeper in it, asked
 * over standard input and output. `--sizes 100000` for other sizes.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { sessionId } from '../fixtures/transcript-lines';
import { vocabulary, writeHistory } from './history';
import { machine, ms, percentile, printTable, randomFrom, sizesOr, withFolder } from './measure';
import { openBench } from './open';

const calls = 200;
const projects = 7;

async function main(): Promise<void> {
  console.log(`# mcp (${machine()})`);
  const table: string[][] = [];
  for (const size of sizesOr([1000, 10_000, 100_000]))
    await withFolder(async (folder) => table.push(await measure(folder, size)));
  const head = ['tool calls', 'ready', 'first call', ...Object.keys(questions(1))];
  printTable('A call of a tool over MCP, ms p50 / p95', head, table);
}

/** What is asked of each tool, for a history of so many sessions of the project. */
function questions(sessions: number): Record<string, () => object> {
  const random = randomFrom(3);
  const word = () => vocabulary[Math.floor(300 * 100 ** random())] ?? '';
  const session = () => sessionId(1 + projects * Math.floor(random() * sessions));
  return {
    search: () => ({ query: `${word()} ${word()}` }),
    timeline: () => ({ around: session(), days: 30 }),
    get_observations: () => ({ ids: [1, 2, 3].map(() => `o${1 + Math.floor(random() * sessions)}`), project: 'all' }),
    get_session: () => ({ id: session() }),
    learnings: () => ({}),
    why: () => ({ file: `src/${vocabulary[Math.floor(random() * 400)]}.ts` }),
  };
}

async function measure(folder: string, size: number): Promise<string[]> {
  const bench = await openBench(folder);
  writeHistory(bench.configDir, size);
  await bench.import({ isArchiving: false });
  // A history that is used has its summaries; here they would be made during the measurement.
  await bench.memory.setQueuePaused(true);
  await bench.close();
  const started = performance.now();
  const server = startServer(bench.dataDir);
  await server.ask('initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'bench', version: '1' },
  });
  const ready = performance.now() - started;
  const call = async (name: string, given: object): Promise<number> => {
    const asked = performance.now();
    const { result } = await server.ask('tools/call', { name, arguments: given });
    if (result?.isError) throw new Error(`${name}: ${result.content?.[0]?.text}`);
    return performance.now() - asked;
  };
  const first = await call('search', { query: vocabulary[500] ?? '' });
  const columns: string[] = [];
  for (const [name, given] of Object.entries(questions(Math.max(1, Math.floor(size / 80 / projects))))) {
    const times: number[] = [];
    for (let n = 0; n < calls; n++) {
      const asked = given();
      // The first question for a summary makes it; in a history that is used it is there.
      if (name === 'get_session') await call(name, asked);
      times.push(await call(name, asked));
    }
    columns.push(`${ms(percentile(times, 0.5))} / ${ms(percentile(times, 0.95))}`);
  }
  await server.end();
  return [String(size), ms(ready), ms(first), ...columns];
}

interface Answer {
  id?: number;
  result?: { isError?: boolean; content?: { text: string }[] };
}

function startServer(dataDir: string) {
  const child = spawn(process.execPath, [path.resolve('dist/mcp.cjs'), '--data-dir', dataDir], {
    env: { ...process.env, CLAUDE_PROJECT_DIR: '/work/project-1' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const waiting = new Map<number, (answer: Answer) => void>();
  createInterface(child.stdout).on('line', (line) => {
    const answer = JSON.parse(line) as Answer;
    waiting.get(answer.id ?? 0)?.(answer);
  });
  let id = 0;
  return {
    ask: (method: string, params: object) =>
      new Promise<Answer>((resolve) => {
        waiting.set(++id, resolve);
        child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
      }),
    end: () =>
      new Promise((resolve) => {
        child.once('exit', resolve);
        child.stdin.end();
      }),
  };
}

void main();
