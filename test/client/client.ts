/** Runs a real client with a home of its own, an environment of its own, and the scripted API. */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { clientCommand } from '../../scripts/clients.mjs';

export interface ClientRun {
  code: number | null;
  out: string;
  error: string;
}

export interface ClientHome {
  version: string;
  home: string;
  workDir: string;
  apiUrl: string;
}

export const configDirOf = (home: string): string => path.join(home, '.claude');

/** Longer than any start of a client on a busy machine; the test's own limit ends it before. */
const maxRunMs = 55_000;

export function runClient({ version, home, workDir, apiUrl }: ClientHome, args: readonly string[]): Promise<ClientRun> {
  const command = clientCommand(version);
  if (!command) throw new Error(`Claude Code ${version} is not set up: npm test -- client`);
  mkdirSync(home, { recursive: true });
  mkdirSync(workDir, { recursive: true });
  const child = spawn(command[0] ?? '', [...command.slice(1), ...args], {
    cwd: workDir,
    // Nothing of the person's environment: no key, no settings, no proxy.
    env: {
      HOME: home,
      PATH: `${path.dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
      LANG: 'C.UTF-8',
      SHELL: '/bin/sh',
      ANTHROPIC_API_KEY: 'scripted',
      ANTHROPIC_BASE_URL: apiUrl,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_AUTOUPDATER: '1',
      DISABLE_ERROR_REPORTING: '1',
      DISABLE_TELEMETRY: '1',
      // Old clients refuse to work for root otherwise.
      IS_SANDBOX: '1',
      CLAUDE_MEM_HOOK_MS: '20000',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const run: ClientRun = { code: null, out: '', error: '' };
  child.stdout.on('data', (text: Buffer) => (run.out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (run.error += text.toString()));
  const timer = setTimeout(() => child.kill('SIGKILL'), maxRunMs);
  return new Promise((resolve) =>
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ ...run, code });
    }),
  );
}

/** Lines of all transcripts that the client has written. */
export function transcriptLines(home: string): string[] {
  const folder = path.join(configDirOf(home), 'projects');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.jsonl'))
    .flatMap((name) => readFileSync(path.join(folder, name), 'utf8').split('\n'))
    .filter((line) => line !== '');
}
