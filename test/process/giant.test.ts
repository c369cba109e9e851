/**
 * Input that breaks other readers: a line of 100 MB, and a file far larger than the allowed memory. Uses the built
 * command line.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImportReport } from '../../src/protocol/status';
import { Transcript, sessionId, writeTranscript } from '../fixtures/transcript-lines';

const mebibyte = 1 << 20;
const maxMemory = 300 * mebibyte;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'claude-mem-giant-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Imports in a process of its own, which reports its peak memory. */
async function importAll(): Promise<{ report: ImportReport; peakBytes: number }> {
  const meter = path.join(folder, 'meter.cjs');
  await writeFile(meter, "process.on('exit', () => process.stderr.write('peak ' + process.resourceUsage().maxRSS));");
  const child = spawn(
    process.execPath,
    [
      '--require',
      meter,
      'dist/cli.js',
      'import',
      '--config-dir',
      path.join(folder, 'config'),
      '--data-dir',
      path.join(folder, 'data'),
      '--json',
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const read = async (stream: NodeJS.ReadableStream) => {
    let text = '';
    for await (const piece of stream) text += String(piece);
    return text;
  };
  const [stdout, stderr] = await Promise.all([read(child.stdout), read(child.stderr)]);
  return { report: JSON.parse(stdout) as ImportReport, peakBytes: Number(/peak (\d+)/.exec(stderr)?.[1]) * 1024 };
}

describe('a giant', () => {
  it('line of 100 MB is counted, not held: what stands around it is kept', async () => {
    const transcript = new Transcript(sessionId(1));
    transcript.prompt('before the giant');
    const file = await writeTranscript(path.join(folder, 'config'), sessionId(1), transcript);
    const handle = await open(file, 'a');
    const giant = transcript.prompt('');
    const [head = '', tail = ''] = JSON.stringify(giant).split('"content":""');
    await handle.write(`${head}"content":"`);
    for (let written = 0; written < 100; written++) await handle.write('y'.repeat(mebibyte));
    await handle.write(`"${tail}\n${JSON.stringify(transcript.prompt('after the giant'))}\n`);
    await handle.close();
    const { report, peakBytes } = await importAll();
    expect(report.prompts).toBe(2);
    expect(report.ledger.linesSkipped).toEqual({ too_long: 1 });
    expect(peakBytes).toBeGreaterThan(10 * mebibyte);
    expect(peakBytes).toBeLessThan(maxMemory);
  });

  it('file without a single line break is waited for, not read whole', async () => {
    const file = await writeTranscript(path.join(folder, 'config'), sessionId(2), '');
    const handle = await open(file, 'a');
    // A sparse file: half a gigabyte of NULs that takes no disk space.
    await handle.truncate(512 * mebibyte);
    await handle.close();
    const { report, peakBytes } = await importAll();
    expect(report.ledger.bytesSkipped).toEqual({ incomplete: 512 * mebibyte });
    expect(peakBytes).toBeLessThan(maxMemory);
  });
});
