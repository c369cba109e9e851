/** What a page needs to know before its first paint. */
import { env, workspace } from 'vscode';
import type { SearchOrder } from '../../protocol/questions/search';
import type { ReaderParts, WebviewContext } from '../../protocol/webview';
import { firstRunSeenKey, readerPartsKey, searchOrderKey } from '../contributions';
import type { Parts } from '../parts';
import { workspaceRoots } from '../workspace';
import { readWords } from './words';

export async function describeContext(
  parts: Parts,
  surface: WebviewContext['surface'],
  reader: WebviewContext['reader'],
): Promise<WebviewContext> {
  const { memory, extension } = parts;
  const searchOrder = extension.globalState.get<SearchOrder>(searchOrderKey);
  const readerParts = extension.globalState.get<ReaderParts>(readerPartsKey);
  return {
    surface,
    language: env.language,
    words: await readWords(parts),
    roots: workspaceRoots(),
    workspaceName: workspace.name ?? '',
    isFirstRun: surface === 'memory' && extension.globalState.get(firstRunSeenKey) !== true,
    dataDir: memory.dataDir,
    configDirs: memory.configDirs,
    defaultScope: memory.settings.defaultScope,
    hasStory: memory.settings.story,
    hasAsk: memory.settings.ask,
    hasLeft: memory.settings.left,
    ...(parts.lastHere.before !== undefined && { lastHere: parts.lastHere.before }),
    ...(searchOrder && { searchOrder }),
    ...(reader && { reader }),
    ...(readerParts && { readerParts }),
  };
}
