// `npm run gate`: what our own repository must keep, so that a person can trust what is built from it. No secret in a
// file; of every dependency a known licence, a hash and no script that runs when it is installed; and none so young that
// nobody had time to find what is wrong with it. `npm run check` asks all of it but the age, which needs the network.
import { execFile } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { shippable } from './notices.mjs';
import { root } from './run.mjs';

/** Licences of what a developer installs; what is shipped is held to fewer, in scripts/notices.mjs. */
const licences = new Set([...shippable, 'Artistic-2.0', 'CC0-1.0', 'CC-BY-3.0', 'MPL-2.0', 'WTFPL']);
/** Packages whose licence has no name of its own: tools that are only run here. */
const licencesRead = new Map([
  [/^@vscode\/vsce-sign(-|$)/, 'the licence of VS Code: signs a package, is not shipped'],
  [/^@modelcontextprotocol\/inspector-cli$/, 'MIT, or Apache-2.0 where its authors agreed: its file says so'],
]);
/** Packages with an install script, which `ignore-scripts` keeps from running, and why we can do without it. */
const scriptsLeftOut = new Map([
  ['@vscode/vsce-sign', 'fetches a binary that signs packages; ours are not signed'],
  ['keytar', 'a native module for passwords that publishing on the command line would use'],
  ['esbuild', 'checks its binary, which comes as a package of its own'],
  ['protobufjs', 'prints a hint about its version'],
]);
const ownScripts = ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish'];
const daysOld = 7;
const dayMs = 86_400_000;
const maxFileBytes = 4 << 20;

/** Whether one of the licences of an expression may be used. */
function isKnown(licence) {
  if (typeof licence !== 'string') return false;
  if (licences.has(licence)) return true;
  const inner = /^\((.*)\)$/.exec(licence)?.[1] ?? licence;
  if (/\bOR\b/.test(inner)) return inner.split(/\s+OR\s+/).some(isKnown);
  return /\bAND\b/.test(inner) && inner.split(/\s+AND\s+/).every(isKnown);
}

/** Complaints about what package-lock.json, .npmrc and package.json say. */
export function judgeDependencies(lock, npmrc, manifest) {
  const complaints = [];
  for (const [place, { license, integrity, link, resolved, hasInstallScript, version }] of Object.entries(
    lock.packages,
  )) {
    // Ours: the package itself, its workspaces and links to them.
    if (!place.includes('node_modules/') || link || resolved?.startsWith('file:')) continue;
    const name = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const called = `${name} ${version}`;
    if (!isKnown(license) && ![...licencesRead.keys()].some((known) => known.test(name)))
      complaints.push(`${called} has the licence ${license ?? 'of nobody knows'}`);
    if (!/^sha(?:512|384)-/.test(integrity ?? '')) complaints.push(`${called} has no hash in package-lock.json`);
    if (resolved) complaints.push(`${called} names the address of a registry in package-lock.json`);
    if (hasInstallScript && !scriptsLeftOut.has(name)) complaints.push(`${called} runs a script when it is installed`);
  }
  if (!/^ignore-scripts=true$/m.test(npmrc)) complaints.push('.npmrc lets install scripts run');
  for (const name of ownScripts)
    if (manifest.scripts?.[name]) complaints.push(`package.json runs a script when it is installed: ${name}`);
  if (Object.keys(manifest.dependencies ?? {}).length > 0)
    complaints.push('package.json has dependencies that would be installed beside the bundles');
  return complaints;
}

/** Secrets in files. @param files their names, and what is in them */
export async function findSecretsIn(files) {
  const { lintSource } = await import('@secretlint/core');
  const { creator } = await import('@secretlint/secretlint-rule-preset-recommend');
  const rules = [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator, options: {} }];
  const complaints = [];
  for (const { name, text } of files) {
    const { messages } = await lintSource({
      // A comment in a file may not switch a rule off.
      source: {
        filePath: name,
        content: text.replaceAll('secretlint-disable', 'secretlint_disable'),
        ext: '.txt',
        contentType: 'text',
      },
      options: { config: { rules }, noPhysicFilePath: true },
    });
    for (const { ruleId, loc } of messages)
      complaints.push(`${name}:${loc.start.line} has a secret (${ruleId.split('rule-').at(-1)})`);
  }
  return complaints;
}

/** Texts that git keeps, or would with the next commit; in a folder without git, all that are not made or installed. */
async function readRepository() {
  const names = await listByGit().catch(() => listByHand());
  return names.flatMap((name) => {
    let bytes;
    try {
      bytes = readFileSync(join(root, name));
    } catch {
      // Deleted but not committed, or a link to nowhere.
      return [];
    }
    return bytes.length > maxFileBytes || bytes.includes(0) ? [] : { name, text: bytes.toString('utf8') };
  });
}

async function listByGit() {
  // The folder may belong to another user, as on a build machine.
  const args = ['-c', 'safe.directory=*', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const { stdout } = await promisify(execFile)('git', args, { cwd: root, maxBuffer: 64 << 20 });
  const names = stdout.split('\0').filter(Boolean);
  if (names.length === 0) throw new Error('git knows no file');
  return names;
}

const made = new Set(['node_modules', '.git', '.cache', 'dist', 'artefacts']);

function listByHand(folder = '') {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (made.has(entry.name)) return [];
    const name = join(folder, entry.name);
    if (entry.isDirectory()) return listByHand(name);
    return entry.isFile() ? [name] : [];
  });
}

/**
 * Names and complaints, as in scripts/check.mjs.
 * @returns {Promise<[string, string[]][]>}
 */
export async function checkGate() {
  const json = (name) => JSON.parse(readFileSync(join(root, name), 'utf8'));
  return [
    [
      'licences, hashes and install scripts',
      judgeDependencies(json('package-lock.json'), readFileSync(join(root, '.npmrc'), 'utf8'), json('package.json')),
    ],
    ['secrets in the repository', await findSecretsIn(await readRepository())],
  ];
}

/** Complaints about direct dependencies that were published less than a week ago. */
async function judgeAge() {
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const complaints = [];
  for (const [alias, wanted] of Object.entries(devDependencies)) {
    if (wanted.startsWith('file:')) continue;
    const [, name = alias, version = wanted] = /^npm:(.+)@([^@]+)$/.exec(wanted) ?? [];
    const { stdout } = await promisify(execFile)('npm', ['view', `${name}@${version}`, 'time', '--json'], {
      cwd: root,
      maxBuffer: 64 << 20,
    });
    const days = (Date.now() - Date.parse(JSON.parse(stdout)[version])) / dayMs;
    if (!(days >= daysOld)) complaints.push(`${name} ${version} was published ${Math.floor(days)} days ago`);
  }
  return complaints;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const checks = await checkGate();
  checks.push([`at least ${daysOld} days old`, await judgeAge()]);
  for (const [name, complaints] of checks) {
    console.log(`${complaints.length === 0 ? 'passed' : 'FAILED'}: ${name}`);
    for (const complaint of complaints) console.log(`  ${complaint}`);
  }
  process.exitCode = checks.some(([, complaints]) => complaints.length > 0) ? 1 : 0;
}
