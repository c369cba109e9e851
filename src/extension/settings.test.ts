import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SettingName } from './contributions';
import { defaultSettings, ownRulesOf, readSettings, resolveConfigDirs } from './settings';

function read(stored: Partial<Record<SettingName, unknown>>) {
  const rejected: SettingName[] = [];
  const settings = readSettings(
    (name) => stored[name],
    (name) => rejected.push(name),
  );
  return { settings, rejected };
}

describe('ownRulesOf', () => {
  it('takes each rule that can be read, whatever stands beside it', () => {
    const { settings } = read({
      redactionPatterns: [
        { name: 'a', pattern: 'b' },
        { pattern: 'no name' },
        'no object',
        { name: 'c', pattern: 'd', flags: 'gy' },
      ],
      redactionWords: [' acme ', 7, 'x', 'acme'],
      redactionKinds: ['email', 'secrets', 'email'],
    });
    expect(ownRulesOf(settings)).toEqual({
      patterns: [{ name: 'a', pattern: 'b' }],
      words: ['acme'],
      kinds: ['email'],
    });
  });
});

describe('readSettings', () => {
  it('answers the defaults when nothing is stored', () => {
    expect(read({})).toEqual({ settings: defaultSettings, rejected: [] });
  });

  it('takes what makes sense', () => {
    const { settings, rejected } = read({
      configDir: ' ~/claude ',
      exclude: ['**/x'],
      maxLineMegabytes: 32,
      insertStyle: 'text',
      statusBar: false,
    });
    expect(settings).toEqual({
      ...defaultSettings,
      configDir: '~/claude',
      exclude: ['**/x'],
      maxLineMegabytes: 32,
      insertStyle: 'text',
      statusBar: false,
    });
    expect(rejected).toEqual([]);
  });

  it.each<[SettingName, unknown]>([
    ['configDir', 'relative/folder'],
    ['configDir', 7],
    ['configDir', '~someone/else'],
    ['exclude', 'not a list'],
    ['exclude', ['']],
    ['maxLineMegabytes', 0],
    ['maxLineMegabytes', 257],
    ['maxLineMegabytes', Number.NaN],
    ['insertStyle', 'snippet'],
    ['modelHub', 'http://mirror.example'],
    ['modelHub', 'mirror.example'],
    ['enterAction', 'run'],
    ['defaultScope', null],
    ['statusBar', 'yes'],
    ['retentionDays', -1],
    ['backupMaxSize', 'much'],
  ])('rejects %s = %j and keeps the default', (name, value) => {
    const { settings, rejected } = read({ [name]: value });
    expect(rejected).toEqual([name]);
    expect(settings).toEqual(defaultSettings);
  });
});

describe('resolveConfigDirs', () => {
  const home = resolve('/home/someone');

  it.each([
    ['the setting first', '~/work/.claude', '/elsewhere', join(home, 'work/.claude')],
    ['the home folder itself', '~', undefined, home],
    ['then the environment', '', resolve('/elsewhere'), resolve('/elsewhere')],
    ['else the default', '', undefined, join(home, '.claude')],
    ['the default for an empty variable', '', '  ', join(home, '.claude')],
    ['the default for a relative variable', '', 'claude', join(home, '.claude')],
  ])('takes %s', (_, setting, configDir, expected) => {
    expect(resolveConfigDirs(setting, { home, configDir })).toEqual([expected]);
  });
});
