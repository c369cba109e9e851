/** The Basket as a list of the editor: it brings keyboard, drag and drop, themes and screen readers with it. */
import {
  DataTransferItem,
  Disposable,
  EventEmitter,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  commands,
  env,
  l10n,
  window,
} from 'vscode';
import type { CancellationToken, DataTransfer, TreeDataProvider, TreeDragAndDropController, TreeView } from 'vscode';
import type { BasketItem, BasketKind, PackedBasket } from '../../protocol/basket';
import type { GivenKind } from '../../protocol/given';
import { nameOfClass } from '../care/classes';
import { basketViewId } from '../contributions';
import { formatCount, formatStamp, titleLine } from '../format';
import type { MemorySession } from '../memory-session';
import type { Basket } from './basket';

const moved = 'application/vnd.code.tree.claudemem.basket';
const icons: Readonly<Record<BasketKind, string>> = {
  prompt: 'account',
  answer: 'sparkle',
  note: 'info',
  tool: 'tools',
  sentence: 'quote',
  session: 'history',
  summary: 'list-unordered',
  learning: 'lightbulb',
};

export class BasketView implements TreeDataProvider<BasketItem>, TreeDragAndDropController<BasketItem>, Disposable {
  readonly #changed = new EventEmitter<undefined>();
  readonly #tree: TreeView<BasketItem>;
  readonly #subscriptions: Disposable;
  readonly onDidChangeTreeData = this.#changed.event;
  readonly dragMimeTypes = [moved];
  readonly dropMimeTypes = [moved];

  constructor(
    private readonly basket: Basket,
    private readonly memory: MemorySession,
  ) {
    this.#tree = window.createTreeView(basketViewId, {
      treeDataProvider: this,
      dragAndDropController: this,
      canSelectMany: true,
    });
    this.#subscriptions = Disposable.from(
      this.#changed,
      this.#tree,
      basket.onChanged((packed) => this.#show(packed)),
      memory.onWindowChanged(() => this.#show(basket.packed)),
    );
  }

  /**
   * What a key is pressed on: the row with the focus, or all that are selected when it is one of them. Extensions are told
   * the selection only, so the focused row is selected to learn which it is. Rows have no command of their own: selecting
   * one must not open anything.
   */
  async pressedOn(): Promise<readonly string[]> {
    const selected = () => this.#tree.selection.map(({ ref }) => ref);
    const before = selected();
    await commands.executeCommand('list.selectAndPreserveFocus');
    const [focused] = selected();
    return focused === undefined || before.includes(focused) ? before : [focused];
  }

  getChildren(item?: BasketItem): BasketItem[] {
    return item ? [] : this.basket.packed.items;
  }

  /** The list is flat. `reveal` needs this. */
  getParent(): undefined {
    return undefined;
  }

  getTreeItem(item: BasketItem): TreeItem {
    // The tokens first: in a narrow side bar the end of a row is not seen.
    const row = new TreeItem(`${shortTokens(item)} · ${titleLine(item.line, 120) || l10n.t('Untitled session')}`);
    const tokens = tokensOf(item);
    row.id = item.ref;
    row.description = [classOf(item), sourceOf(item)].filter((part) => part !== '').join(' · ');
    row.tooltip = tooltipOf(item);
    row.iconPath = item.amendedBy
      ? new ThemeIcon('warning', new ThemeColor('list.warningForeground'))
      : new ThemeIcon(item.class ? 'shield' : icons[item.kind]);
    row.contextValue = 'basketItem';
    row.accessibilityInformation = {
      label: [nameOf(item), titleLine(item.line, 200), tokens, sourceOf(item), amendedLine(item), classOf(item)]
        .filter((part) => part !== '')
        .join(', '),
    };
    return row;
  }

  handleDrag(items: readonly BasketItem[], data: DataTransfer): void {
    data.set(moved, new DataTransferItem(items.map(({ ref }) => ref)));
  }

  /** Behind the last one when it is dropped on the empty place below. */
  async handleDrop(target: BasketItem | undefined, data: DataTransfer, token: CancellationToken): Promise<void> {
    const refs = data.get(moved)?.value as unknown;
    if (!Array.isArray(refs) || token.isCancellationRequested) return;
    await this.basket.moveBefore(refs.map(String), target?.ref);
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #show({ items, gone, held = [], tokens }: PackedBasket): void {
    // Once shown it stays until the window closes, so that its way back is there too.
    if (items.length + gone.length + held.length > 0) this.memory.setContext('isBasketShown', true);
    this.memory.setContext('hasBasketItems', items.length > 0);
    const budget = this.memory.settings.basketTokens;
    const count = formatCount(items.length, env.language);
    const { exact } = this.basket;
    const limit = formatCount(budget, env.language);
    const total = exact
      ? l10n.t('{0} of {1} tokens, as {2} counts', formatCount(exact.tokens, env.language), limit, exact.model)
      : l10n.t('{0} of {1} tokens', formatCount(tokens, env.language), limit);
    this.#tree.badge =
      items.length > 0 ? { value: items.length, tooltip: l10n.t('In the basket: {0}', count) } : undefined;
    this.#tree.description = items.length > 0 ? `${count} · ${total}` : '';
    this.#tree.message = [
      (exact?.tokens ?? tokens) > budget && l10n.t('{0}: more than the budget. Trim or take something out.', total),
      gone.length > 0 && l10n.t('No longer in memory, and not given: {0}', formatCount(gone.length, env.language)),
      held.length > 0 && l10n.t('Not given because of its class: {0}', formatCount(held.length, env.language)),
    ]
      .filter((part) => part !== false)
      .join('\n');
    this.#changed.fire(undefined);
  }
}

const classOf = ({ class: of }: BasketItem): string => (of ? nameOfClass(of) : '');

const number = (count: number): string => formatCount(count, env.language);

const shortTokens = ({ tokens, whole }: BasketItem): string =>
  tokens < whole ? `${number(tokens)}/${number(whole)}` : number(tokens);

function tokensOf({ tokens, whole }: BasketItem): string {
  return tokens < whole
    ? l10n.t('{0} of {1} tokens', number(tokens), number(whole))
    : l10n.t('{0} tokens', number(tokens));
}

function sourceOf({ session, project, at }: BasketItem): string {
  const day = new Date(at).toLocaleDateString(env.language, { day: 'numeric', month: 'short', year: 'numeric' });
  return [day, session ? titleLine(session.title, 60) : titleLine(project ?? '', 60)]
    .filter((part) => part !== '')
    .join(' · ');
}

const amendedLine = ({ amendedBy }: BasketItem): string =>
  amendedBy ? l10n.t('Amended later: {0}', titleLine(amendedBy.title, 80)) : '';

function tooltipOf(item: BasketItem): string {
  const { session, project, at, preview } = item;
  const place = [session && titleLine(session.title, 120), project && titleLine(project, 60), formatStamp(at)];
  return [
    [nameOf(item), tokensOf(item)].join(' · '),
    place.filter(Boolean).join(' · '),
    amendedLine(item),
    classOf(item),
    '',
    titleLine(preview, 600),
  ]
    .filter((line, index) => line !== '' || index === 4)
    .join('\n');
}

/** The kind of an entry in words. */
function nameOf({ kind, detail }: Pick<BasketItem, 'kind' | 'detail'>): string {
  const kinds: Readonly<Record<BasketKind, string>> = {
    prompt: l10n.t('Prompt'),
    answer: l10n.t('Answer'),
    note: l10n.t('Note'),
    tool: l10n.t('Tool call: {0}', titleLine(detail ?? '', 40)),
    sentence: nameSentence(detail),
    session: l10n.t('Session'),
    summary: l10n.t('Summary'),
    learning: l10n.t('Learning'),
  };
  return kinds[kind];
}

function nameSentence(says: string | undefined): string {
  const names: Readonly<Partial<Record<GivenKind, string>>> = {
    decision: l10n.t('Decision'),
    fix: l10n.t('Fix'),
    done: l10n.t('Done'),
    open: l10n.t('Left open'),
  };
  return names[says as GivenKind] ?? l10n.t('Said');
}
