/**
 * What stays of planted secrets in a data folder: `npm run bench -- canaries`. The texts of `test/fixtures/secret-forms`
 * are said, run, printed, read and written in sessions; these are imported, summarised, archived and backed up, and
 * every file of the folder is searched for the secrets afterwards, packed files unpacked.
 */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { readArchivedFile } from '../../src/core/store/archive/archive';
import { openTestMemory } from '../fakes/test-memory';
import type { TestMemory } from '../fakes/test-memory';
import { plantedForms } from '../fixtures/secret-forms';
import type { PlantedForm } from '../fixtures/secret-forms/planted-form';
import { Transcript, sessionId, writeTranscript } from '../fixtures/transcript-lines';
import { printTable } from './measure';

/** Not those of the tests. */
const seeds = [211, 212, 213];
/** Shorter ones stand in any megabyte by chance. */
const minLength = 8;
const textsPerSession = 24;

const places: readonly [place: string, write: (to: Transcript, text: string) => void][] = [
  ['a prompt', (to, text) => void to.prompt(text)],
  ['an answer', (to, text) => void to.answer(text)],
  ['a command', (to, text) => to.tool('Bash', { command: text }, 'done')],
  ['output of a command', (to, text) => to.tool('Bash', { command: './show' }, text)],
  ['an error', (to, text) => to.tool('Bash', { command: './fail' }, `Exit code 1\n${text}`, { is_error: true })],
  ['a file that is read', (to, text) => to.tool('Read', { file_path: '/work/shop/a.txt' }, text)],
  ['a file that is written', (to, text) => to.tool('Write', { file_path: '/work/shop/a.txt', content: text }, 'ok')],
  [
    'an edit',
    (to, text) => to.tool('Edit', { file_path: '/work/shop/a.txt', old_string: text, new_string: `${text}\n` }, 'ok'),
  ],
];

interface Canary extends PlantedForm {
  place: string;
}

void main();

async function main(): Promise<void> {
  const canaries: Canary[] = seeds
    .flatMap((seed) => plantedForms(seed))
    .map((form, at) => ({ ...form, place: places[at % places.length]![0] }));
  const test = await openTestMemory();
  try {
    await plant(test, canaries);
    const long = canaries.filter(({ secret }) => secret.length >= minLength);
    const before = standingIn(filesBelow(test.configDir), long);
    const texts = [...filesBelow(test.dataDir), ...archivedOf(test), ...rowsOf(test)];
    const after = standingIn(texts, long);
    report(canaries, long, before, after);
    const bytes = texts.reduce((sum, { content }) => sum + content.length, 0);
    console.log(`\nSearched: ${texts.length} files and tables, ${(bytes / 1e6).toFixed(1)} MB.`);
  } finally {
    await test.close();
  }
}

async function plant(test: TestMemory, canaries: readonly Canary[]): Promise<void> {
  const sessions: string[] = [];
  for (let from = 0; from < canaries.length; from += textsPerSession) {
    const id = sessionId(sessions.length + 1);
    sessions.push(id);
    const transcript = new Transcript(id);
    transcript.prompt('Have a look at this.');
    canaries.slice(from, from + textsPerSession).forEach(({ place, text }) => {
      places.find(([name]) => name === place)?.[1](transcript, text);
    });
    transcript.answer('That was all.');
    await writeTranscript(test.configDir, id, transcript); // oxlint-disable-line no-await-in-loop -- one after the other
  }
  await test.import();
  await test.reopen();
  for (const id of sessions) await test.memory.summary(id); // oxlint-disable-line no-await-in-loop -- one after the other
  await test.memory.backUp('canaries');
}

interface Content {
  name: string;
  content: Buffer;
}

function filesBelow(folder: string): Content[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => {
      const content = readFileSync(path.join(entry.parentPath, entry.name));
      const packed = entry.name.endsWith('.gz') ? [{ name: `in ${entry.name}`, content: gunzipSync(content) }] : [];
      return [{ name: entry.name, content }, ...packed];
    });
}

/** The lines of the archive, which its file holds packed. */
function archivedOf(test: TestMemory): Content[] {
  return test.archive
    .all<{ id: number }>('SELECT id FROM files')
    .map(({ id }) => ({ name: 'in archive.db', content: Buffer.concat([...readArchivedFile(test.archive, id)]) }));
}

/** Whole texts of each table, because the pages of a file cut them. */
function rowsOf({ driver }: TestMemory): Content[] {
  return driver
    .all<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'")
    .map(({ name }) => ({
      name: `in ${name}`,
      content: Buffer.concat(
        driver
          .all<Record<string, unknown>>(`SELECT * FROM "${name}"`)
          .flatMap((row) => Object.values(row))
          .flatMap((cell) => {
            if (typeof cell === 'string') return [Buffer.from(`${cell}\n`)];
            return cell instanceof Uint8Array ? [Buffer.from(cell)] : [];
          }),
      ),
    }));
}

/** Which secrets stand whole in one of these, as they are or as JSON writes them, and where. */
function standingIn(contents: readonly Content[], canaries: readonly Canary[]): Map<Canary, Set<string>> {
  const wanted = new Map<number, { bytes: Buffer; canary: Canary }[]>();
  for (const canary of canaries)
    for (const form of new Set([canary.secret, JSON.stringify(canary.secret).slice(1, -1)])) {
      const bytes = Buffer.from(form);
      const key = bytes.readUInt32LE(0);
      wanted.set(key, [...(wanted.get(key) ?? []), { bytes, canary }]);
    }
  const found = new Map<Canary, Set<string>>();
  for (const { name, content } of contents)
    for (let at = 0; at + minLength <= content.length; at += 1)
      for (const { bytes, canary } of wanted.get(content.readUInt32LE(at)) ?? [])
        if (content.subarray(at, at + bytes.length).equals(bytes))
          found.set(canary, (found.get(canary) ?? new Set()).add(name));
  return found;
}

function report(
  all: readonly Canary[],
  long: readonly Canary[],
  before: Map<Canary, Set<string>>,
  after: Map<Canary, Set<string>>,
): void {
  const row = (name: string, group: PlantedForm['group'], isOurs: (canary: Canary) => boolean) => {
    const ours = long.filter((canary) => canary.group === group && isOurs(canary));
    const stay = ours.filter((canary) => after.has(canary)).length;
    return [
      group,
      name,
      `${ours.length}`,
      `${ours.filter((canary) => before.has(canary)).length}`,
      `${stay} (${((100 * stay) / ours.length).toFixed(1)} %)`,
    ];
  };
  printTable(
    `Planted secrets that stand whole in the data folder (${all.length - long.length} shorter than ${minLength} characters not looked for)`,
    ['secrets', 'planted in', 'planted', 'in the transcripts', 'in the data folder'],
    (['named', 'shape'] as const).flatMap((group) => [
      ...places.map(([place]) => row(place, group, (canary) => canary.place === place)),
      row('**all**', group, () => true),
    ]),
  );
  const forms = new Map<string, { count: number; where: Set<string> }>();
  for (const [{ form, kind }, where] of after) {
    const key = `${form}, ${kind}`;
    const entry = forms.get(key) ?? { count: 0, where: new Set<string>() };
    forms.set(key, { count: entry.count + 1, where: new Set([...entry.where, ...where]) });
  }
  const rows = [...forms].sort(([, a], [, b]) => b.count - a.count);
  printTable(
    'What stays, by form and kind of value',
    ['form', 'secrets', 'found'],
    rows.map(([form, { count, where }]) => [form, `${count}`, [...where].sort().join(', ')]),
  );
}
