/** Asks the memory how an error was fixed before. Answers are kept, because the editor asks at every move of the cursor. */
import { readFile, stat } from 'node:fs/promises';
import { DiagnosticSeverity, languages, workspace } from 'vscode';
import type { Diagnostic, Disposable, Position, TextDocument } from 'vscode';
import type { PastFix } from '../../protocol/past-fix';
import type { ErrorWish } from '../../protocol/questions/past-fixes';
import type { MemorySession } from '../memory-session';
import { fileInside } from '../session/file-inside';
import { workspaceRoots } from '../workspace';
import { standingIn } from './text';
import type { Standing } from './text';

const maxKept = 300;
const maxMessage = 4_000;
/** A larger file is not compared with. */
const maxFileBytes = 2_000_000;
const typescript = new Set(['ts', 'js', 'typescript', 'javascript', 'deno-ts']);

export class KnownFixes implements Disposable {
  readonly #kept = new Map<string, Promise<PastFix[]>>();
  readonly #subscription: Disposable;

  constructor(private readonly memory: MemorySession) {
    // A session that was read may have fixed more, and a forgotten one nothing any more.
    this.#subscription = memory.onChanged(({ distilled, isReset }) => void ((distilled || isReset) && this.drop()));
  }

  get isOn(): boolean {
    return this.memory.settings.pastFixes;
  }

  /** Nothing while the memory does not answer: nobody waits for it at a light bulb. */
  quietly(wish: ErrorWish): Promise<PastFix[]> {
    if (!this.isOn || !this.memory.connection.isConnected) return Promise.resolve([]);
    return this.find(wish);
  }

  find(wish: ErrorWish): Promise<PastFix[]> {
    const key = JSON.stringify([wish.text, wish.code, wish.file]);
    const known = this.#kept.get(key);
    if (known) return known;
    const found = this.#ask(wish);
    this.#kept.set(key, found);
    // What failed is asked again.
    found.catch(() => this.#kept.delete(key));
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > maxKept && oldest !== undefined) this.#kept.delete(oldest);
    return found;
  }

  drop(): void {
    this.#kept.clear();
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  async #ask(wish: ErrorWish): Promise<PastFix[]> {
    const scope = this.memory.scopeOf(false);
    return (await this.memory.client()).pastFixes({ ...wish, ...(scope && { scope }) });
  }
}

export function wishOf({ message, code, source }: Diagnostic, document: TextDocument): ErrorWish {
  const value = String((typeof code === 'object' ? code.value : code) ?? '');
  const isNumber = /^\d+$/.test(value);
  return {
    text: message.slice(0, maxMessage),
    // A bare number is the tool's own only where that is known.
    code: !isNumber ? value.slice(0, 200) : typescript.has(source ?? '') ? `TS${value}` : '',
    file: document.uri.fsPath,
  };
}

/** Errors and warnings at a place. Tasks tell where a problem begins only: it is drawn under the word there. */
export const problemsAt = (document: TextDocument, position: Position): Diagnostic[] =>
  languages.getDiagnostics(document.uri).filter((each) => {
    const { range } = each;
    const drawn = range.isEmpty ? (document.getWordRangeAtPosition(range.start) ?? range) : range;
    return isProblem(each) && drawn.contains(position);
  });

/** Errors and warnings; hints say nothing that anybody fixed. */
export const isProblem = ({ severity }: Diagnostic): boolean =>
  severity === DiagnosticSeverity.Error || severity === DiagnosticSeverity.Warning;

/** What is left of a fix in its first file, as it is on the screen or on the disk. */
export async function standingOf({ edits }: PastFix): Promise<Standing | undefined> {
  const [first] = edits;
  if (!first) return undefined;
  const own = edits.filter(({ file }) => file === first.file);
  for (const root of workspaceRoots()) {
    // oxlint-disable-next-line no-await-in-loop -- the first folder that has it
    const found = await fileInside(root, first.file);
    if (found === undefined) continue;
    const open = workspace.textDocuments.find(({ uri }) => uri.fsPath === found);
    if (open) return standingIn(own, open.getText());
    // oxlint-disable-next-line no-await-in-loop -- as above
    const { size } = await stat(found);
    return size > maxFileBytes ? undefined : standingIn(own, await readFile(found, 'utf8')); // oxlint-disable-line no-await-in-loop
  }
  return undefined;
}
