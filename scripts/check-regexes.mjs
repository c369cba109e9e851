// `node scripts/check-regexes.mjs [--all] [--write]`: which regular expressions of the product can take more than linear
// time. Transcripts are not trusted: one line that keeps a pattern busy would stop the keeper, and every window with it.
// Judged by recheck, once for each pattern: scripts/regexes.json remembers those that are safe, and why others may stay.
// `--write` brings that file up to date, `--all` judges anew what it calls safe.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { check } from 'recheck';
import { root } from './run.mjs';

const recordFile = join(root, 'scripts/regexes.json');
/** Milliseconds for one pattern: first by its automaton, and when that grows too large, by trying attacks. */
const usual = { provingMs: 3000, attackingMs: 8000 };

/** Literals, and templates of `regex` (src/core/lib/regex.ts), with their places. */
export function findRegexes(path, text) {
  const found = [];
  const lineOf = (offset) => text.slice(0, offset).split('\n').length;
  const add = (node, pattern, flags) => found.push({ at: `${path}:${lineOf(node.start)}`, pattern, flags });
  visit(parseSync(path, text).program, (node) => {
    if (node.type === 'Literal' && node.regex) add(node, node.regex.pattern, node.regex.flags);
    if (node.type === 'TaggedTemplateExpression' && node.tag.callee?.name === 'regex') {
      const raw = node.quasi.quasis.map((piece) => piece.value.raw).join('');
      add(node, raw.replace(/\s*\n\s*/g, ''), node.tag.arguments[0]?.value ?? '');
    }
  });
  return found;
}

function visit(node, see) {
  if (Array.isArray(node)) for (const each of node) visit(each, see);
  else if (node && typeof node === 'object') {
    see(node);
    for (const each of Object.values(node)) visit(each, see);
  }
}

/** What speaks against a pattern; undefined when it is safe. */
export async function judgeRegex({ pattern, flags }, { provingMs, attackingMs } = usual) {
  // Flags that change nothing about the time, and that recheck does not know.
  const known = flags.replace('v', 'u').replace('d', '');
  let judged = await check(pattern, known, { timeout: provingMs });
  if (judged.status === 'unknown') judged = await check(pattern, known, { timeout: attackingMs, checker: 'fuzz' });
  if (judged.status === 'safe') return undefined;
  if (judged.status === 'unknown') return 'cannot be judged in time';
  return `${judged.complexity.summary}, for example ${judged.attack.pattern}`;
}

export const nameOf = ({ pattern, flags }) =>
  createHash('sha256').update(`${flags}/${pattern}`).digest('hex').slice(0, 16);

function* sourcesIn(folder) {
  for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
    const path = relative(root, join(entry.parentPath, entry.name)).replaceAll(sep, '/');
    if (entry.isFile() && /\.tsx?$/.test(path) && !/\.test\.|\/fake-/.test(path)) yield path;
  }
}

/** Complaints about patterns that are neither safe nor exempt with a reason, and about what the record has in vain. */
export async function checkRegexes({ isAll = false, isWriting = false } = {}) {
  const record = JSON.parse(readFileSync(recordFile, 'utf8'));
  const found = ['src', 'webview']
    .flatMap((folder) => [...sourcesIn(folder)])
    .flatMap((path) => findRegexes(path, readFileSync(join(root, path), 'utf8')));
  const regexes = new Map(found.map((regex) => [nameOf(regex), regex]));
  const safe = new Set(record.safe);
  const exempt = new Map(record.exempt.map((each) => [each.id, each]));
  const open = [...regexes].filter(([id]) => !exempt.has(id) && (isAll || !safe.has(id)));
  const complaints = [];
  const judgeNext = async () => {
    for (let next = open.shift(); next; next = open.shift()) {
      const [id, regex] = next;
      const against = await judgeRegex(regex);
      if (against === undefined) safe.add(id);
      else complaints.push(`${regex.at} (${id}): ${against}`);
    }
  };
  await Promise.all([judgeNext(), judgeNext()]);
  for (const { id, pattern } of record.exempt)
    if (!regexes.has(id)) complaints.push(`exempt, but nowhere: ${id} ${pattern}`);
  if (isWriting) {
    const kept = [...safe].filter((id) => regexes.has(id)).toSorted((one, other) => one.localeCompare(other));
    writeFileSync(recordFile, `${JSON.stringify({ ...record, safe: kept }, null, 2)}\n`);
  }
  return complaints;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const complaints = await checkRegexes({
    isAll: process.argv.includes('--all'),
    isWriting: process.argv.includes('--write'),
  });
  for (const complaint of complaints) console.log(complaint);
  process.exitCode = complaints.length > 0 ? 1 : 0;
}
