import { beforeAll, describe, expect, it } from 'vitest';
import { makeHistory } from '../fixtures/make-history';
import { DoctorPage } from './pages/doctor';
import { MemoryPage } from './pages/memory';
import { ReaderPage } from './pages/reader';
import { expectNoViolations } from './support/axe';
import { keepEditor, openEditor } from './support/editor';
import type { Editor } from './support/editor';
import { makeProfile } from './support/profile';
import { until } from './support/until';

let editor: Editor;
let memory: MemoryPage;
keepEditor(() => editor);

beforeAll(async () => {
  const profile = makeProfile();
  makeHistory(profile.configDir, { workspace: profile.workspace, now: Date.now(), extra: 12 });
  editor = await openEditor(profile, { viewport: { width: 1400, height: 900 } });
  memory = await MemoryPage.open(editor);
  await memory.firstRun.getByRole('button', { name: 'Got It' }).click();
  await (await memory.findHit('token bucket', 'Retry budget', 'token')).locator('.card-title').click();
});

/** Computed colours of the pages. */
const readColors = `(() => {
  const styles = (selector) => { const element = document.querySelector(selector); return element && getComputedStyle(element); };
  const background = getComputedStyle(document.body).backgroundColor;
  return { background, text: styles('.card-title, .head-title').color, body: document.body.className };
})()`;

interface Colors {
  background: string;
  text: string;
  body: string;
}

/** What shows that a tab has its content. */
const tabIsDrawn = {
  Timeline: '.card-title',
  Search: '.card-title',
  Learnings: '.empty-title, .card-title',
  Insights: '.plot, svg',
} as const;

describe.each([
  ['Dark Modern', 'vs-dark', 'vscode-dark'],
  ['Light Modern', 'vs', 'vscode-light'],
  ['Default High Contrast', 'hc-black', 'vscode-high-contrast'],
  ['Default High Contrast Light', 'hc-light', 'vscode-high-contrast-light'],
])('%s', (theme, workbenchClass, bodyClass) => {
  it('is taken by both webviews, readable', async () => {
    // This host watches the settings of the workspace, but not those of the user.
    editor.profile.write('.vscode/settings.json', JSON.stringify({ 'workbench.colorTheme': theme }));
    await until(
      async () =>
        ((await editor.page.locator('.monaco-workbench').getAttribute('class')) ?? '')
          .split(' ')
          .includes(workbenchClass),
      { what: theme },
    );
    const reader = await ReaderPage.find(editor, 'Retry budget for the flamingo client');
    for (const frame of [memory.frame, reader.frame]) {
      const colors = await until(
        async () => [await frame.evaluate<Colors>(readColors)].find(({ body }) => body.split(' ').includes(bodyClass)),
        { what: `${bodyClass} in a webview` },
      );
      expect(contrastOf(colors)).toBeGreaterThan(4.5);
    }
    const name = theme.toLowerCase().replaceAll(' ', '-');
    await editor.screenshot(`theme-${name}-search`);
    await memory.showTab('Timeline');
    await memory.card('Sessions', 'Retry budget').first().waitFor();
    await editor.screenshot(`theme-${name}-timeline`);
    await memory.showTab('Search');
  });

  it.each(['Timeline', 'Search', 'Learnings', 'Insights'] as const)(
    'leaves nothing on the tab %s that cannot be read or hit',
    async (tab) => {
      await memory.showTab(tab);
      if (tab === 'Search') await memory.findHit('token bucket', 'Retry budget', 'token');
      await memory.frame.locator(tabIsDrawn[tab]).filter({ visible: true }).first().waitFor();
      await expectNoViolations(memory.frame);
      await memory.showTab('Search');
    },
  );

  it('leaves nothing in the Doctor that cannot be read or hit', async () => {
    const doctor = await DoctorPage.open(editor);
    await doctor.verdict.waitFor();
    await expectNoViolations(doctor.frame);
    await doctor.expand('Transcripts');
    await expectNoViolations(doctor.frame);
    await editor.workbench.runCommand('View: Close Editor');
  });

  it('leaves nothing in the reader that cannot be read or hit', async () => {
    const reader = await ReaderPage.find(editor, 'Retry budget for the flamingo client');
    await expectNoViolations(reader.frame);
    await reader.showAll(true);
    await reader.frame.locator('.diff').first().waitFor();
    await reader.find('budget');
    await expectNoViolations(reader.frame);
    await editor.screenshot(`theme-${theme.toLowerCase().replaceAll(' ', '-')}-reader`);
    await editor.page.keyboard.press('Escape');
    await reader.showAll(false);
  });
});

/** WCAG contrast of the text. A page without a background lies on the workbench, taken as white or black. */
function contrastOf({ background, text, body }: Colors): number {
  const isLight = /vscode-(light|high-contrast-light)/.test(body);
  const [front, back] = [
    text,
    background.endsWith(', 0)') ? (isLight ? 'rgb(255, 255, 255)' : 'rgb(0, 0, 0)') : background,
  ].map(luminanceOf);
  const [high, low] = [Math.max(front ?? 0, back ?? 0), Math.min(front ?? 0, back ?? 0)];
  return (high + 0.05) / (low + 0.05);
}

function luminanceOf(color: string): number {
  const [red = 0, green = 0, blue = 0] = [...color.matchAll(/[\d.]+/g)].map(([part]) => {
    const value = Number(part) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
