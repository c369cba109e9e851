/** The generated history has the format of a real one, without which no test that uses it means anything. */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeDemoSessions } from '../scripts/demo-history/sessions.mjs';
import { createSession, slugOf } from '../scripts/demo-history/write-session.mjs';
import { makeHistory, sessionIdOf } from './fixtures/make-history';

interface Line {
  type: string;
  uuid?: string;
  parentUuid?: string | null;
  timestamp?: string;
  aiTitle?: string;
  message?: { id?: string; content: string | { type: string; id?: string; tool_use_id?: string }[] };
}

const now = Date.UTC(2026, 10, 22, 15);
let configDir = '';
beforeEach(() => {
  configDir = mkdtempSync(join(tmpdir(), 'claude-mem-history-'));
});
afterEach(() => rmSync(configDir, { recursive: true, force: true }));

function readLines(file: string): Line[] {
  const text = readFileSync(file, 'utf8');
  expect(text.endsWith('\n')).toBe(true);
  return text
    .trimEnd()
    .split('\n')
    .map((line): Line => JSON.parse(line));
}

/** Checks uuid chain, order and tool pairs as the client writes them. */
function expectRealForm(lines: Line[]): void {
  const uuids = new Set<string>();
  let at = '';
  const calls = new Set<string>();
  for (const { uuid, parentUuid, timestamp, message } of lines) {
    if (uuid === undefined) continue;
    expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(uuids).not.toContain(uuid);
    if (uuids.size > 0) expect(uuids).toContain(parentUuid);
    uuids.add(uuid);
    expect(timestamp! >= at).toBe(true);
    at = timestamp!;
    for (const block of Array.isArray(message?.content) ? message.content : []) {
      if (block.type === 'tool_use') calls.add(block.id!);
      if (block.type === 'tool_result') expect(calls.delete(block.tool_use_id!)).toBe(true);
    }
  }
  expect(calls.size).toBe(0);
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.jsonl'))
    .map((path) => join(folder, path));
}

describe('made histories', () => {
  it('the demo has eight marked sessions of two projects, all in the past week', () => {
    for (const session of makeDemoSessions(now)) session.save(configDir);
    const files = filesBelow(configDir);
    const main = files.filter((file) => !file.includes('subagents'));
    expect(main).toHaveLength(8);
    expect(readdirSync(join(configDir, 'projects'))).toHaveLength(2);
    for (const file of files) {
      const lines = readLines(file);
      expectRealForm(lines);
      for (const { timestamp } of lines)
        if (timestamp) expect(Date.parse(timestamp)).toBeGreaterThan(now - 8 * 86_400_000);
      for (const { timestamp } of lines) if (timestamp) expect(Date.parse(timestamp)).toBeLessThan(now);
    }
    for (const file of main)
      expect(readLines(file).filter(({ aiTitle }) => aiTitle?.startsWith('Demo: '))).toHaveLength(1);
  });

  it('a test history has the asked number of sessions', () => {
    makeHistory(configDir, { workspace: '/home/someone/meadow', now, extra: 210, isHostile: true });
    const files = filesBelow(configDir);
    expect(files.filter((file) => !file.includes('subagents'))).toHaveLength(217);
    for (const file of files) expectRealForm(readLines(file));
  });

  it('appends only what is new', () => {
    const session = createSession({ id: sessionIdOf(1), cwd: '/home/someone/meadow', startedAt: now }).prompt('one');
    const file = session.save(configDir);
    expect(file).toBe(join(configDir, 'projects', slugOf('/home/someone/meadow'), `${sessionIdOf(1)}.jsonl`));
    expect(session.prompt('two').takeNew().trim().split('\n')).toHaveLength(1);
    expect(session.takeNew()).toBe('');
  });
});
