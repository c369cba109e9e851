/**
 * `dist/hook.cjs`, copied beside the launcher: what the hooks of Claude Code run. Prints one JSON or nothing, and ends
 * well whatever happens, because a hook that fails is shown to the person, and one that ends with 2 stops the prompt.
 */
import path from 'node:path';
import type { GiveApi } from '../protocol/questions/give';
import { isGivenBySettings } from './by-settings';
import { outputOf } from './give';
import type { Giving } from './give';
import { readInput } from './input';
import { promptContext } from './prompt';
import type { Ask } from './prompt';
import { sessionStart } from './session-start';

declare const __dirname: string;

/** From the start of the process until a prompt goes on without memory. */
const givenMs = Number(process.env['CLAUDE_MEM_HOOK_MS']);
const promptMs = givenMs || 300;
const startMs = 3000;
/** What is done after the text is on its way: notes only. */
const afterwardsMs = givenMs || 500;

const leave = (): never => process.exit(0);
process.on('uncaughtException', leave);
process.on('unhandledRejection', leave);
process.stdout.on('error', leave);

async function main(word: string | undefined, dataDir: string): Promise<void> {
  const mostMs = word === 'prompt' ? promptMs : startMs;
  const leftMs = Math.max(0, mostMs - process.uptime() * 1000);
  const overdue = setTimeout(leave, leftMs);
  if (word !== 'prompt' && word !== 'session-start') return;
  if (await isGivenBySettings(dataDir, process.env)) return;
  const input = await readInput(process.stdin, leftMs / 2);
  if (!input) return;
  const giving =
    word === 'prompt'
      ? await promptContext(dataDir, input, askerOf(dataDir))
      : await sessionStart(dataDir, input, Date.now());
  if (!giving) return;
  // What has begun to be printed is printed whole.
  clearTimeout(overdue);
  setTimeout(leave, afterwardsMs);
  await print(giving);
  await giving.afterwards();
}

const print = (giving: Giving): Promise<void> =>
  new Promise((resolve) => process.stdout.write(outputOf(giving), () => resolve()));

/** What asks the keeper is loaded by prompts only: a session starts without it. Both questions go over one connection. */
function askerOf(dataDir: string): Ask {
  let finding: Promise<GiveApi | undefined> | undefined;
  return async (ask) => {
    finding ??= import('./ask-keeper').then(({ findKeeper }) => findKeeper(dataDir));
    const keeper = await finding;
    return keeper && ask(keeper).catch(() => undefined);
  };
}

void main(process.argv[2], process.argv[3] ?? path.dirname(__dirname)).finally(leave);
