/** What a hook finds and gives, without processes. */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { maxPromptLetters } from '../protocol/own-text';
import type { GiveApi } from '../protocol/questions/give';
import { readBrief } from './brief';
import { readGiven, tidyGiven, writeGiven } from './given';
import { readInput } from './input';
import { promptContext } from './prompt';
import { sessionStart } from './session-start';

let dataDir: string;
const give = () => path.join(dataDir, 'give');
const index = (folders: unknown, version: unknown = 1) =>
  writeFileSync(path.join(give(), 'index.json'), JSON.stringify({ version, folders }));
const brief = (file: string, text: string) => writeFileSync(path.join(give(), file), text);
const input = (more: object = {}) => ({
  sessionId: 's1',
  folder: '/work/app',
  source: 'startup',
  prompt: 'why?',
  transcript: '',
  ...more,
});

beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'claude-mem-hook-'));
  mkdirSync(give());
  index([
    { folder: '/work', file: 'a.md', at: 1 },
    { folder: '/work/app', file: 'b.md', at: 1 },
    { folder: '/work/application', file: 'c.md', at: 1 },
    { folder: 'C:\\Work', file: 'd.md', at: 1 },
  ]);
  for (const name of 'abcd') brief(`${name}.md`, `brief ${name}`);
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

describe('the brief', () => {
  it.each([
    ['/work/app', 'brief b'],
    ['/work/app/', 'brief b'],
    ['/work/app/src/deep', 'brief b'],
    ['/work/other', 'brief a'],
    ['/work/app/../other', 'brief a'],
    ['c:\\work\\x', 'brief d'],
    ['/', undefined],
    ['/home', undefined],
    ['', undefined],
  ])('of %s is that of the deepest folder around it', async (folder, text) => {
    expect((await readBrief(dataDir, folder))?.text).toBe(text);
  });

  it.each([
    ['no list', () => index('x')],
    ['another version', () => index([{ folder: '/work/app', file: 'b.md' }], 2)],
    ['entries of every kind', () => index([null, 1, 'x', [], { folder: 1, file: 'b.md' }, { folder: '/work/app' }])],
    ['a file elsewhere', () => index([{ folder: '/work/app', file: '../secret.md' }])],
    ['an absolute file', () => index([{ folder: '/work/app', file: '/etc/hostname' }])],
    ['a file that is gone', () => index([{ folder: '/work/app', file: 'gone.md' }])],
    ['no JSON', () => brief('index.json', '{"version":1,')],
    ['a folder', () => (rmSync(path.join(give(), 'index.json')), mkdirSync(path.join(give(), 'index.json')))],
    ['nothing', () => rmSync(give(), { recursive: true })],
  ])('is none where the index is %s', async (_, harm) => {
    writeFileSync(path.join(dataDir, 'secret.md'), 'secret');
    harm();
    expect(await readBrief(dataDir, '/work/app')).toBeUndefined();
    expect(await sessionStart(dataDir, input(), 1)).toBeUndefined();
  });

  it('whatever the index is, nothing is thrown', async () => {
    const entry = fc.oneof(fc.jsonValue(), fc.record({ folder: fc.string(), file: fc.string() }));
    await fc.assert(
      fc.asyncProperty(fc.array(entry), fc.string(), async (folders, folder) => {
        index(folders);
        await readBrief(dataDir, folder);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a session', () => {
  const start = async (source: string, sessionId = 's1', transcript = '') => {
    const giving = await sessionStart(dataDir, input({ source, sessionId, transcript }), 5);
    await giving?.afterwards();
    return giving?.text;
  };
  const marked = '<claude-mem-memory>\nbrief b\n</claude-mem-memory>';
  const goingOn = ['resume', 'compact', 'fork'];
  const transcriptOf = (...lines: string[]) => {
    const file = path.join(dataDir, 's1.jsonl');
    writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
    return file;
  };
  const attachment = (hookEvent: string) =>
    JSON.stringify({ type: 'attachment', attachment: { hookEvent, content: [marked] } });
  const oldLine = JSON.stringify({ message: { content: `<session-start-hook>${marked}</session-start-hook>` } });
  const long = JSON.stringify({ text: 'x'.repeat(5 << 20) });

  it.each(['startup', 'clear', ''])('that begins (%j) is given its brief', async (source) => {
    expect(await start(source)).toBe(marked);
    expect(await start(source, 's1', transcriptOf(attachment('SessionStart')))).toBe(marked);
    expect(await readGiven(dataDir, 's1')).toEqual({ startedAt: 5, keys: [], briefs: [], prompts: [] });
  });

  it.each<[string, string[]]>([
    ['as an attachment', [attachment('SessionStart')]],
    ['as an old client writes it', ['{}', oldLine]],
    ['at its end', [long, long, long, attachment('SessionStart')]],
    ['behind what a prompt was given', [attachment('UserPromptSubmit'), attachment('SessionStart')]],
  ])('that goes on and has its brief %s is given none', async (_, lines) => {
    const transcript = transcriptOf(...lines);
    for (const source of goingOn) expect(await start(source, 's1', transcript)).toBeUndefined();
  });

  it.each<[string, string[]]>([
    ['words only', []],
    ['other things', [long, '{"SessionStart":1}', 'garbage']],
    ['what a prompt was given', [attachment('UserPromptSubmit'), '{"hookEvent":"SessionStart"}']],
    ['half a mark', ['{"SessionStart":"<claude-mem-memor']],
  ])('that goes on with %s in its transcript is given its brief', async (_, lines) => {
    const transcript = transcriptOf('{"type":"user"}', ...lines);
    for (const source of goingOn) expect(await start(source, 's1', transcript)).toBe(marked);
  });

  it('that goes on with a title only in its transcript is given none: an old client goes on under a new id', async () => {
    const transcript = transcriptOf('{"type":"summary","summary":"tabs"}');
    for (const source of goingOn) expect(await start(source, 's1', transcript)).toBeUndefined();
  });

  it.each(['', '/nowhere/s1.jsonl', 'x'])(
    'that goes on without a transcript (%j) is given none',
    async (transcript) => {
      for (const source of goingOn) expect(await start(source, 's1', transcript)).toBeUndefined();
    },
  );

  it.each(['', '../../x', 'a/b', 'x'.repeat(300)])(
    'with the id %j is given its brief, and nothing is noted',
    async (id) => {
      expect(await start('startup', id)).toBe(marked);
      expect(readdirSync(dataDir)).toEqual(['give']);
      expect(readdirSync(give())).not.toContain('x.json');
    },
  );

  it('is given its brief where nothing can be written', async () => {
    writeFileSync(path.join(give(), 'sessions'), 'a file in the place of the folder');
    expect(await start('startup')).toBe(marked);
  });

  it('a note that is no note is one of nothing given', async () => {
    mkdirSync(path.join(give(), 'sessions'));
    for (const text of ['', '[]', 'null', '{"startedAt":"x","keys":[1,null]}', '{"keys":{}}']) {
      writeFileSync(path.join(give(), 'sessions/s1.json'), text);
      expect(await readGiven(dataDir, 's1')).toEqual({ startedAt: 0, briefs: [], prompts: [], keys: [] });
      expect(await start('startup')).toBe(marked);
    }
  });

  it('leaves what its brief gave for the keeper to note', async () => {
    brief('b.json', JSON.stringify({ tokens: 7, items: [{ id: 'learning/a' }] }));
    await start('startup');
    await start('clear');
    const note = { requestId: expect.any(String) as string, at: 5, tokens: 7, items: [{ id: 'learning/a' }] };
    expect((await readGiven(dataDir, 's1')).briefs).toEqual([note, note]);
  });

  it('gets nothing when the person said so', async () => {
    const folders = [{ folder: '/work/app', file: 'b.md' }];
    writeFileSync(path.join(give(), 'index.json'), JSON.stringify({ version: 1, folders, off: ['s1'] }));
    expect(await start('startup')).toBeUndefined();
    expect(await start('startup', 's2')).toBe(marked);
  });

  it('a brief of any length has at most 9,500 letters', async () => {
    brief('b.md', 'one line\n'.repeat(5000));
    expect((await start('startup'))?.length).toBeLessThanOrEqual(9500);
    brief('b.md', ' \n');
    expect(await start('startup')).toBeUndefined();
  });

  it('notes of long ago are deleted', async () => {
    await writeGiven(dataDir, 'old', { startedAt: 1, keys: [], briefs: [], prompts: [] });
    await writeGiven(dataDir, 'new', { startedAt: 1, keys: [], briefs: [], prompts: [] });
    utimesSync(path.join(give(), 'sessions/old.json'), 1, 1);
    await tidyGiven(dataDir, Date.now());
    expect(readdirSync(path.join(give(), 'sessions'))).toEqual(['new.json']);
  });
});

describe('a prompt', () => {
  let asked: unknown[][];
  let packed: unknown;
  beforeEach(() => {
    asked = [];
    packed = {
      items: [{ id: 's/said/1', sessionId: 's9' }, { id: 'learning/a' }],
      text: 'we chose tabs',
      tokens: 4,
    };
  });
  const keeper = new Proxy({} as GiveApi, {
    get: (_, name) => (argument: unknown) => {
      asked.push([name, argument]);
      return Promise.resolve(name === 'promptContext' ? packed : undefined);
    },
  });
  const send = async (more: object = {}) => {
    const giving = await promptContext(dataDir, input(more), (ask) => ask(keeper));
    await giving?.afterwards();
    return giving?.text;
  };

  it('is given what the keeper says, once in a session, and the keeper is told', async () => {
    expect(await send()).toBe('<claude-mem-memory>\nwe chose tabs\n</claude-mem-memory>');
    expect(asked).toEqual([
      ['promptContext', { prompt: 'why?', folder: '/work/app', sessionId: 's1' }],
      [
        'noteGiven',
        expect.objectContaining({
          sessionId: 's1',
          source: 'prompt',
          tokens: 4,
          items: [{ id: 's/said/1', sessionId: 's9' }, { id: 'learning/a' }],
        }),
      ],
    ]);
    expect(await send()).toBeUndefined();
    expect(asked.filter(([name]) => name === 'noteGiven')).toHaveLength(1);
    packed = { items: [{ id: 'learning/a' }, { id: 'learning/b' }], text: 'and spaces', tokens: 4 };
    expect(await send()).toContain('and spaces');
    expect(await send({ sessionId: 's2' })).toContain('and spaces');
    expect(JSON.parse(readFileSync(path.join(give(), 'sessions/s1.json'), 'utf8'))).toMatchObject({
      keys: ['s/said/1', 'learning/a', 'learning/b'],
    });
  });

  it.each([
    undefined,
    null,
    'text',
    { items: [], text: 'x', tokens: 1 },
    { items: [{}], text: 'x', tokens: 1 },
    { items: [null], text: 'x', tokens: 1 },
    { items: [{ id: 'learning/a' }], text: ' ', tokens: 0 },
    { items: [{ id: 'learning/a' }], text: 4, tokens: 0 },
    { items: 'p', text: 'x', tokens: 0 },
  ])('is given nothing when the keeper answers %j', async (answer) => {
    packed = answer;
    expect(await send()).toBeUndefined();
    expect(asked).toHaveLength(1);
  });

  it.each([{ prompt: ' \n' }, { folder: '' }, { sessionId: '' }])('with %j asks nobody', async (more) => {
    expect(await send(more)).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it('that is very long is asked about by its beginning', async () => {
    await send({ prompt: `${'x'.repeat(maxPromptLetters - 1)}😀`.repeat(3) });
    expect(asked[0]?.[1]).toMatchObject({ prompt: 'x'.repeat(maxPromptLetters - 1) });
  });
});

describe('the input', () => {
  const read = (text: string | Buffer, isEnded = true, waitMs = 10_000) => {
    const stream = new PassThrough();
    stream.write(text);
    if (isEnded) stream.end();
    return readInput(stream, waitMs);
  };
  const full = JSON.stringify({ session_id: 's', cwd: '/ü', source: 'startup', prompt: '日本', extra: { a: 1 } });
  const expected = { sessionId: 's', folder: '/ü', source: 'startup', prompt: '日本', transcript: '' };

  it('is read whole, and where it does not end as far as it has come', async () => {
    expect(await read(full)).toEqual(expected);
    expect(await read(full, false, 1)).toEqual(expected);
    expect(await read(full.slice(0, -1), false, 1)).toBeUndefined();
  });

  it.each(['', 'x', '[]', 'null', '"x"', '{"a":', '\u0000'])('%j is no input', async (text) => {
    expect(await read(text)).toBeUndefined();
  });

  it('of other types is an empty one, and of any length is none', async () => {
    expect(await read('{"session_id":1,"cwd":[],"prompt":null}')).toEqual({
      sessionId: '',
      folder: '',
      source: '',
      prompt: '',
      transcript: '',
    });
    expect(await read(Buffer.alloc(17 << 20, ' '))).toBeUndefined();
  });
});
