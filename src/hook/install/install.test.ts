/** Installing and removing: settings of others as they were, and the Doctor sees every half of it. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { judgeHooks, withFinding } from './hook-rules';
import { installHooks, refreshLauncher, settingsFileOf, uninstallHooks } from './install';
import type { HooksPlace } from './install';
import { backupFile, hookGroups, noteFile } from './launcher';
import { hooksStatus } from './status';

let folder: string;
let place: HooksPlace;
const settings = '{\r\n\t"model": "opus",\r\n\t"hooks": {\r\n\t\t"Stop": []\r\n\t}\r\n}';
const read = () => readFileSync(place.settingsFile, 'utf8');
const stateOf = async () => (await hooksStatus(place)).state;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'claude-mem-hooks-'));
  mkdirSync(path.join(folder, 'config'));
  writeFileSync(path.join(folder, 'hook.cjs'), 'program 1');
  place = {
    dataDir: path.join(folder, 'data'),
    programFile: path.join(folder, 'hook.cjs'),
    runtime: '/opt/editor',
    platform: 'linux',
    settingsFile: settingsFileOf(path.join(folder, 'config')),
    extensionsFolder: '/extensions',
  };
  writeFileSync(place.settingsFile, settings);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('is in, once, and out again without a trace but the backup', async () => {
  expect(await stateOf()).toBe('absent');
  expect(await installHooks(place, 1)).toEqual({ hasChanged: true });
  const once = read();
  expect(await installHooks(place, 2)).toEqual({ hasChanged: false });
  expect(read()).toBe(once);
  expect(await stateOf()).toBe('installed');
  expect(statSync(path.join(place.dataDir, 'hooks')).mode & 0o077).toBe(0);
  expect(readFileSync(path.join(place.dataDir, 'hooks/hook.cjs'), 'utf8')).toBe('program 1');
  expect(await uninstallHooks(place)).toEqual({ hasChanged: true });
  expect(read()).toBe(settings);
  expect(await uninstallHooks(place)).toEqual({ hasChanged: false });
  const backup = backupFile(place.dataDir, place.settingsFile);
  expect(readdirSync(path.dirname(backup))).toEqual([path.basename(backup)]);
  expect(readFileSync(backup, 'utf8')).toBe(settings);
  expect(readdirSync(path.join(folder, 'config'))).toEqual(['settings.json']);
});

it('a second installation does not take ours for what was there before', async () => {
  await installHooks(place, 1);
  rmSync(noteFile(place.dataDir));
  await installHooks(place, 2);
  expect(readFileSync(backupFile(place.dataDir, place.settingsFile), 'utf8')).toBe(settings);
});

it('a file that was made goes again, unless somebody wrote into it', async () => {
  rmSync(place.settingsFile);
  await installHooks(place, 1);
  await uninstallHooks(place);
  expect(existsSync(place.settingsFile)).toBe(false);
  await installHooks(place, 1);
  writeFileSync(place.settingsFile, read().replace('{', '{"model": "opus",'));
  await uninstallHooks(place);
  expect(JSON.parse(read())).toEqual({ model: 'opus' });
  // A blank file of a person stays one.
  writeFileSync(place.settingsFile, '\n');
  await installHooks(place, 1);
  await uninstallHooks(place);
  expect(read()).toBe('\n');
});

it('broken settings are refused before anything is written', async () => {
  writeFileSync(place.settingsFile, '{\n  "a": 1, // mine\n}');
  await expect(installHooks(place, 1)).rejects.toMatchObject({ data: { line: 2, column: 11 } });
  expect(read()).toBe('{\n  "a": 1, // mine\n}');
  expect(existsSync(place.dataDir)).toBe(false);
  const status = await hooksStatus(place);
  expect(status).toMatchObject({ state: 'unreadable', line: 2, column: 11 });
  expect(judgeHooks(status)).toMatchObject({ level: 'warning', args: [2, 11] });
});

it('two config folders share a launcher, which stays until the last one is done', async () => {
  const other = { ...place, settingsFile: path.join(folder, 'other/settings.json') };
  await installHooks(place, 1);
  await installHooks(other, 1);
  await uninstallHooks(place);
  expect(await stateOf()).toBe('absent');
  expect((await hooksStatus(other)).state).toBe('installed');
  await uninstallHooks(other);
  expect(existsSync(path.join(place.dataDir, 'hooks/hook.cjs'))).toBe(false);
});

describe('the launcher', () => {
  it('is brought up to date where hooks are installed, and only there', async () => {
    expect(await refreshLauncher(place)).toBe(false);
    expect(existsSync(place.dataDir)).toBe(false);
    await installHooks(place, 1);
    expect(await refreshLauncher(place)).toBe(false);
    writeFileSync(place.programFile, 'program 2');
    expect(await refreshLauncher({ ...place, runtime: "/opt/ada's editor" })).toBe(true);
    expect(readFileSync(path.join(place.dataDir, 'hooks/hook.cjs'), 'utf8')).toBe('program 2');
    expect(readFileSync(path.join(place.dataDir, 'hooks/claude-mem-hook'), 'utf8')).toContain(
      String.raw`runtime='/opt/ada'\''s editor'`,
    );
  });

  it('on Windows is a batch file, named with forward slashes', () => {
    const [handler] = hookGroups({ dataDir: 'C:\\Users\\a b\\data', platform: 'win32' }).SessionStart.hooks;
    expect(handler?.command.replaceAll(path.sep, '/')).toBe(
      '"C:/Users/a b/data/hooks/claude-mem-hook.cmd" session-start',
    );
  });
});

describe('the Doctor', () => {
  beforeEach(() => installHooks(place, 1));

  it.each<[string, () => void]>([
    ['launcher_gone', () => rmSync(path.join(place.dataDir, 'hooks/hook.cjs'))],
    ['launcher_gone', () => rmSync(place.dataDir, { recursive: true })],
    ['half', () => writeFileSync(place.settingsFile, settings)],
    ['half', () => writeFileSync(place.settingsFile, read().replace('UserPromptSubmit', 'Other'))],
    ['older', () => writeFileSync(place.settingsFile, read().replaceAll(place.dataDir, '/elsewhere'))],
    ['disabled', () => writeFileSync(place.settingsFile, read().replace('{', '{"disableAllHooks": true,'))],
    ['absent', () => rmSync(noteFile(place.dataDir), (writeFileSync(place.settingsFile, settings), {}))],
  ])('sees %s', async (state, harm) => {
    harm();
    const status = await hooksStatus(place);
    expect(status.state).toBe(state);
    const finding = judgeHooks(status);
    expect(finding.id).toBe(`hooks.${state}`);
    expect(JSON.stringify(finding)).not.toContain(folder);
    if (!['half', 'older', 'launcher_gone'].includes(state)) return;
    expect(finding.remedies).toEqual(['install_hooks', 'remove_hooks']);
    await installHooks(place, 2);
    expect(await stateOf()).toBe('installed');
    await uninstallHooks(place);
    expect(await stateOf()).toBe('absent');
  });
});

it('the finding of the hooks is the first of its area, and stands in the report too', () => {
  const finding = judgeHooks({ state: 'unreadable', settingsFile: '/x', events: [], line: 3, column: 4 });
  const other = { ...finding, id: 'hooks.other' };
  const before = { at: 1, findings: [other], report: '# Report\n\n- **ok** `a`: A.\n\n## More' };
  const { findings, report } = withFinding(before, finding);
  expect(findings).toEqual([finding, other]);
  expect(withFinding({ ...before, findings: [] }, finding).findings).toEqual([finding]);
  expect(report).toBe(
    '# Report\n\n- **ok** `a`: A.\n- **warning** `hooks.unreadable`: ' +
      'The settings of Claude Code are broken at line 3, column 4, so it ignores them.\n\n## More',
  );
});
