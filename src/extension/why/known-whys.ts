/** Asks the memory why lines are as they are, with the text as it stands in the editor, and keeps the last answers. */
import { Range, workspace } from 'vscode';
import type { Disposable, TextDocument } from 'vscode';
import { isInside } from '../../protocol/paths';
import type { Why } from '../../protocol/why';
import { maxWhyLines, maxWhyText } from '../../protocol/why-limits';
import { textAround } from '../../protocol/why-text';
import type { LineRange } from '../../protocol/why-text';
import type { MemorySession } from '../memory-session';

export interface KnownWhy extends LineRange {
  /** Names it for the links of a hover. */
  id: number;
  uri: string;
  version: number;
  why: Why;
}

const maxKept = 50;
/** Lines around those that are asked about; what is further away does not help to place them. */
const maxAround = 4_000;

/** Files on this machine, new ones, and cells of notebooks. */
export const whySchemes = ['file', 'untitled', 'vscode-notebook-cell'] as const;
export const isAskable = ({ uri }: TextDocument): boolean => (whySchemes as readonly string[]).includes(uri.scheme);

export class KnownWhys implements Disposable {
  #kept: KnownWhy[] = [];
  #ids = 0;
  readonly #subscription: Disposable;

  constructor(private readonly memory: MemorySession) {
    // Rows of a session that grew or was forgotten change what is known.
    this.#subscription = memory.onChanged(() => void (this.#kept = []));
  }

  get isOn(): boolean {
    return this.memory.settings.why;
  }

  get isHovering(): boolean {
    return this.isOn && this.memory.settings.whyHover;
  }

  get isLensed(): boolean {
    return this.isOn && this.memory.settings.whyLens;
  }

  byId(id: unknown): KnownWhy | undefined {
    return this.#kept.find((each) => each.id === id);
  }

  /** An answer about this text of the document that has the line in it; of those that were asked last. */
  around({ uri, version }: TextDocument, line: number): KnownWhy | undefined {
    return this.#kept.findLast(
      (each) => each.uri === uri.toString() && each.version === version && each.from <= line && line <= each.to,
    );
  }

  /** Nothing while the memory does not answer: nobody waits for it at a hover. */
  async quietly(document: TextDocument, lines: LineRange): Promise<KnownWhy | undefined> {
    return this.isOn && this.memory.connection.isConnected ? this.ask(document, lines, false) : undefined;
  }

  /** @throws MemoryError */
  async ask(
    document: TextDocument,
    { from, to }: LineRange,
    withCommits: boolean,
    signal?: AbortSignal,
  ): Promise<KnownWhy> {
    const { uri, version } = document;
    const last = Math.min(to, from + maxWhyLines - 1, document.lineCount - 1);
    const root = workspace.getWorkspaceFolder(uri)?.uri.fsPath;
    const scope = this.memory.scopeOf(false);
    const isHere = root !== undefined && scope?.roots?.some((each) => isInside(each, uri.fsPath)) === true;
    const query = { file: uri.fsPath, ...textOf(document, from, last), from, to: last, withCommits };
    const client = await this.memory.client();
    const why = await client.why({ ...query, ...(isHere && { scope }) }, signal);
    const known = { id: ++this.#ids, uri: uri.toString(), version, from, to: last, why };
    this.#kept = [...this.#kept, known].slice(-maxKept);
    return known;
  }

  dispose(): void {
    this.#subscription.dispose();
  }
}

/** As it is in the editor, saved or not. */
function textOf(document: TextDocument, from: number, to: number): { text: string; firstLine: number } {
  const firstLine = Math.max(0, from - maxAround);
  const text = document.getText(new Range(firstLine, 0, to + maxAround, 0));
  if (text.length <= maxWhyText) return { text, firstLine };
  const part = textAround(text.split(/\r?\n/), from - firstLine, to - firstLine);
  // Lines that are too long for a question were written by no edit that is kept whole.
  return part ? { text: part.text, firstLine: firstLine + part.firstLine } : { text: '', firstLine };
}
