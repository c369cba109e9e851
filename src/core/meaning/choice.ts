/**
 * Which model turns texts into vectors: one choice for all windows, stored in the database. It is written only after
 * the model worked once, so a failed or cancelled choice leaves the former model in use.
 */
import path from 'node:path';
import { modelsFolder } from '../../protocol/data-folder';
import { MemoryError, asMemoryError } from '../../protocol/errors';
import type { MeaningPhase, MeaningStatus } from '../../protocol/meaning';
import type { ModelChoice } from '../../protocol/questions/meaning';
import type { Clock } from '../lib/clock';
import type { Log } from '../lib/log';
import type { SqlDriver } from '../store/sqlite/driver';
import { getConfiguration, setConfiguration } from '../store/tables/configuration';
import { bytesHere, downloadModel, isDownloaded, removeModel } from './download';
import type { DownloadPorts } from './download';
import type { Embedder } from './embedder';
import { describeOffer, examineFolder } from './model-folder';
import type { UsableModel } from './model-folder';
import { modelSpecs, sizeOfModel, versionedId } from './models';
import type { ModelSpec } from './models';

/** An embedder that runs in a thread of its own. */
export interface RunningEmbedder extends Embedder {
  /** Loads the model now instead of with the first text. @throws MemoryError `no_model` when it cannot be used */
  load(): Promise<void>;
  close(): Promise<void>;
}

export interface MeaningPorts extends DownloadPorts {
  driver: SqlDriver;
  dataDir: string;
  clock: Clock;
  log: Log;
  /** `onLost` is called once, when the model can no longer be used. */
  createEmbedder: (model: UsableModel, onLost: (reason: string) => void) => RunningEmbedder;
  /** Called with the embedder to use from now on; undefined for none. */
  onEmbedder: (embedder: Embedder | undefined) => void;
  /** The models on offer; replaced in tests. */
  specs?: readonly ModelSpec[];
}

type Stored = { kind: 'off' } | { kind: 'offer'; id: string } | { kind: 'folder'; folder: string; model: string };
type Told = Omit<MeaningStatus, 'queue'>;

interface InUse {
  model: UsableModel;
  embedder: RunningEmbedder;
}

/** A choice in progress. The same choice by another window waits for it. */
interface Attempt {
  key: string;
  phase: MeaningPhase;
  bytesDone: number;
  bytesTotal: number;
  callers: number;
  cancel: AbortController;
  outcome: Promise<void>;
}

const choiceKey = 'meaning.choice';
/** Progress is reported at most this often. */
const tellMs = 200;

export class Meaning {
  readonly #specs: readonly ModelSpec[];
  readonly #listeners = new Set<() => void>();
  #phase: MeaningPhase = 'off';
  #reason: string | undefined;
  #inUse: InUse | undefined;
  #attempt: Attempt | undefined;
  #begun: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly ports: MeaningPorts) {
    this.#specs = ports.specs ?? modelSpecs;
  }

  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  status(): Told {
    const { model } = this.#inUse ?? {};
    const { phase, bytesDone, bytesTotal } = this.#attempt ?? { phase: this.#phase, bytesDone: 0, bytesTotal: 0 };
    return {
      phase,
      bytesDone,
      bytesTotal,
      model: model ? { id: model.id, name: model.name, source: model.source, dimension: model.dimension } : null,
      ...(this.#reason !== undefined && { reason: this.#reason }),
      offers: this.#specs.map((spec) => ({
        id: spec.id,
        name: spec.name,
        languages: spec.languages,
        licence: spec.licence,
        bytes: sizeOfModel(spec),
        bytesHere: bytesHere(this.#folderOf(spec), spec),
      })),
    };
  }

  /** Loads the model that was chosen before, without using the network; files that are missing are reported. */
  start(): Promise<void> {
    this.#begun ??= this.#takeUp().catch((error: unknown) => {
      const { message, data } = asMemoryError(error);
      this.#setPhase('failed', undefined, typeof data?.['reason'] === 'string' ? data['reason'] : message);
    });
    return this.#begun;
  }

  /** @throws MemoryError why the model cannot be used; nothing has changed then */
  async choose(choice: ModelChoice, signal?: AbortSignal): Promise<Told> {
    await this.start();
    const key = JSON.stringify(choice.kind === 'offer' ? [choice.kind, choice.id] : choice);
    // The newest choice replaces others. A cancelled attempt is not joined.
    while (this.#attempt && (this.#attempt.key !== key || this.#attempt.cancel.signal.aborted))
      await this.#end(this.#attempt);
    signal?.throwIfAborted();
    this.#attempt ??= this.#begin(key, choice);
    await this.#wait(this.#attempt, signal);
    return this.status();
  }

  /**
   * Deletes downloaded files; turns the model off first when it is in use. @throws MemoryError `invalid_input` for an
   * unknown name
   */
  async remove(id: string): Promise<Told> {
    const spec = this.#specOf(id);
    await this.start();
    if (this.#attempt?.key === JSON.stringify(['offer', id])) await this.#end(this.#attempt);
    const isInUse = this.#inUse?.model.source === 'offer' && this.#inUse.model.id === versionedId(spec);
    const stored = this.#stored();
    if (isInUse || (stored.kind === 'offer' && stored.id === id)) await this.choose({ kind: 'off' });
    await removeModel(path.join(this.ports.dataDir, modelsFolder), spec.id);
    this.#tell();
    return this.status();
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#listeners.clear();
    if (this.#attempt) await this.#end(this.#attempt);
    await this.#inUse?.embedder.close();
  }

  async #takeUp(): Promise<void> {
    const stored = this.#stored();
    if (stored.kind === 'off') return;
    if (stored.kind === 'offer') {
      const spec = this.#specs.find(({ id }) => id === stored.id);
      if (!spec || !isDownloaded(this.#folderOf(spec), spec)) return this.#setPhase('needs_consent', undefined);
      return this.#setPhase('ready', this.#open(describeOffer(spec, this.#folderOf(spec))));
    }
    this.#setPhase('loading', undefined);
    const model = await examineFolder(stored.folder, this.#specs);
    // The folder has other files, whose vectors differ: the person must choose it again.
    if (model.id !== stored.model)
      throw new MemoryError('no_model', 'The files of the model have changed.', { reason: 'model_changed' });
    this.#setPhase('ready', this.#open(model));
  }

  #begin(key: string, choice: ModelChoice): Attempt {
    const attempt: Attempt = {
      key,
      phase: 'loading',
      bytesDone: 0,
      bytesTotal: 0,
      callers: 0,
      cancel: new AbortController(),
      outcome: Promise.resolve(),
    };
    attempt.outcome = this.#carryOut(choice, attempt).finally(() => {
      if (this.#attempt === attempt) this.#attempt = undefined;
      this.#tell();
    });
    attempt.outcome.catch(() => {});
    return attempt;
  }

  async #carryOut(choice: ModelChoice, attempt: Attempt): Promise<void> {
    // The attempt must be registered before anything is reported about it.
    await Promise.resolve();
    if (choice.kind === 'off') return this.#replace({ kind: 'off' }, undefined);
    const model =
      choice.kind === 'offer'
        ? await this.#fetch(this.#specOf(choice.id), choice.hub, attempt)
        : await examineFolder(choice.folder, this.#specs);
    attempt.phase = 'loading';
    this.#tell();
    const opened = this.#open(model);
    try {
      await opened.embedder.load();
      attempt.cancel.signal.throwIfAborted();
    } catch (error) {
      await opened.embedder.close();
      throw error;
    }
    await this.#replace(
      choice.kind === 'offer'
        ? { kind: 'offer', id: choice.id }
        : { kind: 'folder', folder: choice.folder, model: model.id },
      opened,
    );
    this.ports.log.info(
      `meaning: ${choice.kind === 'offer' ? choice.id : 'a model of its own'} is in use, ${model.dimension} numbers a text`,
    );
  }

  async #fetch(spec: ModelSpec, hub: string | undefined, attempt: Attempt): Promise<UsableModel> {
    const folder = this.#folderOf(spec);
    if (!isDownloaded(folder, spec)) {
      Object.assign(attempt, {
        phase: 'downloading',
        bytesDone: bytesHere(folder, spec),
        bytesTotal: sizeOfModel(spec),
      });
      this.#tell();
      const onBytes = (done: number) => {
        attempt.bytesDone = done;
        this.#tellSoon();
      };
      await downloadModel(this.ports, { spec, folder, hub, signal: attempt.cancel.signal, onBytes });
      this.ports.log.info(`meaning: ${spec.id} downloaded, ${attempt.bytesTotal} bytes`);
    }
    return describeOffer(spec, folder);
  }

  /** The former embedder works until the next one is ready. */
  async #replace(stored: Stored, next: InUse | undefined): Promise<void> {
    const before = this.#inUse;
    setConfiguration(this.ports.driver, choiceKey, stored, this.ports.clock.now());
    this.#setPhase(next ? 'ready' : 'off', next);
    await before?.embedder.close();
  }

  #open(model: UsableModel): InUse {
    const embedder = this.ports.createEmbedder(model, (reason) => {
      if (this.#inUse?.embedder !== embedder) return;
      this.ports.log.error('meaning: the model can no longer be used');
      this.#setPhase('failed', undefined, reason);
      void embedder.close();
    });
    return { model, embedder };
  }

  #setPhase(phase: MeaningPhase, inUse: InUse | undefined, reason?: string): void {
    this.#phase = phase;
    this.#reason = reason;
    const hasChanged = this.#inUse !== inUse;
    this.#inUse = inUse;
    if (hasChanged) this.ports.onEmbedder(inUse?.embedder);
    this.#tell();
  }

  /** When one of several callers cancels, the others go on waiting; the last one to cancel ends the attempt. */
  #wait(attempt: Attempt, signal: AbortSignal | undefined): Promise<void> {
    attempt.callers++;
    return new Promise((resolve, reject) => {
      const leave = () => {
        if (--attempt.callers === 0) attempt.cancel.abort();
        reject(new MemoryError('cancelled', 'The operation was cancelled.'));
      };
      signal?.addEventListener('abort', leave, { once: true });
      attempt.outcome.then(resolve, reject).finally(() => signal?.removeEventListener('abort', leave));
    });
  }

  async #end(attempt: Attempt): Promise<void> {
    attempt.cancel.abort();
    await attempt.outcome.catch(() => {});
  }

  #tellSoon(): void {
    this.#timer ??= setTimeout(() => this.#tell(), tellMs);
  }

  #tell(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const listener of this.#listeners) listener();
  }

  #stored(): Stored {
    return getConfiguration<Stored>(this.ports.driver, choiceKey) ?? { kind: 'off' };
  }

  #folderOf(spec: ModelSpec): string {
    return path.join(this.ports.dataDir, modelsFolder, versionedId(spec));
  }

  #specOf(id: string): ModelSpec {
    const spec = this.#specs.find((each) => each.id === id);
    if (!spec)
      throw new MemoryError(
        'invalid_input',
        `There is no model ${id}. There are: ${this.#specs.map((each) => each.id).join(', ')}.`,
      );
    return spec;
  }
}
