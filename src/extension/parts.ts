/** The parts of the extension that commands and webviews act on. Made once, in `activate`. */
import type { ExtensionContext } from 'vscode';
import type { EditorTracker } from './editor-tracker';
import type { Log } from './log';
import type { MemorySession } from './memory-session';
import type { DoctorPanel } from './panel/doctor-panel';
import type { ReaderPanels } from './panel/reader-panel';
import type { Promotions } from './promotions';
import type { MemoryView } from './views/memory-view';

export interface Parts {
  extension: ExtensionContext;
  log: Log;
  memory: MemorySession;
  editors: EditorTracker;
  view: MemoryView;
  readers: ReaderPanels;
  doctor: DoctorPanel;
  promotions: Promotions;
}
