import type { Frame, Locator } from 'playwright-core';
import type { Editor } from '../support/editor';

/** The Doctor in the editor area, by what a person sees and hears. */
export class DoctorPage {
  private constructor(
    readonly editor: Editor,
    readonly frame: Frame,
  ) {}

  static async open(editor: Editor): Promise<DoctorPage> {
    await editor.workbench.runCommand('Claude-Mem: Doctor');
    return DoctorPage.find(editor);
  }

  /** The one that is open already. */
  static async find(editor: Editor): Promise<DoctorPage> {
    const frame = await editor.workbench.webviewFrame('.doctor .verdict', 60_000);
    // A picture taken before its icons are there shows nothing of what a person sees.
    await frame.evaluate('document.fonts.ready.then(() => true)');
    return new DoctorPage(editor, frame);
  }

  /** The one sentence on top. */
  get verdict(): Locator {
    return this.frame.locator('.verdict-text');
  }

  /** What is under way, or what came of it. */
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

  async unfold(area: string): Promise<void> {
    const toggle = this.area(area);
    if ((await toggle.getAttribute('aria-expanded')) !== 'true') await toggle.click();
  }

  /** Answers the editor's question. */
  async confirm(question: string, button: string): Promise<void> {
    const { dialog } = this.editor.workbench;
    await dialog.filter({ hasText: question }).waitFor();
    await dialog.getByRole('button', { name: button, exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
  }
}
