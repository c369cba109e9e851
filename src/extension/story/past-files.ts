/**
 * Files as the memory knows them, as a read-only file system: as they stood at a turn, and without or with what a session changed.
 * What is not known is said at its place.
 */
import { EventEmitter, FileChangeType, FilePermission, FileSystemError, FileType, Uri, l10n } from 'vscode';
import type { Disposable, FileChangeEvent, FileStat, FileSystemProvider } from 'vscode';
import type { SessionId } from '../../protocol/model';
import type { NetChange, StoodFile } from '../../protocol/story';
import { pastScheme } from '../contributions';
import type { MemorySession } from '../memory-session';

interface Kept {
  bytes: Promise<Uint8Array>;
  at: number;
}

const maxKept = 40;

/** A file at a turn of a session. */
export const stoodUri = (sessionId: SessionId, turn: number, file: string): Uri =>
  pastUri(file, { session: sessionId, turn: String(turn) });

/** One side of what a session changed in a file. */
export const netUri = (sessionId: SessionId, file: string, side: 'before' | 'after'): Uri =>
  pastUri(file, { session: sessionId, side });

/** The path is that of the file, which gives the document its language and icon. */
function pastUri(file: string, query: Record<string, string>): Uri {
  const path = `/${file.replaceAll('\\', '/').replace(/^\/+/, '')}`;
  return Uri.from({ scheme: pastScheme, path, query: new URLSearchParams({ ...query, file }).toString() });
}

export class PastFiles implements FileSystemProvider, Disposable {
  readonly #changed = new EventEmitter<FileChangeEvent[]>();
  readonly #kept = new Map<string, Kept>();
  readonly #subscription: Disposable;
  readonly onDidChangeFile = this.#changed.event;

  constructor(private readonly memory: MemorySession) {
    // What was forgotten, or a session that grew, is read anew when it is shown.
    this.#subscription = memory.onChanged(() => {
      const uris = [...this.#kept.keys()].map((uri) => Uri.parse(uri, true));
      this.#kept.clear();
      if (uris.length > 0) this.#changed.fire(uris.map((uri) => ({ type: FileChangeType.Changed, uri })));
    });
  }

  watch(): Disposable {
    return { dispose: () => {} };
  }

  async stat(uri: Uri): Promise<FileStat> {
    const kept = this.#keep(uri);
    const { length: size } = await kept.bytes;
    return { type: FileType.File, ctime: 0, mtime: kept.at, size, permissions: FilePermission.Readonly };
  }

  readFile(uri: Uri): Promise<Uint8Array> {
    return this.#keep(uri).bytes;
  }

  readDirectory(): never {
    throw FileSystemError.Unavailable('Only files are known.');
  }

  createDirectory(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }

  writeFile(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }

  delete(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }

  rename(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }

  #keep(uri: Uri): Kept {
    const name = uri.toString();
    const known = this.#kept.get(name);
    if (known) return known;
    const kept = { bytes: this.#read(uri), at: Date.now() };
    this.#kept.set(name, kept);
    kept.bytes.catch(() => this.#kept.delete(name));
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > maxKept && oldest !== undefined) this.#kept.delete(oldest);
    return kept;
  }

  async #read(uri: Uri): Promise<Uint8Array> {
    const asked = new URLSearchParams(uri.query);
    const [sessionId, file] = [asked.get('session') ?? '', asked.get('file') ?? ''];
    const side = asked.get('side');
    try {
      const client = await this.memory.client();
      const text =
        side === null
          ? stoodText(await client.fileAtTurn({ sessionId, turn: Number(asked.get('turn')), file }))
          : netText(await client.sessionChange(sessionId, file), side === 'before' ? 'before' : 'after');
      return new TextEncoder().encode(text);
    } catch (error) {
      // The editor shows its own words for a file that is not there.
      throw FileSystemError.FileNotFound(error instanceof Error ? error.message : uri);
    }
  }
}

const gap = (): string => `⋯ ${l10n.t('What stands here is not in memory.')} ⋯`;

function withGaps(
  pieces: readonly string[],
  { isOpenAbove, isOpenBelow }: Pick<StoodFile, 'isOpenAbove' | 'isOpenBelow'>,
) {
  return [...(isOpenAbove ? [gap()] : []), pieces.join(`\n${gap()}\n`), ...(isOpenBelow ? [gap()] : [])].join('\n');
}

const stoodText = (stood: StoodFile): string => (stood.known === 'nothing' ? gap() : withGaps(stood.pieces, stood));

const netText = (change: NetChange, side: 'before' | 'after'): string =>
  change.isNew && side === 'before' && change.pieces.every(({ before }) => before === '')
    ? ''
    : withGaps(
        change.pieces.map((piece) => piece[side]),
        change,
      );
