/** Whatever happens to a transcript, its content can be restored: all of it, once, without its secrets. */
import { createHash, createHmac } from 'node:crypto';
import {
  appendFile,
  cp,
  mkdir,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { fakeSecrets, secretPart } from '../../../test/fixtures/secrets';
import { Transcript, sessionId, uuidOf, writeTranscript } from '../../../test/fixtures/transcript-lines';
import { findOwnSecrets } from '../observe/secrets/find-own';
import { archivedFiles, readArchivedFile } from '../store/archive/archive';

let test: TestMemory;
beforeEach(async () => {
  test = await openTestMemory();
});
afterEach(() => test.close());

const [one, two, three] = [sessionId(1), sessionId(2), sessionId(3)];
const fileOf = (id: string, slug = '-work-shop') => path.join(test.configDir, 'projects', slug, `${id}.jsonl`);
const archived = (id: string) =>
  archivedFiles(test.archive, id).map(({ id: file }) =>
    Buffer.concat([...readArchivedFile(test.archive, file)]).toString(),
  );
/** All blocks of the archive; equal ones are stored once. */
const allBlocks = () =>
  test.archive
    .all<{ packed: Uint8Array }>('SELECT packed FROM blocks')
    .map(({ packed }) => brotliDecompressSync(packed));

function talk(id: string, words: string[], cwd = '/work/shop'): Transcript {
  const transcript = new Transcript(id, { cwd });
  for (const word of words) {
    transcript.prompt(`please ${word}`);
    transcript.tool('Bash', { command: `make ${word}` }, `made ${word}`);
  }
  return transcript;
}

describe('a transcript that is gone', () => {
  it('is found, read and written back byte by byte, its agents too', async () => {
    const transcript = talk(one, ['the teapot']);
    transcript.meta({ type: 'never-seen', payload: { a: [1.5, 1e3, -0, null] } });
    transcript.raw('{"type" : "user",  "odd spaces":true}\r');
    transcript.raw('half a line {"type":"user","mess');
    transcript.raw('');
    const line = JSON.stringify(transcript.prompt('twice'));
    transcript.raw(line);
    const whole = Buffer.concat([
      Buffer.from('\uFEFF'),
      Buffer.from(transcript.text()),
      Buffer.from([0, 0, 10, 0xff, 0xfe, 0x22, 0xc3, 10]),
      Buffer.from(line),
    ]);
    await mkdir(path.dirname(fileOf(one)), { recursive: true });
    await writeFile(fileOf(one), whole);
    const agent = new Transcript(one, { agentId: 'a1' });
    agent.prompt('research the spout');
    const agentFile = await writeTranscript(test.configDir, `${one}/subagents/agent-a1.jsonl`, agent);
    await writeTranscript(test.configDir, two, talk(two, ['coffee']), '-work-cafe');
    await test.import();
    await rm(path.join(test.configDir, 'projects/-work-shop'), { recursive: true });
    await test.import();
    expect(await test.memory.getSession(one)).toMatchObject({ status: 'archived' });
    expect((await test.memory.search({ text: 'teapot' })).hits).toHaveLength(1);
    expect((await test.read(one)).length).toBeGreaterThan(3);
    const restored = await test.memory.restoreTranscript(one);
    expect(restored).toMatchObject({ sessionId: one, cwd: '/work/shop', redactions: 0, leftOutBytes: 0 });
    expect(restored.files.map(({ outcome }) => outcome)).toEqual(['written', 'written']);
    expect((await readFile(fileOf(one))).equals(whole)).toBe(true);
    expect(await readFile(agentFile, 'utf8')).toBe(agent.text());
    expect(await readdir(path.dirname(fileOf(one)))).toEqual([one, `${one}.jsonl`].toSorted());
    // The restored file is a transcript like any other, and reading it stores nothing twice.
    const before = await test.read(one);
    await test.import();
    expect(await test.memory.getSession(one)).not.toMatchObject({ status: 'archived' });
    expect(await test.read(one)).toEqual(before);
    expect(test.archive.all('SELECT path FROM files')).toHaveLength(3);
  });

  it('stays gone while only a sub-agent of it grows, and is back with its own file', async () => {
    const whole = talk(one, ['tea']);
    const file = await writeTranscript(test.configDir, one, whole);
    const agent = new Transcript(one, { agentId: 'a1' });
    agent.prompt('research the spout');
    const agentFile = await writeTranscript(test.configDir, `${one}/subagents/agent-a1.jsonl`, agent);
    await test.import();
    await rm(file);
    await test.import();
    await appendFile(agentFile, `${JSON.stringify(agent.prompt('and the handle'))}\n`);
    await test.import();
    expect((await test.memory.search({ text: 'handle' })).total).toBe(1);
    expect(await test.memory.getSession(one)).toMatchObject({ status: 'archived' });
    await writeTranscript(test.configDir, one, `${whole.text()}${JSON.stringify(whole.prompt('poured'))}\n`);
    await test.import();
    expect(await test.memory.getSession(one)).toMatchObject({ status: 'active' });
  });

  it('comes back at the first config folder when its own is known no longer', async () => {
    await writeTranscript(test.configDir, one, talk(one, ['tea']));
    await test.import();
    const other = path.join(test.dataDir, '../other');
    await mkdir(other);
    await rm(test.configDir, { recursive: true });
    await test.reopen();
    await test.import({ configDirs: [other] });
    const { files } = await test.memory.restoreTranscript(one);
    expect(files).toMatchObject([
      { path: path.join(other, 'projects/-work-shop', `${one}.jsonl`), outcome: 'written' },
    ]);
  });

  it('that was never archived is said to be so', async () => {
    await writeTranscript(test.configDir, one, talk(one, ['tea']));
    await test.import({ isArchiving: false });
    await expect(test.memory.restoreTranscript(one)).rejects.toMatchObject({
      code: 'not_found',
      data: { reason: 'not_archived' },
    });
    await expect(test.memory.restoreTranscript(two)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('secrets', () => {
  it('of every form are out, the line stays JSON, and all else stays as it was', async () => {
    const transcript = new Transcript(one);
    for (const [index, { value, hasShape }] of fakeSecrets.entries()) {
      const text = hasShape ? `use ${value} here` : `password="${value}"`;
      transcript.prompt(text);
      transcript.tool('Bash', { command: 'env', env: { API_TOKEN: value } }, `line\n${text}\n`, {
        toolUseResult: { stdout: text, [`k${index}`]: [text, { inner: text }] },
      });
    }
    transcript.meta({ type: 'made-up', cardNumber: 4_111_111_111_111_111, [`key ${fakeSecrets[0]?.value}`]: 1 });
    const lines = transcript.text().trimEnd().split('\n');
    const file = await writeTranscript(test.configDir, one, transcript);
    await test.import();
    const [content = ''] = archived(one);
    const kept = content.trimEnd().split('\n');
    expect(kept).toHaveLength(lines.length);
    expect(
      fakeSecrets
        .filter((secret) => content.includes(JSON.stringify(secretPart(secret)).slice(1, -1)))
        .map(({ name }) => name),
    ).toEqual([]);
    expect(content).not.toContain('4111111111111111');
    for (const [index, line] of kept.entries()) {
      const [is, was] = [
        JSON.parse(line) as Record<string, unknown>,
        JSON.parse(lines[index]!) as Record<string, unknown>,
      ];
      for (const name of ['uuid', 'parentUuid', 'sessionId', 'timestamp', 'type', 'cwd'])
        expect(is[name]).toEqual(was[name]);
    }
    // The hash of the original line cannot be computed without the key of this store.
    const evidence = test.archive.get<{ line: number; original_hash: string }>(
      'SELECT line, original_hash FROM changed_lines ORDER BY line LIMIT 1',
    );
    expect(evidence?.original_hash).toBe(
      createHmac('sha256', 'salt')
        .update(`${lines[evidence?.line ?? -1]}\n`)
        .digest('hex'),
    );
    await unlink(file);
    const restored = await test.memory.restoreTranscript(one);
    expect(restored.redactions).toBeGreaterThan(fakeSecrets.length);
    // Reading the restored transcript archives no second copy.
    await test.import();
    expect(archived(one)).toEqual([content]);
    expect(test.archive.all('SELECT 1 FROM files')).toHaveLength(1);
  });

  it('split over several strings, in half lines and between private tags are out as well', async () => {
    const { value } = fakeSecrets.find(({ name }) => name === 'GitHub token')!;
    const transcript = new Transcript(one);
    transcript.prompt('before <private>my wombat diary</private> after');
    transcript.raw(`cut off {"type":"user","text":"token ${value} and <private>the wombat "said"</private> so`);
    transcript.raw(`${JSON.stringify(transcript.prompt('glued'))}{"type":"x","t":"${value}"}`);
    await writeTranscript(test.configDir, one, transcript);
    await test.import();
    const [content = ''] = archived(one);
    expect(content).not.toContain('wombat');
    expect(content).not.toContain(value);
    expect(content).toContain('before  after');
    expect(content).toContain('cut off {"type":"user","text":"token [REDACTED:');
  });
});

describe('sources', () => {
  it('that are truncated, rewritten, moved, copied or resumed lose nothing and double nothing', async () => {
    const first = talk(one, ['alpha', 'beta', 'gamma']);
    const file = await writeTranscript(test.configDir, one, first);
    await test.import();
    await truncate(file, Math.floor(first.text().length / 2));
    await test.import();
    expect(archived(one)).toEqual([first.text()]);
    await writeFile(file, talk(one, ['delta']).text());
    await test.import();
    const all = () => Buffer.concat(allBlocks()).toString();
    for (const word of ['alpha', 'beta', 'gamma', 'delta']) expect(all()).toContain(`made ${word}`);
    // A moved and a copied file use the same blocks.
    const blocks = allBlocks().length;
    await mkdir(path.join(test.configDir, 'projects/-moved'), { recursive: true });
    await cp(file, fileOf(one, '-moved'));
    await rename(file, fileOf(one, '-elsewhere').replace('-elsewhere', '-moved').replace(one, two));
    await test.import();
    expect(allBlocks()).toHaveLength(blocks);
    // The file has all the old content again, so one generation is enough.
    await writeFile(file, first.text());
    await test.import();
    expect(archived(one)).toEqual([first.text()]);
  });

  it('grow line by line into the same blocks as at once', async () => {
    const transcript = talk(
      one,
      Array.from({ length: 300 }, (_, index) => `word${index} ${'x'.repeat(index * 7)}`),
    );
    const lines = transcript.text().split(/(?<=\n)/);
    const file = await writeTranscript(test.configDir, one, '');
    for (let at = 0; at < lines.length; at += 97) {
      await appendFile(file, lines.slice(at, at + 97).join(''));
      await test.import();
    }
    await writeTranscript(test.configDir, two, transcript);
    await test.import();
    expect(archived(one)).toEqual([transcript.text()]);
    expect(test.archive.all('SELECT 1 FROM files')).toHaveLength(2);
    expect(Buffer.concat(allBlocks())).toHaveLength(Buffer.byteLength(transcript.text()));
    expect(allBlocks().length).toBeGreaterThan(1);
  });

  it('are archived at once however far memory or the archive has got', async () => {
    const transcript = talk(one, ['alpha', 'beta']);
    const file = await writeTranscript(test.configDir, one, transcript);
    await test.import({ isArchiving: false });
    expect(archived(one)).toEqual([]);
    const rows = await test.read(one);
    // After turning the archive on, transcripts that are in memory already are read again for it.
    await test.import({ isArchiving: true });
    expect(archived(one)).toEqual([transcript.text()]);
    expect(await test.read(one)).toEqual(rows);
    // The memory of yesterday (restored from a backup) with the archive of today.
    test.driver.run('UPDATE sources SET offset = 0, size = -1');
    await appendFile(file, `${JSON.stringify(transcript.prompt('gamma'))}\n`);
    await test.import();
    expect(archived(one)).toEqual([transcript.text()]);
    // The archive of yesterday with the memory of today.
    await test.memory.deleteArchive();
    await test.reopen();
    test.memory.start();
    await test.import();
    expect(archived(one)).toEqual([transcript.text()]);
    const { ledger } = await test.import();
    expect(ledger.bytesSeen).toBe(Buffer.byteLength(transcript.text()));
  });

  it('that are excluded or forgotten are not archived, and what is forgotten leaves the archive', async () => {
    await writeTranscript(test.configDir, one, talk(one, ['alpha'], '/work/secret'), '-work-secret');
    await writeTranscript(test.configDir, two, talk(two, ['beta']));
    const forked = talk(three, ['gamma']);
    await writeTranscript(test.configDir, three, forked);
    await test.import({ exclude: ['**/secret'] });
    expect([archived(one).join(''), archived(two).length, archived(three).length]).toEqual(['', 1, 1]);
    await test.memory.forgetSession(two);
    expect(archived(two)).toEqual([]);
    expect(Buffer.concat(allBlocks()).toString()).not.toContain('made beta');
    await test.import();
    expect(archived(two)).toEqual([]);
    await test.memory.deleteEverything();
    expect(allBlocks()).toEqual([]);
    await expect(test.memory.status()).resolves.toMatchObject({ archive: { files: 0, sessions: 0, plainBytes: 0 } });
  });

  it('forgotten just before an end are out of the archive after the next start', async () => {
    await writeTranscript(test.configDir, one, talk(one, ['alpha']));
    await test.import();
    test.driver.run("INSERT INTO tombstones (kind, target, at) VALUES ('session', ?, ?)", [one, test.now.value]);
    await test.reopen();
    test.memory.start();
    expect(archived(one)).toEqual([]);
  });
});

describe('an archive that', () => {
  it('has a last line without its end takes the end only, when the file is read from the beginning again', async () => {
    const transcript = talk(one, ['alpha']);
    const text = transcript.text().trimEnd();
    const file = await writeTranscript(test.configDir, one, text);
    await test.import();
    expect(archived(one)).toEqual([text]);
    const more = `${JSON.stringify(transcript.prompt('more'))}\n`;
    await writeFile(`${file}.new`, `${text}\n${more}`);
    await rename(`${file}.new`, file);
    await test.import();
    expect(archived(one)).toEqual([`${text}\n${more}`]);
    expect(test.archive.all('SELECT 1 FROM files')).toHaveLength(1);
    test.driver.run('DELETE FROM sources');
    await test.import();
    expect(archived(one)).toEqual([`${text}\n${more}`]);
  });

  it.each(['', `{"note":"${fakeSecrets[0]!.value}"}`])(
    'has a last line with a secret and without its end takes the rest of it once (%#)',
    async (behind) => {
      const transcript = talk(one, ['alpha']);
      transcript.prompt(`use ${fakeSecrets[0]!.value} for it`);
      const text = transcript.text().trimEnd();
      const file = await writeTranscript(test.configDir, one, text);
      await test.import();
      const [begun] = archived(one);
      expect(begun).not.toContain(secretPart(fakeSecrets[0]!));
      expect(begun).toMatch(/ for it/);
      const more = `${JSON.stringify(transcript.prompt('more'))}\n`;
      await writeFile(`${file}.new`, `${text}${behind}\n${more}`);
      await rename(`${file}.new`, file);
      await test.import();
      const whole = archived(one);
      expect(whole).toHaveLength(1);
      expect(whole[0]!.startsWith(begun!)).toBe(true);
      const rest = whole[0]!.slice(begun!.length);
      expect(rest).not.toContain(secretPart(fakeSecrets[0]!));
      expect(rest).toMatch(behind === '' ? /^\n/ : /^\{"note":".*"\}\n/);
      expect(rest.slice(rest.indexOf('\n') + 1)).toBe(more);
      expect(test.archive.get('SELECT lines, bytes FROM files')).toEqual({
        lines: text.split('\n').length + 1,
        bytes: Buffer.byteLength(whole[0]!),
      });
    },
  );

  it('left a project out takes it in when it is no longer excluded', async () => {
    const transcript = talk(one, ['alpha'], '/work/secret');
    await writeTranscript(test.configDir, one, transcript, '-work-secret');
    await test.import({ exclude: ['**/secret'] });
    expect(archived(one)).toEqual([]);
    await test.import({ exclude: [] });
    expect(archived(one)).toEqual([transcript.text()]);
    expect(test.archive.all('SELECT 1 FROM files')).toHaveLength(1);
    expect(await test.memory.restoreTranscript(one)).toMatchObject({ leftOutBytes: 0 });
  });

  it('has a rotten block stands in nobody’s way, and is whole again after the next reading', async () => {
    const transcript = talk(one, ['alpha']);
    const file = await writeTranscript(test.configDir, one, transcript);
    await test.import();
    test.archive.run("UPDATE blocks SET packed = x'00'");
    const line = `${JSON.stringify(transcript.prompt('and a new prompt'))}\n`;
    await appendFile(file, line);
    expect(await test.import()).toMatchObject({ isComplete: true });
    expect((await test.read(one)).at(-1)).toMatchObject({ text: 'and a new prompt' });
    await appendFile(file, `${JSON.stringify(transcript.prompt('and another'))}\n`);
    await test.import();
    expect(archived(one)).toEqual([transcript.text()]);
  });

  it('forgets sessions of a forgotten project that had left memory before', async () => {
    await writeTranscript(test.configDir, one, talk(one, ['alpha']));
    await writeTranscript(test.configDir, two, talk(two, ['beta'], '/work/other'), '-work-other');
    await test.import();
    const project = (await test.memory.projects()).find(({ root }) => root === '/work/shop')!;
    // What a limit on age does.
    test.driver.run('DELETE FROM sessions WHERE id = ?', [one]);
    await test.memory.forgetProject(project.id);
    expect(Buffer.concat(allBlocks()).toString()).not.toContain('alpha');
    expect(archived(two)).toHaveLength(1);
  });

  it('learns whose an agent’s lines are only later keeps those before', async () => {
    const lines = Array.from({ length: 2100 }, (_, index) =>
      JSON.stringify({ type: 'progress', isSidechain: true, agentId: 'a1b2', number: index }),
    );
    const agent = new Transcript(one, { agentId: 'a1b2' });
    agent.prompt('research');
    const text = `${lines.join('\n')}\n${agent.text()}`;
    await writeTranscript(test.configDir, 'agent-a1b2', text);
    await writeTranscript(test.configDir, one, talk(one, ['alpha']));
    await test.import();
    expect(archived(one)).toContain(text);
  });

  it('was written back and read again still knows what was taken out', async () => {
    const transcript = new Transcript(one);
    transcript.prompt(`use ${fakeSecrets[0]!.value}`);
    const file = await writeTranscript(test.configDir, one, transcript);
    await test.import();
    const evidence = test.archive.all('SELECT line, original_hash FROM changed_lines');
    await rm(file);
    await test.memory.restoreTranscript(one);
    await test.import();
    expect(test.archive.all('SELECT line, original_hash FROM changed_lines')).toEqual(evidence);
    await rm(file);
    expect(await test.memory.restoreTranscript(one)).toMatchObject({ redactions: 1 });
  });

  it('holds no bare hash of what may be a secret', async () => {
    const transcript = new Transcript(one);
    transcript.prompt('password="hunter2Zq81xPq"');
    const text = transcript.text();
    await writeTranscript(test.configDir, one, transcript);
    await test.import();
    const tail = Buffer.from(text).subarray(-1024);
    const bare = ['hex', 'base64url', 'base64'] as const;
    const proofs = [
      ...test.archive.all<{ tail_hash: string }>('SELECT tail_hash FROM files'),
      ...test.driver.all<{ tail_hash: string }>('SELECT tail_hash FROM sources'),
    ].map(({ tail_hash }) => tail_hash);
    expect(proofs).toHaveLength(2);
    for (const form of bare) expect(proofs).not.toContain(createHash('sha256').update(tail).digest(form));
    await test.memory.forgetSession(one);
    expect(test.driver.all('SELECT tail_hash FROM sources')).toEqual([{ tail_hash: '' }]);
  });
});

describe('writing back', () => {
  it('of a session with a file in the way writes none of its files', async () => {
    const file = await writeTranscript(test.configDir, one, talk(one, ['alpha']));
    const agent = new Transcript(one, { agentId: 'a1' });
    agent.prompt('research');
    const agentFile = await writeTranscript(test.configDir, `${one}/subagents/agent-a1.jsonl`, agent);
    await test.import();
    await rm(file);
    await writeFile(agentFile, 'something else\n');
    await expect(test.memory.restoreTranscript(one)).rejects.toMatchObject({ data: { reason: 'exists' } });
    await expect(readFile(file)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('overwrites nothing, and says what is in the way', async () => {
    const transcript = talk(one, ['alpha']);
    const file = await writeTranscript(test.configDir, one, transcript);
    await test.import();
    expect((await test.memory.restoreTranscript(one)).files).toMatchObject([{ outcome: 'there_already' }]);
    await appendFile(file, '{"type":"user"}\n');
    expect((await test.memory.restoreTranscript(one)).files).toMatchObject([{ outcome: 'there_already' }]);
    await writeFile(file, 'something else\n');
    await expect(test.memory.restoreTranscript(one)).rejects.toMatchObject({
      code: 'invalid_input',
      data: { reason: 'exists' },
    });
    expect(await readFile(file, 'utf8')).toBe('something else\n');
    expect(await readdir(path.dirname(file))).toEqual([`${one}.jsonl`]);
  });

  it.each([
    '../../escape.jsonl',
    '-work-shop/../../../escape.jsonl',
    '-work-shop/a b.jsonl',
    '-work-shop/x.txt',
    'alone.jsonl',
    '-work-shop/-rf\n.jsonl',
  ])('to %j is refused', async (name) => {
    await writeTranscript(test.configDir, one, talk(one, ['alpha']));
    await test.import();
    test.archive.run('UPDATE files SET path = ?', [`${path.join(test.configDir, 'projects')}${path.sep}${name}`]);
    await expect(test.memory.restoreTranscript(one)).rejects.toMatchObject({
      code: 'invalid_input',
      data: { reason: 'unsafe_name' },
    });
  });

  it('into a folder whose name the client had to cut comes back where it was', async () => {
    const slug = `${'-work-deeply-nested'.repeat(12).slice(0, 200)}-tlys4g`;
    const file = await writeTranscript(test.configDir, one, talk(one, ['alpha']), slug);
    await test.import();
    await rm(path.dirname(file), { recursive: true });
    expect((await test.memory.restoreTranscript(one)).files).toMatchObject([{ path: file, outcome: 'written' }]);
    const long = `${'x'.repeat(249)}.jsonl`;
    test.archive.run('UPDATE files SET path = ?', [path.join(test.configDir, 'projects', slug, long)]);
    expect((await test.memory.restoreTranscript(one)).files).toMatchObject([{ outcome: 'written' }]);
    expect(await readdir(path.dirname(file))).toEqual([`${one}.jsonl`, long].toSorted());
  });

  it('keeps the time of the file unless the client would delete it again for that', async () => {
    const day = 86_400_000;
    const restoredAfter = async (days: number) => {
      const file = await writeTranscript(test.configDir, one, talk(one, ['alpha']));
      const at = test.now.value - days * day;
      await utimes(file, at / 1000, at / 1000);
      await test.import();
      await rm(file);
      const { files, cleanupDays } = await test.memory.restoreTranscript(one);
      return [files[0]?.time, (await stat(file)).mtimeMs === at, cleanupDays];
    };
    expect(await restoredAfter(10)).toEqual(['original', true, 30]);
    expect(await restoredAfter(29)).toEqual(['fresh', false, 30]);
    await writeFile(path.join(test.configDir, 'settings.json'), '{"cleanupPeriodDays":90}');
    expect(await restoredAfter(60)).toEqual(['original', true, 90]);
    expect(await restoredAfter(-3)).toEqual(['fresh', false, 90]);
  });

  it('does not follow a link out of the config folder', async () => {
    await writeTranscript(test.configDir, one, talk(one, ['alpha']));
    await test.import();
    await rm(path.join(test.configDir, 'projects/-work-shop'), { recursive: true });
    const outside = path.join(test.dataDir, '../outside');
    await mkdir(outside);
    await symlink(outside, path.join(test.configDir, 'projects/-work-shop'));
    await expect(test.memory.restoreTranscript(one)).rejects.toMatchObject({ data: { reason: 'unsafe_name' } });
    expect(await readdir(outside)).toEqual([]);
  });

  it('a damaged block is an error, and half a file is not left behind', async () => {
    await rm(
      await writeTranscript(test.configDir, one, talk(one, ['alpha'])).then(
        async (file) => (await test.import(), file),
      ),
    );
    test.archive.run('UPDATE blocks SET packed = substr(packed, 1, length(packed) - 9)');
    await expect(test.memory.restoreTranscript(one)).rejects.toMatchObject({ code: 'corrupt' });
    expect(await readdir(path.join(test.configDir, 'projects/-work-shop'))).toEqual([]);
  });
});

describe('any line', () => {
  it('without a secret goes through unchanged', async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.json(),
            fc.string({ unit: 'binary' }),
            fc.string({ unit: fc.constantFrom('"', '\\', '{', '}', ':', ',', 'a', '1', '\u2028') }),
          ),
          { maxLength: 20 },
        ),
        async (lines) => {
          // By chance a name of three letters is one of a password.
          fc.pre(lines.every((line) => findOwnSecrets(line).length === 0));
          const id = uuidOf('any', ++count);
          const text = lines.map((line) => `${line.replaceAll('\n', ' ')}\n`).join('');
          await writeTranscript(test.configDir, id, text);
          await test.import();
          expect(archived(id).join('')).toBe(text);
        },
      ),
      { numRuns: 60 },
    );
  });
});
