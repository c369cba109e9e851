/** A reader takes the focus when its page is there, and only if the person has not gone on meanwhile. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { SessionCard } from '../../protocol/model';
import { ReaderPanels } from './reader-panel';
import type { Surface } from './surface';

const editor = vi.hoisted(() => ({ created: [] as unknown[] }));
vi.mock('vscode', () => ({
  Uri: { joinPath: () => ({}) },
  ViewColumn: { Active: -1 },
  l10n: { t: (text: string) => text },
  window: {
    createWebviewPanel(_: string, __: string, place: unknown) {
      editor.created.push(place);
      return panel;
    },
  },
}));

const panel = {
  title: '',
  visible: true,
  active: true,
  reveals: [] as (boolean | undefined)[],
  reveal(_column?: unknown, preserveFocus?: boolean) {
    this.reveals.push(preserveFocus);
  },
  onDidChangeViewState: () => {},
  onDidDispose: () => {},
};
let becomeReady = () => {};
let sent: unknown[] = [];
let title = '';
const surface = {
  host: {
    whenReady: (run: () => void) => (becomeReady = run),
    send: (...event: unknown[]) => sent.push(event),
    sleep() {},
  },
  dispose() {},
} as unknown as Surface;

let readers: ReaderPanels;
beforeEach(() => {
  Object.assign(panel, { visible: true, active: true, reveals: [] });
  editor.created.length = 0;
  sent = [];
  title = 'One';
  readers = new ReaderPanels({ extensionUri: {} } as never, {
    openSurface: () => surface,
    getSession: async () => ({ title }) as SessionCard,
  });
});

describe('a reader that opens', () => {
  it('leaves the focus where it is until its page is there', async () => {
    await readers.open({ sessionId: 's1' });
    expect(editor.created).toEqual([{ viewColumn: -1, preserveFocus: true }]);
    expect(panel.reveals).toEqual([]);
    becomeReady();
    expect(panel.reveals).toEqual([undefined]);
  });

  it.each([
    ['left the page it was opened from', () => readers.noteLeft()],
    ['turned to another editor', () => (panel.active = false)],
  ])('takes no focus from a person who has %s', async (_, change) => {
    await readers.open({ sessionId: 's1' });
    change();
    becomeReady();
    expect(panel.reveals).toEqual([]);
  });

  it('that is there already has the focus at once, and shows the place with its words', async () => {
    await readers.open({ sessionId: 's1' });
    becomeReady();
    await readers.open({ sessionId: 's1', key: 'p7', turn: 2, words: ['cart'] });
    expect(panel.reveals).toEqual([undefined, false]);
    expect(sent).toEqual([['reveal', { key: 'p7', turn: 2, words: ['cart'] }]]);
  });

  it('is called as its session is, also when that changes', async () => {
    await readers.open({ sessionId: 's1' });
    expect(panel.title).toBe('One');
    title = 'Mine';
    await readers.retitle(['s2']);
    expect(panel.title).toBe('One');
    await readers.retitle(['s1', 's2']);
    expect(panel.title).toBe('Mine');
  });

  it('and was hidden has it when its new page is there', async () => {
    await readers.open({ sessionId: 's1' });
    becomeReady();
    panel.visible = false;
    await readers.open({ sessionId: 's1' });
    expect(panel.reveals).toEqual([undefined, true]);
    becomeReady();
    expect(panel.reveals).toEqual([undefined, true, undefined]);
  });
});
