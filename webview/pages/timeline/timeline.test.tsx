// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest';
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
    expect(queries(host)).toEqual([{ pinnedFirst: true, scope: { roots: ['/home/ada/code/paper-boats'] }, limit: 50 }]);
    expect(titles().length).toBeGreaterThan(3);
    expect(page.root.querySelectorAll('.day').length).toBeGreaterThan(1);
    expect(page.text()).not.toContain('showing all projects');
    expect(page.root.querySelectorAll('[role="list"] h2')).toHaveLength(0);
  });

  it('falls back to all projects when the workspace has none, and says so', async () => {
    const host = await open({ context: { roots: ['/home/ada/code/brand-new'] } });
    expect(queries(host)).toEqual([
      { pinnedFirst: true, scope: { roots: ['/home/ada/code/brand-new'] }, limit: 50 },
      { pinnedFirst: true, limit: 50 },
    ]);
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
      isPinned: false,
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

  /** The pointer moves over the list, rests where the list came to be, or has left it. */
  const point = (how: 'moves' | 'rests' | 'leaves') =>
    page.flush(() => {
      const event = new PointerEvent(how === 'leaves' ? 'pointerout' : 'pointermove', { bubbles: true });
      if (how === 'moves') Object.defineProperty(event, 'movementX', { value: 3 });
      page.root.querySelector('.page-body')?.dispatchEvent(event);
    });
  const change = (host: FakeHost) =>
    page.flush(() => {
      vi.advanceTimersByTime(1000);
      host.emit('changed', { sessions: ['new'], learnings: false, isReset: false });
    });

  it('moves nothing while the pointer is over the list: what grew stays, what is new waits and says so', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const host = await open({ context: { roots: [] } });
    const before = titles();
    const [first, second, third, ...others] = host.sessions;
    await point('moves');
    host.sessions = [
      { ...first!, id: 'new', title: 'Brand new', updatedAt: now + 5000 },
      { ...third!, errors: 77, updatedAt: now + 4000 },
      first!,
      second!,
      ...others,
    ];
    await change(host);
    expect(titles()).toEqual(before);
    expect(page.get('Errors: 77')).toBeDefined();
    expect(page.text()).toContain('1 new session');
    await point('leaves');
    expect(titles().slice(0, 3)).toEqual(['Brand new', third!.title, first!.title]);
    expect(page.text()).not.toContain('1 new session');
    vi.useRealTimers();
  });

  it('is filled by an import below what is held, and is not held by a pointer that only rests there', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const host = await open({ sessions: 4, context: { roots: [] } });
    const [first, ...others] = host.sessions;
    const held = titles();
    await point('moves');
    const older = { ...first!, id: 'older', title: 'From last year', updatedAt: 1 };
    host.sessions = [first!, ...others, older];
    await change(host);
    expect(titles()).toEqual([...held, 'From last year']);
    expect(page.text()).not.toContain('new session');
    await point('leaves');
    await point('rests');
    host.sessions = [{ ...first!, id: 'new', title: 'Brand new', updatedAt: now + 5000 }, ...host.sessions];
    await change(host);
    expect(titles()[0]).toBe('Brand new');
    vi.useRealTimers();
  });

  it('is not pulled away to the workspace while somebody is at it', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const host = await open({ context: { roots: ['/home/ada/code/brand-new'] } });
    const before = titles();
    const project = { id: 9, name: 'brand-new', root: '/home/ada/code/brand-new' };
    await point('moves');
    host.sessions = [{ ...host.sessions[0]!, id: 'new', title: 'The first one here', project }, ...host.sessions];
    await change(host);
    expect(titles()).toEqual(before);
    expect(page.text()).toContain('This workspace has sessions now');
    await point('leaves');
    expect(titles()).toEqual(['The first one here']);
    vi.useRealTimers();
  });

  it('shows pinned ones above the others, in a group of their own, also while somebody is at the list', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const host = await open({ sessions: 6, context: { roots: [] } });
    const heads = () => [...page.root.querySelectorAll('.day')].map((day) => day.textContent);
    const before = titles();
    expect(heads()[0]).not.toBe('Pinned');
    await point('moves');
    const pin = async (index: number, isPinned: boolean) => {
      await page.flush(() => void host.api.pinSession(host.sessions[index]!.id, isPinned));
      await page.flush(() => vi.advanceTimersByTime(1000));
    };
    await pin(4, true);
    expect(heads()[0]).toBe('Pinned');
    expect(heads().filter((head) => head === 'Pinned')).toHaveLength(1);
    expect(titles()).toEqual([before[4], ...before.filter((_, index) => index !== 4)]);
    const [card] = page.root.querySelectorAll<HTMLElement>('.card');
    expect(card?.querySelector('[aria-label="Pinned"]')).not.toBeNull();
    expect(JSON.parse(card?.dataset['vscodeContext'] ?? '{}')).toMatchObject({ isPinned: true });
    // New sessions still wait for the person.
    host.sessions = [{ ...host.sessions[0]!, id: 'new', title: 'Brand new', updatedAt: now + 5000 }, ...host.sessions];
    await change(host);
    expect(page.text()).toContain('1 new session');
    await pin(5, false);
    expect(titles()).toContain('Brand new');
    expect(heads()).not.toContain('Pinned');
    vi.useRealTimers();
  });

  it('counts the sub-agents of a session, and leads to the first', async () => {
    const host = await open({ context: { roots: [] } });
    host.sessions = host.sessions.map((session, index) => (index === 0 ? { ...session, agents: 3 } : session));
    const task = host.items.find((item) => item.agentId !== undefined && item.kind === 'message')!;
    await page.flush(() => host.emit('changed', { sessions: [], learnings: false, isReset: false }));
    expect(page.root.querySelectorAll('.count-link')).toHaveLength(1);
    await page.click('Sub-agents: 3. Go to the first');
    expect(host.calls.slice(-2)).toEqual([
      ['stepInSession', { sessionId: host.sessions[0]?.id, to: 'task' }],
      ['openSession', host.sessions[0]?.id, { key: task.key, turn: task.turn }],
    ]);
  });

  it('renames by F2, and tells what it was called', async () => {
    const host = await open({ context: { roots: [] } });
    host.sessions = host.sessions.map((session) => ({ ...session, title: 'Mine', ownTitle: 'Told' }));
    await page.flush(() => host.emit('changed', { sessions: [], learnings: false, isReset: false, marks: true }));
    expect(page.root.querySelector<HTMLElement>('.card-title')?.title).toBe('Was: Told');
    page.get('Filter sessions').focus();
    await page.press('ArrowDown');
    await page.press('F2');
    expect(host.calls.at(-1)).toEqual(['renameSession', host.sessions[0]?.id]);
  });

  it('groups by project, telling those of one name apart, and by branch', async () => {
    const host = await open({ context: { roots: [] } });
    host.sessions = host.sessions.map((session, index) => ({
      ...session,
      gitBranch: index % 2 === 0 ? 'main' : 'next',
      project: { ...session.project, name: 'shop' },
    }));
    await page.type('Grouped by', 'project');
    expect(queries(host).at(-1)).toMatchObject({ order: 'project' });
    const heads = () => [...page.root.querySelectorAll('.day')].map((day) => day.textContent);
    expect(new Set(heads()).size).toBe(heads().length);
    await page.type('Grouped by', 'branch');
    expect(heads().some((head) => head?.endsWith(' · main'))).toBe(true);
    expect(host.getState()).toMatchObject({ 'timeline.order': 'branch' });
  });

  it('shows the sessions of one day from the calendar, whose days are as strong as they are full', async () => {
    vi.useFakeTimers({ now, toFake: ['Date'] });
    const host = await open({ context: { roots: [] } });
    await page.click('Days');
    const day = page.root.querySelector<HTMLElement>('.calendar-day[style*="--heat"]')!;
    expect(page.root.querySelectorAll('.calendar-day[tabindex="0"]')).toHaveLength(1);
    await page.flush(() => day.click());
    const { after, before } = queries(host).at(-1) as { after: number; before: number };
    expect(before - after).toBe(86_400_000);
    expect(titles()).toHaveLength(host.sessions.filter(({ updatedAt: at }) => at >= after && at < before).length);
    expect(page.root.querySelectorAll('.day')).toHaveLength(1);
    await page.flush(() => page.root.querySelector<HTMLElement>('.toolbar .chip[aria-pressed="true"]')?.click());
    expect(queries(host).at(-1)).not.toHaveProperty('after');
    vi.useRealTimers();
  });

  it('does something with several at once: Space and a click choose, Escape ends', async () => {
    const host = await open({ context: { roots: [] } });
    const [first, second] = host.sessions;
    await page.click('Choose several');
    page.get('Filter sessions').focus();
    await page.press('ArrowDown');
    await page.press(' ');
    await page.press('ArrowDown');
    await page.flush(() => (document.activeElement as HTMLElement).click());
    expect(page.text()).toContain('2 sessions chosen');
    expect(page.root.querySelectorAll('.card-title[aria-pressed="true"]')).toHaveLength(2);
    expect(host.calls.some(([name]) => name === 'openSession')).toBe(false);
    await page.click('Forget…');
    expect(host.calls.at(-1)).toEqual(['forgetSessions', [first!.id, second!.id]]);
    await page.click('Put Into Basket');
    expect(host.calls.filter(([name]) => name === 'setInBasket')).toEqual([
      ['setInBasket', `s${first!.id}`, true],
      ['setInBasket', `s${second!.id}`, true],
    ]);
    await page.click('Choose several');
    await page.press('Escape');
    expect(page.root.querySelector('[aria-pressed].card-title')).toBeNull();
  });
});
