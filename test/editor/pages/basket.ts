import type { Locator } from 'playwright-core';
import type { Editor } from '../support/editor';

/** The list of the basket under the Memory view, operated by visible texts and labels. */
export class BasketList {
  constructor(readonly editor: Editor) {}

  get pane(): Locator {
    return this.editor.page.locator('.pane').filter({
      has: this.editor.page.locator('.pane-header[aria-label^="Basket"]'),
    });
  }

  get header(): Locator {
    return this.pane.locator('.pane-header');
  }

  get rows(): Locator {
    return this.pane.getByRole('treeitem');
  }

  row(text: string): Locator {
    return this.rows.filter({ hasText: text });
  }

  /** What stands above the list. */
  get message(): Locator {
    return this.pane.locator('.message');
  }

  /** What each row says behind its tokens, from top to bottom. */
  async lines(): Promise<string[]> {
    const labels = await this.rows.locator('.label-name').allInnerTexts();
    return labels.map((label) => label.replace(/^[\d,/]+ · /, ''));
  }

  /** Clicks an action of a row, which is visible on hover only. */
  async act(row: Locator, action: string): Promise<void> {
    await row.hover();
    await row.locator(`.action-label[aria-label^="${action}"]`).click();
  }

  /** Clicks an action of the header. */
  async give(action: string): Promise<void> {
    await this.header.hover();
    await this.header.locator(`.action-label[aria-label^="${action}"]`).click();
  }

  /** Selects a row, which opens nothing. */
  async select(text: string): Promise<void> {
    await this.row(text).click();
  }
}
