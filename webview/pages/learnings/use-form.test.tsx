// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Learning } from '../../../src/protocol/model';
import { App } from '../../app';
import { createFakeHost } from '../../fake-host';
import type { FakeHost } from '../../fake-host';
import { openPage } from '../../test-page';
import type { TestPage } from '../../test-page';

let host: FakeHost;
let page: TestPage;
const draft = (title: string) =>
  page.flush(() => host.emit('draftLearning', { title, description: title && 'How', sourceSessions: [] }));
const title = () => page.find('Title');

/** The page is loaded on its first visit. */
beforeEach(async () => {
  host = createFakeHost({ sessions: 3, state: { tab: 'learnings' } });
  page = await openPage(host, <App host={host} context={host.context} />);
  await vi.waitFor(async () => {
    await page.flush();
    expect(page.find('New learning')).toBeDefined();
  }, 10_000);
});
afterEach(() => page.close());

describe('a learning that is half written', () => {
  it('stays while drafts come; each opens when the form before it is closed', async () => {
    await page.click('New learning');
    await page.type('Title', 'Half wri');
    await draft('From a hit');
    await draft('From another');
    expect(title()).toHaveProperty('value', 'Half wri');
    expect(document.activeElement).toBe(title());
    expect(page.text()).toContain('Waiting until this form is closed: 2');
    await page.type('Description', 'Whole');
    await page.click('Save');
    expect(host.calls.find(([name]) => name === 'saveLearning')?.[1]).toMatchObject({ title: 'Half wri' });
    expect(title()).toHaveProperty('value', 'From a hit');
    await page.click('Cancel');
    expect(title()).toHaveProperty('value', 'From another');
    expect(page.text()).not.toContain('Waiting until this form');
    await page.click('Cancel');
    expect(title()).toBeUndefined();
  });

  it('stays when a new one is asked for by button or command', async () => {
    await page.click('New learning');
    await page.type('Title', 'Half wri');
    page.get('Description').focus();
    await page.click('New learning');
    expect(title()).toHaveProperty('value', 'Half wri');
    expect(document.activeElement).toBe(title());
    await draft('');
    expect(title()).toHaveProperty('value', 'Half wri');
    await page.click('Cancel');
    expect(title()).toBeUndefined();
  });

  it('stays when another is edited; that waits once', async () => {
    await page.click('New learning');
    await page.type('Title', 'Half wri');
    await page.click('Edit');
    await page.click('Edit');
    expect(title()).toHaveProperty('value', 'Half wri');
    expect(page.text()).toContain('Waiting until this form is closed: 1');
    await page.click('Cancel');
    expect(title()).toHaveProperty('value', host.learnings[0]?.title);
    await page.click('Cancel');
    expect(title()).toBeUndefined();
  });

  it('stays while it is being saved, and when that fails', async () => {
    await draft('From a hit');
    let refuse = (_error: Error) => {};
    const answer = new Promise<Learning>((_resolve, reject) => {
      refuse = reject;
    });
    vi.spyOn(host.api, 'saveLearning').mockReturnValue(answer);
    await page.click('Save');
    await draft('From another');
    await page.flush(() => refuse(new Error('The disk is full.')));
    expect(page.text()).toContain('The disk is full.');
    expect(title()).toHaveProperty('value', 'From a hit');
  });
});

describe('a form in which nothing was typed', () => {
  it('makes room for the next one', async () => {
    await page.click('New learning');
    await page.click('Edit');
    expect(title()).toHaveProperty('value', host.learnings[0]?.title);
    await draft('From a hit');
    expect(title()).toHaveProperty('value', 'From a hit');
    expect(document.activeElement).toBe(title());
    await page.click('Cancel');
    expect(title()).toBeUndefined();
  });

  it('may be the same draft twice', async () => {
    await draft('From a hit');
    await page.click('Cancel');
    await draft('From a hit');
    expect(title()).toHaveProperty('value', 'From a hit');
  });
});
