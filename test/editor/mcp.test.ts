/** Claude Code is told of the memory from the palette, and what it was told to start answers it. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { beforeAll, expect, it } from 'vitest';
import { makeHistory } from '../fixtures/make-history';
import { keepEditor, openEditor } from './support/editor';
import type { Editor } from './support/editor';
import { makeEnv, makeProfile } from './support/profile';
import type { Profile } from './support/profile';
import { until } from './support/until';

let profile: Profile;
let editor: Editor;
let told: string;
keepEditor(() => editor);

beforeAll(async () => {
  profile = makeProfile();
  makeHistory(profile.configDir, { workspace: profile.workspace, now: Date.now() });
  // Stands for Claude Code's own program: notes each argument on a line.
  told = join(profile.dir, 'told');
  // Where its installer puts it: the editor takes its PATH from a login shell.
  const bin = join(profile.home, '.local/bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(
    join(bin, 'claude'),
    `#!/bin/sh\n(for each in "$@"; do echo "$each"; done) > '${told}.new' && mv '${told}.new' '${told}'\n`,
    {
      mode: 0o755,
    },
  );
  editor = await openEditor(profile);
});

/** The arguments that the program got. */
async function run(command: string, answers: () => Promise<void> = async () => {}): Promise<string[]> {
  rmSync(told, { force: true });
  await editor.workbench.runCommand(command);
  await answers();
  await editor.workbench.dialog.filter({ hasText: 'claude mcp' }).waitFor();
  await editor.workbench.dialog.getByRole('button', { name: 'Run', exact: true }).click();
  await until(() => Promise.resolve(existsSync(told)), { what: 'the program to be run' });
  return readFileSync(told, 'utf8').trim().split('\n');
}

it('shows the command and runs it; what it names answers as an MCP server for its folder', async () => {
  const args = await run('Claude-Mem: Let Claude Code Ask This Memory', async () => {
    const row = editor.workbench.quickRows.filter({ hasText: 'Ask only' });
    await row.waitFor();
    await editor.screenshot('mcp-rights');
    await row.click();
  });
  expect(args.slice(0, 5)).toEqual(['mcp', 'add', '--scope', 'user', 'claude-mem-vscode']);
  await editor.workbench.toasts.filter({ hasText: 'from its next session on' }).waitFor();
  const [command = '', ...rest] = args.slice(args.indexOf('--') + 1);
  const text = await search(command, rest);
  expect(text).toMatch(/^<claude-mem-memory>\nQuoted from earlier sessions/);
  expect(text).toMatch(/\d+ match in /);
});

it('takes it back', async () => {
  const args = await run('Claude-Mem: Stop Claude Code Asking This Memory');
  expect(args).toEqual(['mcp', 'remove', '--scope', 'user', 'claude-mem-vscode']);
  await (await editor.workbench.listNotices()).filter({ hasText: 'no longer asks this memory' }).waitFor();
});

/** Asks as a client that knows nothing but the command. */
async function search(command: string, args: readonly string[]): Promise<string> {
  const child = spawn(command, args, {
    cwd: profile.workspace,
    env: { ...makeEnv(profile), CLAUDE_PROJECT_DIR: '' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const answers = createInterface(child.stdout)[Symbol.asyncIterator]();
  const ask = async (id: number, method: string, params: object) => {
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    const { value } = (await answers.next()) as { value: string };
    return (JSON.parse(value) as { result: { content?: { text: string }[] } }).result;
  };
  const clientInfo = { name: 'a test', version: '1' };
  await ask(1, 'initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo });
  const { content } = await ask(2, 'tools/call', { name: 'search', arguments: { query: 'is:error' } });
  child.stdin.end();
  return content?.[0]?.text ?? '';
}
