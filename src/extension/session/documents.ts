/** Read-only documents made from the memory: both sides of a diff, and the preview of a search result. */
import { EventEmitter, TabInputText, Uri, commands, l10n, window } from 'vscode';
import type { Tab, TextDocumentContentProvider } from 'vscode';
import { MemoryError } from '../../protocol/errors';
import type { FileDiff, ReaderItem } from '../../protocol/model';
import { fileName } from '../../protocol/paths';
import type { AuditFilter } from '../../protocol/questions/erase';
import { shorten } from '../../protocol/text';
import type { Basket } from '../basket/basket';
import { textForClaude } from '../basket/text';
import { auditText } from '../care/audit-text';
import { receiptText } from '../care/receipt-text';
import { documentScheme } from '../contributions';
import { formatContext } from '../insert/context-block';
import type { MemorySession } from '../memory-session';
import type { Parts } from '../parts';

/** Reads the content from the memory whenever a document is opened, so restored tabs work too. */
export class MemoryDocuments implements TextDocumentContentProvider {
  readonly #changed = new EventEmitter<Uri>();
  readonly onDidChange = this.#changed.event;

  constructor(
    private readonly memory: MemorySession,
    private readonly basket: Basket,
  ) {
    // An open preview shows what would be given now.
    basket.onChanged(() => this.#changed.fire(basketUri()));
  }

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    const asked = new URLSearchParams(uri.query);
    if (asked.has('basket')) return textForClaude(this.basket.packed.text);
    const key = asked.get('key') ?? '';
    const client = await this.memory.client();
    const filter = asked.get('audit');
    if (filter !== null) return auditText(client, JSON.parse(filter) as AuditFilter);
    const receipt = asked.get('receipt');
    if (receipt !== null) {
      const found = (await client.listReceipts()).find(({ body }) => body.id === receipt);
      if (!found) throw new MemoryError('not_found', 'There is no such receipt.');
      return receiptText(found);
    }
    if (!asked.has('side')) return formatContext(await client.memoryText(key));
    const { before, after } = pickDiff(await client.getItem(key), Number(asked.get('index')));
    return asked.get('side') === 'before' ? before : after;
  }
}

/** Shows what would be given of the basket, as it would be given. */
export async function openBasketPreview(): Promise<void> {
  await window.showTextDocument(basketUri(), { preview: true });
}

/** Shows what was erased, and what was searched for it. */
export async function openReceiptDocument(id: string): Promise<void> {
  const name = id.replaceAll(/[^\w-]/g, '_').slice(0, 36);
  await window.showTextDocument(documentUri(`receipt-${name}.md`, { receipt: id }), { preview: true });
}

/** Shows who did what with the memory. */
export async function openAuditDocument(filter: AuditFilter): Promise<void> {
  // The time makes it another document, so that it is read anew.
  const asked = { audit: JSON.stringify(filter), at: String(Date.now()) };
  await window.showTextDocument(documentUri('audit-log.md', asked), { preview: true });
}

const basketUri = (): Uri => documentUri('basket.md', { basket: '' });

/** Shows one edit of a tool call in the editor's diff view. */
export async function openDiff({ memory }: Parts, key: string, index: number): Promise<void> {
  const { file } = pickDiff(await (await memory.client()).getItem(key), index);
  const name = fileName(file);
  const side = (which: 'before' | 'after') => documentUri(file, { key, index: String(index), side: which });
  await commands.executeCommand('vscode.diff', side('before'), side('after'), l10n.t('{0} (before ↔ after)', name), {
    preview: true,
  });
}

/** Shows the text of a row behind the Quick Pick, which keeps the focus. */
export async function previewMemory(key: string, title: string): Promise<void> {
  const name = shorten(title, 40).replaceAll(/[^\p{L}\p{N} .,_-]/gu, '_');
  await window.showTextDocument(documentUri(`${name}.md`, { key }), { preview: true, preserveFocus: true });
}

/** Closes previews after choosing, so that the editor shows what it did before. */
export async function closePreviews(): Promise<void> {
  const isPreview = ({ input, isPreview: isTransient }: Tab) =>
    isTransient && input instanceof TabInputText && input.uri.scheme === documentScheme;
  const tabs = window.tabGroups.all.flatMap((group) => group.tabs).filter(isPreview);
  if (tabs.length > 0) await window.tabGroups.close(tabs, true);
}

/** The path ends like the real file, which gives the document its language and icon. */
function documentUri(file: string, query: Record<string, string>): Uri {
  const path = `/${file.replaceAll('\\', '/').replace(/^\/+/, '')}`;
  return Uri.from({ scheme: documentScheme, path, query: new URLSearchParams(query).toString() });
}

function pickDiff(item: ReaderItem, index: number): FileDiff {
  const diff = item.kind === 'tool' ? item.diffs[index] : undefined;
  if (!diff) throw new MemoryError('not_found', 'No such diff.');
  return diff;
}
