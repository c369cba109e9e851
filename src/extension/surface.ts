/** What the Memory view and the reader panels have in common: page, policy, connection, events. */
import { Disposable, Uri, env, l10n } from 'vscode';
import type { Webview } from 'vscode';
import type { WebviewContext } from '../protocol/webview';
import { logError } from './log';
import { explain } from './messages';
import { renderPage } from './panel/html';
import type { Parts } from './parts';
import { createWebviewApi } from './webview-api';
import { guard } from './webview-door';
import { WebviewHost } from './webview-host';
import { describeContext } from './webview-context';

export type Reader = NonNullable<WebviewContext['reader']>;

export interface Surface extends Disposable {
  host: WebviewHost;
}

/** Fills a webview and keeps it told until it is disposed. `reader` names the session of a reader panel. */
export function openSurface(parts: Parts, webview: Webview, reader?: () => Reader): Surface {
  const { memory, log, extension } = parts;
  const root = Uri.joinPath(extension.extensionUri, 'dist', 'webview');
  // Set anew for a restored panel too: the folder of the extension changes with every version.
  webview.options = { enableScripts: true, enableForms: true, localResourceRoots: [root], enableCommandUris: false };
  const context = () => describeContext(parts, reader?.());
  const api = guard(
    {
      ...createWebviewApi(parts, reader),
      ready: () => {
        if (!memory.connection.isConnected) host.send('connection', memory.connection);
        return Promise.resolve(context());
      },
    },
    explain,
    (method, error) => logError(log, `webview ${method}`, error),
  );
  const host = new WebviewHost(webview, api);
  const subscriptions = [
    host,
    memory.onChanged((event) => host.send('changed', event)),
    memory.onCapture((state) => host.send('capture', state)),
    memory.onConnection((state) => host.send('connection', state)),
    memory.onWindowChanged(() => host.send('context', context())),
  ];
  const name = reader ? 'reader' : 'main';
  const file = (path: string) => webview.asWebviewUri(Uri.joinPath(root, path)).toString();
  webview.html = renderPage({
    cspSource: webview.cspSource,
    title: reader ? l10n.t('Session') : 'Claude-Mem',
    language: env.language,
    script: file(`${name}.js`),
    styles: [file(`${name}.css`)],
    codicons: file('codicon.css'),
  });
  return Object.assign(Disposable.from(...subscriptions), { host });
}
