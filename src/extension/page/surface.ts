/** Shared by the Memory view, the reader panels and the Doctor: page, policy, connection, events. */
import { Disposable, Uri, env, l10n } from 'vscode';
import type { Webview } from 'vscode';
import type { WebviewContext } from '../../protocol/webview';
import { logError } from '../log';
import { explain } from '../messages';
import type { Parts } from '../parts';
import { createWebviewApi } from './api';
import { describeContext } from './context';
import { guard } from './door';
import { WebviewHost } from './host';
import { renderPage } from './html';

export type Reader = NonNullable<WebviewContext['reader']>;

export interface Surface extends Disposable {
  host: WebviewHost;
}

type SurfaceName = WebviewContext['surface'];
/** Script and style sheet of each page. */
const bundles: Readonly<Record<SurfaceName, string>> = { memory: 'main', reader: 'reader', doctor: 'doctor' };

/** Sets up a webview and sends it events until it is disposed. `reader`: the place shown in a reader panel. */
export function openSurface(parts: Parts, webview: Webview, name: SurfaceName, reader?: () => Reader): Surface {
  const { memory, basket, log, extension } = parts;
  const root = Uri.joinPath(extension.extensionUri, 'dist', 'webview');
  // Set for restored panels too, because the extension's folder changes with every version.
  webview.options = { enableScripts: true, enableForms: true, localResourceRoots: [root], enableCommandUris: false };
  const context = () => describeContext(parts, name, reader?.());
  const api = guard(
    {
      ...createWebviewApi(parts, reader),
      ready: () => {
        if (!memory.connection.isConnected) host.send('connection', memory.connection);
        // A page that was hidden has missed what went into the basket meanwhile.
        if (basket.keys.length > 0) host.send('basket', { keys: basket.keys });
        return context();
      },
    },
    name,
    explain,
    (method, error) => logError(log, `webview ${method}`, error),
  );
  const host = new WebviewHost(webview, api);
  const subscriptions = [
    host,
    memory.onChanged((event) => host.send('changed', event)),
    memory.onCapture((state) => host.send('capture', state)),
    memory.onQueue((status) => host.send('queue', status)),
    basket.onChanged(() => host.send('basket', { keys: basket.keys })),
    memory.onConnection((state) => host.send('connection', state)),
    memory.onWindowChanged(async () => host.send('context', await context())),
  ];
  const titles: Record<SurfaceName, string> = {
    memory: 'Claude-Mem',
    reader: l10n.t('Session'),
    doctor: l10n.t('Doctor'),
  };
  const file = (path: string) => webview.asWebviewUri(Uri.joinPath(root, path)).toString();
  webview.html = renderPage({
    cspSource: webview.cspSource,
    title: titles[name],
    language: env.language,
    script: file(`${bundles[name]}.js`),
    styles: [file(`${bundles[name]}.css`)],
    codicons: file('codicon.css'),
  });
  return Object.assign(Disposable.from(...subscriptions), { host });
}
