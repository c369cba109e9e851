/** Session readers in the editor area, one panel a session. */
import { Uri, ViewColumn, l10n, window } from 'vscode';
import type { Disposable, ExtensionContext, WebviewPanel, WebviewPanelSerializer } from 'vscode';
import * as z from 'zod/mini';
import type { SessionCard, SessionId } from '../../protocol/model';
import { shorten } from '../../protocol/text';
import { readerViewType } from '../contributions';
import type { Reader, Surface } from './surface';

interface OpenPanel {
  panel: WebviewPanel;
  surface: Surface;
  reader: Reader;
}

/** What a page has kept of itself, written by the page and so not trusted. */
const savedState = z.object({ reader: z.object({ sessionId: z.string().check(z.regex(/^[\w.:-]{1,200}$/)) }) });

export interface ReaderPorts {
  openSurface(panel: WebviewPanel, reader: () => Reader): Surface;
  getSession(id: SessionId): Promise<SessionCard>;
}

export class ReaderPanels implements WebviewPanelSerializer, Disposable {
  readonly #open = new Map<SessionId, OpenPanel>();

  constructor(
    private readonly extension: ExtensionContext,
    private readonly ports: ReaderPorts,
  ) {}

  /** The session of the reader that has the focus. */
  get activeSession(): SessionId | undefined {
    return [...this.#open.values()].find(({ panel }) => panel.active)?.reader.sessionId;
  }

  /** Opens a session, or goes to the asked place of one that is open. */
  async open(reader: Reader): Promise<void> {
    const known = this.#open.get(reader.sessionId);
    if (known) {
      known.reader = reader;
      known.panel.reveal();
      const { key, turn } = reader;
      if (key !== undefined || turn !== undefined)
        known.surface.host.send('reveal', { ...(key !== undefined && { key }), ...(turn !== undefined && { turn }) });
      return;
    }
    const panel = window.createWebviewPanel(readerViewType, l10n.t('Session'), ViewColumn.Active, {
      enableFindWidget: false,
    });
    await this.#adopt(panel, reader);
  }

  /** Called by the editor for panels that were open when it was closed. */
  async deserializeWebviewPanel(panel: WebviewPanel, state: unknown): Promise<void> {
    const saved = z.safeParse(savedState, state);
    // A page that kept nothing had not got as far as showing anything.
    if (saved.success) await this.#adopt(panel, { sessionId: saved.data.reader.sessionId });
    else panel.dispose();
  }

  dispose(): void {
    for (const { surface } of this.#open.values()) surface.dispose();
    this.#open.clear();
  }

  async #adopt(panel: WebviewPanel, reader: Reader): Promise<void> {
    const entry: OpenPanel = { panel, reader, surface: this.ports.openSurface(panel, () => entry.reader) };
    this.#open.set(reader.sessionId, entry);
    const icon = (theme: string) => Uri.joinPath(this.extension.extensionUri, 'media', `session-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    panel.onDidChangeViewState(() => panel.visible || entry.surface.host.sleep());
    panel.onDidDispose(() => {
      entry.surface.dispose();
      if (this.#open.get(reader.sessionId) === entry) this.#open.delete(reader.sessionId);
    });
    // The page says itself what is wrong with a session that cannot be read; the tab just keeps its plain name.
    const session = await this.ports.getSession(reader.sessionId).catch(() => undefined);
    if (session) panel.title = shorten(session.title, 40);
  }
}
