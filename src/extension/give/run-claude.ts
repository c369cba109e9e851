/** Claude Code's own program, run where a person sees it. */
import { ProgressLocation, env, l10n, window } from 'vscode';
import { findProgram, runProgram } from '../../hook/install/claude-program';
import type { ProgramEnd } from '../../hook/install/claude-program';
import { commandLine } from '../../hook/install/mcp-command';
import { MemoryError } from '../../protocol/errors';
import { firstLetters } from '../../protocol/text';
import { plain } from '../format';

const longestWords = 400;

/** As they are written in a shell, one a line. */
export const commandLines = (commands: readonly (readonly string[])[]): string =>
  commands.map((args) => commandLine(args)).join('\n');

/** Undefined when it is not there; then the person can copy the commands and run them elsewhere. */
export async function programFor(...commands: (readonly string[])[]): Promise<string | undefined> {
  const program = await findProgram('claude');
  if (program !== undefined) return program;
  const copy = l10n.t('Copy Command');
  const chosen = await window.showWarningMessage(
    l10n.t('The program “claude” was not found on the PATH. This can be run where it is:'),
    { modal: true, detail: commandLines(commands) },
    copy,
  );
  if (chosen === copy) await env.clipboard.writeText(commandLines(commands));
  return undefined;
}

export const run = (program: string, args: readonly string[]): Thenable<ProgramEnd> =>
  window.withProgress({ location: ProgressLocation.Notification, title: l10n.t('Asking Claude Code…') }, () =>
    runProgram(program, args),
  );

/** @throws MemoryError with what the program said */
export function check({ code, text }: ProgramEnd): void {
  if (code !== 0)
    throw new MemoryError('internal', l10n.t('Claude Code refused: {0}', plain(firstLetters(text, longestWords))));
}
