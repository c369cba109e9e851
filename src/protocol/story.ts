/** What a session changed, and files as they stood at one of its turns, as a head shows them. */
import type { SessionId } from './model';
import type { RowPlace } from './model';

/** `whole`: from its beginning to its end. `parts`: only what edits and readings showed. */
type KnownOf = 'whole' | 'parts' | 'nothing';

/**
 * Why it may have stood otherwise. `others`: a later edit did not find its text as it should have been, so somebody else changed the
 * file in between. `command`: a command of the session named it afterwards. `cut`: an edit was too long to be kept whole.
 * `later`: it was read after that turn, and no turn in memory changed it in between. `earlier`: it was last seen whole in another
 * session, or hours before.
 */
export type StoodDoubt = 'others' | 'command' | 'cut' | 'later' | 'earlier';

/** A file that calls of a session changed, all its changes taken together. */
export interface ChangedFile {
  /** As the calls named it. */
  file: string;
  /** From the root of the project; as it was named when it is outside. */
  name: string;
  edits: number;
  /** Lines. Both 0: what was done was taken back. */
  added: number;
  removed: number;
  /** The session made it. */
  isNew?: true;
  known: Exclude<KnownOf, 'nothing'>;
  doubt?: StoodDoubt;
  first: RowPlace;
  last: RowPlace;
}

export interface SessionChanges {
  /** In the order in which they were first changed. */
  files: ChangedFile[];
  /** Files that are left out because there are too many. */
  more: number;
}

/** One piece of a file without and with what the session did. */
export interface NetPiece {
  before: string;
  after: string;
}

export interface NetChange extends ChangedFile {
  pieces: NetPiece[];
  /** Something that is not known stands before the first piece, and behind the last. */
  isOpenAbove?: true;
  isOpenBelow?: true;
}

export interface StoodFile {
  sessionId: SessionId;
  turn: number;
  file: string;
  known: KnownOf;
  /** What is known, in its order as far as that is known; what stands between two is not. */
  pieces: string[];
  isOpenAbove?: true;
  isOpenBelow?: true;
  doubt?: StoodDoubt;
  /** Calls in memory that had changed it until then, those of all sessions. */
  changes: number;
}
