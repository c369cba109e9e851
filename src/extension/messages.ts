/** Messages for error codes, and what can be done about each. */
import { commands, l10n, window } from 'vscode';
import { asMemoryError } from '../protocol/errors';
import type { ErrorCode } from '../protocol/errors';
import type { CaptureState } from '../protocol/status';
import { commandIds } from './contributions';

/** A button under an error message. */
interface Remedy {
  label: string;
  run(): Thenable<unknown> | Promise<unknown>;
}

/** The message for an error. */
export function explain(error: unknown): string {
  const { code, message, data } = asMemoryError(error);
  const reason = data?.['reason'];
  return (typeof reason === 'string' ? reasons[reason]?.(data ?? {}) : undefined) ?? sentences[code](message);
}

/** Why the memory cannot be opened, or something cannot be done, by the reason in an error's data. */
const reasons: Readonly<Partial<Record<string, (data: Readonly<Record<string, unknown>>) => string>>> = {
  read_only: () => l10n.t('The folder of the memory cannot be written. Check its permissions, then try again.'),
  disk_full: () => l10n.t('The disk is full. Make some room, then try again.'),
  other_host: () =>
    l10n.t('Another computer or container is using this memory. Close the editor there, then try again.'),
  export: ({ what }) => l10n.t('This cannot be exported or imported: {0}', String(what)),
  portable: () => l10n.t('Memory is being exported or imported already, in this or another window.'),
  format: () => l10n.t('Only an export as JSON Lines can be imported. This one is for tables or for people.'),
  restricted: () =>
    l10n.t('Processing of this session is restricted, so it is not sent. Restrict Processing lifts it.'),
  class: () => l10n.t('Its class does not allow this. Set Class changes it; the settings say what may go where.'),
  scan: () => l10n.t('The memory is being scanned already, in this or another window.'),
  not_archived: () =>
    l10n.t(
      'The transcript of this session is not in the archive: it was read before there was one, or while archiving was off.',
    ),
  exists: () => l10n.t('Another transcript is already in this place. Nothing was overwritten.'),
  unsafe_name: () =>
    l10n.t('This transcript cannot be restored: its name or folder leads out of Claude Code’s folder.'),
  archive_block: () => l10n.t('The archived transcript is damaged. What was made of it is still in memory.'),
  not_a_folder: () =>
    l10n.t('A file stands in the place of the memory folder. Move it away, then try again. The log names it.'),
  no_socket_folder: () =>
    l10n.t(
      'There is no folder for the socket of the memory. Make the temporary folder writable or set TMPDIR, then start the editor again.',
    ),
  no_endpoint: () =>
    l10n.t('Another window holds the memory and does not answer. Close other windows of this editor, then try again.'),
  impostor: () =>
    l10n.t('Another program answers in the place of the memory. Close other windows of this editor, then try again.'),
  hub_offline: () =>
    l10n.t(
      'The model could not be downloaded: nobody answers. Check the network, name a mirror in the settings, or choose a folder with the model in it.',
    ),
  hub_cut: () => l10n.t('The download was cut off. Try again: it goes on where it stopped.'),
  hub_missing: () =>
    l10n.t(
      'The model is not where it should be. Check the mirror in the settings, or choose a folder with the model in it.',
    ),
  hub_refused: () =>
    l10n.t(
      'The model is refused at the moment. Try again later, name a mirror in the settings, or choose a folder with the model in it.',
    ),
  hub_wrong_bytes: () =>
    l10n.t('What was downloaded is not the known model, and was deleted. Check the mirror in the settings.'),
  model_incomplete: () =>
    l10n.t(
      'This folder is not a model that can be read. It needs config.json, tokenizer.json, tokenizer_config.json and onnx/model_quantized.onnx or onnx/model.onnx.',
    ),
  model_unusable: () =>
    l10n.t(
      'The model cannot be used. It must give one vector for each token, as sentence models do. The log says more.',
    ),
  model_crashed: () =>
    l10n.t('The model ended unexpectedly, several times. Choose it again, or another one; search goes on by words.'),
  model_changed: () => l10n.t('The files of the model have changed since it was chosen. Choose the folder again.'),
  file_not_written: () => l10n.t('The file could not be written. Is it read-only?'),
  basket_full: ({ most }) => l10n.t('The basket is full: it holds {0}. Take something out first.', Number(most)),
  off: () => l10n.t('Models are off in the settings: nothing is sent to anyone.'),
  no_key: () => l10n.t('There is no API key yet.'),
  wrong_key: () => l10n.t('The API refused the key.'),
  no_editor_model: () =>
    l10n.t(
      'This editor offers no language model, or none that may be asked. Install or sign in to one, or set an API key.',
    ),
  editor_model_blocked: () =>
    l10n.t('The model of the editor refused: a quota is used up, or the content was blocked.'),
  too_long_for_model: () => l10n.t('This session is too long for that model. Choose one that reads more.'),
  emptied: () =>
    l10n.t(
      'The memory file is empty or gone, although there was a memory here. It can be repaired, or a backup restored.',
    ),
  truncated: () => l10n.t('The end of the memory file is missing. It can be repaired, or a backup restored.'),
  foreign: () =>
    l10n.t(
      'The memory file is a database of another program. It can be repaired, or a backup restored; the file is set aside.',
    ),
  broken_settings: ({ line, column, what }) =>
    l10n.t(
      'The settings of Claude Code are broken at line {0}, column {1}: {2}. Nothing was changed. Mend them, then try again.',
      Number(line),
      Number(column),
      String(what),
    ),
  unusable_settings: ({ what }) => l10n.t('The settings of Claude Code cannot be changed: {0}', String(what)),
  newer_keeper: () => l10n.t('Another window runs a newer version of Claude-Mem. Reload this window to use it too.'),
};

const sentences: Readonly<Record<ErrorCode, (message: string) => string>> = {
  not_found: () => l10n.t('This is no longer in memory. It may have been forgotten or deleted.'),
  invalid_input: (message) => l10n.t('This could not be understood: {0}', message),
  busy: () => l10n.t('Memory is being handed over to another window. Try again in a moment.'),
  cancelled: () => l10n.t('Cancelled.'),
  locked: () =>
    l10n.t(
      'Another program holds the memory and does not answer. Close other editors that use Claude-Mem, then try again.',
    ),
  corrupt: () => l10n.t('The memory file is damaged. It can be repaired, or a backup restored.'),
  too_new: () => l10n.t('This memory was written by a newer version of Claude-Mem. Update the extension to open it.'),
  no_model: () => l10n.t('No language model is available for this.'),
  network: () => l10n.t('The network could not be reached.'),
  internal: (message) => l10n.t('Something went wrong: {0}', message),
};

/** The state of capture, with our own message for known errors. */
export function explainCapture(capture: CaptureState): CaptureState {
  const { reason } = capture;
  return reason !== undefined && /disk is full|ENOSPC|EDQUOT/.test(reason)
    ? { ...capture, reason: l10n.t('The disk is full. Make some room, then try again.') }
    : capture;
}

/** Shows an error of an action the person started. A cancellation is not shown. */
export async function showProblem(error: unknown, retry?: () => Promise<unknown>): Promise<void> {
  const { code, data } = asMemoryError(error);
  if (code === 'cancelled') return;
  const remedies = remediesOf(code, data?.['reason'], retry);
  const chosen = await window.showErrorMessage(explain(error), ...remedies.map(({ label }) => label));
  await remedies.find(({ label }) => label === chosen)?.run();
}

function remediesOf(code: ErrorCode, reason: unknown, retry?: () => Promise<unknown>): Remedy[] {
  const again: Remedy[] =
    retry && ['busy', 'locked', 'internal', 'network'].includes(code)
      ? [{ label: l10n.t('Try Again'), run: retry }]
      : [];
  const showLog: Remedy = { label: l10n.t('Show Log'), run: () => commands.executeCommand(commandIds.showLog) };
  const openDoctor: Remedy = {
    label: l10n.t('Open Doctor'),
    run: () => commands.executeCommand(commandIds.openDoctor),
  };
  if (reason === 'newer_keeper')
    return [{ label: l10n.t('Reload Window'), run: () => commands.executeCommand('workbench.action.reloadWindow') }];
  if (reason === 'class' || reason === 'export' || reason === 'portable' || reason === 'restricted') return [];
  if (code === 'too_new')
    return [
      {
        label: l10n.t('Check for Updates'),
        run: () => commands.executeCommand('workbench.extensions.action.checkForUpdates'),
      },
    ];
  if (code === 'corrupt')
    return [
      { label: l10n.t('Repair'), run: () => commands.executeCommand(commandIds.repairMemory) },
      { label: l10n.t('Restore Backup'), run: () => commands.executeCommand(commandIds.restoreBackup) },
      openDoctor,
    ];
  if (code === 'not_found' || code === 'invalid_input') return [];
  // For an unexpected error the Doctor is offered: it shows more than the log line and links to the log as well.
  return [...again, code === 'internal' ? openDoctor : showLog];
}
