/** Which files of a config folder are transcripts, and of which session. */
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SeenPlaces, describeSource, discoverTranscripts, isMachinery, spillFolderOf } from './discover';
import type { SourceFile } from './discover';

let configDir: string;
beforeEach(async () => {
  configDir = await mkdtemp(path.join(tmpdir(), 'claude-mem-discover-'));
});
afterEach(() => rm(configDir, { recursive: true, force: true }));

async function put(name: string, content = '{}\n'): Promise<string> {
  const file = path.join(configDir, 'projects', name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
  return file;
}
async function found(): Promise<SourceFile[]> {
  const sources: SourceFile[] = [];
  for await (const source of discoverTranscripts(configDir)) sources.push(source);
  return sources.sort((a, b) => a.path.localeCompare(b.path));
}
const session = '0f1e2d3c-0000-4000-8000-000000000001';

describe('discovering', () => {
  it('finds main files, sub-agents at any depth and old ones beside their parents, and nothing else', async () => {
    await put(`-work-shop/${session}.jsonl`);
    await put(`-work-shop/${session}/subagents/agent-a1.jsonl`);
    await put(`-work-shop/${session}/subagents/workflows/wf-1/agent-b2.jsonl`);
    await put('-work-shop/agent-c3c3.jsonl');
    await put('-work-shop/my-export.jsonl');
    for (const other of [
      `-work-shop/${session}/tool-results/x.jsonl`,
      '-work-shop/memory/notes.jsonl',
      '-work-shop/readme.md',
      '-work-shop/node_modules/a.jsonl',
      '-work-shop/.git/b.jsonl',
    ])
      await put(other);
    await mkdir(path.join(configDir, 'projects/-work-shop/folder.jsonl'));
    expect(
      (await found()).map(({ path: file, kind, sessionId }) => [
        path.relative(path.join(configDir, 'projects/-work-shop'), file).split(path.sep).join('/'),
        kind,
        sessionId,
      ]),
    ).toEqual(
      [
        [`${session}.jsonl`, 'main', session],
        [`${session}/subagents/agent-a1.jsonl`, 'agent', session],
        [`${session}/subagents/workflows/wf-1/agent-b2.jsonl`, 'agent', session],
        ['agent-c3c3.jsonl', 'agent', ''],
        ['my-export.jsonl', 'main', 'my-export'],
      ].sort(([a], [b]) => path.join('x', a as string).localeCompare(path.join('x', b as string))),
    );
  });

  it('finds nothing where there is nothing', async () => {
    expect(await found()).toEqual([]);
    await writeFile(path.join(configDir, 'projects'), 'a file, not a folder');
    expect(await found()).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')(
    'follows links, reads each real file once, and survives circles',
    async () => {
      const real = await put(`-work-shop/${session}.jsonl`);
      const shop = path.dirname(real);
      const projects = path.dirname(shop);
      const outside = path.join(configDir, 'outside');
      await mkdir(path.join(outside, session, 'subagents'), { recursive: true });
      await writeFile(path.join(outside, 'second.jsonl'), '{}\n');
      await writeFile(path.join(outside, session, 'subagents', 'agent-a1.jsonl'), '{}\n');
      await writeFile(path.join(configDir, 'third.txt'), '{}\n');
      await symlink(outside, path.join(projects, '-work-linked'));
      await symlink(outside, path.join(projects, '-work-linked-again'));
      await symlink(path.join(configDir, 'third.txt'), path.join(shop, 'third.jsonl'));
      await symlink(real, path.join(shop, 'the-same.jsonl'));
      await symlink(shop, path.join(shop, 'circle'));
      await symlink(configDir, path.join(projects, 'all-of-it'));
      await symlink('/', path.join(shop, 'the-disk'));
      await symlink(path.join(configDir, 'nowhere'), path.join(projects, '-work-gone'));
      await symlink(path.join(shop, 'itself'), path.join(shop, 'itself'));
      const seen = new SeenPlaces();
      const sources: SourceFile[] = [];
      for await (const source of discoverTranscripts(configDir, undefined, seen)) sources.push(source);
      expect(sources.map(({ sessionId }) => sessionId).sort()).toEqual([session, session, 'second', 'third'].sort());
      expect(sources.find(({ sessionId }) => sessionId === 'second')?.path).toBe(
        path.join(projects, '-work-linked', 'second.jsonl'),
      );
      expect(seen.links).toEqual({ followed: 5, passedOver: 4 });
      const link = path.join(configDir, 'config-link');
      await symlink(configDir, link);
      for await (const _ of discoverTranscripts(link, undefined, seen)) expect.unreachable('read before');
      const through: SourceFile[] = [];
      for await (const source of discoverTranscripts(link)) through.push(source);
      expect(through).toHaveLength(4);
    },
  );

  it('takes a project whose folder has the name of the notes for a project', async () => {
    await put(`memory/${session}.jsonl`);
    await put('subagents/other.jsonl');
    await put('-work-shop/memory/notes.jsonl');
    expect((await found()).map(({ sessionId, kind }) => [sessionId, kind])).toEqual([
      [session, 'main'],
      ['other', 'main'],
    ]);
  });

  it('stops at the word of its caller', async () => {
    await put(`-work-shop/${session}.jsonl`);
    const read = async () => {
      for await (const _ of discoverTranscripts(configDir, AbortSignal.abort())) return true;
      return false;
    };
    await expect(read()).rejects.toThrow(/abort/i);
  });

  it('tells size and time, and nothing of a file that has gone', async () => {
    const file = await put(`-work-shop/${session}.jsonl`, '{"a":1}\n');
    expect(await describeSource(file)).toMatchObject({ size: 8, kind: 'main' });
    expect((await describeSource(file))?.mtime).toBeGreaterThan(0);
    expect(await describeSource(`${file}x.jsonl`)).toBeUndefined();
    expect(await describeSource(path.dirname(file))).toBeUndefined();
  });

  it('knows the files the client writes for itself', () => {
    expect(
      ['agent-acompact-1.jsonl', 'journal.jsonl', 'resume-head.jsonl', '/a/b/agent-acompact-x.jsonl'].every(
        isMachinery,
      ),
    ).toBe(true);
    expect([`${session}.jsonl`, 'agent-a1.jsonl', 'my-journal.jsonl'].some(isMachinery)).toBe(false);
  });

  it('knows where a session, its sub-agents and the old flat ones spill', () => {
    const at = (...parts: string[]) => path.join('/config/projects/-work-shop', ...parts);
    const source = (file: string, kind: SourceFile['kind'], sessionId: string): SourceFile => ({
      path: file,
      kind,
      sessionId,
      size: 0,
      mtime: 0,
    });
    const spills = at(session, 'tool-results');
    expect(spillFolderOf(source(at(`${session}.jsonl`), 'main', session))).toBe(spills);
    expect(spillFolderOf(source(at(session, 'subagents', 'wf', 'agent-a1.jsonl'), 'agent', session))).toBe(spills);
    expect(spillFolderOf(source(at('agent-c3.jsonl'), 'agent', session))).toBe(spills);
  });

  it('does not care what the folders above are called', async () => {
    configDir = path.join(configDir, 'subagents', 'config');
    const main = await put(`-work-shop/${session}.jsonl`);
    await put(`-work-shop/${session}/subagents/agent-a1.jsonl`);
    expect((await found()).map(({ kind, sessionId }) => [kind, sessionId])).toEqual([
      ['main', session],
      ['agent', session],
    ]);
    expect(
      spillFolderOf({
        path: path.join(path.dirname(main), 'agent-c3.jsonl'),
        kind: 'agent',
        sessionId: session,
        size: 0,
        mtime: 0,
      }),
    ).toBe(path.join(path.dirname(main), session, 'tool-results'));
    configDir = path.dirname(path.dirname(configDir));
  });
});
