import { beforeAll, describe, expect, it } from 'vitest';
import { hostileTitle, makeHistory } from '../fixtures/make-history';
import { MemoryPage } from './pages/memory';
import { ReaderPage } from './pages/reader';
import { keepEditor, openEditor } from './support/editor';
import type { Editor } from './support/editor';
import { makeProfile } from './support/profile';

let editor: Editor;
let memory: MemoryPage;
let file = '';
keepEditor(() => editor);

beforeAll(async () => {
  const profile = makeProfile();
  file = profile.write('main.ts', 'first();\nsecond();\n');
  makeHistory(profile.configDir, { workspace: profile.workspace, now: Date.now(), isHostile: true });
  editor = await openEditor(profile);
  memory = await MemoryPage.open(editor);
});

/** Nothing in the transcript became a script, an element that loads something, or a request. */
async function expectHarmless(): Promise<void> {
  for (const frame of editor.page.frames()) {
    expect(await frame.evaluate('window.pwned').catch(() => undefined)).toBeUndefined();
  }
  expect(editor.externalRequests).toEqual([]);
}

describe('a hostile transcript', () => {
  it('has a title that is only a title', async () => {
    await memory.card('Sessions', 'Gotcha').waitFor();
    expect(await memory.titles('Sessions')).toContain(hostileTitle);
    await expectHarmless();
  });

  it('stays text in a search result', async () => {
    await memory.findHit('wombat', 'Gotcha');
    await memory.search('pwned');
    await memory.card('Results', 'Gotcha').waitFor();
    await expectHarmless();
    await editor.screenshot('hostile-search');
  });

  it('stays text in the reader, tool calls and diffs included', async () => {
    await memory.showTab('Timeline');
    await memory.card('Sessions', 'Gotcha').locator('.card-title').click();
    const reader = await ReaderPage.find(editor, 'Gotcha');
    await reader.row('The wombat page says').first().waitFor();
    for (const tool of ['Bash', 'Edit'])
      await reader.expand(
        reader.rows.filter({ has: reader.frame.getByRole('article', { name: `Tool call: ${tool}` }) }).first(),
      );
    await reader.frame.locator('.diff-added').first().waitFor();
    const body = reader.frame.locator('.reader-body');
    for (const tag of ['script', 'iframe', 'object', 'img', 'svg', 'link', 'style', 'base', 'form'])
      expect(await body.locator(tag).count(), tag).toBe(0);
    expect(await body.locator('[onerror], [onload], [onclick], [style*="url"]').count()).toBe(0);
    for (const link of await body.locator('a[href]').all()) expect(await link.getAttribute('href')).toMatch(/^https:/);
    await expectHarmless();
    await editor.screenshot('hostile-reader');
  });

  it('stays text in the summary', async () => {
    const { summary } = await ReaderPage.find(editor, 'Gotcha');
    await summary.locator('.sentence').first().waitFor();
    for (const tag of ['script', 'iframe', 'object', 'img', 'svg', 'link', 'style', 'base', 'form', 'a'])
      expect(await summary.locator(tag).count(), tag).toBe(0);
    expect(await summary.innerText()).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/);
    await expectHarmless();
  });

  it('stays text in what was learnt from it, and around its files', async () => {
    await memory.showTab('Learnings');
    await memory.frame.getByRole('button', { name: 'Look again', exact: true }).click();
    await memory.frame.getByText(/^(Newly proposed|Nothing new)/).waitFor();
    await memory.showTab('Insights');
    await memory.frame
      .getByRole('slider', { name: /in 30 days/ })
      .first()
      .waitFor();
    await memory.frame.getByRole('radio', { name: 'Around', exact: true }).click();
    await memory.frame.getByRole('list', { name: 'Found' }).getByRole('button').first().click();
    await memory.frame.getByRole('group', { name: /^What is around/ }).waitFor();
    expect(await memory.frame.locator('.insights :is(script, iframe, object, img, link, style, base)').count()).toBe(0);
    await expectHarmless();
  });

  it('shows marks that reorder text instead of obeying them', async () => {
    const reader = await ReaderPage.find(editor, 'Gotcha');
    expect(await reader.frame.locator('.reader-body').innerText()).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/);
  });

  it('cannot leave the comment it is inserted as', async () => {
    await editor.workbench.openFile('main.ts');
    await editor.workbench.goToLine(2);
    await memory.act(await memory.findHit('wombat', 'Gotcha'), 'Insert at cursor');
    const text = await editor.workbench.saveAndRead(file, (saved) => saved.includes('wombat'));
    for (const line of text.split(/\r\n|[\n\r\u2028\u2029]/))
      expect(line).toMatch(/^(first\(\);|second\(\);|\s*\/\/.*|)$/);
    expect(text).not.toMatch(/[\u202A-\u202E\u2066-\u2069\u200F]/);
    await expectHarmless();
  });
});
