/**
 * The Doctor in the editor area: one panel. It is not restored after a restart, because the diagnosis would be
 * outdated.
 */
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

  /** Opens it or brings it to the front. Needs no memory, because it explains why there is none. */
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
