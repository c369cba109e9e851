import type { Frame, Locator } from 'playwright-core';
import type { Editor } from '../support/editor';

export type Tab = 'Timeline' | 'Search' | 'Learnings' | 'Insights';

/** The Memory view in the side bar, operated by visible texts and labels. */
export class MemoryPage {
  private constructor(
    readonly editor: Editor,
    readonly frame: Frame,
  ) {}

  /** Shows the view container and waits for its view. */
  static async open(editor: Editor): Promise<MemoryPage> {
    await editor.workbench.showContainer('Claude-Mem');
    return MemoryPage.find(editor);
  }

  /** The view that is open already. */
  static async find(editor: Editor): Promise<MemoryPage> {
    return new MemoryPage(editor, await editor.workbench.webviewFrame('.tabs vscode-tab-header'));
  }

  get firstRun(): Locator {
    return this.frame.getByRole('region', { name: 'About your memory' });
  }

  get strip(): Locator {
    return this.frame.locator('.strip').filter({ visible: true });
  }

  get searchField(): Locator {
    return this.frame.getByRole('combobox', { name: 'Search memory' });
  }

  /** Completions that are open under the search field. */
  get completions(): Locator {
    return this.frame.getByRole('listbox', { name: 'Completions' }).getByRole('option');
  }

  /** Parts of the query that were not understood. */
  get problems(): Locator {
    return this.frame.getByRole('status', { name: 'Not understood' });
  }

  /** The values of one facet. */
  facet(name: 'Filters' | 'Kind' | 'Project' | 'Tool' | 'Branch' | 'File' | 'Day'): Locator {
    return this.frame.getByRole('toolbar', { name, exact: true }).getByRole('button');
  }

  /** The answer to a question, above the results. */
  get answer(): Locator {
    return this.frame.getByRole('region', { name: 'Answer from memory' });
  }

  get sessionFilter(): Locator {
    return this.frame.getByRole('textbox', { name: 'Filter sessions' });
  }

  get days(): Locator {
    return this.frame.locator('.day').filter({ visible: true });
  }

  /** Title of the text shown instead of a list. */
  get emptyTitle(): Locator {
    return this.frame.locator('.empty-title').filter({ visible: true });
  }

  get form(): Locator {
    return this.frame.locator('form');
  }

  async showTab(tab: Tab): Promise<void> {
    await this.frame.locator('vscode-tab-header', { hasText: tab }).click();
  }

  list(name: 'Sessions' | 'Results' | 'Learnings'): Locator {
    return this.frame.getByRole('list', { name });
  }

  /** A card of a list by its title. */
  card(list: 'Sessions' | 'Results' | 'Learnings', title: string): Locator {
    return this.list(list)
      .getByRole('listitem')
      .filter({ has: this.frame.locator('.card-title', { hasText: title }) });
  }

  /** How many cards of a list can be read whole, without scrolling. */
  wholeCards(list: 'Sessions' | 'Results' | 'Learnings'): Promise<number> {
    return this.list(list).evaluate((element) => {
      // No types for a browser in these tests.
      type Box = { getBoundingClientRect(): { top: number; bottom: number } };
      const scroller = element as unknown as Box & { querySelectorAll(selector: string): Iterable<Box> };
      const { top, bottom } = scroller.getBoundingClientRect();
      return [...scroller.querySelectorAll('.card')].filter((card) => {
        const box = card.getBoundingClientRect();
        return box.top >= top - 0.5 && box.bottom <= bottom + 0.5;
      }).length;
    });
  }

  /** Pixels by which the page is wider than its view. */
  widthTooMuch(): Promise<number> {
    return this.frame.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  }

  /** What reaches over the edge of the view: controls and texts, by their words. */
  beyondEdge(): Promise<string[]> {
    return this.frame.evaluate<string[]>(`[...document.querySelectorAll('button, input, select, h2, p, .hint, dd')]
      .filter((element) => {
        const { width, right } = element.getBoundingClientRect();
        return width > 0 && right > document.documentElement.clientWidth + 1;
      })
      .map((element) => element.textContent || element.getAttribute('aria-label') || element.tagName)`);
  }

  titles(list: 'Sessions' | 'Results' | 'Learnings'): Promise<string[]> {
    return this.list(list).locator('.card-title').allInnerTexts();
  }

  /** Clicks an action of a card, which is visible on hover and focus only. */
  async act(card: Locator, action: string): Promise<void> {
    await card.hover();
    await card.getByRole('button', { name: action, exact: true }).click();
  }

  /** Chooses from the context menu of a card, which its last button opens. */
  async pick(card: Locator, title: string): Promise<void> {
    await this.act(card, 'More actions');
    await this.editor.workbench.chooseFromMenu(title);
  }

  async choose(scope: 'This workspace' | 'All projects'): Promise<void> {
    await this.frame.getByRole('radio', { name: scope }).filter({ visible: true }).click();
  }

  /**
   * Uses `fill`: typing after Ctrl+A loses letters, because the workbench selects the text again some milliseconds
   * later.
   */
  async search(text: string): Promise<void> {
    await this.showTab('Search');
    await this.searchField.fill(text);
  }

  /** Searches and waits for the hit in which this word is highlighted; until then the list shows the last results. */
  async findHit(text: string, title: string, marked = text): Promise<Locator> {
    await this.search(text);
    const hit = this.card('Results', title).filter({ has: this.frame.locator('mark', { hasText: marked }) });
    await hit.waitFor();
    return hit;
  }
}
