/** Paid work, each piece after a confirmation by the editor. No page can start it without that. */
import { env, l10n, window } from 'vscode';
import type { SessionId } from '../../protocol/model';
import type { BackfillRequest } from '../../protocol/questions/spend';
import type { BackfillEstimate, QueueStatus, SpendStatus } from '../../protocol/spend';
import { settingIds } from '../contributions';
import { formatCount, formatUsd } from '../format';
import { openSettings } from '../open-settings';
import type { Parts } from '../parts';
import { lasting } from '../pick/lasting';
import { offerToTurnOn, setApiKey } from './api-key';
import { apiKeySecret } from './settings';

const noticeMs = 6_000;

/** Summarises one session. The click is the consent; the ceilings apply. */
export async function summarizeSession(parts: Parts, id: SessionId): Promise<void> {
  if (!(await isReady(parts))) return;
  await (await parts.memory.client()).summarizeByModel(id);
  window.setStatusBarMessage(l10n.t('$(sync~spin) The model was asked. Its summary will show in the reader'), noticeMs);
}

/** Summarises all sessions without a summary by a model: asks how, shows the estimate, then asks for confirmation. */
export async function summarizeAll(parts: Parts): Promise<void> {
  if (!(await isReady(parts))) return;
  const scope = parts.memory.scopeOf(false);
  const places = [...(scope ? [{ label: l10n.t('This workspace'), scope }] : []), { label: l10n.t('All projects') }];
  const ways = [
    { isBatch: true, way: l10n.t('As a batch'), detail: l10n.t('Half the price, done within a day') },
    { isBatch: false, way: l10n.t('One after the other'), detail: l10n.t('Begins at once') },
  ];
  const items = places.flatMap(({ label, ...place }) =>
    ways.map(({ isBatch, way, detail }) => ({ label: `${label} · ${way}`, detail, request: { ...place, isBatch } })),
  );
  const chosen = await lasting(() =>
    window.showQuickPick(items, {
      title: l10n.t('Summarise All Sessions'),
      placeHolder: l10n.t('The next step shows what it would cost'),
    }),
  );
  if (chosen) await startBackfill(parts, chosen.request);
}

/** Shows the estimate and asks; returns the state of the queue afterwards. */
export async function startBackfill({ memory }: Parts, request: BackfillRequest): Promise<QueueStatus> {
  const client = await memory.client();
  const estimate = await client.estimateBackfill(request);
  if (estimate.sessions === 0) {
    void window.showInformationMessage(l10n.t('There is no session left that a model has not summarised.'));
    return client.queue();
  }
  const yes = l10n.t('Start');
  const question = l10n.t('Have {0} sessions summarised by a model?', formatCount(estimate.sessions, env.language));
  const chosen = await window.showWarningMessage(
    question,
    { modal: true, detail: describeEstimate(estimate, request.isBatch) },
    yes,
  );
  return chosen === yes ? client.startBackfill(request) : client.queue();
}

/** Exported for its test. */
export function describeEstimate(
  { inputTokens, outputTokens, likelyUsd, maxUsd, fits, sessions, pricesOf }: BackfillEstimate,
  isBatch: boolean,
): string {
  const { language } = env;
  return [
    l10n.t(
      'They are sent to the API without their secrets: about {0} tokens, answered with at most {1}.',
      formatCount(inputTokens, language),
      formatCount(outputTokens, language),
    ),
    l10n.t(
      'Likely cost {0}, at most {1}, at list prices of {2}.',
      formatUsd(likelyUsd, language),
      formatUsd(maxUsd, language),
      pricesOf,
    ),
    fits >= sessions
      ? l10n.t('All fit under today’s ceiling.')
      : l10n.t(
          '{0} of them fit under today’s ceiling; the others wait for the next days.',
          formatCount(fits, language),
        ),
    isBatch ? l10n.t('As a batch: half the price, done within a day.') : l10n.t('One after the other, beginning now.'),
  ].join('\n');
}

/** When a setting is missing, says which one and offers to set it. */
export async function isReady(parts: Parts): Promise<boolean> {
  const status = await (await parts.memory.client()).spend();
  if (status.state === 'ready') return true;
  await mend(parts, status);
  return false;
}

async function mend(parts: Parts, { state }: SpendStatus): Promise<void> {
  if (state === 'off') {
    if ((await offerToTurnOn()) && !(await parts.extension.secrets.get(apiKeySecret))) await setApiKey(parts);
    return;
  }
  if (state === 'no_model') {
    const open = l10n.t('Open Settings');
    if ((await window.showInformationMessage(l10n.t('No model is named in the settings.'), open)) === open)
      await openSettings(settingIds.fastModel);
    return;
  }
  const set = l10n.t('Set API Key');
  const why = state === 'wrong_key' ? l10n.t('The API refused the key.') : l10n.t('There is no API key yet.');
  if ((await window.showInformationMessage(why, set)) === set) await setApiKey(parts);
}
