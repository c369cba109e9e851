import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json';
import english from '../../package.nls.json';
import chinese from '../../package.nls.zh-cn.json';
import { readTools } from '../model-tools/tools';
import {
  basketViewId,
  chatTools,
  commandIds,
  containerId,
  contextKeys,
  itemCommands,
  mcpProviderId,
  memoryViewId,
  readerViewType,
  settingIds,
  walkthroughId,
} from './contributions';
import { defaultSettings } from './settings';
import type { Settings } from './settings';

interface Setting {
  default?: unknown;
  scope?: string;
  order?: number;
  markdownDescription?: string;
  enum?: string[];
  markdownEnumDescriptions?: string[];
}
const { contributes } = manifest;
const settings = Object.assign({}, ...contributes.configuration.map(({ properties }) => properties)) as Record<
  string,
  Setting
>;
const words: Record<string, string> = english;
const translated: Record<string, string> = chinese;
const keysIn = (text: string) => [...text.matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key ?? '');

describe('commands', () => {
  it('are the same in the manifest and in the code', () => {
    expect(contributes.commands.map(({ command }) => command).toSorted()).toEqual(Object.values(commandIds).toSorted());
  });

  it.each(contributes.commands)(
    '$command has category, title in two languages and an icon',
    ({ command, category, title, icon }) => {
      const key = `command.${command.split('.')[1]}.title`;
      expect(category).toBe('Claude-Mem');
      expect(title).toBe(`%${key}%`);
      expect(words[key]).toBeTruthy();
      expect(translated[key]).toBeTruthy();
      expect(icon).toMatch(/^\$\([a-z-]+\)$/);
    },
  );

  it('are known wherever a menu, a key or the walkthrough names one', () => {
    const known = new Set<string>(Object.values(commandIds));
    const named = [...Object.values(contributes.menus).flat(), ...contributes.keybindings].map(
      ({ command }) => command,
    );
    const linked = [...JSON.stringify([english, chinese]).matchAll(/command:(claudeMem\.\w+)/g)].map(([, id]) => id);
    const awaited = [...JSON.stringify(contributes.walkthroughs).matchAll(/onCommand:(claudeMem\.\w+)/g)].map(
      ([, id]) => id,
    );
    expect([...named, ...linked, ...awaited].filter((id) => !known.has(id ?? ''))).toEqual([]);
  });

  it('of webview menus are hidden from the palette', () => {
    const hidden = contributes.menus.commandPalette
      .filter(({ when }) => when === 'false')
      .map(({ command }) => command);
    expect(hidden.toSorted()).toEqual(Object.values(itemCommands).toSorted());
  });
});

describe('tools for the chat of the editor', () => {
  it('say and take what the same tools say and take elsewhere', () => {
    const told = contributes.languageModelTools.map(({ name, modelDescription, inputSchema }) => ({
      name,
      modelDescription,
      inputSchema,
    }));
    const tools = (Object.keys(chatTools) as (keyof typeof chatTools)[]).map((key) => {
      const tool = readTools.find(({ name }) => name === key);
      return { name: chatTools[key], modelDescription: tool?.about, inputSchema: tool?.inputSchema };
    });
    expect(told).toEqual(tools);
  });

  it('can be named in a prompt, each by a name of its own', () => {
    expect(contributes.languageModelTools.every(({ canBeReferencedInPrompt }) => canBeReferencedInPrompt)).toBe(true);
    const names = contributes.languageModelTools.map(({ toolReferenceName }) => toolReferenceName);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-zA-Z]\w+$/);
  });
});

describe('settings', () => {
  it('are the same in the manifest and in the code', () => {
    expect(Object.keys(settings).toSorted()).toEqual(Object.values(settingIds).toSorted());
  });

  it.each(Object.entries(settingIds))('%s has default, scope, order and two descriptions', (name, id) => {
    const setting = settings[id];
    expect(setting?.default).toEqual(defaultSettings[name as keyof Settings]);
    expect(['machine', 'resource', 'window']).toContain(setting?.scope);
    expect(setting?.order).toBeTypeOf('number');
    expect(setting?.markdownDescription).toBe(`%setting.${name}.description%`);
    expect(setting?.markdownEnumDescriptions ?? []).toEqual(
      (setting?.enum ?? []).map((value) => `%setting.${name}.${value}%`),
    );
  });

  it('that a repository could misuse are closed to it', () => {
    expect(settings[settingIds.configDir]?.scope).toBe('machine');
    expect(settings[settingIds.modelHub]?.scope).toBe('machine');
    const models = Object.entries(settings).filter(([id]) => id.startsWith('claudeMem.model.'));
    expect(models.length).toBeGreaterThan(5);
    expect(models.filter(([, { scope }]) => scope !== 'machine')).toEqual([]);
    const restricted = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations;
    expect(restricted).toEqual(expect.arrayContaining([settingIds.exclude, settingIds.insertStyle]));
  });
});

describe('words of the manifest', () => {
  it('exist in English and Chinese, and none is left over', () => {
    const used = [...new Set(keysIn(readFileSync('package.json', 'utf8')))].toSorted();
    expect(Object.keys(english).toSorted()).toEqual(used);
    expect(Object.keys(chinese).toSorted()).toEqual(used);
  });

  it('link to the same commands in both languages', () => {
    const links = (text: string | undefined) =>
      [...(text ?? '').matchAll(/\(command:[\w.]+\)/g)].map(String).toSorted();
    for (const [key, text] of Object.entries(words)) expect(links(translated[key]), key).toEqual(links(text));
  });
});

it('names views, containers and context keys that exist', () => {
  expect(contributes.viewsContainers.activitybar.map(({ id }) => id)).toEqual([containerId]);
  expect(contributes.views[containerId].map(({ id, type }) => [id, type])).toEqual([
    [memoryViewId, 'webview'],
    [basketViewId, undefined],
  ]);
  expect(contributes.mcpServerDefinitionProviders.map(({ id }) => id)).toEqual([mcpProviderId]);
  expect(contributes.walkthroughs.map(({ id }) => id)).toEqual([walkthroughId]);
  expect(manifest.activationEvents).toContain(`onWebviewPanel:${readerViewType}`);
  const known = new Set<string>([
    ...Object.values(contextKeys),
    ...Object.values(commandIds),
    ...Object.values(settingIds),
    memoryViewId,
    basketViewId,
    readerViewType,
    `${memoryViewId}.focus`,
  ]);
  const used = [
    ...JSON.stringify([
      contributes.commands,
      contributes.menus,
      contributes.keybindings,
      contributes.views,
      contributes.viewsWelcome,
      contributes.walkthroughs,
    ]).matchAll(/claudeMem\.[\w.]+/g),
  ].map(String);
  expect(used.filter((id) => !known.has(id))).toEqual([]);
});
