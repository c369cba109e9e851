import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { HostProfile } from '../../../scripts/vscode-host/server.mjs';

/** Turns off everything that opens by itself, sends telemetry or moves the focus. */
const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.enableExperiments': false,
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.settings.enableNaturalLanguageSearch': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.commandPalette.experimental.enableNaturalLanguageSearch': false,
  'workbench.reduceMotion': 'on',
  'telemetry.telemetryLevel': 'off',
  'telemetry.feedback.enabled': false,
  'update.mode': 'none',
  'update.showReleaseNotes': false,
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'git.autofetch': false,
  'git.openRepositoryInParentFolders': 'never',
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'files.hotExit': 'off',
  'files.autoSave': 'off',
  'window.confirmBeforeClose': 'never',
  'window.restoreWindows': 'none',
  'remote.autoForwardPorts': false,
  'npm.autoDetect': 'off',
  'typescript.disableAutomaticTypeAcquisition': true,
  'json.schemaDownload.enable': false,
  'editor.cursorBlinking': 'solid',
  // As text, so that a test can read the terminal.
  'terminal.integrated.gpuAcceleration': 'off',
  'editor.accessibilitySupport': 'off',
} as const;

export interface Profile extends HostProfile {
  dir: string;
  home: string;
  workspace: string;
  /** Value of CLAUDE_CONFIG_DIR; never the real folder. */
  configDir: string;
  /** The browser's own profile, which contains the state of VS Code for the browser. */
  browser: string;
  globalStorage: string;
  write(path: string, text: string): string;
  remove(): void;
}

/** Folders of one editor: its own HOME, Claude config folder, workspace and browser. */
export function makeProfile({
  settings = {},
  hasTrust = true,
}: { settings?: Record<string, unknown>; hasTrust?: boolean } = {}): Profile {
  const dir = mkdtempSync(join(tmpdir(), 'claude-mem-editor-'));
  const userData = join(dir, 'user-data');
  const profile: Profile = {
    dir,
    userData,
    config: join(dir, 'config.yaml'),
    extensions: join(dir, 'extensions'),
    home: join(dir, 'home'),
    workspace: join(dir, 'workspace'),
    configDir: join(dir, 'claude'),
    browser: join(dir, 'browser'),
    globalStorage: join(userData, 'User/globalStorage/claude-mem-vscode.claude-mem'),
    write(path, text) {
      const file = join(profile.workspace, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      return file;
    },
    remove: () => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }),
  };
  for (const folder of [
    join(userData, 'User'),
    join(userData, 'Machine'),
    profile.extensions,
    profile.home,
    profile.workspace,
    profile.configDir,
    profile.browser,
  ])
    mkdirSync(folder, { recursive: true });
  const trust = hasTrust
    ? { 'security.workspace.trust.enabled': false }
    : { 'security.workspace.trust.startupPrompt': 'never', 'security.workspace.trust.banner': 'never' };
  // Written before the start, because this host does not notice user settings that change while it runs.
  const all = JSON.stringify({ ...quietSettings, ...trust, ...settings }, null, 2);
  writeFileSync(join(userData, 'User/settings.json'), all);
  // Some of its windows start without the settings of the user and never get them. Those of the machine always come.
  writeFileSync(join(userData, 'Machine/settings.json'), all);
  writeFileSync(profile.config, 'auth: none\ncert: false\n');
  return profile;
}

/** Nothing of the developer's environment is passed to the editor. */
export function makeEnv(profile: Profile): Record<string, string> {
  const kept = ['PATH', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(kept),
    HOME: profile.home,
    XDG_CONFIG_HOME: join(profile.home, '.config'),
    XDG_DATA_HOME: join(profile.home, '.local/share'),
    XDG_CACHE_HOME: join(profile.home, '.cache'),
    CLAUDE_CONFIG_DIR: profile.configDir,
  };
}
