/** The command line as a person runs it: the built file, its output and exit codes. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Transcript, sessionId, writeTranscript } from '../fixtures/transcript-lines';

let folder: string;
let config: string;
let data: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'claude-mem-cli-'));
  config = path.join(folder, 'config');
  data = path.join(folder, 'data');
  const transcript = new Transcript(sessionId(1));
  transcript.prompt('why does the zebra migration fail');
  transcript.tool('Bash', { command: 'npm run migrate' }, 'Exit code 1\nError: column stripes is missing', {
    is_error: true,
  });
  transcript.answer('the column was missing, added it');
  transcript.prompt('thanks');
  await writeTranscript(config, sessionId(1), transcript);
  const other = new Transcript(sessionId(2), { cwd: '/work/warehouse' });
  other.prompt('add a forklift');
  await writeTranscript(config, sessionId(2), other, '-work-warehouse');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function cli(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = {
    ...process.env,
    HOME: folder,
    XDG_CONFIG_HOME: path.join(folder, 'xdg'),
    CLAUDE_CONFIG_DIR: '',
    CLAUDE_MEM_DATA_DIR: '',
  };
  return new Promise((resolve) => {
    execFile(process.execPath, ['dist/cli.js', ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });
}

describe('the command line', () => {
  it('imports, says what it did, and does nothing twice', async () => {
    const first = await cli('import', '--config-dir', config, '--data-dir', data, '--json');
    expect([first.code, first.stderr]).toEqual([0, '']);
    expect(JSON.parse(first.stdout)).toMatchObject({
      sessions: 2,
      prompts: 3,
      observations: 1,
      isComplete: true,
      filesRead: 2,
    });
    const again = await cli('import', '--config-dir', config, '--data-dir', data, '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({ sessions: 2, prompts: 3, observations: 1, filesRead: 0 });
  });

  it('finds one hit a session, best first, as one JSON document', async () => {
    const { code, stdout } = await cli('search', '--data-dir', data, '--json', 'zebra', 'stripes');
    expect(code).toBe(0);
    const { hits, total } = JSON.parse(stdout) as { hits: object[]; total: number };
    expect(total).toBe(1);
    expect(hits).toEqual([
      {
        sessionId: sessionId(1),
        turnId: `${sessionId(1)}#1`,
        score: expect.any(Number),
        title: 'why does the zebra migration fail',
        snippet: expect.stringMatching(/zebra|stripes/),
        project: 'shop',
        at: expect.any(Number),
      },
    ]);
    const none = await cli('search', '--data-dir', data, '--json', 'hippopotamus');
    expect([none.code, JSON.parse(none.stdout)]).toEqual([0, { hits: [], total: 0, problems: [] }]);
  });

  it('leaves out what scores too low', async () => {
    const search = async (least: string) =>
      JSON.parse((await cli('search', '--data-dir', data, '--json', '--min-score', least, 'zebra')).stdout) as {
        hits: object[];
        total: number;
      };
    expect((await search('0.1')).hits).toHaveLength(1);
    expect(await search('1')).toMatchObject({ hits: [], total: 1 });
    expect(await cli('search', '--data-dir', data, '--min-score', 'much', 'zebra')).toMatchObject({
      code: 2,
      stdout: '',
    });
  });

  it('answers a question with a sentence and its place, or says that memory has none', async () => {
    const { code, stdout } = await cli('ask', '--data-dir', data, 'Which column was missing in the zebra migration?');
    expect(code).toBe(0);
    expect(stdout).toContain('the column was missing, added it\n');
    expect(stdout).toContain(`${sessionId(1)}#1`);
    const json = await cli('ask', '--data-dir', data, '--json', 'Which column was missing in the zebra migration?');
    expect(JSON.parse(json.stdout)).toMatchObject({ sentences: [{ sessionId: sessionId(1), voice: 'assistant' }] });
    const elsewhere = await cli(
      'ask',
      '--data-dir',
      data,
      '--project',
      'warehouse',
      'Which column was missing in the zebra migration?',
    );
    expect([elsewhere.code, elsewhere.stdout]).toEqual([0, expect.stringMatching(/^Not in memory\./)]);
    const none = await cli('ask', '--data-dir', data, 'Which hippopotamus paints the fence?');
    expect(none.stdout).toMatch(/^Not in memory\. Nothing in memory says: .*hippopotamus/);
    expect(await cli('ask', '--data-dir', data)).toMatchObject({ code: 2, stdout: '' });
  });

  it('tells what is kept', async () => {
    const { stdout } = await cli('status', '--data-dir', data, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ sessions: 2, projects: 2, driver: 'disk', dataDir: data, places: [] });
  });

  it.each([
    ['an unknown command', ['explode'], 2],
    ['no command', [], 2],
    ['an unknown option', ['search', '--frobnicate', 'x'], 2],
    ['no words to search', ['search'], 2],
    ['no memory anywhere', ['search', 'zebra'], 3],
    [
      'a config folder that is not there',
      ['import', '--config-dir', '/nowhere/at/all', '--data-dir', '/tmp/never-made'],
      3,
    ],
  ])('refuses %s with a code and words on stderr', async (_, args, code) => {
    const result = await cli(...args);
    expect(result.code).toBe(code);
    expect(result.stdout).toBe('');
    expect(result.stderr).not.toBe('');
  });

  it('does not overwrite what is no database', async () => {
    const broken = path.join(folder, 'broken');
    const { mkdir, readFile } = await import('node:fs/promises');
    await mkdir(broken);
    await writeFile(path.join(broken, 'memory.db'), 'this is my diary, not a database'.repeat(200));
    const { code, stderr } = await cli('status', '--data-dir', broken);
    expect(code).toBe(5);
    expect(stderr).toContain('cannot be opened');
    expect(await readFile(path.join(broken, 'memory.db'), 'utf8')).toContain('my diary');
  });
});
