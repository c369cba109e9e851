/** Pause, cancel, resume, exclude and unreadable files: the state shown above the timeline must be true. */
import { appendFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../test/fixtures/transcript-lines';
import type { CaptureState } from '../../protocol/status';

let test: TestMemory;
beforeEach(async () => {
  test = await openTestMemory();
});
afterEach(() => test.close());

const phases = () =>
  test.events.flatMap(({ name, event }) => (name === 'capture' ? [(event as CaptureState).phase] : []));

async function write(count: number, cwd = '/work/shop', prompts = 3): Promise<string> {
  const transcript = new Transcript(sessionId(count), { cwd });
  for (let index = 0; index < prompts; index++)
    transcript.prompt(`prompt ${index} of session ${count} ${'word '.repeat(50)}`);
  return writeTranscript(test.configDir, sessionId(count), transcript, cwd.replace(/[^a-z]/g, '-'));
}

describe('capture', () => {
  it('announces an import of many files and ends idle', async () => {
    for (let count = 1; count <= 6; count++) await write(count);
    expect((await test.import()).isComplete).toBe(true);
    expect(phases()).toEqual(expect.arrayContaining(['scanning', 'importing']));
    expect(phases().at(-1)).toBe('idle');
  });

  it('reads the open workspace first', async () => {
    const order: string[] = [];
    for (let count = 1; count <= 5; count++) await write(count, count === 3 ? '/work/here' : '/work/elsewhere');
    await test.import({ roots: ['/work/here'] });
    for (const { name, event } of test.events)
      if (name === 'capture' && (event as CaptureState).phase === 'importing')
        order.push((event as CaptureState).current);
    expect(order[0]).toBe(`${sessionId(3)}.jsonl`);
  });

  it('stops when cancelled, keeps what it has, and goes on when asked', async () => {
    for (let count = 1; count <= 8; count++) await write(count);
    const controller = new AbortController();
    await test.memory.configure({
      configDirs: [test.configDir],
      roots: [],
      exclude: [],
      source: 'test',
      maxLineBytes: 1 << 20,
    });
    const running = test.memory.importNow(controller.signal);
    controller.abort();
    const stopped = await running;
    expect(stopped.isComplete).toBe(false);
    expect((await test.memory.status()).capture.phase).toBe('cancelled');
    const done = await test.memory.importNow();
    expect([done.isComplete, done.sessions]).toEqual([true, 8]);
    expect((await test.memory.status()).capture.phase).toBe('idle');
  });

  it('stays paused over a restart and reads nothing meanwhile', async () => {
    await test.memory.setPaused(true);
    await test.reopen();
    expect((await test.memory.status()).capture.phase).toBe('paused');
    await test.memory.setPaused(false);
    await write(1);
    expect((await test.import()).sessions).toBe(1);
  });

  it('says paused, not importing, whenever the pause comes', async () => {
    for (let count = 1; count <= 8; count++) await write(count);
    await test.memory.configure({
      configDirs: [test.configDir],
      roots: [],
      exclude: [],
      source: 'test',
      maxLineBytes: 1 << 20,
    });
    for (let delay = 0; delay < 6; delay++) {
      const running = test.memory.importNow();
      for (let turn = 0; turn < delay * 20; turn++) await new Promise((resolve) => setImmediate(resolve));
      await test.memory.setPaused(true);
      await running;
      expect((await test.memory.status()).capture.phase).toBe('paused');
      await test.memory.setPaused(false);
    }
    expect((await test.memory.importNow()).sessions).toBe(8);
    expect((await test.memory.status()).capture.phase).toBe('idle');
  });

  it('reads what is asked for while paused, and stays paused', async () => {
    await write(1);
    await test.memory.setPaused(true);
    expect((await test.import()).sessions).toBe(1);
    expect((await test.memory.status()).capture.phase).toBe('paused');
  });

  it('goes on with an import after something was forgotten in the middle of it', async () => {
    for (let count = 1; count <= 8; count++) await write(count);
    await test.memory.configure({
      configDirs: [test.configDir],
      roots: [],
      exclude: [],
      source: 'test',
      maxLineBytes: 1 << 20,
    });
    const running = test.memory.importNow();
    await test.memory.forgetSession(sessionId(5));
    const report = await running;
    expect([report.isComplete, report.sessions]).toEqual([true, 7]);
  });

  it('leaves out what was written in an excluded folder, line by line', async () => {
    const transcript = new Transcript(sessionId(1), { cwd: '/work/repo/open' });
    transcript.prompt('seen in the open');
    transcript.prompt('hidden walrus', { cwd: '/work/repo/secret' });
    transcript.answer('also hidden', { cwd: '/work/repo/secret' });
    transcript.prompt('open again', { cwd: '/work/repo/open' });
    await writeTranscript(test.configDir, sessionId(1), transcript);
    const { ledger } = await test.import({ exclude: ['/work/repo/secret'] });
    expect((await test.read(sessionId(1))).map((item) => item.kind === 'message' && item.text)).toEqual([
      'seen in the open',
      'open again',
    ]);
    expect(ledger.linesSkipped).toEqual({ excluded: 2 });
    expect((await test.import({ exclude: [] })).prompts).toBe(3);
  });

  it('counts an error whose result comes later, and keeps the output a fork brings', async () => {
    const transcript = new Transcript(sessionId(1));
    transcript.prompt('build');
    const id = transcript.call('Bash', { command: 'make' });
    const file = await writeTranscript(test.configDir, sessionId(1), transcript);
    const other = new Transcript(sessionId(2));
    other.prompt('test');
    const otherId = other.call('Bash', { command: 'make test' });
    await writeTranscript(test.configDir, sessionId(2), other);
    await test.import();
    const before = (await test.memory.getSession(sessionId(1))).updatedAt;
    await appendFile(
      file,
      `${JSON.stringify(transcript.result(id, 'Exit code 2\nerror: no rule', { is_error: true }))}\n`,
    );
    // The fork has the call and its result; the original session never got the result.
    const fork = [...other.lines, other.result(otherId, 'all walrus tests pass')].map((line) =>
      JSON.stringify({ ...(line as object), sessionId: sessionId(3) }),
    );
    await writeTranscript(test.configDir, sessionId(3), `${fork.join('\n')}\n`);
    await test.import();
    const session = await test.memory.getSession(sessionId(1));
    expect(session.errors).toBe(1);
    expect(session.updatedAt).toBeGreaterThan(before);
    expect((await test.memory.search({ text: 'walrus' })).hits.map((hit) => hit.sessionId)).toEqual([sessionId(2)]);
  });

  it('brings a session back from the archive when its file comes back', async () => {
    const file = await write(1);
    await write(2);
    await test.import();
    const { rename } = await import('node:fs/promises');
    await rename(file, `${file}.away`);
    await test.import();
    expect((await test.memory.getSession(sessionId(1))).status).toBe('archived');
    await rename(`${file}.away`, file);
    await test.import();
    expect((await test.memory.getSession(sessionId(1))).status).toBe('active');
  });

  it('follows the folders of every head, not only of the last one that spoke', async () => {
    await write(1);
    await test.import();
    const other = `${test.configDir}-other`;
    await test.memory.configure({ configDirs: [other], roots: [], exclude: [], source: 'cli', maxLineBytes: 1 << 20 });
    await write(2);
    const transcript = new Transcript(sessionId(3));
    transcript.prompt('in the other folder');
    await writeTranscript(other, sessionId(3), transcript);
    expect((await test.memory.importNow()).sessions).toBe(3);
  });

  it('passes over excluded folders, and reads them once they are no longer excluded', async () => {
    await write(1, '/work/secret/thing');
    await write(2, '/work/open');
    const without = await test.import({ exclude: ['/work/secret/**'] });
    expect([without.sessions, without.ledger.linesSkipped]).toEqual([1, { excluded: 3 }]);
    const withAll = await test.import({ exclude: [] });
    expect([withAll.sessions, withAll.ledger.linesSkipped]).toEqual([2, {}]);
  });

  it("lets a file that breaks stand in nobody's way", async () => {
    await write(1);
    await write(2);
    // An error that no code expects: the database refuses the rows of one session.
    test.driver.exec(
      `CREATE TEMP TRIGGER broken BEFORE INSERT ON sessions WHEN NEW.id = '${sessionId(1)}' BEGIN SELECT RAISE(ABORT, 'made up'); END`,
    );
    expect((await test.import()).sessions).toBe(1);
    expect((await test.memory.status()).capture).toMatchObject({ phase: 'error', reason: '1 × made up' });
    test.driver.exec('DROP TRIGGER broken');
    test.now.value += 61_000;
    expect((await test.import()).sessions).toBe(2);
    expect((await test.memory.status()).capture.phase).toBe('idle');
  });

  it('tells that a session changed when only its title did', async () => {
    const file = await write(1);
    await test.import();
    const transcript = new Transcript(sessionId(1));
    transcript.meta({ type: 'ai-title', aiTitle: 'A new name', sessionId: sessionId(1) });
    await appendFile(file, transcript.text());
    test.events.length = 0;
    await test.import();
    expect(test.events).toContainEqual({
      name: 'changed',
      event: expect.objectContaining({ sessions: [sessionId(1)] }),
    });
  });
});
