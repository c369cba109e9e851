import { readFileSync } from 'node:fs';
import type { Frame, Locator, Page } from 'playwright-core';
import { extensionId } from './places';
import { until } from './until';

/**
 * After this time VS Code will not move the focus on: it leaves the second step out when the focus was elsewhere for a
 * moment, and then the outer frame keeps it.
 */
const secondStepMs = 2000;

/** The parts of VS Code around the extension, operated by visible texts and labels. */
export class Workbench {
  constructor(readonly page: Page) {}

  get statusItem(): Locator {
    return this.page.locator(`.statusbar-item[id^="${extensionId}"]`).first();
  }

  get quickInput(): Locator {
    return this.page.locator('.quick-input-widget');
  }

  get quickRows(): Locator {
    return this.quickInput.locator('.quick-input-list .monaco-list-row');
  }

  get dialog(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }

  get toasts(): Locator {
    return this.page.locator('.notification-toast');
  }

  /** All notices in their list. The editor shows no toast for the fourth within 800 ms, which a quick test reaches. */
  async listNotices(): Promise<Locator> {
    await this.runCommand('Notifications: Show Notifications');
    return this.page.locator('.notifications-center .notification-list-item');
  }

  async waitUntilReady(): Promise<void> {
    await this.page.locator('.monaco-workbench').waitFor({ timeout: 60_000 });
    await this.page.locator('.statusbar-item').first().waitFor({ timeout: 60_000 });
    // The status bar item shows that the extension is active.
    await this.statusItem.waitFor({ timeout: 60_000 });
  }

  /** Runs a command of the palette by its name. */
  async runCommand(title: string): Promise<void> {
    await this.openPalette(`>${title}`);
    await this.#commandRow(title).click();
  }

  /** Runs a command if the palette offers it now; the list does not change while the palette is open. */
  async tryCommand(title: string): Promise<boolean> {
    await this.openPalette(`>${title}`);
    await this.quickRows.first().waitFor();
    const row = this.#commandRow(title);
    const isOffered = (await row.count()) > 0;
    if (isOffered) await row.click();
    else await this.page.keyboard.press('Escape');
    return isOffered;
  }

  #commandRow(title: string): Locator {
    return this.quickRows.filter({ has: this.page.locator('.monaco-highlighted-label', { hasText: title }) }).first();
  }

  /**
   * Opens the palette when the focus is at rest, and types into it. F1 is pressed once only: when the palette closes by
   * itself, something has taken the focus, and a second F1 would hide that fault.
   */
  async openPalette(text: string): Promise<void> {
    const startedAt = Date.now();
    await until(async () => (await this.#movingFocus()) === undefined || Date.now() - startedAt > secondStepMs, {
      what: 'the focus to come to rest',
    });
    await this.page.keyboard.press('F1');
    const input = this.quickInput.locator('input.input');
    await input.waitFor();
    await input.fill(text, { timeout: 10_000 }).catch(async (cause: unknown) => {
      const place = await this.page.evaluate<string>(focusedElementScript);
      throw new Error(`The palette took no text; the focus is in ${place}`, { cause });
    });
  }

  /**
   * Where the focus is moving to, if it is moving. VS Code focuses a webview in two steps: first the outer frame, about
   * 50 ms later the document inside. A palette opened in between loses the focus to the second step and closes
   * (workaround for microsoft/vscode#75209).
   */
  async #movingFocus(): Promise<string | undefined> {
    const place = await this.page.evaluate<string>(focusedElementScript);
    if (!place.startsWith('IFRAME')) return undefined;
    const documents = this.page.frames().filter((frame) => frame.childFrames().length === 0);
    const hasFocus = await Promise.all(documents.map((frame) => frame.evaluate<boolean>('document.hasFocus()')));
    return hasFocus.includes(true) ? undefined : place;
  }

  /** The icon of a view container in the activity bar. */
  containerIcon(title: string): Locator {
    return this.page
      .locator('.activitybar .action-item')
      .filter({ has: this.page.locator(`.action-label[aria-label^="${title}"]`) });
  }

  /** The number on the icon of a view container; hidden when there is none. */
  badge(title: string): Locator {
    return this.containerIcon(title).locator('.badge-content');
  }

  /**
   * Shows a view container by its title. A click during the last switch is lost, and a click on the active icon hides
   * the side bar, so it checks before and after each click.
   */
  async showContainer(title: string): Promise<void> {
    const item = this.containerIcon(title);
    const sideBar = this.page.locator('.part.sidebar .composite.title');
    const isShown = async () =>
      /(^| )checked( |$)/.test((await item.getAttribute('class')) ?? '') &&
      (await sideBar.innerText()).toLowerCase().startsWith(title.toLowerCase());
    await until(
      async () => {
        if (await isShown()) return true;
        await item.locator('.action-label').click();
        return until(isShown, { what: 'the container', timeoutMs: 2000 });
      },
      { what: `the container ${title}` },
    );
  }

  /** Drags the edge of the side bar until it is so many pixels wide. */
  async setSideBarWidth(width: number): Promise<void> {
    const box = async () => {
      const shown = await this.page.locator('.part.sidebar').boundingBox();
      if (!shown) throw new Error('The side bar is not shown');
      return shown;
    };
    const { x, y, width: before, height } = await box();
    await this.page.mouse.move(x + before, y + height / 2);
    await this.page.mouse.down();
    await this.page.mouse.move(x + width, y + height / 2, { steps: 8 });
    await this.page.mouse.up();
    await until(async () => Math.abs((await box()).width - width) <= 2, { what: `a side bar of ${width} pixels` });
  }

  /** The document inside a webview that contains `selector`; several webviews may be open. */
  async webviewFrame(selector: string, timeoutMs = 30_000): Promise<Frame> {
    return until(
      async () => {
        for (const frame of this.page.frames()) {
          if (frame === this.page.mainFrame()) continue;
          const count = await frame
            .locator(selector)
            .count()
            .catch(() => 0);
          if (count > 0) return frame;
        }
        return undefined;
      },
      { what: `a webview with ${selector}`, timeoutMs },
    );
  }

  /**
   * Opens a file of the workspace by Quick Open and puts the cursor into it. While the file opens, Quick Open gives the
   * focus back to where it was. A page takes it in two steps (microsoft/vscode#75209), the second one after the file has
   * opened; then a person clicks the file's tab.
   */
  async openFile(name: string): Promise<Locator> {
    await this.openPalette(name);
    await this.quickRows.filter({ hasText: name }).first().click();
    const editor = this.page
      .locator(`.editor-instance[aria-label^="${name}"], .editor-instance:has(.monaco-editor[data-uri$="/${name}"])`)
      .first();
    await editor.locator('.monaco-editor').first().waitFor();
    // An editor is rendered before it takes the focus, which closes an open palette.
    await until(
      async () => {
        if (await editor.locator('.monaco-editor.focused').isVisible()) return true;
        const place = await this.page.evaluate<string>(focusedElementScript);
        if (place.startsWith('IFRAME')) await this.page.locator('.tab.active', { hasText: name }).first().click();
        return false;
      },
      { what: `the cursor in ${name}`, everyMs: 250 },
    );
    return editor;
  }

  /**
   * Uses the dialog of VS Code for the browser: a field for the path, rows of what is in it, and a button.
   *
   * @param beginsIn a part of the path that the dialog shows first
   * @param shows a row of the folder
   */
  async chooseFolder(folder: string, { button, beginsIn, shows }: Record<'button' | 'beginsIn' | 'shows', string>) {
    const input = this.quickInput.locator('input.input');
    const use = this.quickInput.getByRole('button', { name: button });
    await use.waitFor();
    // The dialog first puts its own folder into the field, followed by the old text, so wait for that.
    await this.quickRows.filter({ hasText: '..' }).first().waitFor();
    await until(async () => (await input.inputValue()).includes(beginsIn), { what: 'the folder it begins with' });
    await input.fill(`${folder}/`);
    await this.quickRows.filter({ hasText: shows }).first().waitFor();
    // The dialog passes over a click while it still reads the folder, and shows no sign of that. The dialog and a list
    // are one widget: while one closes, it would close the other too.
    await until(
      async () => {
        if (!(await use.isVisible())) return true;
        await use.click({ timeout: 1000 }).catch(() => {});
        return false;
      },
      { what: 'the dialog to close', everyMs: 500 },
    );
  }

  async closeEditors(): Promise<void> {
    await this.runCommand('View: Close All Editors');
    await until(async () => (await this.page.locator('.editor-group-container .tab').count()) === 0, {
      what: 'no editors',
    });
  }

  /**
   * Ends the only terminal, which must have the focus; its panel closes after the process has ended. Then the focus goes
   * to the editor, on a busy machine so late that it would close a list that was opened meanwhile: so it is put there.
   */
  async killTerminal(): Promise<void> {
    await this.runCommand('Terminal: Kill the Active Terminal Instance');
    await this.page.locator('.terminal-wrapper').filter({ visible: true }).waitFor({ state: 'detached' });
    await this.runCommand('View: Focus Active Editor Group');
  }

  /**
   * Waits until VS Code has stored a text. In a browser it stores every few seconds and not on leaving the page, so a
   * reload right after a change would lose the text.
   */
  async waitUntilStored(text: string): Promise<void> {
    await until(() => this.page.evaluate<boolean>(`(${isStoredScript})(${JSON.stringify(text)})`), {
      what: `${text} in the editor's store`,
      timeoutMs: 30_000,
      everyMs: 200,
    });
  }

  async goToLine(line: number): Promise<void> {
    await this.openPalette(`:${line}`);
    await this.quickRows
      .filter({ hasText: `line ${line}` })
      .first()
      .waitFor();
    await this.page.keyboard.press('Enter');
    await this.page.locator('.statusbar-item', { hasText: `Ln ${line}, Col 1` }).waitFor();
  }

  /**
   * What a save of the active editor writes: the text itself, not as rendered. A change arrives some time after the
   * click that causes it, and an earlier save would write nothing, so it waits until the tab shows unsaved changes.
   */
  async saveAndRead(file: string, hasChanged: (text: string) => boolean): Promise<string> {
    await this.page.locator('.tab.active.dirty').waitFor();
    await this.runCommand('File: Save');
    return until(() => [readFileSync(file, 'utf8')].find(hasChanged), { what: `the expected text in ${file}` });
  }

  /**
   * Chooses from the open menu, by key: for a tenth of a second a menu that has just opened takes no click, and it takes
   * Enter only for the row that it has marked. So the pointer moves until the row is marked, as a person's would.
   */
  async chooseFromMenu(title: string | RegExp): Promise<void> {
    const menu = this.page.locator('.monaco-menu');
    const row = menu.locator('.action-item').filter({ hasText: title }).first();
    await until(
      async () => {
        await row.hover({ position: { x: 8, y: 4 } });
        await row.hover();
        return /(^| )focused( |$)/.test((await row.getAttribute('class')) ?? '');
      },
      { what: `the marked row ${title} of the menu`, everyMs: 200 },
    );
    await this.page.keyboard.press('Enter');
    await menu.waitFor({ state: 'detached' });
  }

  /** Clicks a link in what the status bar shows under the pointer. It closes when the item changes: point at it again. */
  async clickInStatusHover(name: string): Promise<void> {
    const link = this.page.locator('.monaco-hover a').filter({ hasText: name }).first();
    await until(
      async () => {
        await this.page.locator('.part.editor').hover();
        await this.statusItem.hover();
        return link.click({ timeout: 3000 }).then(
          () => true,
          () => false,
        );
      },
      { what: `${name} under the pointer at the status bar` },
    );
  }

  readClipboard(): Promise<string> {
    return this.page.evaluate<string>('navigator.clipboard.readText()');
  }

  async clearToasts(): Promise<void> {
    await this.runCommand('Notifications: Clear All Notifications');
    await until(async () => (await this.toasts.count()) === 0, { what: 'no toasts' });
  }
}

const focusedElementScript = `[document.activeElement].map((e) => (e ? e.tagName + '.' + e.className : 'nothing')).join()`;

/** A script that runs in the page, therefore a string: these tests have no types for browser globals. */
const isStoredScript = `async (text) => {
  const answerOf = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  for (const { name } of await indexedDB.databases()) {
    if (!name.startsWith('vscode-web-state-db')) continue;
    const database = await answerOf(indexedDB.open(name));
    try {
      for (const store of database.objectStoreNames) {
        const values = await answerOf(database.transaction(store).objectStore(store).getAll());
        if (JSON.stringify(values).includes(text)) return true;
      }
    } finally {
      database.close();
    }
  }
  return false;
}`;
