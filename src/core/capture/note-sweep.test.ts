/** Notes follow the files of Claude Code's own memory: found, read again, gone, forgotten, and never proof. */
import { mkdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { fakeSecrets } from '../../../test/fixtures/secrets';
import { Transcript, sessionId, writeTranscript } from '../../../test/fixtures/transcript-lines';
import type { NoteHit } from '../../protocol/search-hit';

let test: TestMemory;
let home: string;
/** Trusted folders of the window. */
let trustedRoots: string[];
let exclude: string[];
beforeEach(async () => {
  test = await openTestMemory();
  home = path.dirname(test.configDir);
  trustedRoots = [at('shop')];
  exclude = [];
  await session(1, 'shop', 'Why is the flamingo gateway slow?');
});
afterEach(() => test.close());

const at = (...parts: string[]) => path.join(home, 'work', ...parts);
const slug = (folder: string) => folder.replace(/[^A-Za-z0-9]/g, '-');
const memoryOf = (name: string, file: string) => path.join(test.configDir, 'projects', slug(at(name)), 'memory', file);

async function put(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
}

async function session(number: number, name: string, prompt: string): Promise<void> {
  const cwd = at(name);
  await mkdir(cwd, { recursive: true });
  const transcript = new Transcript(sessionId(number), { cwd, startedAt: test.now.value - 86_400_000 });
  transcript.prompt(prompt);
  transcript.answer('It retries.');
  await writeTranscript(test.configDir, sessionId(number), transcript, slug(cwd));
}

const sweep = () => test.import({ trustedRoots, roots: trustedRoots, exclude });
const notes = async (text: string, more = {}): Promise<NoteHit[]> => {
  const { hits } = await test.memory.search({ text, ...more });
  return hits.filter((hit) => hit.kind === 'note');
};
const files = async (text: string, more = {}) =>
  (await notes(text, more)).map(({ file }) => file).toSorted((a, b) => (a < b ? -1 : 1));
const fact =
  '---\nname: likes-pelicans\ndescription: Wants pelicans in every fixture\nmetadata:\n  type: user\n---\nPelican.\n';

describe('a note', () => {
  it('is found with its file, its line and its project, and alone by type', async () => {
    await put(at('shop', 'CLAUDE.md'), '# Shop\n\nUse pnpm.\n\n- The pelican test needs the gateway.\n');
    await put(at('shop', '.claude', 'rules', 'tests.md'), 'Every pelican has a name.');
    await put(memoryOf('shop', 'MEMORY.md'), '- [pelicans](pelicans.md)');
    await put(memoryOf('shop', 'pelicans.md'), fact);
    await put(path.join(test.configDir, 'CLAUDE.md'), 'I like every pelican.');
    await sweep();
    expect(await files('pelican')).toEqual(
      [
        '.claude/rules/tests.md',
        'CLAUDE.md',
        'memory/MEMORY.md',
        'memory/pelicans.md',
        path.join(test.configDir, 'CLAUDE.md'),
      ].toSorted((a, b) => (a < b ? -1 : 1)),
    );
    const [hit] = await notes('"pelican test"');
    expect(hit).toMatchObject({ file: 'CLAUDE.md', line: 5, note: 'instructions', project: { name: 'shop' } });
    expect(hit?.snippet).toContain('The pelican test needs');
    expect((await notes('likes-pelicans'))[0]).toMatchObject({
      title: 'Wants pelicans in every fixture',
      note: 'fact',
    });
    const byType = await test.memory.search({ text: 'type:note gateway' });
    expect(byType.hits.map(({ kind }) => kind)).toEqual(['note']);
    expect((await test.memory.search({ text: 'gateway' })).facets.type).toContainEqual(
      expect.objectContaining({ value: 'note', count: 1 }),
    );
    // In the scope of another project only the person's own.
    await session(2, 'bakery', 'Hello');
    await sweep();
    expect(await files('pelican', { scope: { roots: [at('bakery')] } })).toEqual([
      path.join(test.configDir, 'CLAUDE.md'),
    ]);
  });

  it('leads to its file, can be read, and is not asked for by a model', async () => {
    await put(at('shop', 'CLAUDE.md'), 'Every pelican has a name.');
    await sweep();
    const [hit] = await notes('pelican');
    expect(await test.memory.noteSource(hit!.key)).toMatchObject({ path: at('shop', 'CLAUDE.md'), file: 'CLAUDE.md' });
    expect((await test.memory.memoryText(hit!.key)).text).toBe('Every pelican has a name.');
    expect((await test.memory.search({ text: 'pelican', withNotes: false })).hits).toEqual([]);
    expect((await test.memory.search({ text: '', similarTo: hit!.key })).hits.map(({ key }) => key)).not.toContain(
      hit!.key,
    );
    await expect(test.memory.noteSource('n999')).rejects.toThrow('no longer there');
  });

  it('follows its file: changed, replaced, gone', async () => {
    await put(at('shop', 'CLAUDE.md'), 'Every pelican has a name.');
    await sweep();
    const [{ key }] = (await notes('pelican')) as [NoteHit];
    await put(at('shop', 'CLAUDE.md'), 'Every heron has a long name.');
    await sweep();
    expect(await notes('pelican')).toEqual([]);
    expect((await notes('heron')).map((hit) => hit.key)).toEqual([key]);
    await rm(at('shop', 'CLAUDE.md'));
    await sweep();
    expect(await notes('heron')).toEqual([]);
    expect(test.driver.all('SELECT * FROM documents WHERE kind = 4')).toEqual([]);
    expect(
      test.events.filter(({ name, event }) => name === 'changed' && (event as { learnings: boolean }).learnings).length,
    ).toBeGreaterThanOrEqual(3);
  });

  it('says nothing while nothing changed', async () => {
    await put(at('shop', 'CLAUDE.md'), 'Every pelican has a name.');
    await sweep();
    test.events.length = 0;
    await sweep();
    expect(test.events.filter(({ name }) => name === 'changed')).toEqual([]);
  });

  it('stays when its window closes, and goes when its file then changes', async () => {
    await put(at('shop', 'CLAUDE.md'), 'Every pelican has a name.');
    await sweep();
    trustedRoots = [];
    await sweep();
    expect(await files('pelican')).toEqual(['CLAUDE.md']);
    await put(at('shop', 'CLAUDE.md'), 'Every heron has a name, and this is untrusted.');
    await sweep();
    expect(await files('pelican')).toEqual([]);
    expect(await files('heron')).toEqual([]);
  });

  it('is redacted, and outlives a rebuilt index and a reopened memory', async () => {
    const secret = fakeSecrets[0]!.value;
    await put(memoryOf('shop', 'keys.md'), `The pelican key is ${secret} here.`);
    await sweep();
    await test.reopen();
    expect((await notes('pelican'))[0]?.snippet).toMatch(/key is \[REDACTED:/);
    expect(JSON.stringify(test.driver.all('SELECT * FROM notes'))).not.toContain(secret);
  });
});

describe('what is read', () => {
  it('is no folder that is not trusted, not known here, or excluded', async () => {
    await Promise.all(
      ['shop', 'bakery', 'unknown'].map((name) => put(at(name, 'CLAUDE.md'), 'Every pelican has a name.')),
    );
    await session(2, 'bakery', 'Hello');
    trustedRoots = [];
    await sweep();
    expect(await files('pelican')).toEqual([]);
    trustedRoots = [at('shop'), at('unknown')];
    await sweep();
    expect((await notes('pelican')).map(({ project }) => project?.name)).toEqual(['shop']);
    await put(memoryOf('shop', 'pelicans.md'), fact);
    exclude = [at('shop')];
    await sweep();
    expect(await files('pelican')).toEqual([]);
  });

  it('are imports of a trusted folder inside of it, and links that stay there', async () => {
    await put(at('shop', 'CLAUDE.md'), 'See @docs/style.md and @../outside.md and @round.md.');
    await put(at('shop', 'docs', 'style.md'), 'The pelican style. @../deep.md');
    await put(at('shop', 'deep.md'), 'The pelican is deep.');
    await put(at('shop', 'round.md'), 'The pelican goes round: @CLAUDE.md @round.md');
    await put(at('outside.md'), 'The pelican is outside.');
    await symlink(at('outside.md'), at('shop', 'CLAUDE.local.md'));
    await mkdir(at('shop', '.claude'), { recursive: true });
    await symlink(at('shop', 'CLAUDE.md'), at('shop', '.claude', 'CLAUDE.md'));
    await sweep();
    expect(await files('pelican')).toEqual(['deep.md', 'docs/style.md', 'round.md']);
    expect(await files('See')).toEqual(['CLAUDE.md']);
  });

  it('leaves out what is too large or no text', async () => {
    await put(at('shop', 'CLAUDE.md'), `pelican ${'x '.repeat(300_000)}`);
    await put(memoryOf('shop', 'binary.md'), 'pelican\0\0');
    await put(memoryOf('shop', 'notes.json'), '"pelican"');
    await sweep();
    expect(await files('pelican')).toEqual([]);
  });

  it('is a folder that the settings name, for all projects', async () => {
    await put(path.join(home, 'mine', 'birds.md'), 'Every pelican has a name.');
    await put(
      path.join(test.configDir, 'settings.json'),
      JSON.stringify({ autoMemoryDirectory: path.join(home, 'mine') }),
    );
    await sweep();
    const [hit] = await notes('pelican');
    expect(hit).toMatchObject({ file: 'memory/birds.md' });
    expect(hit?.project).toBeUndefined();
  });
});

describe('forgetting', () => {
  it("a project takes its notes along, which do not come back by themselves; the person's own stay", async () => {
    await put(at('shop', 'CLAUDE.md'), 'Every pelican has a name.');
    await put(memoryOf('shop', 'pelicans.md'), fact);
    await put(path.join(test.configDir, 'CLAUDE.md'), 'I like every pelican.');
    await sweep();
    const [project] = await test.memory.projects();
    test.now.value = Date.now() + 60_000;
    await test.memory.forgetProject(project!.id);
    expect(await files('pelican')).toEqual([path.join(test.configDir, 'CLAUDE.md')]);
    await session(2, 'shop', 'Hello again');
    await sweep();
    expect(await files('pelican')).toEqual([path.join(test.configDir, 'CLAUDE.md')]);
    expect(test.driver.all('SELECT * FROM notes WHERE project_id IS NOT NULL')).toEqual([]);
  });

  it('everything takes all, until a file is written anew', async () => {
    await put(path.join(test.configDir, 'CLAUDE.md'), 'I like every pelican.');
    await sweep();
    test.now.value = Date.now() + 60_000;
    await test.memory.deleteEverything();
    await sweep();
    expect(test.driver.all('SELECT * FROM notes')).toEqual([]);
    await put(path.join(test.configDir, 'CLAUDE.md'), 'I like every single pelican.');
    const later = new Date(test.now.value + 60_000);
    await utimes(path.join(test.configDir, 'CLAUDE.md'), later, later);
    await sweep();
    expect(await files('pelican')).toEqual([path.join(test.configDir, 'CLAUDE.md')]);
  });

  it('a session leaves the notes of its project, while that has others', async () => {
    await session(2, 'shop', 'Hello');
    await put(memoryOf('shop', 'pelicans.md'), fact);
    await sweep();
    await test.memory.forgetSession(sessionId(1));
    expect(await files('pelican')).toEqual(['memory/pelicans.md']);
    await test.memory.forgetSession(sessionId(2));
    expect(await files('pelican')).toEqual([]);
  });
});

it('is no proof and is counted nowhere', async () => {
  await put(at('shop', 'CLAUDE.md'), 'Always run the pelican linter.');
  await put(path.join(test.configDir, 'CLAUDE.md'), 'Never push on a Friday.');
  await sweep();
  const before = await test.memory.status();
  await test.memory.relearn();
  expect((await test.memory.listLearnings({ state: 'proposed' })).items).toEqual([]);
  expect(before).toMatchObject({ sessions: 1, prompts: 1, observations: 0, learnings: 0 });
});
