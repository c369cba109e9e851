/** A second extension in the same extension host that measures its event loop and is controlled by files. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { until } from '../../editor/support/until';

/** Resets when `start` appears; writes `{ max, p99 }` in ms when `stop` appears. */
const source = `
const fs = require('node:fs'), { monitorEventLoopDelay } = require('node:perf_hooks');
exports.activate = () => {
  const folder = process.env.CLAUDE_CONFIG_DIR + '-meter';
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  setInterval(() => {
    if (take('start')) delay.reset();
    if (take('stop')) fs.writeFileSync(folder + '/result.json', JSON.stringify({ max: delay.max / 1e6, p99: delay.percentile(99) / 1e6 }));
  }, 20);
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
export async function measureDelay(configDir: string, work: () => Promise<void>): Promise<Delay> {
  const folder = `${configDir}-meter`;
  const result = join(folder, 'result.json');
  mkdirSync(folder, { recursive: true });
  rmSync(result, { force: true });
  writeFileSync(join(folder, 'start'), '');
  await work();
  writeFileSync(join(folder, 'stop'), '');
  return until(
    () => {
      try {
        return JSON.parse(readFileSync(result, 'utf8')) as Delay;
      } catch {
        return undefined;
      }
    },
    { what: 'the answer of the meter' },
  );
}
