/** The settings of the extension, validated; an invalid value is replaced by the default. */
import * as path from 'node:path';
import * as z from 'zod/mini';
import { dataClasses } from '../protocol/classes';
import type { DataClass } from '../protocol/classes';
import { isHubAllowed } from '../protocol/hub-address';
import { personalKinds } from '../protocol/redaction';
import type { OwnRules } from '../protocol/redaction';
import type { SettingName } from './contributions';
import type { InsertStyle } from './insert/plan';

export interface Settings {
  configDir: string;
  exclude: string[];
  maxLineMegabytes: number;
  archive: boolean;
  /** What a person wants redacted; each item is checked by itself, so that one that cannot be read takes no other along. */
  redactionPatterns: unknown[];
  redactionWords: unknown[];
  redactionKinds: unknown[];
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
  /** Who wrote a line: at all, at every rest of the mouse, and above lines of one turn. */
  why: boolean;
  whyHover: boolean;
  whyLens: boolean;
  /** Where code contradicts a decision that a person confirmed. */
  watch: boolean;
  story: boolean;
  left: boolean;
  ask: boolean;
  /** Server for model downloads; empty for the default hub. */
  modelHub: string;
  /** Megabytes. */
  backupMaxSize: number;
  /** Empty when there is none. */
  secondBackupFolder: string;
  /** Of entries of the audit log. */
  auditDays: number;
  /** The highest class that may go each way. */
  classGive: DataClass;
  classMcp: DataClass;
  classModel: DataClass;
  classExport: DataClass;
  classTeam: DataClass;
  /** Days by class; none: as long as others. */
  classDays: Partial<Record<DataClass, number>>;
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
  redactionPatterns: [],
  redactionWords: [],
  redactionKinds: [],
  defaultScope: 'workspace',
  enterAction: 'open',
  insertStyle: 'auto',
  basketTokens: 2_000,
  giveBar: 10,
  statusBar: true,
  fileLens: false,
  pastFixes: true,
  why: true,
  whyHover: false,
  whyLens: false,
  watch: true,
  story: true,
  left: true,
  ask: true,
  modelHub: '',
  backupMaxSize: 2000,
  secondBackupFolder: '',
  auditDays: 400,
  classGive: 'confidential',
  classMcp: 'confidential',
  classModel: 'sensitive',
  classExport: 'sensitive',
  classTeam: 'sensitive',
  classDays: {},
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

const classDaysOf = z.partialRecord(
  z.enum(dataClasses),
  z.int().check(z.gte(0), z.lte(36_500)),
) as unknown as z.ZodMiniType<Partial<Record<DataClass, number>>>;

const modelId = z.string().check(z.regex(/^[\w.:@/-]{0,200}$/));

const schemas: { readonly [Name in SettingName]: z.ZodMiniType<Settings[Name]> } = {
  configDir: z.string().check(
    z.maxLength(4096),
    z.refine((value) => isFolderSetting(value)),
  ),
  exclude: z.array(z.string().check(z.minLength(1), z.maxLength(1024))).check(z.maxLength(1000)),
  maxLineMegabytes: z.number().check(z.gte(1), z.lte(256)),
  archive: z.boolean(),
  redactionPatterns: z.array(z.unknown()),
  redactionWords: z.array(z.unknown()),
  redactionKinds: z.array(z.unknown()),
  defaultScope: z.enum(['workspace', 'all']),
  enterAction: z.enum(['open', 'insert', 'copy']),
  insertStyle: z.enum(['auto', 'text', 'comment']),
  basketTokens: z.int().check(z.gte(200), z.lte(20_000)),
  giveBar: z.number().check(z.gte(0), z.lte(100)),
  statusBar: z.boolean(),
  fileLens: z.boolean(),
  pastFixes: z.boolean(),
  why: z.boolean(),
  whyHover: z.boolean(),
  whyLens: z.boolean(),
  watch: z.boolean(),
  story: z.boolean(),
  left: z.boolean(),
  ask: z.boolean(),
  modelHub: z.string().check(
    z.maxLength(2048),
    z.refine((value) => isHubSetting(value)),
  ),
  backupMaxSize: z.number().check(z.gte(0), z.lte(1_000_000)),
  secondBackupFolder: z.string().check(
    z.maxLength(4096),
    z.refine((value) => isFolderSetting(value)),
  ),
  auditDays: z.int().check(z.gte(180), z.lte(36_500)),
  classGive: z.enum(dataClasses),
  classMcp: z.enum(dataClasses),
  classModel: z.enum(dataClasses),
  classExport: z.enum(dataClasses),
  classTeam: z.enum(dataClasses),
  classDays: classDaysOf,
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

const ownPattern = z.object({
  name: z.string().check(z.minLength(1), z.maxLength(100)),
  pattern: z.string().check(z.minLength(1), z.maxLength(1_000)),
  flags: z.exactOptional(z.string().check(z.regex(/^[imsuv]{0,5}$/))),
});
const ownWord = z.string().check(z.trim(), z.minLength(2), z.maxLength(200));

/** Rules of redaction for the keeper: what can be read of each list, up to what it takes. */
export function ownRulesOf({ redactionPatterns, redactionWords, redactionKinds }: Settings): OwnRules {
  const read = <T>(list: readonly unknown[], schema: z.ZodMiniType<T>, most: number): T[] =>
    list
      .flatMap((item) => {
        const { success, data } = z.safeParse(schema, item);
        return success ? [data] : [];
      })
      .slice(0, most);
  return {
    patterns: read(redactionPatterns, ownPattern, 20),
    words: [...new Set(read(redactionWords, ownWord, 500))],
    kinds: [...new Set(read(redactionKinds, z.enum(personalKinds), personalKinds.length))],
  };
}

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

/** Absolute; empty when there is none. */
export const resolveFolder = (setting: string, home: string): string =>
  setting === '' ? '' : path.resolve(expandHome(setting, home));

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
