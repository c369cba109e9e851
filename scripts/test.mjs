// `npm test` runs all layers, even on a bare machine. `npm test -- unit editor` runs only the named ones. The last line
// is the sum: `N passed, N failed`. A layer that could not run counts as failed.
import { existsSync } from 'node:fs';
import { checkSources } from './check.mjs';
import { offlinePrefix, setUpClients } from './clients.mjs';
import { printCoverage } from './coverage.mjs';
import { ensureModules } from './modules.mjs';
import { packVsix, vsixFile } from './package.mjs';
import { endChildrenWithUs, findProgram, run } from './run.mjs';
import { findChromium, installSystemPackages } from './system-packages.mjs';
import { runVitest, runVitestTwice } from './vitest-layer.mjs';
import { setUpHost } from './vscode-host/set-up.mjs';

const editorPackages = ['fonts-liberation', 'fonts-noto-cjk', 'git', 'build-essential', 'python3', 'ripgrep'];

const layers = {
  check: { title: 'Types, format, lint and what is unused', run: checkSources },
  build: { title: 'Bundles and budgets', run: buildBundles },
  unit: {
    title: 'Unit, property and contract',
    needs: ['build'],
    run: async () => {
      const checks = await runVitest('unit', ['--project', 'unit*', '--coverage']);
      printCoverage();
      return checks;
    },
  },
  process: {
    title: 'Real processes and threads, ended at any time',
    needs: ['build'],
    run: () => runVitest('process', ['--project', 'process']),
  },
  client: {
    title: 'Real clients of Claude Code, offline',
    needs: ['build'],
    run: async () => {
      const complaints = await setUpClients();
      if (complaints.length > 0) return [['set up', complaints]];
      const within = offlinePrefix();
      if (within.length === 0)
        console.log('No namespace without a network here: the clients are only told to call nobody.');
      return runVitest('client', ['-c', 'test/client/vitest.client.config.ts'], { within });
    },
  },
  package: { title: 'The package', needs: ['build'], run: packVsix },
  editor: {
    title: 'A real VS Code',
    needs: ['build', 'package'],
    run: async () => {
      const problem = await prepareEditor();
      if (problem) return [['prepared', [problem]]];
      return runVitestTwice('editor', ['-c', 'test/editor/vitest.editor.config.ts']);
    },
  },
};

endChildrenWithUs();
const wanted = chooseLayers(process.argv.slice(2).filter((arg) => !arg.startsWith('-')));
const total = { passed: 0, failed: 0 };
if (await ensureModules()) {
  for (const name of wanted) {
    const { title, run: runLayer } = layers[name];
    const startedAt = Date.now();
    console.log(`\n== ${name}: ${title} ==`);
    const checks = await runLayer().catch((error) => [
      [name, [error instanceof Error ? (error.stack ?? error.message) : String(error)]],
    ]);
    const failed = checks.filter(([, complaints]) => complaints.length > 0);
    for (const [check, complaints] of failed)
      for (const complaint of complaints) console.log(`FAILED ${name} › ${check}: ${complaint}`);
    total.passed += checks.length - failed.length;
    total.failed += failed.length;
    console.log(
      `-- ${name}: ${checks.length - failed.length} passed, ${failed.length} failed in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`,
    );
  }
} else {
  console.log('FAILED: the dependencies could not be installed');
  total.failed += wanted.length;
}
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
console.log(`\n${total.passed} passed, ${total.failed} failed`);

/** The named layers and those they depend on, in order; all layers when none is named. */
function chooseLayers(names) {
  const unknown = names.filter((name) => !(name in layers));
  if (unknown.length > 0) {
    console.error(`No such layer: ${unknown.join(', ')}. There are: ${Object.keys(layers).join(', ')}`);
    process.exit(2);
  }
  if (names.length === 0) return Object.keys(layers);
  const all = new Set(names.flatMap((name) => [...(layers[name].needs ?? []), name]));
  return Object.keys(layers).filter((name) => all.has(name));
}

async function buildBundles() {
  const code = await run(process.execPath, ['esbuild.mjs']);
  return [['bundles', code === 0 ? [] : [`ended with ${code}: an error or a bundle over its budget`]]];
}

/** Prepares the machine for the editor tests; returns what is missing. */
async function prepareEditor() {
  if (!existsSync(vsixFile)) return 'there is no package to install';
  const isComplete = findChromium() && findProgram('git') && findProgram('rg');
  // Debian has the one without a window, other systems only the whole browser.
  for (const browser of isComplete ? [] : ['chromium-headless-shell', 'chromium'])
    if (await installSystemPackages([browser, ...editorPackages], 'The editor layer')) break;
  if (!findChromium()) return 'no Chromium: install it or set CHROMIUM to its path';
  return (await setUpHost()) ? undefined : 'the VS Code for the browser could not be set up';
}
