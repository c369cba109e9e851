/**
 * Passes over a line that stopped the keeper. What is being read is written down before; a note that is left tells the
 * next keeper where the last one died. A batch during which a keeper was stuck is read line by line; a line at which
 * the next one was stuck too is passed over, and the file goes on.
 *
 * A kill alone says nothing about a line. So a thread that the line cannot stop touches the note while reading lasts,
 * and only a reading that lasted long counts.
 */
import nodeFs from 'node:fs';
import path from 'node:path';
import { readingNoteName } from '../../protocol/data-folder';
import type { Clock } from '../lib/clock';
import { readJson, writeDurably } from '../lib/durable';

/** A place in a transcript. */
export interface Stretch {
  path: string;
  /** First byte. */
  offset: number;
  bytes: number;
}

interface Note {
  current?: Stretch & { isLine: boolean; at: number };
  /** Batches in which a keeper was stuck. */
  suspects: Stretch[];
  /** Lines that are passed over. */
  passedOver: Stretch[];
}

/**
 * Touches a file every second while `isReading` holds a 1, from a thread of its own; returns how to end it.
 * @param isReading one number in shared memory
 */
export type StartTouching = (file: string, isReading: Int32Array<SharedArrayBuffer>) => () => void;

/** A reading that took this long and did not end has stopped the keeper. */
const maxReadingMs = 5000;
const maxPlaces = 100;

export class LineGuard {
  readonly #file: string;
  readonly #startTouching: StartTouching | undefined;
  readonly #isReading = new Int32Array(new SharedArrayBuffer(4));
  #stopTouching: (() => void) | undefined;
  #note: Note;

  /** @param startTouching without it nothing is ever found to be stuck */
  constructor(
    dataDir: string,
    readonly clock: Clock,
    startTouching?: StartTouching,
  ) {
    this.#file = path.join(dataDir, readingNoteName);
    this.#startTouching = startTouching;
    this.#note = this.#judge();
  }

  /** The batch in which a keeper was stuck, if the file has one at or behind `offset`. */
  suspectIn(file: string, offset: number): Stretch | undefined {
    return this.#note.suspects.find((each) => each.path === file && each.offset + each.bytes > offset);
  }

  /** The length is compared too, because the file may have been written anew. */
  isPassedOver({ path: file, offset, bytes }: Stretch): boolean {
    return this.#note.passedOver.some((each) => each.path === file && each.offset === offset && each.bytes === bytes);
  }

  /** Called before lines are worked on; `leave` afterwards. */
  enter(stretch: Stretch, isLine: boolean): void {
    if (!this.#startTouching) return;
    this.#note.current = { ...stretch, isLine, at: this.clock.now() };
    this.#write();
    Atomics.store(this.#isReading, 0, 1);
    this.#stopTouching ??= this.#startTouching(this.#file, this.#isReading);
  }

  leave(): void {
    if (!this.#note.current) return;
    Atomics.store(this.#isReading, 0, 0);
    delete this.#note.current;
    this.#write();
  }

  /** Not flushed: it must outlive the process, not the power. On a full disk reading goes on without a note. */
  #write(): void {
    try {
      nodeFs.writeFileSync(this.#file, JSON.stringify(this.#note), { mode: 0o600 });
    } catch {}
  }

  /** The suspected batch was read to its end. */
  clear(suspect: Stretch): void {
    this.#note.suspects = this.#note.suspects.filter((each) => each !== suspect);
    this.#save();
  }

  close(): void {
    this.#stopTouching?.();
    this.#stopTouching = undefined;
  }

  #judge(): Note {
    const found = readNote(this.#file);
    const { current, ...rest } = found;
    const touchedAt = nodeFs.statSync(this.#file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (!current || touchedAt - current.at < maxReadingMs) return rest;
    const { path: file, offset, bytes, isLine } = current;
    const place = { path: file, offset, bytes };
    this.#note = isLine
      ? { ...rest, passedOver: [...rest.passedOver, place].slice(-maxPlaces) }
      : { ...rest, suspects: [...rest.suspects, place].slice(-maxPlaces) };
    this.#save();
    return this.#note;
  }

  #save(): void {
    writeDurably(this.#file, JSON.stringify(this.#note));
  }
}

function readNote(file: string): Note {
  const found = readJson<Partial<Note>>(file);
  const listOf = (value: unknown) => (Array.isArray(value) ? (value as Stretch[]) : []);
  return {
    ...(found?.current && { current: found.current }),
    suspects: listOf(found?.suspects),
    passedOver: listOf(found?.passedOver),
  };
}

/** Lines that are passed over, for the diagnosis. */
export const readPassedOver = (dataDir: string): Stretch[] => readNote(path.join(dataDir, readingNoteName)).passedOver;
