import type { Frame, Locator } from 'playwright-core';
import type { Editor } from '../support/editor';

/** The Doctor in the editor area, operated by visible texts and labels. */
export class DoctorPage {
  private constructor(
    readonly editor: Editor,
    readonly frame: Frame,
  ) {}

  static async open(editor: Editor): Promise<DoctorPage> {
    await editor.workbench.runCommand('Claude-Mem: Open Doctor');
    return DoctorPage.find(editor);
  }

  /** The Doctor that is open already. */
  static async find(editor: Editor): Promise<DoctorPage> {
    const frame = await editor.workbench.webviewFrame('.doctor .verdict', 60_000);
    // Before the icon font is loaded, a screenshot lacks the icons.
    await frame.evaluate('document.fonts.ready.then(() => true)');
    return new DoctorPage(editor, frame);
  }

  /** The summary at the top. */
  get verdict(): Locator {
    return this.frame.locator('.verdict-text');
  }

  /** The running action or its result. */
  get outcome(): Locator {
    return this.frame.locator('.progress');
  }

  get backups(): Locator {
    return this.frame.getByRole('region', { name: 'Backups' }).locator('tbody tr');
  }

  get handmade(): Locator {
    return this.backups.filter({ hasText: 'Made by hand' });
  }

  area(name: string): Locator {
    return this.frame.getByRole('button', { name: new RegExp(name) }).and(this.frame.locator('.area-toggle'));
  }

  finding(text: string): Locator {
    return this.frame.getByRole('listitem').filter({ hasText: text });
  }

  button(name: string): Locator {
    return this.frame.getByRole('button', { name, exact: true }).first();
  }

  async expand(area: string): Promise<void> {
    const toggle = this.area(area);
    if ((await toggle.getAttribute('aria-expanded')) !== 'true') await toggle.click();
  }

  /** Answers the editor's confirmation. */
  async confirm(question: string, button: string): Promise<void> {
    const { dialog } = this.editor.workbench;
    await dialog.filter({ hasText: question }).waitFor();
    await dialog.getByRole('button', { name: button, exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
  }
}
