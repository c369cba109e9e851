// Writes dist/claude-mem.cdx.json beside the package: what of others is inside it, as CycloneDX. npm knows the packages,
// their hashes and licences; the bundles know which of them are in.
import { execFile } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packagesOf } from './notices.mjs';
import { root } from './run.mjs';

/** Of npm's list the parts that are shipped; those that it does not know are missing. */
export function keepShipped(sbom, shipped) {
  // By its address and not by its name, under which another package may be installed.
  const nameOf = ({ purl }) => decodeURIComponent(purl.replace(/^pkg:npm\//, '').replace(/\?.*$/, ''));
  const wanted = new Set(shipped.map(({ name, version }) => `${name}@${version}`));
  const components = sbom.components
    .filter((component) => wanted.has(nameOf(component)))
    .map(({ properties: _development, scope: _scope, ...component }) => ({ ...component, scope: 'required' }));
  const known = new Set(components.map(nameOf));
  const refs = new Set(components.map((component) => component['bom-ref']));
  const { description: _placeholder, properties: _private, ...component } = sbom.metadata.component;
  const own = component['bom-ref'];
  return {
    missing: [...wanted].filter((name) => !known.has(name)),
    sbom: {
      ...sbom,
      metadata: { ...sbom.metadata, component: { ...component, type: 'application', name: 'claude-mem' } },
      components,
      dependencies: sbom.dependencies
        .filter(({ ref }) => ref === own || refs.has(ref))
        .map(({ ref, dependsOn = [] }) => ({
          ref,
          // A bundle holds them all, whoever asked for them.
          dependsOn: ref === own ? [...refs] : dependsOn.filter((other) => refs.has(other)),
        })),
    },
  };
}

/** Complaints; empty when every package in a bundle is named with its hash. */
export async function writeSbom() {
  const metaDir = join(root, 'dist/meta');
  const metafiles = readdirSync(metaDir).map((name) => JSON.parse(readFileSync(join(metaDir, name), 'utf8')));
  const shipped = packagesOf(metafiles).map((folder) =>
    JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')),
  );
  const { stdout } = await promisify(execFile)('npm', ['sbom', '--sbom-format', 'cyclonedx'], {
    cwd: root,
    maxBuffer: 64 << 20,
    shell: process.platform === 'win32',
  });
  const { missing, sbom } = keepShipped(JSON.parse(stdout), shipped);
  writeFileSync(join(root, 'dist/claude-mem.cdx.json'), `${JSON.stringify(sbom, undefined, 2)}\n`);
  return [
    ...missing.map((name) => `${name} is in a bundle and unknown to npm`),
    ...sbom.components.flatMap(({ name, hashes }) => (hashes?.length > 0 ? [] : [`${name} has no hash`])),
  ];
}
