/** Tells Claude Code of the MCP server, and takes that back: by its own program, with the arguments shown before. */
import { l10n, window } from 'vscode';
import { addArguments, commandLine, isNotThere, isThereAlready, removeArguments } from '../../hook/install/mcp-command';
import { confirm } from '../care/confirm';
import type { Parts } from '../parts';
import { lasting } from '../pick/lasting';
import { launcherProgram, writeLauncher } from './mcp-launcher';
import { check, programFor, run } from './run-claude';

export async function addToClaude({ extension, memory }: Parts): Promise<void> {
  const mayWrite = await pickRights();
  if (mayWrite === undefined) return;
  const launcher = await writeLauncher({ dataDir: memory.dataDir, extensionDir: extension.extensionPath });
  const args = addArguments(await launcherProgram(launcher, mayWrite ? ['--allow-writes'] : []));
  const program = await programFor(args);
  if (program === undefined) return;
  const isSure = await confirm(
    l10n.t('Let Claude Code ask this memory, in all projects?'),
    `${l10n.t('This is run, and Claude Code keeps it in its own settings:')}\n\n${commandLine(args)}`,
    l10n.t('Run'),
  );
  if (!isSure) return;
  let end = await run(program, args);
  if (end.code !== 0 && isThereAlready(end.text)) {
    const again = l10n.t('Set Up Again');
    const chosen = await window.showInformationMessage(
      l10n.t('Claude Code knows this memory already. Nothing was changed.'),
      again,
    );
    if (chosen !== again) return;
    await run(program, removeArguments());
    end = await run(program, args);
  }
  check(end);
  await window.showInformationMessage(
    l10n.t('Claude Code can ask this memory from its next session on. “/mcp” in Claude Code shows it.'),
  );
}

export async function removeFromClaude(): Promise<void> {
  const args = removeArguments();
  const program = await programFor(args);
  if (program === undefined) return;
  const isSure = await confirm(
    l10n.t('Stop Claude Code from asking this memory?'),
    `${l10n.t('This is run:')}\n\n${commandLine(args)}`,
    l10n.t('Run'),
  );
  if (!isSure) return;
  const end = await run(program, args);
  if (end.code !== 0 && isNotThere(end.text)) {
    await window.showInformationMessage(l10n.t('Claude Code does not know this memory. Nothing was changed.'));
    return;
  }
  check(end);
  await window.showInformationMessage(l10n.t('Claude Code no longer asks this memory, from its next session on.'));
}

/** Undefined when the person cancels. */
async function pickRights(): Promise<boolean | undefined> {
  const chosen = await lasting(() =>
    window.showQuickPick(
      [
        {
          label: l10n.t('$(search) Ask only'),
          detail: l10n.t('Search and read the sessions of its project, and learnings you accepted'),
          mayWrite: false,
        },
        {
          label: l10n.t('$(inbox) Ask and propose'),
          detail: l10n.t('Also propose learnings, which wait in your inbox marked as from Claude, and set flags'),
          mayWrite: true,
        },
      ],
      { title: l10n.t('Let Claude Code Ask This Memory') },
    ),
  );
  return chosen?.mayWrite;
}
