/**
 * Entry point of the extension: registers everything, then opens the memory in the background. Does no file work
 * itself.
 */
import { commands, window, workspace } from 'vscode';
import type { Disposable, ExtensionContext } from 'vscode';
import { Basket } from './basket/basket';
import { keepBasket } from './basket/keep';
import { BasketView } from './basket/view';
import { watchExcludes } from './care/excludes';
import { watchLearnings } from './care/lost-learnings';
import { watchRefused } from './care/redaction';
import { registerCommands } from './commands/commands';
import { watchConfigDir } from './config-dir';
import {
  documentScheme,
  firstRunSeenKey,
  memoryViewId,
  pastScheme,
  promotionScheme,
  readerViewType,
  viewOpenedKey,
} from './contributions';
import { offerFileLens } from './file-history/lens';
import { offerToChat } from './give/chat-tools';
import { refreshHooks } from './give/hooks';
import { renewLauncher } from './give/mcp-launcher';
import { offerToEditor } from './give/mcp-provider';
import { EditorTracker } from './insert/editor-tracker';
import { NewProposalsCount } from './learnings/new-proposals';
import { Promotions } from './learnings/promotions';
import { LastHere } from './left/last-here';
import { createLog, logError } from './log';
import { MemorySession } from './memory-session';
import { DoctorPanel } from './page/doctor-panel';
import { MemoryView } from './page/memory-view';
import { ReaderPanels } from './page/reader-panel';
import { openSurface } from './page/surface';
import type { Parts } from './parts';
import { FailedRuns } from './past-fix/failed-runs';
import { KnownFixes } from './past-fix/known-fixes';
import { offerPastFixes } from './past-fix/lamp';
import { MemoryDocuments } from './session/documents';
import { dropPrints } from './session/print';
import { StatusItem } from './status';
import { PastFiles } from './story/past-files';
import { offerDecisionFixes } from './watch/fixes';
import { DecisionWatch } from './watch/watcher';
import { offerWhyHovers } from './why/hover';
import { KnownWhys } from './why/known-whys';
import { offerWhyLenses } from './why/lens';

let session: MemorySession | undefined;

export function activate(extension: ExtensionContext): void {
  const startedAt = performance.now();
  const parts = createParts(extension);
  session = parts.memory;
  extension.subscriptions.push(
    parts.log,
    parts.memory,
    parts.editors,
    parts.view,
    parts.readers,
    parts.doctor,
    parts.newProposals,
    parts.promotions,
    parts.basket,
    parts.basketView,
    keepBasket(parts),
    new StatusItem(parts.memory),
    registerCommands(parts),
    offerFileLens(parts),
    parts.fixes,
    offerPastFixes(parts),
    new FailedRuns(parts),
    parts.whys,
    parts.lastHere,
    offerWhyHovers(parts),
    offerWhyLenses(parts),
    parts.decisions,
    offerDecisionFixes(parts),
    parts.memory.onChanged(({ marks, sessions }) => void (marks && parts.readers.retitle(sessions))),
    { dispose: () => void dropPrints(parts) },
    offerToEditor(parts),
    offerToChat(parts),
    window.registerWebviewViewProvider(memoryViewId, parts.view),
    window.registerWebviewPanelSerializer(readerViewType, parts.readers),
    workspace.registerTextDocumentContentProvider(documentScheme, new MemoryDocuments(parts.memory, parts.basket)),
    workspace.registerTextDocumentContentProvider(promotionScheme, parts.promotions),
    ...offerPastFiles(parts),
  );
  parts.log.info(`activated in ${(performance.now() - startedAt).toFixed(1)} ms`);
  // Deferred, so that starting the worker does not delay activation.
  setImmediate(() => {
    parts.memory.start();
    renewLauncher({ dataDir: parts.memory.dataDir, extensionDir: extension.extensionPath }).catch((error: unknown) =>
      logError(parts.log, 'renewing what Claude Code starts', error),
    );
    extension.subscriptions.push(
      watchConfigDir(parts),
      watchExcludes(parts),
      watchRefused(parts),
      watchLearnings(parts),
    );
    void refreshHooks(parts);
    void dropPrints(parts);
    void openOnce(parts);
  });
}

function offerPastFiles({ memory }: Parts): Disposable[] {
  const files = new PastFiles(memory);
  return [files, workspace.registerFileSystemProvider(pastScheme, files, { isReadonly: true, isCaseSensitive: true })];
}

/**
 * Shows the Memory view once after the extension was installed, without taking the focus: an icon among others tells
 * nobody that there is something to see.
 */
async function openOnce({ extension, log }: Parts): Promise<void> {
  if (extension.globalState.get(viewOpenedKey) === true) return;
  await extension.globalState.update(viewOpenedKey, true);
  // Whoever has closed the first-run notice knows the view.
  if (extension.globalState.get(firstRunSeenKey) === true) return;
  try {
    await commands.executeCommand(`${memoryViewId}.focus`, { preserveFocus: true });
  } catch (error) {
    logError(log, 'showing the view for the first time', error);
  }
}

/** Waits until the database is closed or handed over. */
export async function deactivate(): Promise<void> {
  await session?.close();
  session = undefined;
}

function createParts(extension: ExtensionContext): Parts {
  const log = createLog();
  const memory = new MemorySession(extension, log);
  const basket = new Basket({ state: extension.workspaceState, client: () => memory.client() });
  const view = new MemoryView((open) => openSurface(parts, open.webview, 'memory'));
  const parts: Parts = {
    extension,
    log,
    memory,
    editors: new EditorTracker(),
    view,
    readers: new ReaderPanels(extension, {
      openSurface: (panel, reader) => openSurface(parts, panel.webview, 'reader', reader),
      getSession: async (id) => (await memory.client()).getSession(id),
    }),
    doctor: new DoctorPanel(extension, (panel) => openSurface(parts, panel.webview, 'doctor')),
    newProposals: new NewProposalsCount({ memory, state: extension.globalState, show: (count) => view.showNew(count) }),
    promotions: new Promotions(memory),
    basket,
    basketView: new BasketView(basket, memory),
    fixes: new KnownFixes(memory),
    whys: new KnownWhys(memory),
    decisions: new DecisionWatch(memory, log),
    lastHere: new LastHere(extension.workspaceState),
  };
  return parts;
}
