import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findProgram, runProgram } from './claude-program';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'claude-mem-program-'));
  for (const name of ['one', 'two', 'usual']) await mkdir(path.join(folder, name));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(name: string, mode = 0o755, text = '#!/bin/sh\n'): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, text);
  await chmod(file, mode);
  return file;
}
const find = (env: Record<string, string>, platform: NodeJS.Platform = 'linux') =>
  findProgram('claude', env, platform, [path.join(folder, 'usual')]);

describe('the program', () => {
  it('is the first on the PATH that may be run, then one where installers put it', async () => {
    const env = { PATH: `relative::${path.join(folder, 'one')}:${path.join(folder, 'two')}` };
    expect(await find(env)).toBeUndefined();
    const usual = await put('usual/claude');
    expect(await find(env)).toBe(usual);
    const second = await put('two/claude');
    await put('one/claude', 0o644);
    expect(await find(env)).toBe(second);
    expect(await find({})).toBe(usual);
  });

  it('has an ending on Windows, where the variable has another spelling', async () => {
    const script = await put('two/claude.cmd');
    await put('one/claude');
    const env = { Path: `${path.join(folder, 'one')};${path.join(folder, 'two')}`, PATHEXT: '.EXE;.CMD' };
    expect(await find(env, 'win32')).toBe(script);
  });
});

describe('running it', () => {
  it('answers how it ended and all that it said', async () => {
    const said = await put('one/claude', 0o755, '#!/bin/sh\necho "out $1 $2"\necho err >&2\nexit 3\n');
    expect(await runProgram(said, ['a b', 'c'])).toEqual({ code: 3, text: 'out a b c\n\nerr' });
  });

  it('has no code when it could not be started', async () => {
    const end = await runProgram(path.join(folder, 'nowhere'), []);
    expect(end.code).toBeUndefined();
    expect(end.text).toContain('ENOENT');
  });
});
