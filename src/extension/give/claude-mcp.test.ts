/** Telling Claude Code of the server, with a stand-in for its program: nothing runs that was not shown and confirmed. */
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Parts } from '../parts';
import { addToClaude, removeFromClaude } from './claude-mcp';

const editor = vi.hoisted(() => ({
  pick: 0,
  isSure: true,
  chosen: undefined as string | undefined,
  questions: [] as string[],
  notices: [] as string[],
  copied: '',
}));
vi.mock('vscode', () => ({
  ProgressLocation: { Notification: 15 },
  env: { language: 'en', clipboard: { writeText: async (text: string) => void (editor.copied = text) } },
  l10n: {
    t: (text: string, ...args: unknown[]) =>
      text.replace(/\{(\d)\}/g, (_, index: string) => String(args[Number(index)])),
  },
  window: {
    showQuickPick: async (items: unknown[]) => items[editor.pick],
    showWarningMessage: async (question: string, { detail }: { detail: string }, yes: string) => {
      editor.questions.push(`${question}\n${detail}`);
      return editor.isSure ? yes : undefined;
    },
    showInformationMessage: async (text: string) => {
      editor.notices.push(text);
      return editor.chosen;
    },
    withProgress: async (_options: object, work: () => Promise<unknown>) => work(),
  },
}));

let folder: string;
let ran: string;
beforeEach(async () => {
  Object.assign(editor, { pick: 0, isSure: true, chosen: undefined, questions: [], notices: [], copied: '' });
  folder = await mkdtemp(path.join(tmpdir(), 'claude-mem-add-'));
  ran = path.join(folder, 'ran');
  // A home without the usual folders of installers.
  vi.stubEnv('HOME', folder);
  vi.stubEnv('PATH', `${folder}:/bin:/usr/bin`);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

/** Notes what it is asked; knows one server, as the real one does. */
async function putClaude(isKnown: boolean): Promise<void> {
  const known = path.join(folder, 'known');
  if (isKnown) await writeFile(known, '');
  const program = path.join(folder, 'claude');
  await writeFile(
    program,
    `#!/bin/sh
echo "$*" >> '${ran}'
case "$2" in
add) if [ -e '${known}' ]; then echo "MCP server claude-mem-vscode already exists in user config" >&2; exit 1; fi; : > '${known}' ;;
remove) if [ ! -e '${known}' ]; then echo 'No MCP server named "claude-mem-vscode" in user scope' >&2; exit 1; fi; rm '${known}' ;;
esac
`,
  );
  await chmod(program, 0o755);
}
const commands = async () => (await readFile(ran, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
const parts = (): Parts =>
  ({ extension: { extensionPath: '/ext/claude-mem' }, memory: { dataDir: folder } }) as unknown as Parts;

it('shows the whole command line, then runs exactly that', async () => {
  await putClaude(false);
  await addToClaude(parts());
  const [command] = await commands();
  expect(command).toMatch(/^mcp add --scope user claude-mem-vscode -- \S*node\S* \S+mcp-server\.cjs$/);
  expect(editor.questions).toEqual([expect.stringContaining(`claude ${command}`)]);
  expect(editor.notices).toEqual([expect.stringContaining('from its next session on')]);
});

it('lets it write only where that was chosen, and runs nothing that was not confirmed', async () => {
  await putClaude(false);
  Object.assign(editor, { pick: 1, isSure: false });
  await addToClaude(parts());
  expect(editor.questions.join('')).toContain('--allow-writes');
  expect(await commands()).toEqual([]);
  editor.pick = 7;
  await addToClaude(parts());
  expect(editor.questions).toHaveLength(1);
});

it('says that it is there already, and sets it up again only when that is chosen', async () => {
  await putClaude(true);
  await addToClaude(parts());
  expect(editor.notices).toEqual(['Claude Code knows this memory already. Nothing was changed.']);
  expect(await commands()).toHaveLength(1);
  editor.chosen = 'Set Up Again';
  await addToClaude(parts());
  expect((await commands()).slice(2)).toEqual([
    'mcp remove --scope user claude-mem-vscode',
    expect.stringMatching(/^mcp add /),
  ]);
});

it('removes it, and says when there was nothing to remove', async () => {
  await putClaude(true);
  await removeFromClaude();
  await removeFromClaude();
  expect(editor.questions[0]).toContain('claude mcp remove --scope user claude-mem-vscode');
  expect(editor.notices).toEqual([
    'Claude Code no longer asks this memory, from its next session on.',
    'Claude Code does not know this memory. Nothing was changed.',
  ]);
});

it('offers the command line to copy when there is no such program', async () => {
  vi.stubEnv('PATH', path.join(folder, 'nothing'));
  await addToClaude(parts());
  expect(editor.questions).toEqual([expect.stringContaining('was not found on the PATH')]);
  expect(editor.copied).toMatch(/^claude mcp add --scope user claude-mem-vscode /);
});

it('tells what the program said when it refused', async () => {
  await putClaude(false);
  await writeFile(path.join(folder, 'claude'), '#!/bin/sh\necho "unknown option"\nexit 1\n');
  await expect(addToClaude(parts())).rejects.toThrow('Claude Code refused: unknown option');
});
