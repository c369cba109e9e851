/**
 * Prompts that were typed while Claude was busy. The client notes them as operations of its queue and then writes what
 * became of them: a line of their own, an attachment, or (old clients, and clients that were killed) nothing at all. So
 * each operation accounts for at most one message, told by the client's own ids and, where there are none, by text,
 * order and time; what no line follows is a prompt by itself.
 */
import type { KeyedName } from '../lib/keyed-name';
import type { MessageNote } from './schema';

/** A prompt that waits, as kept between two readings: with keyed hashes, because its text may contain a secret. */
export interface Waiting {
  uid: KeyedName;
  hash: KeyedName;
  at: number;
  ids: KeyedName[];
  /** `dequeued`: its line should follow; `absorbed`: handed to the running turn, so an attachment may follow. */
  step: 'waits' | 'dequeued' | 'absorbed';
  isHuman: boolean;
  /** It is in the store already, as a prompt of which nothing more is known yet. */
  isStored: boolean;
}

/** A message that may be written a second time in the other form. */
export interface Recent {
  /** Of a queued prompt that was taken for one by itself, since no line of it was found. */
  uid?: KeyedName;
  form: 'line' | 'attachment' | 'queue';
  hash: KeyedName;
  at: number;
  ids: KeyedName[];
  /** No answer has followed. */
  isNear: boolean;
}

/** What identifies a message beside its text. */
export interface Arrival {
  form: 'line' | 'attachment';
  text: string;
  hash: KeyedName;
  at: number;
  /** The client's ids of it: uuid, source uuid, delivery. */
  ids: readonly KeyedName[];
  /** The client says that it was typed into an empty queue. */
  isTyped: boolean;
}

export interface QueueOperation {
  operation: 'enqueue' | 'dequeue' | 'remove' | 'popAll';
  text: string;
  note: MessageNote;
  ids: readonly KeyedName[];
  isHuman: boolean;
}

const maxWaiting = 16;
const maxRecent = 4;
/** Longest time between the two forms of one message when no ids join them. */
const maxApartMs = 60_000;
/** A line is written before its attachment in one go only. */
const maxBehindMs = 2000;
/** Longest prompt, in lines, that is looked at for several queued prompts. */
const maxJoinedLines = 60;

const shares = (a: readonly string[], b: readonly string[]): boolean => a.some((id) => b.includes(id));

/** Takes the message's other form from `recent`. */
export function takeTwin(recent: Recent[], { form, hash, at, ids, isTyped }: Arrival): Recent | undefined {
  const index = recent.findIndex((each) => {
    if (each.form === form && form === 'line') return false;
    if (shares(each.ids, ids)) return true;
    if (each.form === form || each.hash !== hash || !each.isNear) return false;
    // Both have ids of their own, and they differ.
    if (form === 'attachment' ? ids.length > 0 : each.ids.length > 0 || isTyped) return false;
    const apart = Math.abs(at - each.at);
    return apart <= (form === 'attachment' && each.form === 'line' ? maxBehindMs : maxApartMs);
  });
  return index < 0 ? undefined : recent.splice(index, 1)[0];
}

export function remember(recent: Recent[], message: Recent): void {
  recent.push(message);
  recent.splice(0, Math.max(0, recent.length - maxRecent));
}

/** Adds a prompt to the queue; returns those that no longer fit. */
export function enqueue(waiting: Waiting[], item: Waiting): Waiting[] {
  waiting.push(item);
  return waiting.splice(0, Math.max(0, waiting.length - maxWaiting));
}

/** Notes that a waiting prompt was handed out. Operations without an id are about the one that waits longest. */
export function advance(
  waiting: readonly Waiting[],
  { operation, ids, hash }: Pick<QueueOperation, 'operation' | 'ids'> & { hash: KeyedName },
): void {
  const item =
    waiting.find((each) => shares(each.ids, ids)) ??
    waiting.find((each) => each.step === 'waits' && hash !== '' && each.hash === hash) ??
    waiting.find((each) => each.step === 'waits');
  if (item) item.step = operation === 'remove' ? 'absorbed' : 'dequeued';
}

/** Takes prompts that were put back into the input field: one by its text, or all that wait. */
export function takeBack(waiting: Waiting[], hash: KeyedName): Waiting[] {
  const isBack = (each: Waiting) => each.step === 'waits' && (hash === '' || each.hash === hash);
  const back = hash === '' ? waiting.filter(isBack) : waiting.filter(isBack).slice(0, 1);
  for (const each of back) waiting.splice(waiting.indexOf(each), 1);
  return back;
}

/** Takes the queued prompts that a message delivers: one, or several that the client joined by line breaks. */
export function takeDelivered(waiting: Waiting[], arrival: Arrival, hashOf: (text: string) => KeyedName): Waiting[] {
  const one = pick(waiting, arrival, arrival.hash);
  if (one) return [one];
  const step = arrival.form === 'line' ? 'dequeued' : 'absorbed';
  if (arrival.isTyped || waiting.length < 2) {
    // An operation without a text stands for a picture, or for text that the client does not note.
    const blank = arrival.isTyped ? undefined : waiting.find((each) => each.hash === '' && each.step === step);
    return blank ? take(waiting, [blank]) : [];
  }
  const lines = arrival.text.split('\n');
  const left = [...waiting];
  const parts: Waiting[] = [];
  for (let from = 0; from < lines.length && lines.length <= maxJoinedLines;) {
    let found: Waiting | undefined;
    let to = from;
    while (!found && to++ < lines.length) {
      const hash = hashOf(lines.slice(from, to).join('\n').trim());
      found = left.find((each) => each.hash === hash);
    }
    if (!found) break;
    left.splice(left.indexOf(found), 1);
    parts.push(found);
    from = to;
    while (from < lines.length && lines[from]?.trim() === '') from++;
    if (from >= lines.length) return take(waiting, parts);
  }
  const blank = waiting.find((each) => each.hash === '' && each.step === step);
  return blank ? take(waiting, [blank]) : [];
}

function pick(waiting: Waiting[], { form, at, ids, isTyped }: Arrival, hash: KeyedName): Waiting | undefined {
  const step = form === 'line' ? 'dequeued' : 'absorbed';
  const same = waiting.filter((each) => each.hash === hash);
  const known = waiting.find((each) => shares(each.ids, ids));
  const handedOut = known ?? same.find((each) => each.step === step);
  if (handedOut) {
    take(waiting, [handedOut]);
    return handedOut;
  }
  if (isTyped) return undefined;
  // The queue has priorities: another prompt than the oldest may have been handed out.
  const instead = waiting.find((each) => each.step !== 'waits');
  const item = same.find(
    (each) => each.step !== 'waits' || instead !== undefined || Math.abs(at - each.at) <= maxApartMs,
  );
  if (!item) return undefined;
  if (item.step === 'waits' && instead) instead.step = 'waits';
  take(waiting, [item]);
  return item;
}

function take(waiting: Waiting[], items: Waiting[]): Waiting[] {
  for (const each of items) waiting.splice(waiting.indexOf(each), 1);
  return items;
}
