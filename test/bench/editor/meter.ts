/** A second extension in the same extension host that measures it and is controlled by files. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { until } from '../../editor/support/until';

/**
 * Event loop: resets when `start` appears; writes `{ max, p99 }` in ms when `stop` appears. Profile: takes samples from
 * `profile` until `steps`, and writes the steps in which code of ours was on the stack, in ms: samples one after the
 * other with it, and no other turn of the event loop between.
 */
const source = `
const fs = require('node:fs'), { monitorEventLoopDelay } = require('node:perf_hooks'), inspector = require('node:inspector');
exports.activate = () => {
  const folder = process.env.CLAUDE_CONFIG_DIR + '-meter';
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  setInterval(() => {
    if (take('start')) delay.reset();
    if (take('profile')) {
      session = new inspector.Session();
      session.connect();
      session.post('Profiler.enable');
      session.post('Profiler.setSamplingInterval', { interval: 100 });
      session.post('Profiler.start');
    }
    if (take('steps'))
      session.post('Profiler.stop', (_, { profile }) => {
        session.disconnect();
        fs.writeFileSync(folder + '/result.json', JSON.stringify(stepsOf(profile)));
      });
    if (take('stop')) fs.writeFileSync(folder + '/result.json', JSON.stringify({ max: delay.max / 1e6, p99: delay.percentile(99) / 1e6 }));
  }, 20);
  let session;
  const stepsOf = ({ nodes, samples, timeDeltas }) => {
    const ours = new Set();
    const mark = (id, above) => {
      const { callFrame, children = [] } = byId.get(id);
      const isOurs = above || callFrame.url.includes('claude-mem-vscode.claude-mem');
      if (isOurs) ours.add(id);
      for (const child of children) mark(child, isOurs);
    };
    const byId = new Map(nodes.map((node) => [node.id, node]));
    mark(nodes[0].id, false);
    const steps = [];
    let running = 0;
    samples.forEach((id, at) => {
      if (ours.has(id)) running += (timeDeltas[at + 1] ?? 0) / 1000;
      else if (running > 0) { steps.push(running); running = 0; }
    });
    if (running > 0) steps.push(running);
    return steps;
  };
  const take = (name) => { try { fs.unlinkSync(folder + '/' + name); return true; } catch { return false; } };
};`;

export async function packMeter(folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const manifest = {
    name: 'meter',
    publisher: 'bench',
    version: '1.0.0',
    engines: { vscode: '^1.106.0' },
    main: './meter.js',
    activationEvents: ['*'],
    extensionKind: ['workspace'],
    license: 'MIT',
    capabilities: { untrustedWorkspaces: { supported: true } },
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'meter.js'), source);
  writeFileSync(join(folder, 'README.md'), 'Measures.');
  writeFileSync(join(folder, 'LICENSE'), 'MIT');
  const packagePath = join(folder, 'meter.vsix');
  await createVSIX({ cwd: folder, packagePath, dependencies: false, allowMissingRepository: true });
  return packagePath;
}

export interface Delay {
  max: number;
  p99: number;
}

/** The delay of the extension host's event loop while `work` runs. */
export const measureDelay = (configDir: string, work: () => Promise<void>): Promise<Delay> =>
  measure<Delay>(configDir, work, ['start', 'stop']);

/** How long code of the extension ran in the extension host at a time while `work` did, in ms, in order. */
export const measureSteps = (configDir: string, work: () => Promise<void>): Promise<number[]> =>
  measure<number[]>(configDir, work, ['profile', 'steps']);

async function measure<T>(
  configDir: string,
  work: () => Promise<void>,
  [begin, end]: [begin: string, end: string],
): Promise<T> {
  const folder = `${configDir}-meter`;
  const result = join(folder, 'result.json');
  mkdirSync(folder, { recursive: true });
  rmSync(result, { force: true });
  writeFileSync(join(folder, begin), '');
  await until(() => !existsSync(join(folder, begin)), { what: 'the meter to begin' });
  await work();
  writeFileSync(join(folder, end), '');
  return until(
    () => {
      try {
        return JSON.parse(readFileSync(result, 'utf8')) as T;
      } catch {
        return undefined;
      }
    },
    { what: 'the answer of the meter' },
  );
}
