/** Commands that show a page of ours, or a page of the editor about this extension. */
import { commands, l10n, window } from 'vscode';
import { walkthroughId } from '../contributions';
import { showDigest } from '../left/digest';
import { openSettings } from '../open-settings';
import type { Run } from './command';

export const viewCommands = {
  openMemory: ({ view }) => view.focus(),
  showTimeline: ({ view }) => view.show('show', { tab: 'timeline' }),
  showSearch: ({ view }) => view.show('show', { tab: 'search' }),
  showLearnings: ({ view }) => view.show('show', { tab: 'learnings' }),
  showInsights: ({ view }) => view.show('show', { tab: 'insights' }),
  openDoctor: async ({ doctor }) => doctor.open(),
  showSent: ({ view }) => view.show('show', { tab: 'insights', section: 'sent' }),
  showLeft: ({ view }) => view.show('show', { tab: 'insights', section: 'left' }),
  showDigest,
  showHelped: ({ view }) => view.show('show', { tab: 'insights', section: 'helped' }),
  showGiven: ({ view }) => view.show('show', { tab: 'insights', section: 'given' }),
  showAround: async ({ view, editors }) => {
    const document = window.activeTextEditor?.document ?? (await editors.target())?.document;
    if (document?.uri.scheme !== 'file') {
      void window.showInformationMessage(l10n.t('Open a file first: the list shows what is around it.'));
      return;
    }
    await view.show('show', { tab: 'insights', section: 'around', file: document.uri.fsPath });
  },
  showLog: async ({ log }) => log.show(),
  openSettings: ({ extension }) => openSettings(`@ext:${extension.extension.id}`),
  openWalkthrough: async ({ extension }) => {
    const walkthrough = `${extension.extension.id}#${walkthroughId}`;
    await commands.executeCommand('workbench.action.openWalkthrough', walkthrough, false);
  },
} satisfies Record<string, Run>;
