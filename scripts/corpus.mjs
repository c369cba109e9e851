// `npm run corpus -- FOLDER`: imports any folder of transcripts into a throw-away memory, three times, and checks the
// ledger: every byte stored or skipped with a reason, no row twice, no exception. Last line: one JSON object.
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const folder = process.argv[2];
if (!folder || !existsSync(folder)) {
  console.error('Usage: npm run corpus -- FOLDER');
  process.exit(2);
}
if (!existsSync('dist/cli.js')) {
  const { stdout } = await run(process.execPath, ['esbuild.mjs']);
  console.log(stdout);
}

const work = mkdtempSync(join(tmpdir(), 'claude-mem-corpus-'));
const config = join(work, 'config');
const data = join(work, 'data');
mkdirSync(config);
// A config folder keeps its transcripts below projects/; any other folder is laid there as it is.
const from = existsSync(join(folder, 'projects')) ? join(resolve(folder), 'projects') : resolve(folder);
cpSync(from, join(config, 'projects'), { recursive: true, preserveTimestamps: true });

function* transcripts(at) {
  for (const entry of readdirSync(at, { withFileTypes: true })) {
    const path = join(at, entry.name);
    if (entry.isDirectory()) yield* transcripts(path);
    else if (entry.isFile() && entry.name.endsWith('.jsonl')) yield path;
  }
}
const files = [...transcripts(config)];
const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);

let exceptions = 0;
const importAll = async () => {
  try {
    const { stdout, stderr } = await run(process.execPath, ['dist/cli.js', 'import', '--config-dir', config, '--data-dir', data, '--json'], { maxBuffer: 64 << 20 });
    if (stderr) {
      exceptions++;
      console.log(stderr);
    }
    return JSON.parse(stdout);
  } catch (error) {
    exceptions++;
    console.log(error.stderr ?? error.message);
    return undefined;
  }
};
const rows = (report) => report && report.sessions + report.prompts + report.observations;

const started = performance.now();
const first = await importAll();
const seconds = (performance.now() - started) / 1000;
const again = await importAll();
// Two at once: one becomes the keeper, the other asks it.
const [left, right] = await Promise.all([importAll(), importAll()]);
const doubles = [again, left, right].reduce((sum, report) => sum + Math.abs((rows(report) ?? NaN) - rows(first)), 0);
const { ledger } = first;
const skipped = Object.values(ledger.bytesSkipped).reduce((sum, each) => sum + each, 0);
const balanced = ledger.bytesSeen === bytes && ledger.bytesStored + skipped === bytes && ledger.files === files.length;

console.log(`${files.length} files, ${(bytes / 1e6).toFixed(1)} MB in ${seconds.toFixed(1)} s: ${first.sessions} sessions, ${first.prompts} prompts, ${first.observations} observations`);
console.log(`stored ${ledger.bytesStored}, passed over:`);
for (const [reason, each] of Object.entries(ledger.bytesSkipped).sort((a, b) => b[1] - a[1])) console.log(`  ${reason.padEnd(12)} ${String(each).padStart(12)} bytes  ${ledger.linesSkipped[reason]} lines`);
console.log(`secrets redacted: ${ledger.redactions}`);
rmSync(work, { recursive: true, force: true });
console.log(JSON.stringify({ files: files.length, bytesSeen: ledger.bytesSeen, bytesStored: ledger.bytesStored, bytesSkipped: skipped, doubles, exceptions, balanced }));
process.exitCode = balanced && doubles === 0 && exceptions === 0 ? 0 : 1;
