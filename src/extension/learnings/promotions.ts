/** Shows a file with its proposed new text as a diff and waits for the person's decision. */
import { EventEmitter, TabInputTextDiff, Uri, commands, l10n, window } from 'vscode';
import type { Disposable, TextDocumentContentProvider } from 'vscode';
import { promotionScheme } from '../contributions';
import type { MemorySession } from '../memory-session';

interface Open {
  round: number;
  file: Uri;
  before: string;
  after: string;
  decide: (isAccepted: boolean) => void;
}

/** The file as it would be, and the words above and below the diff. */
export interface Proposal {
  file: Uri;
  before: string | undefined;
  after: string;
  title: string;
  question: string;
}

/** One at a time: a second promotion cancels the first. */
export class Promotions implements TextDocumentContentProvider, Disposable {
  readonly #changed = new EventEmitter<Uri>();
  readonly #subscriptions: Disposable[];
  #open: Open | undefined;
  #round = 0;
  readonly onDidChange = this.#changed.event;

  constructor(private readonly memory: MemorySession) {
    this.#subscriptions = [
      this.#changed,
      // Closing the diff cancels the promotion.
      window.tabGroups.onDidChangeTabs(({ closed }) => {
        if (
          closed.some(
            ({ input }) =>
              input instanceof TabInputTextDiff &&
              input.modified.scheme === promotionScheme &&
              input.modified.query === `side=after&round=${this.#open?.round}`,
          )
        )
          this.decide(false);
      }),
    ];
  }

  provideTextDocumentContent({ query }: Uri): string {
    if (!this.#open || !query.endsWith(`round=${this.#open.round}`)) return '';
    return query.startsWith('side=before') ? this.#open.before : this.#open.after;
  }

  /** Shows the diff and resolves with the decision. Without `before` the file does not exist: the left side is empty. */
  async ask({ file, before, after, title, question }: Proposal): Promise<boolean> {
    this.decide(false);
    this.#round += 1;
    const round = this.#round;
    const decided = new Promise<boolean>((decide) => {
      this.#open = { round, file, before: before ?? '', after, decide };
    });
    this.memory.setContext('isPromoting', true);
    const side = (which: 'before' | 'after') =>
      Uri.from({ scheme: promotionScheme, path: file.path, query: `side=${which}&round=${round}` });
    await commands.executeCommand('vscode.diff', before === undefined ? side('before') : file, side('after'), title, {
      preview: true,
    });
    // A message in addition to the buttons in the title of the diff, which are easy to miss. Not awaited: either may be
    // used first.
    void this.#askBelow(round, question);
    const isAccepted = await decided;
    await closeDiff(side('after'));
    return isAccepted;
  }

  async #askBelow(round: number, question: string): Promise<void> {
    const [accept, cancel] = [l10n.t('Accept'), l10n.t('Cancel')];
    const chosen = await window.showInformationMessage(question, accept, cancel);
    if (chosen !== undefined && this.#open?.round === round) this.decide(chosen === accept);
  }

  decide(isAccepted: boolean): void {
    const open = this.#open;
    this.#open = undefined;
    this.memory.setContext('isPromoting', false);
    open?.decide(isAccepted);
  }

  dispose(): void {
    this.decide(false);
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

async function closeDiff(after: Uri): Promise<void> {
  const tabs = window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(({ input }) => input instanceof TabInputTextDiff && input.modified.toString() === after.toString());
  if (tabs.length > 0) await window.tabGroups.close(tabs);
}
