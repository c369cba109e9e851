/** The settings of the extension, validated; an invalid value is replaced by the default. */
import * as path from 'node:path';
import * as z from 'zod/mini';
import { isHubAllowed } from '../protocol/hub-address';
import type { SettingName } from './contributions';
import type { InsertStyle } from './insert/plan';

export interface Settings {
  configDir: string;
  exclude: string[];
  maxLineMegabytes: number;
  archive: boolean;
  defaultScope: 'workspace' | 'all';
  enterAction: EnterAction;
  insertStyle: InsertStyle;
  /** What the basket should have at most. */
  basketTokens: number;
  /** Of 100 prompts, those that a source must help to go on giving; 0: no bar. */
  giveBar: number;
  statusBar: boolean;
  /** A line above files that sessions changed. */
  fileLens: boolean;
  /** A light bulb at problems that were fixed before. */
  pastFixes: boolean;
  /** Server for model downloads; empty for the default hub. */
  modelHub: string;
  /** Megabytes. */
  backupMaxSize: number;
  /** 0: unlimited. */
  retentionDays: number;
  /** In megabytes; 0: unlimited. */
  retentionMaxSize: number;
  /** While false, nothing is sent to a model. */
  modelEnabled: boolean;
  /** Idle sessions are summarised without a click. */
  modelAutomatic: boolean;
  /** Address of a compatible API; empty for Anthropic's. */
  modelBaseUrl: string;
  /** Model ids; empty when there is no model of that tier. */
  fastModel: string;
  strongModel: string;
  /** Ceilings in US dollars and in tokens; 0 allows nothing. */
  modelDayUsd: number;
  modelMonthUsd: number;
  modelDayTokens: number;
  modelMonthTokens: number;
}
export type EnterAction = 'open' | 'insert' | 'copy';

/** Equal to the defaults in package.json. */
export const defaultSettings: Readonly<Settings> = {
  configDir: '',
  exclude: [],
  maxLineMegabytes: 16,
  archive: true,
  defaultScope: 'workspace',
  enterAction: 'open',
  insertStyle: 'auto',
  basketTokens: 2_000,
  giveBar: 10,
  statusBar: true,
  fileLens: false,
  pastFixes: true,
  modelHub: '',
  backupMaxSize: 2000,
  retentionDays: 0,
  retentionMaxSize: 0,
  modelEnabled: false,
  modelAutomatic: false,
  modelBaseUrl: '',
  fastModel: 'claude-haiku-5-5',
  strongModel: 'claude-opus-5-5',
  modelDayUsd: 0.5,
  modelMonthUsd: 5,
  modelDayTokens: 2_000_000,
  modelMonthTokens: 20_000_000,
};

const modelId = z.string().check(z.regex(/^[\w.:@/-]{0,200}$/));

const schemas: { readonly [Name in SettingName]: z.ZodMiniType<Settings[Name]> } = {
  configDir: z.string().check(
    z.maxLength(4096),
    z.refine((value) => isFolderSetting(value)),
  ),
  exclude: z.array(z.string().check(z.minLength(1), z.maxLength(1024))).check(z.maxLength(1000)),
  maxLineMegabytes: z.number().check(z.gte(1), z.lte(256)),
  archive: z.boolean(),
  defaultScope: z.enum(['workspace', 'all']),
  enterAction: z.enum(['open', 'insert', 'copy']),
  insertStyle: z.enum(['auto', 'text', 'comment']),
  basketTokens: z.int().check(z.gte(200), z.lte(20_000)),
  giveBar: z.number().check(z.gte(0), z.lte(100)),
  statusBar: z.boolean(),
  fileLens: z.boolean(),
  pastFixes: z.boolean(),
  modelHub: z.string().check(
    z.maxLength(2048),
    z.refine((value) => isHubSetting(value)),
  ),
  backupMaxSize: z.number().check(z.gte(0), z.lte(1_000_000)),
  retentionDays: z.number().check(z.gte(0), z.lte(36_500)),
  retentionMaxSize: z.number().check(z.gte(0), z.lte(1_000_000)),
  modelEnabled: z.boolean(),
  modelAutomatic: z.boolean(),
  modelBaseUrl: z.string().check(
    z.maxLength(2048),
    z.refine((value) => isHubSetting(value)),
  ),
  fastModel: modelId,
  strongModel: modelId,
  modelDayUsd: z.number().check(z.gte(0), z.lte(10_000)),
  modelMonthUsd: z.number().check(z.gte(0), z.lte(100_000)),
  modelDayTokens: z.int().check(z.gte(0), z.lte(1e9)),
  modelMonthTokens: z.int().check(z.gte(0), z.lte(1e10)),
};

const settingNames = Object.keys(schemas) as SettingName[];

/** Reads all settings; `reject` is called for each invalid value. */
export function readSettings(get: (name: SettingName) => unknown, reject: (name: SettingName) => void): Settings {
  const settings = { ...defaultSettings };
  for (const name of settingNames) {
    const value = get(name);
    if (value === undefined) continue;
    const result = z.safeParse(schemas[name], typeof value === 'string' ? value.trim() : value);
    if (result.success) Object.assign(settings, { [name]: result.data });
    else reject(name);
  }
  return settings;
}

export interface Surroundings {
  home: string;
  /** Value of CLAUDE_CONFIG_DIR. */
  configDir: string | undefined;
}

/** The Claude config folders to read: the setting, else the environment, else `~/.claude`. Always absolute. */
export function resolveConfigDirs(setting: string, { home, configDir }: Surroundings): string[] {
  const fallback = path.join(home, '.claude');
  for (const wish of [setting, configDir?.trim() ?? '']) {
    if (wish !== '' && isFolderSetting(wish)) return [path.resolve(expandHome(wish, home))];
  }
  return [fallback];
}

function expandHome(folder: string, home: string): string {
  return /^~(?=$|[\\/])/.test(folder) ? path.join(home, folder.slice(1)) : folder;
}

/** Empty, https, or a server on this machine. */
function isHubSetting(value: string): boolean {
  return value === '' || (URL.canParse(value) && isHubAllowed(new URL(value)));
}

/** Empty, absolute, or below the home folder: a relative path would be another folder in every window. */
function isFolderSetting(value: string): boolean {
  return value === '' || path.isAbsolute(value) || /^~(?=$|[\\/])/.test(value);
}
