// Programs that npm cannot install. They are installed as root or after asking; otherwise the missing ones are only
// listed.
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { findProgram, isCi, run } from './run.mjs';

const macChromes = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** On PATH, the one without a window first: it starts in half the time. */
export const chromiumNames = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
];

/** The Chromium for the editor tests: from the CHROMIUM variable, PATH, or its place on a Mac. */
export function findChromium() {
  const named = process.env.CHROMIUM;
  if (named) return existsSync(named) ? named : undefined;
  return findProgram(...chromiumNames) ?? macChromes.find((path) => existsSync(path));
}

/**
 * Installs Debian packages; returns whether they are installed afterwards.
 * @param {string[]} packages
 * @param {string} reason what they are needed for, shown in the question
 */
export async function installSystemPackages(packages, reason) {
  const command = `apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  if (!findProgram('apt-get')) {
    console.error(`${reason} needs: ${packages.join(' ')}. Install them with your system's package manager.`);
    return false;
  }
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && !(await mayUseSudo(command, reason))) return false;
  console.log(`Installing system packages for ${reason.toLowerCase()} …`);
  const prefix = isRoot ? [] : ['sudo'];
  const apt = (...args) => {
    const [program, ...rest] = [...prefix, 'apt-get', ...args];
    return run(program, rest, { env: { DEBIAN_FRONTEND: 'noninteractive' }, isQuiet: true });
  };
  await apt('update', '-qq');
  return (await apt('install', '-y', '-qq', '--no-install-recommends', ...packages)) === 0;
}

async function mayUseSudo(command, reason) {
  if (isCi || !process.stdin.isTTY || !findProgram('sudo')) {
    console.error(`${reason} needs system packages. Run as root: ${command}`);
    return false;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`${reason} needs system packages. Run \`sudo ${command}\` now? [y/N] `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}
