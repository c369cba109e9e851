/**
 * Search by meaning in the editor: a list of models, a confirmation that says what will be downloaded, and progress.
 */
import { ProgressLocation, env, l10n, window } from 'vscode';
import type { CancellationToken, Disposable, Progress, QuickPickItem } from 'vscode';
import { MemoryError } from '../../protocol/errors';
import type { MeaningStatus, ModelOffer } from '../../protocol/meaning';
import type { MemoryClient } from '../../protocol/memory-api';
import type { ModelChoice } from '../../protocol/questions/meaning';
import { formatBytes } from '../format';
import { explain } from '../messages';
import type { Parts } from '../parts';
import { showLasting } from '../pick/lasting';
import { describeQueue } from './queue-text';

const noticeMs = 6_000;
const listPauseMs = 1_000;

interface ChoiceItem extends QuickPickItem {
  /** Identifies an entry when its text changes. */
  id: string;
  run?: () => Promise<void>;
  /** The list stays open and shows the result. */
  staysOpen?: boolean;
}

/** Downloads nothing without confirmation. */
export async function searchByMeaning({ memory }: Parts): Promise<void> {
  const client = await memory.client();
  await pickChoice(client, await client.meaning(), () => memory.settings.modelHub);
}

/**
 * Shows the list; while it is open, it shows the progress of the queue. The hub is read when it is needed, because the
 * setting may change while the list is open.
 */
async function pickChoice(client: MemoryClient, first: MeaningStatus, hub: () => string): Promise<void> {
  const pick = window.createQuickPick<ChoiceItem>();
  Object.assign(pick, { title: l10n.t('Search by Meaning'), matchOnDetail: true, keepScrollPosition: true });
  const show = (status: MeaningStatus) => {
    const active = pick.activeItems[0]?.id;
    pick.placeholder = describeState(status);
    pick.items = listChoices(client, status, hub);
    if (active !== undefined) pick.activeItems = pick.items.filter(({ id }) => id === active);
  };
  const news = atMostEvery(listPauseMs, show);
  const stop = client.on('meaning', news.push);
  const disposables: Disposable[] = [pick];
  try {
    show(first);
    const chosen = await new Promise<ChoiceItem | undefined>((resolve, reject) => {
      pick.onDidAccept(() => {
        const [item] = pick.selectedItems;
        if (item?.staysOpen) item.run?.().catch(reject);
        else resolve(item);
      });
      pick.onDidHide(() => resolve(undefined));
      disposables.push(showLasting(pick));
    });
    pick.hide();
    await chosen?.run?.();
  } finally {
    stop();
    news.stop();
    for (const disposable of disposables) disposable.dispose();
  }
}

/**
 * Limits updates, because rows that change under the pointer cannot be clicked: the first at once, then the latest of
 * each period.
 */
function atMostEvery<Value>(
  pauseMs: number,
  take: (value: Value) => void,
): { push: (value: Value) => void; stop: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let latest: { value: Value } | undefined;
  const rest = () => {
    timer = undefined;
    if (latest) push(latest.value);
  };
  const push = (value: Value) => {
    if (timer !== undefined) {
      latest = { value };
      return;
    }
    latest = undefined;
    take(value);
    timer = setTimeout(rest, pauseMs);
  };
  return { push, stop: () => clearTimeout(timer) };
}

function listChoices(client: MemoryClient, status: MeaningStatus, hub: () => string): ChoiceItem[] {
  const own: ChoiceItem[] =
    status.model?.source === 'folder'
      ? [
          {
            id: 'own',
            label: `$(check) ${status.model.name}`,
            description: l10n.t('Your own folder'),
            detail: l10n.t('In use'),
          },
        ]
      : [];
  const offers = status.offers.map((offer): ChoiceItem => ({
    id: offer.id,
    ...describeOffer(offer, status, hub()),
    run: () => useOffer(client, offer, hub()),
  }));
  const folder: ChoiceItem = {
    id: 'folder',
    label: l10n.t('$(folder) Choose a Folder…'),
    detail: l10n.t(
      'With config.json, tokenizer.json, tokenizer_config.json and onnx/model_quantized.onnx or onnx/model.onnx',
    ),
    run: () => useFolder(client),
  };
  const off: ChoiceItem[] =
    status.phase === 'off'
      ? []
      : [
          {
            id: 'off',
            label: l10n.t('$(circle-slash) Turn Off'),
            detail: l10n.t('Search goes by words alone'),
            run: async () => void (await client.chooseModel({ kind: 'off' })),
          },
        ];
  const removals = status.offers
    .filter(({ bytesHere }) => bytesHere > 0)
    .map((offer): ChoiceItem => ({
      id: `remove ${offer.id}`,
      label: l10n.t('$(trash) Remove Downloaded Model'),
      description: `${offer.name} · ${formatBytes(offer.bytesHere, env.language)}`,
      run: () => removeOffer(client, offer),
    }));
  return [...own, ...offers, folder, ...listQueue(client, status), ...off, ...removals];
}

/** Progress of the queue, and the action that is possible now. */
function listQueue(client: MemoryClient, { queue }: MeaningStatus): ChoiceItem[] {
  if (!queue) return [];
  const isPaused = queue.whyPaused === 'user';
  const label = isPaused ? l10n.t('$(play) Resume Embedding') : l10n.t('$(debug-pause) Pause Embedding');
  return [
    {
      id: 'queue',
      label,
      detail: describeQueue(queue, env.language, l10n.t),
      run: () => client.setEmbeddingPaused(!isPaused),
      staysOpen: true,
    },
  ];
}

function describeOffer(offer: ModelOffer, { model, phase }: MeaningStatus, hub: string): QuickPickItem {
  const isInUse = phase !== 'failed' && model?.source === 'offer' && model.name === offer.name;
  const languages = offer.languages === 'en' ? l10n.t('English') : l10n.t('About 100 languages');
  return {
    label: isInUse ? `$(check) ${offer.name}` : offer.name,
    description: `${languages} · ${formatBytes(offer.bytes, env.language)} · ${offer.licence}`,
    detail: isInUse ? l10n.t('In use') : sayWhatIsHere(offer, hub),
  };
}

function sayWhatIsHere({ bytes, bytesHere }: ModelOffer, hub: string): string {
  if (bytesHere === bytes) return l10n.t('Already downloaded');
  if (bytesHere > 0)
    return l10n.t(
      'Downloaded so far: {0} of {1}',
      formatBytes(bytesHere, env.language),
      formatBytes(bytes, env.language),
    );
  return l10n.t('Downloaded once from {0}, if you agree', hostOf(hub));
}

function describeState({ phase, model, reason, bytesDone, bytesTotal }: MeaningStatus): string {
  switch (phase) {
    case 'ready':
      return l10n.t('In use: {0}', model?.name ?? '');
    case 'downloading':
      return l10n.t(
        'Downloading: {0} of {1}',
        formatBytes(bytesDone, env.language),
        formatBytes(bytesTotal, env.language),
      );
    case 'loading':
      return l10n.t('The model is being loaded');
    case 'needs_consent':
      return l10n.t('The model chosen before is not on this computer. Choose it again, or another one');
    case 'failed':
      return explain(new MemoryError('no_model', reason ?? '', { reason }));
    default:
      return l10n.t('A model on this computer finds what is meant, not only what was written');
  }
}

async function useOffer(client: MemoryClient, offer: ModelOffer, hub: string): Promise<void> {
  if (offer.bytesHere < offer.bytes && !(await agree(offer, hub))) return;
  await choose(client, { kind: 'offer', id: offer.id, ...(hub !== '' && { hub }) }, offer.name);
}

async function agree(offer: ModelOffer, hub: string): Promise<boolean> {
  const yes = l10n.t('Download');
  const chosen = await window.showInformationMessage(
    l10n.t('Download the model {0}?', offer.name),
    {
      modal: true,
      detail: l10n.t(
        '{0} are downloaded from {1}, once, and each file is checked against its known hash. The model then works on this computer without the network: your sessions never leave it.',
        formatBytes(offer.bytes - offer.bytesHere, env.language),
        hostOf(hub),
      ),
    },
    yes,
  );
  return chosen === yes;
}

async function useFolder(client: MemoryClient): Promise<void> {
  const [folder] =
    (await window.showOpenDialog({
      canSelectFiles: false,
      canSelectFolders: true,
      title: l10n.t('Folder of a Model'),
      openLabel: l10n.t('Use This Model'),
    })) ?? [];
  if (!folder) return;
  if (folder.scheme !== 'file')
    throw new MemoryError('no_model', 'The folder is not on a disk.', { reason: 'model_incomplete' });
  await choose(client, { kind: 'folder', folder: folder.fsPath }, l10n.t('Your own folder'));
}

async function choose(client: MemoryClient, choice: ModelChoice, name: string): Promise<void> {
  const options = {
    location: ProgressLocation.Notification,
    title: l10n.t('Search by meaning: {0}', name),
    cancellable: true,
  };
  const { model } = await window.withProgress(options, (progress, token) =>
    withProgressOf(client, progress, token, choice),
  );
  window.setStatusBarMessage(l10n.t('$(check) Search by meaning is ready: {0}', model?.name ?? name), noticeMs);
}

/** Shows the keeper's progress. Cancelling stops the download; what was downloaded is kept. */
async function withProgressOf(
  client: MemoryClient,
  progress: Progress<{ message?: string; increment?: number }>,
  token: CancellationToken,
  choice: ModelChoice,
): Promise<MeaningStatus> {
  const cancel = new AbortController();
  token.onCancellationRequested(() => cancel.abort());
  let shown = 0;
  const stop = client.on('meaning', (status) => {
    const percent = status.bytesTotal > 0 ? (100 * status.bytesDone) / status.bytesTotal : shown;
    progress.report({ message: describeState(status), increment: Math.max(percent - shown, 0) });
    shown = Math.max(percent, shown);
  });
  try {
    return await client.chooseModel(choice, cancel.signal);
  } finally {
    stop();
  }
}

async function removeOffer(client: MemoryClient, offer: ModelOffer): Promise<void> {
  await client.removeModel(offer.id);
  window.setStatusBarMessage(l10n.t('$(check) Removed: {0}', offer.name), noticeMs);
}

const hostOf = (hub: string): string => (hub === '' ? 'huggingface.co' : new URL(hub).host);
