/**
 * Marks where files contradict decisions that a person confirmed. The keeper looks at them; here is only sent what changed, and
 * nothing while nothing is confirmed. Files that are not open are looked at when they change on the disk: it may be Claude.
 */
import { readFile, stat } from 'node:fs/promises';
import { Diagnostic, DiagnosticSeverity, Disposable, Range, Uri, languages, workspace } from 'vscode';
import type { FileSystemWatcher, TextDocument } from 'vscode';
import { maxWatchedText } from '../../protocol/watch';
import type { Contradiction } from '../../protocol/watch';
import { logError } from '../log';
import type { Log } from '../log';
import type { MemorySession } from '../memory-session';
import { contradictionText } from './text';

/** After the last letter that is typed. */
const restMs = 400;
/** More files at once are a checkout or a build, and no edit. */
const mostAtOnce = 50;

interface Waiting {
  /** It is not open: its text is on the disk. */
  isFile: boolean;
  /** It may have changed itself. */
  isForced: boolean;
}

export class DecisionWatch implements Disposable {
  readonly #collection = languages.createDiagnosticCollection('claudeMem.decisions');
  readonly #found = new Map<string, readonly Contradiction[]>();
  /** Documents and files that wait to be looked at, by uri. */
  readonly #waiting = new Map<string, Waiting>();
  readonly #subscriptions: Disposable;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #disk: FileSystemWatcher | undefined;
  #isAnyOn: Promise<boolean> | undefined;
  /** What was confirmed when it was last asked, and when files were last looked at. */
  #confirmed = '';
  #lookedFor = '';
  #isClosed = false;

  constructor(
    private readonly memory: MemorySession,
    private readonly log: Log,
  ) {
    this.#subscriptions = Disposable.from(
      this.#collection,
      workspace.onDidOpenTextDocument((document) => this.#note(document.uri, 0)),
      workspace.onDidSaveTextDocument((document) => this.#note(document.uri, 0)),
      workspace.onDidChangeTextDocument(({ document }) => this.#note(document.uri, restMs)),
      workspace.onDidDeleteFiles(({ files }) => files.forEach((uri) => this.#drop(uri))),
      memory.onChanged(({ learnings, isReset }) => void ((learnings || isReset) && this.lookAgain(isReset))),
      memory.onWindowChanged(() => this.lookAgain()),
      memory.onConnection(({ isConnected }) => void (isConnected && this.lookAgain())),
    );
  }

  get isOn(): boolean {
    return this.memory.settings.watch;
  }

  /** What the file at this address contradicts, as it was last looked at. */
  at(uri: Uri): readonly Contradiction[] {
    return this.#found.get(uri.toString()) ?? [];
  }

  /** Looks at all open documents, and at all files with a mark; unless forced, when what is confirmed is another than before. */
  lookAgain(isForced = true): void {
    this.#isAnyOn = undefined;
    for (const document of workspace.textDocuments) this.#note(document.uri, restMs, { isFile: false, isForced });
    for (const uri of this.#found.keys()) this.#note(Uri.parse(uri), restMs, { isFile: true, isForced });
    // Without a file to look at, it is still asked whether the disk is to be followed.
    if (this.#waiting.size === 0) this.#rest(restMs);
  }

  dispose(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#disk?.dispose();
    this.#subscriptions.dispose();
  }

  #note(uri: Uri, afterMs: number, { isFile, isForced }: Waiting = { isFile: false, isForced: true }): void {
    if (uri.scheme !== 'file') return;
    const key = uri.toString();
    const known = this.#waiting.get(key);
    this.#waiting.set(key, {
      isFile: known ? known.isFile && isFile : isFile,
      isForced: isForced || known?.isForced === true,
    });
    this.#rest(afterMs);
  }

  #rest(afterMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), afterMs);
  }

  async #look(): Promise<void> {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    try {
      const isAnyOn = await this.#anyOn();
      this.#followDisk(isAnyOn);
      if (!isAnyOn) {
        this.#found.clear();
        this.#collection.clear();
        return;
      }
      const isNews = this.#confirmed !== this.#lookedFor;
      this.#lookedFor = this.#confirmed;
      const files = waiting.filter(([, { isFile }]) => isFile).length;
      for (const [key, { isFile, isForced }] of waiting) {
        if (this.#isClosed) return;
        // Other learnings changed, as they often do while sessions are read.
        if (!isForced && !isNews) continue;
        if (isFile && files > mostAtOnce && !this.#found.has(key)) continue;
        // oxlint-disable-next-line no-await-in-loop -- one after the other, so that others are answered between
        await this.#lookAt(Uri.parse(key));
      }
    } catch (error) {
      logError(this.log, 'looking for contradicted decisions', error);
    }
  }

  /** Asked once, until learnings change. Nothing is sent of files before. */
  #anyOn(): Promise<boolean> {
    if (!this.isOn || !this.memory.connection.isConnected) return Promise.resolve(false);
    this.#isAnyOn ??= this.#askWhetherAnyIsOn();
    return this.#isAnyOn;
  }

  async #askWhetherAnyIsOn(): Promise<boolean> {
    try {
      const scope = this.memory.scopeOf(false);
      if (!scope) return false;
      const confirmed = await (await this.memory.client()).watches({ onlyOn: true, scope });
      this.#confirmed = JSON.stringify(confirmed);
      return confirmed.length > 0;
    } catch (error) {
      this.#isAnyOn = undefined;
      throw error;
    }
  }

  async #lookAt(uri: Uri): Promise<void> {
    const root = workspace.getWorkspaceFolder(uri)?.uri.fsPath;
    const open = workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
    const text = root === undefined ? undefined : open ? textOf(open) : await textOnDisk(uri.fsPath);
    if (text === undefined) {
      this.#drop(uri);
      return;
    }
    const client = await this.memory.client();
    const found = await client.contradictions({ file: uri.fsPath, text, ...(root !== undefined && { root }) });
    // It was typed on meanwhile: the next look is on its way.
    if (this.#isClosed || this.#waiting.has(uri.toString())) return;
    this.#show(uri, found);
  }

  #show(uri: Uri, found: readonly Contradiction[]): void {
    if (found.length === 0) {
      this.#drop(uri);
      return;
    }
    this.#found.set(uri.toString(), found);
    this.#collection.set(
      uri,
      found.map((each) => {
        const diagnostic = new Diagnostic(rangeOf(each), contradictionText(each.watch), DiagnosticSeverity.Information);
        diagnostic.source = 'Claude-Mem';
        return diagnostic;
      }),
    );
  }

  #drop(uri: Uri): void {
    if (this.#found.delete(uri.toString())) this.#collection.delete(uri);
  }

  #followDisk(isWanted: boolean): void {
    if (this.#isClosed || isWanted === (this.#disk !== undefined)) return;
    if (!isWanted) {
      this.#disk?.dispose();
      this.#disk = undefined;
      return;
    }
    this.#disk = workspace.createFileSystemWatcher('**/*');
    const isOpen = (uri: Uri) => workspace.textDocuments.some((document) => document.uri.toString() === uri.toString());
    const note = (uri: Uri) => void (isOpen(uri) || this.#note(uri, restMs, { isFile: true, isForced: true }));
    this.#disk.onDidCreate(note);
    this.#disk.onDidChange(note);
    this.#disk.onDidDelete((uri) => this.#drop(uri));
  }
}

export const rangeOf = ({ line, from, to }: Contradiction): Range => new Range(line, from, line, to);

const textOf = (document: TextDocument): string | undefined => {
  const text = document.getText();
  return text.length > maxWatchedText ? undefined : text;
};

async function textOnDisk(file: string): Promise<string | undefined> {
  try {
    const { size } = await stat(file);
    if (size > maxWatchedText) return undefined;
    const text = await readFile(file, 'utf8');
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}
