import type { Frame, Locator } from 'playwright-core';
import type { Editor } from '../support/editor';

/** The session reader in the editor area. */
export class ReaderPage {
  private constructor(readonly frame: Frame) {}

  /** Waits for a reader with this title. */
  static async find(editor: Editor, title: string): Promise<ReaderPage> {
    const frame = await editor.workbench.webviewFrame(`.reader .head-title:has-text(${JSON.stringify(title)})`);
    return new ReaderPage(frame);
  }

  get title(): Locator {
    return this.frame.getByRole('heading', { level: 1 });
  }

  get rows(): Locator {
    return this.frame.locator('.turn-row');
  }

  /** The row that was jumped to, which is highlighted for a moment. */
  get lit(): Locator {
    return this.frame.locator('.turn-row.lit');
  }

  /** The summary of the session, above the conversation. */
  get summary(): Locator {
    return this.frame.getByRole('region', { name: 'Summary', exact: true });
  }

  summaryPart(name: string): Locator {
    return this.summary.getByRole('region', { name, exact: true });
  }

  row(text: string): Locator {
    return this.rows.filter({ hasText: text });
  }

  /** A prompt in the list beside the text. */
  prompt(text: string): Locator {
    return this.frame.locator('.outline-row', { hasText: text }).first();
  }

  async showOutline(): Promise<void> {
    const toggle = this.frame.getByRole('button', { name: 'Prompts' });
    if ((await toggle.getAttribute('aria-expanded')) !== 'true') await toggle.click();
  }

  async showAll(isExpanded: boolean): Promise<void> {
    await this.frame.getByRole('button', { name: isExpanded ? 'Expand all' : 'Collapse all', exact: true }).click();
  }

  /** Opens the search in the session and waits for its count. */
  async find(text: string): Promise<void> {
    await this.frame.getByRole('button', { name: 'Find (Ctrl+F)' }).click();
    await this.frame.getByRole('textbox', { name: 'Find in this session' }).fill(text);
    await this.frame.locator('.find-count', { hasText: / of / }).waitFor();
  }

  async act(row: Locator, action: string): Promise<void> {
    await row.hover();
    await row.getByRole('button', { name: action, exact: true }).first().click();
  }

  /** Expands a tool call. */
  async expand(row: Locator): Promise<void> {
    const toggle = row.locator('.tool-toggle');
    if ((await toggle.getAttribute('aria-expanded')) !== 'true') await toggle.click();
  }
}
