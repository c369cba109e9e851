import type { Locator } from 'playwright-core';
import type { Editor } from '../support/editor';
import { until } from '../support/until';

/** The list of "Search by Meaning…", operated by visible texts. */
export class ModelList {
  constructor(readonly editor: Editor) {}

  row(text: string | RegExp): Locator {
    return this.editor.workbench.quickRows.filter({ hasText: text }).first();
  }

  async open(): Promise<void> {
    // The command is offered when the memory answers.
    await until(() => this.editor.workbench.tryCommand('Claude-Mem: Search by Meaning'), { what: 'the command' });
    await this.row('all-MiniLM-L6-v2').waitFor();
  }

  /** Opens the list, reads it and closes it. */
  async read(): Promise<string> {
    const { workbench, page } = this.editor;
    await this.open();
    const placeholder = await workbench.quickInput.locator('input.input').getAttribute('placeholder');
    const text = `${placeholder}\n${(await workbench.quickRows.allInnerTexts()).join('\n')}`;
    await page.keyboard.press('Escape');
    return text;
  }

  /** Uses the dialog of VS Code for the browser: a field for the path and a button. */
  async chooseFolder(folder: string): Promise<void> {
    const { quickInput } = this.editor.workbench;
    await this.open();
    await this.row('Choose a Folder').click();
    const input = quickInput.locator('input.input');
    await quickInput.getByRole('button', { name: 'Use This Model' }).waitFor();
    // The dialog first puts its own folder into the field, followed by the old text, so wait for that.
    await this.row('..').waitFor();
    await until(async () => (await input.inputValue()).includes(this.editor.profile.workspace), {
      what: 'the folder it begins with',
    });
    await input.fill(`${folder}/`);
    // The dialog shows the content of the folder.
    await this.row('onnx').waitFor();
    const use = quickInput.getByRole('button', { name: 'Use This Model' });
    await use.click();
    // The dialog and the list are one widget: while one closes, it would close the other too.
    await use.waitFor({ state: 'hidden' });
  }

  async turnOff(): Promise<void> {
    await this.open();
    await this.row('Turn Off').click();
    await until(async () => !(await this.read()).includes('In use'), { what: 'nothing in use' });
  }
}
