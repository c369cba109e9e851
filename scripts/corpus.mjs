// `npm run corpus -- FOLDER [--kills N] [--seed N]`: imports any folder of transcripts into temporary memories, three
// times: by one process (and again, which must change nothing), by two at the same time, and by processes that are
// killed with SIGKILL at random moments until one finishes. All three must give the same rows and the same archive,
// with every byte stored or skipped for a reason. Prints counts, never text. The last line is one JSON object.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureModules } from './modules.mjs';
import { endChildrenWithUs, run } from './run.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { kills: { type: 'string', default: '12' }, seed: { type: 'string' } },
});
const [folder] = positionals;
if (!folder || !existsSync(folder)) {
  console.error('Usage: npm run corpus -- FOLDER [--kills N] [--seed N]');
  process.exit(2);
}
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const random = randomFrom(seed);
endChildrenWithUs();
if (!(await ensureModules())) process.exit(1);
if (!existsSync('dist/cli.js')) await run(process.execPath, ['esbuild.mjs']);

const work = mkdtempSync(join(tmpdir(), 'claude-mem-corpus-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));
const config = join(work, 'config');
mkdirSync(config);
// A config folder has its transcripts below projects/; any other folder is copied there.
const from = existsSync(join(folder, 'projects')) ? join(resolve(folder), 'projects') : resolve(folder);
cpSync(from, join(config, 'projects'), { recursive: true, preserveTimestamps: true });
const files = [...transcripts(config)];
const bytes = files.reduce((total, file) => total + statSync(file).size, 0);
let exceptions = 0;
let waits = 0;
const waiting = 'The memory is busy with a long task; waiting for it.\n';

const started = performance.now();
const alone = await importInto('alone');
const seconds = (performance.now() - started) / 1000;
const again = await importInto('alone');
// One becomes the keeper, the other uses it.
const [left, right] = await Promise.all([importInto('together'), importInto('together')]);
const killed = await importWithKills('killed', Number(values.kills));

const reports = {
  'one process': alone,
  'the same again': again,
  'two at once': left,
  'the other of the two': right,
  [`${killed.kills} kills`]: killed.report,
};
console.log(
  `${files.length} files, ${(bytes / 1e6).toFixed(1)} MB in ${seconds.toFixed(1)} s ` +
    `(${(bytes / 1e6 / seconds).toFixed(1)} MB/s); seed ${seed}\n`,
);
console.log(
  '| run | sessions | prompts | observations | bytes seen | archived files | archived bytes |\n|---|---|---|---|---|---|---|',
);
for (const [name, report] of Object.entries(reports)) console.log(`| ${name} | ${countsOf(report).join(' | ')} |`);
const { ledger } = alone;
console.log(`\nstored ${ledger.bytesStored}, passed over:`);
for (const [reason, each] of Object.entries(ledger.bytesSkipped).sort((a, b) => b[1] - a[1]))
  console.log(`  ${reason.padEnd(12)} ${String(each).padStart(12)} bytes  ${ledger.linesSkipped[reason]} lines`);
console.log(`secrets redacted: ${ledger.redactions} in rows, ${alone.archive.redactions} in archived lines`);
const packed = alone.archive.bytes / Math.max(1, alone.archive.plainBytes);
console.log(
  `archive: ${(alone.archive.bytes / 1e6).toFixed(1)} MB for ` +
    `${(alone.archive.plainBytes / 1e6).toFixed(1)} MB of lines (${packed.toFixed(3)})`,
);

const balanced = Object.values(reports).every(
  ({ ledger: each }) =>
    each.bytesSeen === bytes && each.bytesStored + sum(each.bytesSkipped) === bytes && each.files === files.length,
);
// The rows must be the same however the import ran: one more is a duplicate, one less a loss.
const doubles = Object.values(reports).reduce(
  (total, report) =>
    total + countsOf(report).reduce((all, count, index) => all + Math.abs(count - countsOf(alone)[index]), 0),
  0,
);
console.log(
  JSON.stringify({
    files: files.length,
    bytesSeen: ledger.bytesSeen,
    bytesStored: ledger.bytesStored,
    bytesSkipped: sum(ledger.bytesSkipped),
    doubles,
    exceptions,
    waits,
    balanced,
  }),
);
process.exitCode = balanced && doubles === 0 && exceptions === 0 ? 0 : 1;

/** The report of an import and its archive; undefined when it was killed. */
async function importInto(name, killAfterMs) {
  const data = ['--data-dir', join(work, name), '--json'];
  const report = await ask(['import', '--config-dir', config, ...data], killAfterMs);
  return report && { ...report, archive: (await ask(['status', ...data])).archive };
}

async function importWithKills(name, most) {
  for (let kills = 0; kills < most; kills++) {
    // Kills at any time from the start to a quarter of the whole import.
    const report = await importInto(name, 50 + random() * Math.max(600, (seconds * 1000) / 4));
    if (report) return { kills, report };
  }
  return { kills: most, report: await importInto(name) };
}

/** The JSON output of one command. A failure that was not caused by a kill is counted. */
function ask(args, killAfterMs) {
  return new Promise((done) => {
    const child = spawn(process.execPath, ['dist/cli.js', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    const output = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'])
      child[stream].setEncoding('utf8').on('data', (text) => (output[stream] += text));
    const timer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (signal === 'SIGKILL' && timer) return done(undefined);
      // On a busy machine one of two imports waits for the other, and says so.
      waits += output.stderr.split(waiting).length - 1;
      output.stderr = output.stderr.replaceAll(waiting, '');
      if (code === 0 && output.stderr === '') return done(JSON.parse(output.stdout));
      exceptions++;
      console.log(`${args[0]} ended with ${code ?? signal}: ${output.stderr}`);
      done(
        code === 0
          ? JSON.parse(output.stdout)
          : {
              sessions: NaN,
              prompts: NaN,
              observations: NaN,
              ledger: {
                files: NaN,
                bytesSeen: NaN,
                bytesStored: NaN,
                bytesSkipped: {},
                linesSkipped: {},
                redactions: NaN,
              },
              archive: {},
            },
      );
    });
  });
}

function countsOf({
  sessions,
  prompts,
  observations,
  ledger: { bytesSeen },
  archive: { files: archived, plainBytes },
}) {
  return [sessions, prompts, observations, bytesSeen, archived, plainBytes];
}

function sum(counts) {
  return Object.values(counts).reduce((total, each) => total + each, 0);
}

function* transcripts(at) {
  for (const entry of readdirSync(at, { withFileTypes: true })) {
    const path = join(at, entry.name);
    if (entry.isDirectory()) yield* transcripts(path);
    else if (entry.isFile() && entry.name.endsWith('.jsonl')) yield path;
  }
}

/** Reproducible numbers in [0, 1). */
function randomFrom(start) {
  let state = start >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
