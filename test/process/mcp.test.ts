/** The MCP server as clients start it: the built file over standard input and output, with a real keeper. */
import { execFile, spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { writeLauncher } from '../../src/extension/give/mcp-launcher';
import { readTools } from '../../src/model-tools/tools';
import { Transcript, sessionId, writeTranscript } from '../fixtures/transcript-lines';

interface Answer {
  id?: number;
  result?: { content?: { text: string }[]; isError?: boolean; tools?: { name: string }[]; instructions?: string };
  error?: { code: number };
}

let folder: string;
let data: string;
let shop: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'claude-mem-mcp-'));
  data = path.join(folder, 'data');
  shop = path.join(folder, 'shop');
  await mkdir(path.join(shop, 'src'), { recursive: true });
  await writeFile(path.join(shop, 'src/stripes.ts'), 'export const stripes = 12;\n');
  const config = path.join(folder, 'config');
  const transcript = new Transcript(sessionId(1), { cwd: shop });
  transcript.prompt('why does the zebra migration fail');
  const edit = {
    file_path: path.join(shop, 'src/stripes.ts'),
    old_string: '',
    new_string: 'export const stripes = 12;',
  };
  transcript.tool('Edit', edit, 'done');
  transcript.answer(`the column was missing. ${'Zebras have stripes. '.repeat(4_000)}`);
  await writeTranscript(config, sessionId(1), transcript);
  const other = new Transcript(sessionId(2), { cwd: '/work/warehouse' });
  other.prompt('add a forklift for zebras');
  await writeTranscript(config, sessionId(2), other, '-work-warehouse');
  await run('cli.js', ['import', '--config-dir', config, '--data-dir', data]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const environment = (more: Record<string, string> = {}): Record<string, string | undefined> => ({
  ...process.env,
  HOME: folder,
  XDG_CONFIG_HOME: path.join(folder, 'xdg'),
  CLAUDE_PROJECT_DIR: '',
  CLAUDE_CODE_SESSION_ID: '',
  CLAUDE_MEM_DATA_DIR: '',
  ...more,
});

function run(
  file: string,
  args: string[],
  env = environment(),
): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [path.resolve('dist', file), ...args], { env, cwd: folder }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });
}

const started: Served[] = [];
afterEach(async () => {
  for (const each of started.splice(0)) await each.end();
});

/** A server and all that it wrote. */
class Served {
  readonly lines: string[] = [];
  stderr = '';
  readonly exited: Promise<number | null>;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #id = 0;

  constructor(args: readonly string[] = [], more: Record<string, string> = {}, file = 'mcp.cjs') {
    this.#child = spawn(process.execPath, [path.resolve('dist', file), ...args], { cwd: shop, env: environment(more) });
    this.exited = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.stderr.on('data', (text: Buffer) => (this.stderr += text.toString()));
    createInterface(this.#child.stdout).on('line', (text) => {
      this.lines.push(text);
      const answer = parse(text);
      if (answer?.id !== undefined) this.#waiting.get(answer.id)?.(answer);
    });
    started.push(this);
  }

  ask(method: string, params: object = {}): Promise<Answer> {
    const id = ++this.#id;
    this.write(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  write(text: string): void {
    this.#child.stdin.write(`${text}\n`);
  }

  async initialize(): Promise<Answer> {
    const clientInfo = { name: 'a test', version: '1' };
    const answer = await this.ask('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo });
    this.write(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }));
    return answer;
  }

  async call(name: string, given: object = {}): Promise<{ isError: boolean; text: string }> {
    const { result } = await this.ask('tools/call', { name, arguments: given });
    return { isError: result?.isError ?? false, text: result?.content?.[0]?.text ?? '' };
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** The client closes the input of its server. */
  async end(): Promise<number | null> {
    this.#child.stdin.end();
    return this.exited;
  }
}

function parse(text: string): Answer | undefined {
  try {
    return JSON.parse(text) as Answer;
  } catch {
    return undefined;
  }
}

const isProtocol = (text: string): boolean => (parse(text) as { jsonrpc?: string } | undefined)?.jsonrpc === '2.0';

describe('the MCP server', () => {
  it('is met as Claude Code meets it: discover is refused, then it says what it is', async () => {
    const served = new Served(['--data-dir', data]);
    expect((await served.ask('server/discover')).error?.code).toBe(-32_601);
    expect((await served.initialize()).result?.instructions).toContain('Claude-Mem is the memory');
    expect((await served.ask('tools/list')).result?.tools?.map(({ name }) => name)).toEqual([
      'search',
      'ask',
      'timeline',
      'get_observations',
      'get_session',
      'learnings',
      'why',
    ]);
    expect((await served.ask('prompts/list')).error?.code).toBe(-32_601);
  });

  it('answers each tool for the project of the folder it runs in, and others only by name', async () => {
    const served = new Served(['--data-dir', data, '--allow-writes']);
    await served.initialize();
    const index = await served.call('search', { query: 'zebra' });
    expect(index.text).toContain('1 match in shop');
    expect(index.text).not.toContain('forklift');
    expect((await served.call('search', { query: 'zebra', project: 'warehouse' })).text).toContain('forklift');
    expect((await served.call('timeline')).text).toContain(sessionId(1));
    const session = await served.call('get_session', { id: sessionId(1) });
    expect(session.text).toContain('Summary, made by rules');
    const key = /(p\d+) Claude/.exec(session.text)?.[1];
    const first = await served.call('get_observations', { ids: [key] });
    expect(first.text.length).toBeLessThan(40_000);
    const cursor = /cursor "([\d.]+)"/.exec(first.text)?.[1];
    expect((await served.call('get_observations', { ids: [key], cursor })).text).toContain('Zebras have stripes');
    expect((await served.call('learnings')).text).toContain('No accepted learning');
    expect((await served.call('why', { file: 'src/stripes.ts:1' })).text).toMatch(/- line 1: .*turn 1 /);
    const given = { title: 'Stripes are twelve', description: 'Counted.', category: 'pattern' };
    expect((await served.call('remember', given)).text).toContain('is in the inbox');
    expect((await served.call('flag', { id: key })).text).toContain(`${key} is flagged.`);
    expect(served.lines.filter((text) => !isProtocol(text))).toEqual([]);
    expect(await served.end()).toBe(0);
  });

  it('takes the folder from the client where it says so', async () => {
    const served = new Served(['--data-dir', data], { CLAUDE_PROJECT_DIR: '/work/warehouse' });
    await served.initialize();
    expect((await served.call('search', { query: 'zebras' })).text).toContain('1 match in warehouse');
  });

  it('refuses writes without the flag, and survives bad arguments and bad lines', async () => {
    const served = new Served(['--data-dir', data]);
    await served.initialize();
    expect(await served.call('flag', { id: 'p1' })).toMatchObject({ isError: true });
    served.write('this is no JSON');
    served.write('{"jsonrpc":"2.0"}');
    expect(await served.call('search', { query: 7 })).toMatchObject({
      isError: true,
      text: expect.stringContaining('search: arguments.query must be string'),
    });
    expect((await served.call('search', { query: 'zebra' })).isError).toBe(false);
  });

  it('says in plain words that there is no memory, and asks nobody for that to answer the rest', async () => {
    const served = new Served();
    await served.initialize();
    expect(await served.call('timeline')).toMatchObject({
      isError: true,
      text: expect.stringContaining('No memory found.'),
    });
    expect((await served.ask('tools/list')).result?.tools).toHaveLength(readTools.length);
  });

  it('keeps its output for the protocol: what else is written there goes to standard error', async () => {
    const noise = path.join(folder, 'noise.cjs');
    const lines = `setImmediate(() => { console.log('stray words'); process.stdout.write('more stray words\\n'); });`;
    await writeFile(noise, lines);
    // The threads of the keeper get it too.
    const served = new Served(['--data-dir', data], { NODE_OPTIONS: `--require=${noise}` });
    await served.initialize();
    await served.call('timeline');
    expect(await served.end()).toBe(0);
    expect(served.stderr).toContain('more stray words');
    expect(served.lines.length).toBeGreaterThan(1);
    expect(served.lines.filter((text) => !isProtocol(text))).toEqual([]);
  });

  it('goes on when the process whose keeper it used is killed', async () => {
    const first = new Served(['--data-dir', data]);
    await first.initialize();
    expect((await first.call('timeline')).isError).toBe(false);
    const second = new Served(['--data-dir', data]);
    await second.initialize();
    expect((await second.call('timeline')).isError).toBe(false);
    first.signal('SIGKILL');
    await first.exited;
    expect((await second.call('search', { query: 'zebra' })).text).toContain('1 match in shop');
  });

  it('ends with its client: when its input ends, after what was asked is answered, and at a signal', async () => {
    const served = new Served(['--data-dir', data]);
    await served.initialize();
    const asked = served.call('timeline');
    expect(await served.end()).toBe(0);
    expect((await asked).text).toContain(sessionId(1));
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      const other = new Served(['--data-dir', data]);
      await other.initialize();
      await other.call('timeline');
      other.signal(signal);
      expect(await other.exited).toBe(0);
    }
    // Nothing was left behind that would keep the next one out.
    await expect(readFile(path.join(data, 'keeper.json'))).rejects.toThrow('ENOENT');
  });

  it('is a command of the command line too', async () => {
    const served = new Served(['mcp', '--data-dir', data], {}, 'cli.js');
    await served.initialize();
    expect((await served.call('search', { query: 'zebra' })).text).toContain('1 match in shop');
    expect(await served.end()).toBe(0);
    const refused = await run('cli.js', ['mcp', '--frobnicate']);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('frobnicate');
    expect(await run('mcp.cjs', ['--frobnicate'])).toMatchObject({ code: 2, stdout: '' });
  });
});

it('starts by the file that Claude Code is told of, which knows where the memory is', async () => {
  const launcher = await writeLauncher({ dataDir: data, extensionDir: path.resolve('.') });
  const served = new Served([], {}, launcher);
  await served.initialize();
  expect((await served.call('search', { query: 'zebra' })).text).toContain('1 match in shop');
  expect(await served.end()).toBe(0);
});

describe("the inspector's command line", () => {
  const inspect = async (...args: string[]): Promise<Answer['result']> => {
    const program = path.resolve('node_modules/.bin/mcp-inspector-cli');
    const server = [process.execPath, path.resolve('dist/mcp.cjs'), '--data-dir', data];
    const stdout = await new Promise<string>((resolve, reject) => {
      // It looks for its own manifest from the folder it runs in, so this is one that has a manifest above it.
      const where = { env: environment(), cwd: path.resolve('test') };
      const wanted = ['--cli', '-e', `CLAUDE_PROJECT_DIR=${shop}`, ...server, ...args];
      execFile(program, wanted, where, (error, text, words) =>
        error ? reject(new Error(text + words)) : resolve(text),
      );
    });
    return JSON.parse(stdout) as Answer['result'];
  };

  it('lists the tools, whose schemas it can read, and calls them', async () => {
    // One that stays keeps the memory open for those that come and go.
    const staying = new Served(['--data-dir', data]);
    await staying.initialize();
    await staying.call('timeline');
    const listed = await inspect('--method', 'tools/list');
    expect(listed?.tools).toHaveLength(readTools.length);
    const found = await inspect(
      '--method',
      'tools/call',
      '--tool-name',
      'search',
      '--tool-arg',
      'query=zebra',
      'limit=3',
    );
    expect(found?.content?.[0]?.text).toContain('1 match in shop');
    const refused = await inspect(
      '--method',
      'tools/call',
      '--tool-name',
      'search',
      '--tool-arg',
      'query=x',
      'limit=999',
    );
    expect(refused).toMatchObject({ isError: true });
  });
});
