/** The Doctor in the editor area: one panel, not kept over restarts, for a diagnosis is of today. */
import { Uri, ViewColumn, l10n, window } from 'vscode';
import type { Disposable, ExtensionContext, WebviewPanel } from 'vscode';
import { doctorViewType } from '../contributions';
import type { Surface } from './surface';

export class DoctorPanel implements Disposable {
  #panel: WebviewPanel | undefined;
  #surface: Surface | undefined;

  constructor(
    private readonly extension: ExtensionContext,
    private readonly openSurface: (panel: WebviewPanel) => Surface,
  ) {}

  /** Opens it, or brings it to the front. Needs no memory: it is there to say why there is none. */
  open(): void {
    if (this.#panel) {
      this.#panel.reveal();
      return;
    }
    const panel = window.createWebviewPanel(doctorViewType, l10n.t('Doctor'), ViewColumn.Active, {
      enableFindWidget: true,
    });
    const surface = this.openSurface(panel);
    this.#panel = panel;
    this.#surface = surface;
    const icon = (theme: string) => Uri.joinPath(this.extension.extensionUri, 'media', `doctor-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    panel.onDidChangeViewState(() => panel.visible || surface.host.sleep());
    panel.onDidDispose(() => {
      surface.dispose();
      this.#panel = undefined;
      this.#surface = undefined;
    });
  }

  dispose(): void {
    this.#surface?.dispose();
  }
}
