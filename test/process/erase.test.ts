/** Erasing and scanning again with real processes that are killed at every step. Uses the built keeper. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ReceiptBody } from '../../src/protocol/erase';
import { loadEngine } from '../fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../fixtures/transcript-lines';
import { prepareDesk } from './windows';
import type { Desk } from './windows';

let desk: Desk;
beforeEach(async () => {
  desk = await prepareDesk();
});
afterEach(() => desk.clear());

const word = 'wombatquuxery';
const sessions = 8;
const inData = (...parts: string[]) => path.join(desk.dataDir, ...parts);
const config = () => path.join(desk.dataDir, '..', 'config');
const cli = (...args: string[]) =>
  execFileSync(process.execPath, ['dist/cli.js', ...args, '--data-dir', desk.dataDir], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, HOME: desk.dataDir, CLAUDE_CONFIG_DIR: '' },
  });

async function remember(): Promise<void> {
  for (let count = 1; count <= sessions; count++) {
    const transcript = new Transcript(sessionId(count));
    for (let turn = 0; turn < 4; turn++) {
      transcript.prompt(`what about ${word} number ${count} ${turn}`);
      transcript.tool('Bash', { command: `cat ${word}` }, `${word} ${count} ${turn} `.repeat(200));
      transcript.prompt(`something that stays, number ${count} ${turn}`);
    }
    await writeTranscript(config(), sessionId(count), transcript);
  }
  cli('import', '--config-dir', config());
}

/** Files that hold the word, packed ones and blocks of archives unpacked. The rules of a person's own are none. */
async function holding(): Promise<string[]> {
  const has = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1').toLowerCase().includes(word.slice(5));
  const files = readdirSync(desk.dataDir, { recursive: true, encoding: 'utf8' }).filter(
    (name) => statSync(inData(name)).isFile() && name !== 'redaction.json',
  );
  const found = files.filter((name) => {
    const bytes = readFileSync(inData(name));
    return has(name.endsWith('.gz') ? gunzipSync(bytes) : bytes);
  });
  // The last: opening one takes its journal in.
  const engine = await loadEngine();
  for (const name of files.filter((each) => path.basename(each) === 'archive.db')) {
    const archive = engine.openFile(inData(name), { isMasked: name === 'archive.db' });
    const blocks = archive.all<{ packed: Uint8Array }>('SELECT packed FROM blocks');
    if (blocks.some(({ packed }) => has(brotliDecompressSync(packed)))) found.push(`${name}, unpacked`);
    archive.close();
  }
  return found;
}

/** Signs of progress: each round kills after the next one, and not after a time. */
const marks: readonly [string, () => boolean][] = [
  ['at once', () => true],
  ['after the marks were written', () => existsSync(inData('erased.jsonl'))],
  ['while a backup is made', () => backupsNow().some((name) => name.endsWith('.tmp'))],
  ['after the new backup', () => backupsNow().filter((name) => name.endsWith('.json') && name !== first).length > 0],
];
const backupsNow = () => (existsSync(inData('backups')) ? readdirSync(inData('backups')) : []);
let first = '';

it.each(marks)(
  'an erasure that is killed %s is finished by the next keeper, or was never begun',
  { timeout: 240_000 },
  async (_, isThere) => {
    await remember();
    const window = await desk.open();
    first = `${(await window.ask('backup first')) as string}.json`;
    expect((await holding()).length).toBeGreaterThan(1);
    window.send(`erase ${word}/the-request`);
    for (const until = Date.now() + 15_000; !isThere() && Date.now() < until;)
      await new Promise((resolve) => setImmediate(resolve));
    await window.kill();
    const next = await desk.open();
    // The head repeats its call on the next keeper, as it does in life.
    const receipt = (await next.ask(`erase ${word}/the-request`)) as ReceiptBody;
    expect(receipt).toMatchObject({ residue: 0, erased: { prompts: sessions * 4, observations: sessions * 4 } });
    expect(await next.ask(`find ${word}`)).toBe(0);
    expect((await next.ask('audit')) as object).toMatchObject({
      check: { changed: [], isCut: false, isOtherKey: false },
    });
    await next.kill();
    expect(await holding()).toEqual([]);
    // Read again from the beginning, none of it comes back.
    cli('import', '--config-dir', config());
    expect(await holding()).toEqual([]);
    expect(JSON.parse(cli('search', '--json', '"something that stays"'))).toMatchObject({ total: sessions });
    expect(cli('receipts')).toContain('0 left');
    cli('receipts', '--verify');
    cli('audit', '--verify');
  },
);

it('an erasure that nobody asks for again is finished too', { timeout: 240_000 }, async () => {
  await remember();
  const window = await desk.open();
  await window.ask('backup first');
  window.send(`erase ${word}/the-request`);
  for (const until = Date.now() + 15_000; !existsSync(inData('erased.jsonl')) && Date.now() < until;)
    await new Promise((resolve) => setImmediate(resolve));
  await window.kill();
  const next = await desk.open();
  const receipts = async () => ((await next.ask('receipts')) as unknown[]).length;
  for (const until = Date.now() + 30_000; (await receipts()) === 0 && Date.now() < until;);
  expect(await receipts()).toBe(1);
  await next.kill();
  expect(await holding()).toEqual([]);
});

it.each([
  ['while texts are scanned', () => true],
  ['while a backup is made', () => backupsNow().some((name) => name.endsWith('.tmp'))],
])(
  'a scan by newer rules that is killed %s loses nothing, and another one finishes it',
  { timeout: 240_000 },
  async (_, isThere) => {
    await remember();
    const window = await desk.open();
    await window.ask('backup first');
    await window.ask(`rules ${word}`);
    window.send('scan one');
    for (const until = Date.now() + 15_000; !isThere() && Date.now() < until;)
      await new Promise((resolve) => setImmediate(resolve));
    await window.kill();
    const next = await desk.open();
    expect((await next.ask('status')) as object).toMatchObject({ sessions });
    await next.ask('scan two');
    expect(await next.ask(`find ${word}`)).toBe(0);
    await next.kill();
    expect(await holding()).toEqual([]);
    expect(JSON.parse(cli('search', '--json', '"something that stays"'))).toMatchObject({ total: sessions });
  },
);

it('the command line shows first what would go, and asks', { timeout: 240_000 }, async () => {
  await remember();
  const codeOf = (...args: string[]): number => {
    try {
      cli(...args);
      return 0;
    } catch (error) {
      return (error as { status: number }).status;
    }
  };
  expect(cli('erase', '--query', `${word} 3`, '--dry-run')).toContain(`in ${sessions} sessions`);
  expect(
    JSON.parse(cli('erase', '--since', '2026-11-20', '--until', '2026-11-21', '--dry-run', '--json')),
  ).toMatchObject({
    sessions,
  });
  expect(codeOf('erase')).toBe(2);
  expect(codeOf('erase', '--query', word)).toBe(2);
  expect(codeOf('erase', '--query', word, '--row', 'p1')).toBe(2);
  expect(codeOf('erase', '--query', 'nothinghasthis', '--yes')).toBe(3);
  expect(codeOf('erase', '--turn', 'nonsense', '--yes')).toBe(2);
  expect(JSON.parse(cli('erase', '--turn', `${sessionId(1)}#1`, '--yes', '--json'))).toMatchObject({
    body: { residue: 0 },
  });
  expect(cli('erase', '--session', sessionId(2), '--yes')).toContain('forgotten');
  const entries = cli('audit', '--json', '--who', 'cli')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { action: string; resource: string });
  expect(entries.map(({ action }) => action)).toEqual(expect.arrayContaining(['import', 'erase', 'forget']));
  expect(JSON.stringify(entries)).not.toContain(word);
  cli('audit', '--verify');
});
