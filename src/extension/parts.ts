/** The parts of the extension used by commands and webviews. Created once, in `activate`. */
import type { ExtensionContext } from 'vscode';
import type { Basket } from './basket/basket';
import type { BasketView } from './basket/view';
import type { EditorTracker } from './insert/editor-tracker';
import type { NewProposalsCount } from './learnings/new-proposals';
import type { Promotions } from './learnings/promotions';
import type { LastHere } from './left/last-here';
import type { Log } from './log';
import type { MemorySession } from './memory-session';
import type { DoctorPanel } from './page/doctor-panel';
import type { MemoryView } from './page/memory-view';
import type { ReaderPanels } from './page/reader-panel';
import type { KnownFixes } from './past-fix/known-fixes';
import type { DecisionWatch } from './watch/watcher';
import type { KnownWhys } from './why/known-whys';

export interface Parts {
  extension: ExtensionContext;
  log: Log;
  memory: MemorySession;
  editors: EditorTracker;
  view: MemoryView;
  readers: ReaderPanels;
  doctor: DoctorPanel;
  newProposals: NewProposalsCount;
  promotions: Promotions;
  basket: Basket;
  basketView: BasketView;
  fixes: KnownFixes;
  whys: KnownWhys;
  decisions: DecisionWatch;
  lastHere: LastHere;
}
