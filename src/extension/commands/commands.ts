/** All commands, and the only place where their errors become messages. */
import { Disposable, commands } from 'vscode';
import { commandIds } from '../contributions';
import { logError } from '../log';
import { showProblem } from '../messages';
import type { Parts } from '../parts';
import { basketCommands } from './basket';
import { cardCommands } from './cards';
import { careCommands } from './care';
import type { CommandName, Run } from './command';
import { findCommands } from './find';
import { giveCommands } from './give';
import { learningCommands } from './learnings';
import { modelCommands } from './models';
import { sessionCommands } from './sessions';
import { viewCommands } from './views';

/** The type makes this complete: a command of the manifest without a function here does not compile. */
const all: Readonly<Record<CommandName, Run>> = {
  ...viewCommands,
  ...findCommands,
  ...sessionCommands,
  ...learningCommands,
  ...modelCommands,
  ...cardCommands,
  ...careCommands,
  ...giveCommands,
  ...basketCommands,
};

export function registerCommands(parts: Parts): Disposable {
  const names = Object.keys(all) as CommandName[];
  return Disposable.from(
    ...names.map((name) =>
      commands.registerCommand(commandIds[name], (...args: unknown[]) => runCommand(name, parts, args)),
    ),
  );
}

async function runCommand(name: CommandName, parts: Parts, args: unknown[]): Promise<void> {
  try {
    await all[name](parts, ...args);
  } catch (error) {
    logError(parts.log, commandIds[name], error);
    // Not awaited: an open message would keep the command running for callers that wait for it.
    void showProblem(error, () => runCommand(name, parts, args));
  }
}
