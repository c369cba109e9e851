// @vitest-environment happy-dom
import { afterEach, describe, expect, it } from 'vitest';
import { createFakeHost } from '../../fake-host';
import type { FakeHost, FakeOptions } from '../../fake-host';
import { openPage } from '../../test-page';
import type { TestPage } from '../../test-page';
import { Timeline } from './timeline';

const now = new Date(2026, 10, 22, 15).getTime();
let page: TestPage;

async function open(options: FakeOptions = {}): Promise<FakeHost> {
  const host = createFakeHost({ now, sessions: 30, ...options });
  page = await openPage(host, <Timeline isImporting={false} />);
  return host;
}
const queries = (host: FakeHost) => host.calls.filter(([name]) => name === 'listSessions').map(([, query]) => query);
const titles = () => [...page.root.querySelectorAll('.card-title')].map((element) => element.textContent);

afterEach(() => page.close());

describe('Timeline', () => {
  it('asks for this workspace and shows its sessions under their days', async () => {
    const host = await open();
    expect(queries(host)).toEqual([{ scope: { roots: ['/home/ada/code/paper-boats'] }, limit: 50 }]);
    expect(titles().length).toBeGreaterThan(3);
    expect(page.root.querySelectorAll('h2').length).toBeGreaterThan(1);
    expect(page.text()).not.toContain('showing all projects');
  });

  it('falls back to all projects when the workspace has none, and says so', async () => {
    const host = await open({ context: { roots: ['/home/ada/code/brand-new'] } });
    expect(queries(host)).toEqual([{ scope: { roots: ['/home/ada/code/brand-new'] }, limit: 50 }, { limit: 50 }]);
    expect(page.text()).toContain('No sessions for this workspace yet: showing all projects');
    expect(titles().length).toBeGreaterThan(3);
  });

  it('goes back to the workspace by itself as soon as it has a session', async () => {
    const host = await open({ context: { roots: ['/home/ada/code/brand-new'] } });
    const [first] = host.sessions;
    if (!first) throw new Error('The fake has no sessions.');
    host.sessions = [
      {
        ...first,
        id: 'new',
        title: 'The first one here',
        project: { id: 9, name: 'brand-new', root: '/home/ada/code/brand-new' },
      },
      ...host.sessions,
    ];
    await page.flush(() => host.emit('changed', { sessions: ['new'], learnings: false, isReset: false }));
    expect(titles()).toEqual(['The first one here']);
    expect(page.text()).not.toContain('showing all projects');
  });

  it('does not take an empty filter for an empty workspace', async () => {
    const host = await open();
    await page.click('Errors');
    await page.click('Live');
    host.sessions = host.sessions.map((session) => ({ ...session, isLive: false }));
    await page.flush(() => host.emit('context', host.context));
    await page.click('Live');
    await page.click('Live');
    expect(page.text()).toContain('No session matches the filters');
    expect(page.text()).not.toContain('showing all projects');
    await page.click('Clear Filters');
    expect(titles().length).toBeGreaterThan(3);
  });

  it('says where it looked when there is nothing at all', async () => {
    const host = await open({ sessions: 0 });
    expect(page.text()).toContain('/home/ada/.claude');
    await page.click('Look Again');
    expect(host.calls.at(-1)).toEqual(['importNow']);
  });

  it('opens a session by click, and forgets one by key', async () => {
    const host = await open({ context: { roots: [] } });
    await page.flush(() => page.root.querySelector<HTMLElement>('.card-title')?.click());
    expect(host.calls.at(-1)).toEqual(['openSession', host.sessions[0]?.id]);
    page.get('Filter sessions').focus();
    await page.press('ArrowDown');
    await page.press('ArrowDown');
    await page.press('Delete');
    expect(host.calls.find(([name]) => name === 'forgetSession')).toEqual([
      'forgetSession',
      '00000000-0000-4000-8000-000000000001',
    ]);
  });

  it('names its session for the native context menu', async () => {
    const host = await open({ context: { roots: [] } });
    const menu = JSON.parse(page.root.querySelector<HTMLElement>('.card')?.dataset['vscodeContext'] ?? '{}');
    expect(menu).toEqual({
      webviewSection: 'session',
      sessionId: host.sessions[0]?.id,
      key: `s${host.sessions[0]?.id}`,
      preventDefaultContextMenuItems: true,
    });
  });

  it('is one tab stop', async () => {
    await open();
    expect(page.root.querySelectorAll('.card-title[tabindex="0"]')).toHaveLength(1);
  });

  it('remembers scope and filters, never sessions', async () => {
    const host = await open();
    await page.click('All projects');
    await page.click('Errors');
    expect(host.getState()).toMatchObject({ scope: 'all', 'timeline.only': 'errors' });
    expect(JSON.stringify(host.getState())).not.toContain(host.sessions[0]?.title);
  });
});
