/** Offers and lists the receipts of what was erased and forgotten. */
import { env, l10n, window } from 'vscode';
import type { CheckedReceipt, Receipt } from '../../protocol/erase';
import { formatCount, formatDateTime } from '../format';
import { logError } from '../log';
import type { Parts } from '../parts';
import { lasting } from '../pick/lasting';
import { openReceiptDocument } from '../session/documents';
import { nameOf } from './receipt-text';

const count = (value: number): string => formatCount(value, env.language);

/** Says what was done, and offers the receipt. Returns at once: an open notice would keep the page that asked waiting. */
export function offerReceipt(parts: Parts, { body }: Receipt): void {
  const { prompts, observations } = body.erased;
  const show = l10n.t('Show Receipt');
  const told =
    body.residue === 0
      ? l10n.t('Erased: {0} rows. Every file was searched, and nothing of them is left.', count(prompts + observations))
      : l10n.t(
          'Erased: {0} rows, but pieces of them were found in files afterwards ({1}). The receipt says where.',
          count(prompts + observations),
          count(body.residue),
        );
  const tell = body.residue === 0 ? window.showInformationMessage : window.showWarningMessage;
  void tell(told, show).then((answer) =>
    answer === show
      ? openReceiptDocument(body.id).then(undefined, (error: unknown) =>
          logError(parts.log, 'showing a receipt', error),
        )
      : undefined,
  );
}

export async function showReceipts({ memory }: Parts): Promise<void> {
  const receipts = await (await memory.client()).listReceipts();
  if (receipts.length === 0) {
    void window.showInformationMessage(l10n.t('Nothing was erased or forgotten yet, so there are no receipts.'));
    return;
  }
  const chosen = await lasting(() =>
    window.showQuickPick(
      receipts.map((receipt) => ({
        label: `$(${isSound(receipt) ? 'verified' : 'warning'}) ${nameOf(receipt.body.kind)}`,
        description: formatDateTime(receipt.body.askedAt, env.language),
        detail: l10n.t(
          'Rows: {0}. Pieces searched for: {1}, left: {2}.',
          count(receipt.body.erased.prompts + receipt.body.erased.observations),
          count(receipt.body.pieces),
          count(receipt.body.residue),
        ),
        id: receipt.body.id,
      })),
      { title: l10n.t('Receipts'), placeHolder: l10n.t('Choose a receipt to read'), matchOnDescription: true },
    ),
  );
  if (chosen) await openReceiptDocument(chosen.id);
}

const isSound = ({ isGenuine, isInAudit, body }: CheckedReceipt): boolean =>
  isGenuine && isInAudit && body.residue === 0;
