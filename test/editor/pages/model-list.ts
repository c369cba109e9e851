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

  async chooseFolder(folder: string): Promise<void> {
    await this.open();
    await this.row('Choose a Folder').click();
    await this.editor.workbench.chooseFolder(folder, {
      button: 'Use This Model',
      beginsIn: this.editor.profile.workspace,
      shows: 'onnx',
    });
  }

  async turnOff(): Promise<void> {
    await this.open();
    await this.row('Turn Off').click();
    await until(async () => !(await this.read()).includes('In use'), { what: 'nothing in use' });
  }
}
