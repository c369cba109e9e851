/** What this window tells the keeper: its folders, settings and excludes. */
import { homedir } from 'node:os';
import path from 'node:path';
import { workspace } from 'vscode';
import type { CaptureSettings } from '../protocol/questions/capture';
import { settingIds } from './contributions';
import type { SettingName } from './contributions';
import { ownRulesOf, readSettings, resolveConfigDirs, resolveFolder } from './settings';
import type { Settings } from './settings';

const megabyte = 1_000_000;

/** Folders on this machine. Virtual folders have no transcripts and are left out. */
export function workspaceRoots(): string[] {
  return (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => uri.fsPath);
}

export function readWindowSettings(reject: (name: SettingName) => void): Settings {
  const configuration = workspace.getConfiguration();
  return readSettings((name) => configuration.get(settingIds[name]), reject);
}

export function configDirsOf(settings: Settings): string[] {
  return resolveConfigDirs(settings.configDir, { home: homedir(), configDir: process.env['CLAUDE_CONFIG_DIR'] });
}

/**
 * Settings for the keeper, one entry per source of excludes. User settings have their own source, so that an exclude
 * removed in one window does not stay in force as another window's.
 */
export function captureSettings(settings: Settings): CaptureSettings[] {
  const shared = {
    configDirs: configDirsOf(settings),
    roots: workspaceRoots(),
    maxLineBytes: settings.maxLineMegabytes * 1024 * 1024,
    isArchiving: settings.archive,
  };
  const care = {
    backupMaxBytes: settings.backupMaxSize * megabyte,
    secondFolder: resolveFolder(settings.secondBackupFolder, homedir()),
    auditDays: settings.auditDays,
    retentionDays: settings.retentionDays,
    retentionMaxBytes: settings.retentionMaxSize * megabyte,
    classDays: settings.classDays,
  };
  const user: CaptureSettings = {
    ...shared,
    source: 'user',
    exclude: excludesOf('user'),
    care,
    giveBar: settings.giveBar,
    classes: {
      upTo: {
        give: settings.classGive,
        mcp: settings.classMcp,
        model: settings.classModel,
        export: settings.classExport,
        team: settings.classTeam,
      },
    },
    redaction: ownRulesOf(settings),
  };
  const source = workspaceSource();
  const trustedRoots = workspace.isTrusted ? workspaceRoots() : [];
  return source === undefined ? [user] : [user, { ...shared, source, trustedRoots, exclude: excludesOf('workspace') }];
}

function workspaceSource(): string | undefined {
  const place = workspace.workspaceFile ?? workspace.workspaceFolders?.[0]?.uri;
  return place && `workspace:${place.toString()}`;
}

/** The excludes that this window has put in force: of the user and, once trusted, of the workspace. */
export const readExcludes = (): string[] => [...new Set([...excludesOf('user'), ...excludesOf('workspace')])];

function excludesOf(level: 'user' | 'workspace'): string[] {
  // An untrusted workspace must not decide what is remembered.
  if (level === 'workspace' && !workspace.isTrusted) return [];
  const folders = level === 'workspace' ? (workspace.workspaceFolders ?? []) : [undefined];
  const lists = folders.flatMap((folder) => {
    const found = workspace.getConfiguration(undefined, folder).inspect<unknown>(settingIds.exclude);
    return level === 'user' ? [found?.globalValue] : [found?.workspaceValue, found?.workspaceFolderValue];
  });
  const globs = lists.flatMap(
    (list) =>
      readSettings(
        (name) => (name === 'exclude' ? (list ?? []) : undefined),
        () => {},
      ).exclude,
  );
  return [...new Set(globs)];
}

/** With `~` for the home folder, as people write it. */
export function shortPath(folder: string): string {
  const below = path.relative(homedir(), folder);
  return below !== '' && !below.startsWith('..') && !path.isAbsolute(below)
    ? `~/${below.split(path.sep).join('/')}`
    : folder;
}
