/** Session readers in the editor area, one panel per session. */
import { Uri, ViewColumn, l10n, window } from 'vscode';
import type { Disposable, ExtensionContext, WebviewPanel, WebviewPanelSerializer } from 'vscode';
import * as z from 'zod/mini';
import type { SessionCard, SessionId } from '../../protocol/model';
import { readerViewType } from '../contributions';
import { titleLine } from '../format';
import type { Reader, Surface } from './surface';

interface OpenPanel {
  panel: WebviewPanel;
  surface: Surface;
  reader: Reader;
}

/** State saved by the page; it is validated, because pages are not trusted. */
const savedState = z.object({ reader: z.object({ sessionId: z.string().check(z.regex(/^[\w.:-]{1,200}$/)) }) });

export interface ReaderPorts {
  openSurface(panel: WebviewPanel, reader: () => Reader): Surface;
  getSession(id: SessionId): Promise<SessionCard>;
}

export class ReaderPanels implements WebviewPanelSerializer, Disposable {
  readonly #open = new Map<SessionId, OpenPanel>();
  /** How often a person has left one of our pages. */
  #departures = 0;

  constructor(
    private readonly extension: ExtensionContext,
    private readonly ports: ReaderPorts,
  ) {}

  /** The session of the focused reader. */
  get activeSession(): SessionId | undefined {
    return [...this.#open.values()].find(({ panel }) => panel.active)?.reader.sessionId;
  }

  /** Opens a session, or reveals the requested place when it is open already. */
  async open(reader: Reader): Promise<void> {
    const known = this.#open.get(reader.sessionId);
    if (known) {
      known.reader = reader;
      known.panel.reveal(undefined, !known.panel.visible);
      this.#focusWhenReady(known);
      const { sessionId: _, ...place } = reader;
      if (place.key !== undefined || place.turn !== undefined) known.surface.host.send('reveal', place);
      return;
    }
    const place = { viewColumn: ViewColumn.Active, preserveFocus: true };
    const panel = window.createWebviewPanel(readerViewType, l10n.t('Session'), place, { enableFindWidget: false });
    await this.#adopt(panel, reader, (entry) => this.#focusWhenReady(entry));
  }

  /** A page of ours has lost the focus: the person opened something else. */
  noteLeft(): void {
    this.#departures += 1;
  }

  /**
   * The editor remembers that a page that is still loading shall have the focus, and gives it as soon as it can: a palette
   * that was opened meanwhile would close. So the focus stays where it is until the page is there, and longer when the
   * person has gone on.
   */
  #focusWhenReady({ panel, surface }: OpenPanel): void {
    const before = this.#departures;
    surface.host.whenReady(() => {
      if (before === this.#departures && panel.active) panel.reveal();
    });
  }

  /** Called by the editor for panels that were open when it closed. */
  async deserializeWebviewPanel(panel: WebviewPanel, state: unknown): Promise<void> {
    const saved = z.safeParse(savedState, state);
    // Without saved state the page had not shown anything yet.
    if (saved.success) await this.#adopt(panel, { sessionId: saved.data.reader.sessionId });
    else panel.dispose();
  }

  dispose(): void {
    for (const { surface } of this.#open.values()) surface.dispose();
    this.#open.clear();
  }

  async #adopt(panel: WebviewPanel, reader: Reader, whenOpen: (entry: OpenPanel) => void = () => {}): Promise<void> {
    const entry: OpenPanel = { panel, reader, surface: this.ports.openSurface(panel, () => entry.reader) };
    whenOpen(entry);
    this.#open.set(reader.sessionId, entry);
    const icon = (theme: string) => Uri.joinPath(this.extension.extensionUri, 'media', `session-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    panel.onDidChangeViewState(() => panel.visible || entry.surface.host.sleep());
    panel.onDidDispose(() => {
      entry.surface.dispose();
      if (this.#open.get(reader.sessionId) === entry) this.#open.delete(reader.sessionId);
    });
    await this.retitle([reader.sessionId]);
  }

  /** Names the tabs of these sessions as they are called now. */
  async retitle(ids: readonly SessionId[]): Promise<void> {
    await Promise.all(
      ids.map(async (id) => {
        if (!this.#open.has(id)) return;
        // When a session cannot be read, the page shows the error and the tab keeps its generic title.
        const session = await this.ports.getSession(id).catch(() => undefined);
        const panel = this.#open.get(id)?.panel;
        if (session && panel) panel.title = titleLine(session.title, 40);
      }),
    );
  }
}
