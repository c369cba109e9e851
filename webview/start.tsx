/** Starts a page: reads the context from the host, then renders. */
import type { ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { asMemoryError } from '../src/protocol/errors';
import type { WebviewContext } from '../src/protocol/webview';
import { createHost } from './host';
import { Failure } from './parts/empty';
import { HostProvider } from './state/host';
import type { Host } from './state/host';
import { setWords } from './state/words';

/** Renders `page` when the extension host has answered; on an error it offers to try again. */
export async function start(page: (host: Host, context: WebviewContext) => ReactNode): Promise<void> {
  const element = document.getElementById('root');
  if (!element) throw new Error('The page has no root element.');
  const root = createRoot(element);
  const host = createHost();
  // When the memory is away, nothing opens that could take the focus.
  window.addEventListener('blur', () => void host.api.noteLeft().catch(() => {}));
  const begin = async (): Promise<void> => {
    try {
      const context = await host.api.ready();
      setWords(context.language, context.words);
      document.documentElement.lang = context.language;
      root.render(page(host, context));
    } catch (error) {
      root.render(
        <HostProvider host={host} context={unknownContext}>
          <Failure error={asMemoryError(error)} onRetry={() => void begin()} />
        </HostProvider>,
      );
    }
  };
  await begin();
}

const unknownContext: WebviewContext = {
  surface: 'memory',
  language: 'en',
  words: {},
  roots: [],
  workspaceName: '',
  isFirstRun: false,
  dataDir: '',
  configDirs: [],
};
