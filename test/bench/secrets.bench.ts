/**
 * How many planted secrets are taken out, and how much innocent text goes with them: `npm run bench -- secrets
 * [--code FOLDER…]`. Every FOLDER is read for text in which nothing should be found; each finding is printed, because
 * many of them are passwords of examples, which no rule can tell from others.
 */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { createRedactor } from '../../src/core/observe/redact';
import { findOwnSecrets } from '../../src/core/observe/secrets/find-own';
import { plantedForms } from '../fixtures/secret-forms';

/** Not those of the tests. */
const seeds = [101, 102, 103];
const maxBytes = 60e6;
const isText =
  /\.(?:[cm]?[jt]sx?|py|p[lm]|rb|go|rs|c|h|hpp|java|php|sh|md|txt|rst|html?|json|ya?ml|toml|conf)$|^README/;

void main();

async function main(): Promise<void> {
  await measurePlanted();
  for (const folder of process.argv.slice(2).filter((arg) => !arg.startsWith('--'))) measureCode(folder);
}

async function measurePlanted(): Promise<void> {
  const redactor = createRedactor({ salt: 'bench' });
  const planted = seeds.flatMap((seed) => plantedForms(seed));
  const { texts } = await redactor.redact(planted.map(({ text }) => text));
  console.log('| group | forms | texts | taken out |\n|---|---|---|---|');
  for (const group of ['named', 'shape'] as const) {
    const rows = planted.map((each, index) => ({ ...each, kept: texts[index]?.includes(each.secret) === true }));
    const ours = rows.filter((row) => row.group === group);
    const missed = ours.filter(({ kept }) => kept);
    const forms = new Set(ours.map(({ form }) => form)).size;
    const share = (100 * (ours.length - missed.length)) / ours.length;
    console.log(`| ${group} | ${forms} | ${ours.length} | ${ours.length - missed.length} (${share.toFixed(1)} %) |`);
    for (const form of new Set(missed.map((each) => each.form)))
      console.log(`|  | ${form} | missed | ${missed.filter((each) => each.form === form).length} |`);
  }
}

function measureCode(folder: string): void {
  let bytes = 0;
  const found = new Map<string, string>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (bytes > maxBytes || !entry.isFile() || !isText.test(entry.name) || /\.min\./.test(entry.name)) continue;
    if (statSync(file).size > 2e6) continue;
    const text = readFileSync(file, 'utf8');
    bytes += text.length;
    for (const { kind, start, end } of findOwnSecrets(text)) {
      const value = text.slice(start, end).slice(0, 60).replaceAll('\n', '⏎');
      found.set(`${kind}\t${value}`, path.relative(folder, file));
    }
  }
  const each = (found.size / (bytes / 1e7)).toFixed(2);
  console.log(`\n${folder}: ${(bytes / 1e6).toFixed(1)} MB, ${found.size} findings, ${each} in 10 MB`);
  for (const [finding, file] of found) console.log(`${finding}\t${file}`);
}
