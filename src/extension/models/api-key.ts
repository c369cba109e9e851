/** The API key: typed into a password field and stored in the editor's secret store only. */
import { ConfigurationTarget, l10n, window, workspace } from 'vscode';
import { settingIds } from '../contributions';
import type { Parts } from '../parts';
import { lasting } from '../pick/lasting';
import { apiKeySecret } from './settings';

const noticeMs = 5_000;

/** Stores the key. Nothing is sent: models stay off until they are turned on. */
export async function setApiKey({ extension, memory }: Parts): Promise<void> {
  const typed = await lasting(() =>
    window.showInputBox({
      title: l10n.t('API Key'),
      prompt: l10n.t(
        'Key of the Anthropic API. The editor keeps it in its secret store; Claude-Mem writes it nowhere.',
      ),
      password: true,
      ignoreFocusOut: true,
      validateInput: (value) =>
        isKey(value.trim()) ? undefined : l10n.t('A key has no spaces and at least 8 characters.'),
    }),
  );
  if (typed === undefined) return;
  await extension.secrets.store(apiKeySecret, typed.trim());
  window.setStatusBarMessage(l10n.t('$(check) The key is kept'), noticeMs);
  if (!memory.settings.modelEnabled) await offerToTurnOn();
}

export async function removeApiKey({ extension }: Parts): Promise<void> {
  await extension.secrets.delete(apiKeySecret);
  window.setStatusBarMessage(l10n.t('$(check) The key is gone from this editor'), noticeMs);
}

/** Returns whether models are on now. */
export async function offerToTurnOn(): Promise<boolean> {
  const yes = l10n.t('Turn On');
  const chosen = await window.showInformationMessage(
    l10n.t('Models are off: nothing is sent to anyone. Turn them on?'),
    {
      modal: true,
      detail: l10n.t(
        'Sessions you choose are then sent to the API, without their secrets, and cost money: at most the ceilings in the settings. Nothing is sent by itself unless you also turn on automatic summaries.',
      ),
    },
    yes,
  );
  if (chosen !== yes) return false;
  await workspace.getConfiguration().update(settingIds.modelEnabled, true, ConfigurationTarget.Global);
  return true;
}

/** Visible ASCII, because other characters cannot be in an HTTP header. */
const isKey = (value: string): boolean => /^[\x21-\x7e]{8,500}$/.test(value);
