import type { Locator } from 'playwright-core';
import type { Editor } from '../support/editor';
import { until } from '../support/until';

/** The list behind "Search by Meaning…", by what a person sees. */
export class ModelList {
  constructor(readonly editor: Editor) {}

  row(text: string | RegExp): Locator {
    return this.editor.workbench.quickRows.filter({ hasText: text }).first();
  }

  async open(): Promise<void> {
    // Offered as soon as memory answers.
    await until(() => this.editor.workbench.tryCommand('Claude-Mem: Search by Meaning'), { what: 'the command' });
    await this.row('all-MiniLM-L6-v2').waitFor();
  }

  /** As it is now, closed again. */
  async read(): Promise<string> {
    const { workbench, page } = this.editor;
    await this.open();
    const text = `${await workbench.quickInput.locator('input.input').getAttribute('placeholder')}\n${(await workbench.quickRows.allInnerTexts()).join('\n')}`;
    await page.keyboard.press('Escape');
    return text;
  }

  /** The dialog of VS Code for the browser: a field for the path, and a button. */
  async chooseFolder(folder: string): Promise<void> {
    const { quickInput } = this.editor.workbench;
    await this.open();
    await this.row('Choose a Folder').click();
    const input = quickInput.locator('input.input');
    await quickInput.getByRole('button', { name: 'Use This Model' }).waitFor();
    // It puts its own folder into the field first, and what was there before that behind it.
    await this.row('..').waitFor();
    await until(async () => (await input.inputValue()).includes(this.editor.profile.workspace), {
      what: 'the folder it begins with',
    });
    await input.fill(`${folder}/`);
    // The dialog has gone there: what it shows is what the folder holds.
    await this.row('onnx').waitFor();
    await quickInput.getByRole('button', { name: 'Use This Model' }).click();
  }

  async turnOff(): Promise<void> {
    await this.open();
    await this.row('Turn Off').click();
    await until(async () => !(await this.read()).includes('In use'), { what: 'nothing in use' });
  }
}
