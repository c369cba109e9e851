/** The gate sees what it is there for: each fault is planted. */
import { describe, expect, it } from 'vitest';
import { findSecretsIn, judgeDependencies } from '../scripts/gate.mjs';
import { keepShipped } from '../scripts/sbom.mjs';
import { fakeSecrets } from './fixtures/secrets';

const npmrc = 'ignore-scripts=true\naudit=false\n';
const good = { version: '1.0.0', license: 'MIT', integrity: 'sha512-abc' };
const judge = (entry: object, name = 'node_modules/some') =>
  judgeDependencies({ packages: { '': {}, [name]: { ...good, ...entry } } }, npmrc, {});

describe('dependencies', () => {
  it('that are as they should be are not complained about', () => {
    expect(judge({})).toEqual([]);
    for (const license of ['(MIT OR GPL-3.0)', '(MIT AND ISC)', 'Apache-2.0']) expect(judge({ license })).toEqual([]);
    expect(judge({ integrity: undefined, link: true, resolved: 'scripts/stubs/empty' })).toEqual([]);
  });

  it.each([
    ['licence', { license: 'GPL-3.0' }, 'some 1.0.0 has the licence GPL-3.0'],
    ['licence of two, both of which apply', { license: '(MIT AND GPL-3.0)' }, 'licence'],
    ['licence that is missing', { license: undefined }, 'of nobody knows'],
    ['hash that is missing', { integrity: undefined }, 'no hash'],
    ['hash that proves nothing', { integrity: 'sha1-abc' }, 'no hash'],
    ['address of a registry', { resolved: 'https://registry.invalid/some.tgz' }, 'names the address'],
    ['install script', { hasInstallScript: true }, 'runs a script'],
  ])('%s', (_, entry, complaint) => {
    expect(judge(entry)).toEqual([expect.stringContaining(complaint)]);
    expect(judge(entry, 'node_modules/other/node_modules/@scope/some')).toEqual([expect.stringContaining(complaint)]);
  });

  it('with a script that is known not to run are let through by their whole name only', () => {
    expect(judge({ hasInstallScript: true }, 'node_modules/esbuild')).toEqual([]);
    expect(judge({ hasInstallScript: true }, 'node_modules/esbuild-evil')).toHaveLength(1);
  });

  it('that would be installed on a person’s machine are refused, and scripts of our own', () => {
    expect(judgeDependencies({ packages: {} }, '', {})).toEqual(['.npmrc lets install scripts run']);
    expect(judgeDependencies({ packages: {} }, npmrc, { scripts: { postinstall: 'x' } })).toHaveLength(1);
    expect(judgeDependencies({ packages: {} }, npmrc, { dependencies: { a: '1' } })).toHaveLength(1);
  });
});

it('a secret in a file is found with its place, also where a comment asks not to look', async () => {
  const secret = fakeSecrets.find(({ name }) => name === 'Anthropic key')!.value;
  const text = `one\n// secretlint-disable\nconst key = '${secret}';\n`;
  expect(await findSecretsIn([{ name: 'a.ts', text }])).toEqual(['a.ts:3 has a secret (anthropic)']);
  expect(await findSecretsIn([{ name: 'a.ts', text: 'const key = read();' }])).toEqual([]);
});

it('the list of parts names what is in the bundles, by what it is and not by what it is called here', () => {
  const part = (name: string, version: string, called = name) => ({
    'bom-ref': `${name}@${version}`,
    name: called,
    version,
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
    hashes: [{}],
  });
  const all = {
    metadata: { component: { 'bom-ref': 'claude-mem@1.0.0', description: '%description%' } },
    components: [part('@real/one', '1.0.0', 'alias'), part('two', '2.0.0'), part('tool', '3.0.0')],
    dependencies: [
      { ref: 'claude-mem@1.0.0', dependsOn: ['tool@3.0.0'] },
      { ref: '@real/one@1.0.0', dependsOn: ['two@2.0.0', 'tool@3.0.0'] },
      { ref: 'tool@3.0.0' },
    ],
  };
  const { missing, sbom } = keepShipped(all, [
    { name: '@real/one', version: '1.0.0' },
    { name: 'two', version: '2.0.0' },
    { name: 'two', version: '2.0.1' },
  ]);
  expect(missing).toEqual(['two@2.0.1']);
  expect(sbom.components.map(({ purl }) => purl)).toEqual(['pkg:npm/%40real/one@1.0.0', 'pkg:npm/two@2.0.0']);
  expect(sbom.dependencies).toEqual([
    { ref: 'claude-mem@1.0.0', dependsOn: ['@real/one@1.0.0', 'two@2.0.0'] },
    { ref: '@real/one@1.0.0', dependsOn: ['two@2.0.0'] },
  ]);
});
