/**
 * Entries → drafts of rows, each with its turn. A transcript is a tree (parallel tools, rewinds, two clients writing
 * one file), lines are not in the order of time, and ids repeat. So turns follow the order in the file, tool results
 * find their call by id and never by position, and every draft has a key that is the same wherever the row is copied.
 */
import { createHash } from 'node:crypto';
import type { KeyedName, NameKey } from '../lib/keyed-name';
import type { Redacted } from '../lib/redacted';
import type { Draft, MessageDraft } from './drafts';
import { identify } from './message-identity';
import type { KnownMessage } from './message-identity';
import { advance, enqueue, remember, takeBack, takeDelivered, takeTwin } from './queue';
import type { Arrival, Recent, Waiting } from './queue';
import type { Entry, EntryBody, Envelope } from './schema';

/** State between two readings of one file. JSON of limited size, in which no text of a line stands as it was written. */
export interface ThreadState {
  turn: number;
  at: number;
  cwd: Redacted | '';
  gitBranch: Redacted | '';
  version: Redacted | '';
  entrypoint: Redacted | '';
  lastUuid: KeyedName | '';
  /** Prompts typed while Claude is busy, of which no line was read yet. */
  waiting: Waiting[];
  /** The last human prompts: one typed while Claude is busy may be written twice. */
  recent: Recent[];
  /** The last answers, and ids of answers that were found to name several. */
  messages: KnownMessage[];
  reused: KeyedName[];
  /** Hashes of prompts that hooks gave. */
  injected: KeyedName[];
  /** The last human prompt while it has no answer, which may come with a later reading. */
  unanswered?: { uid: KeyedName; hash: KeyedName };
}

export const newThread: ThreadState = {
  turn: 0,
  at: 0,
  cwd: '',
  gitBranch: '',
  version: '',
  entrypoint: '',
  lastUuid: '',
  waiting: [],
  recent: [],
  messages: [],
  reused: [],
  injected: [],
};

export interface ThreadOptions {
  isAgentFile: boolean;
  names: NameKey;
  /** The parent session's turn at a time, for sub-agent files. */
  turnAt?: (at: number) => number;
}

/**
 * The drafts of one batch in file order, and the state after it. `waiting` are queued prompts of which no line was read
 * yet; they are stored, because nothing more may come. The given state is not changed.
 */
export function threadEntries(
  entries: readonly { entry: Entry<Redacted>; line: number }[],
  before: ThreadState,
  options: ThreadOptions,
): { drafts: Draft[]; waiting: MessageDraft[]; state: ThreadState; duplicateLines: Set<number> } {
  const thread = new Thread(before, options);
  for (const { entry, line } of entries) thread.take(entry, line);
  return thread.end();
}

const maxInjected = 3;

type PromptBody = Extract<EntryBody, { kind: 'prompt' }>;
type QueueBody = Extract<EntryBody, { kind: 'queue' }>;

class Thread {
  readonly #state: ThreadState;
  readonly #turnBefore: number;
  #drafts: Draft[] = [];
  readonly #duplicateLines = new Set<number>();
  /** Drafts of queued prompts read in this batch, by uid. */
  readonly #queued = new Map<string, MessageDraft>();
  /** The prompt without an answer, when it was read in this batch, and the plain hash of its text. */
  #prompt: MessageDraft | undefined;
  #plainHash = '';
  readonly #plainHashes = new Map<string, string>();
  #lastUuid: string | undefined;
  /** Most lines of a batch name the same few ids. */
  readonly #keys = new Map<string, KeyedName>();

  constructor(
    before: ThreadState,
    readonly options: ThreadOptions,
  ) {
    this.#state = structuredClone(before);
    this.#turnBefore = before.turn;
  }

  take(entry: Entry<Redacted>, line: number): void {
    const { envelope } = entry;
    const isSide = this.options.isAgentFile || envelope.isSidechain;
    follow(this.#state, envelope, isSide && !this.options.isAgentFile);
    if (envelope.uuid !== undefined && (!isSide || this.options.isAgentFile)) this.#lastUuid = envelope.uuid;
    const usage = entry.bodies.find((body) => body.kind === 'usage');
    for (const body of entry.bodies) {
      switch (body.kind) {
        case 'prompt':
          this.#takePrompt(body, envelope, isSide, line);
          break;
        case 'injected':
          this.#state.injected = [...this.#state.injected, this.#hash(body.text)].slice(-maxInjected);
          break;
        case 'queue':
          if (!isSide) this.#takeQueueOperation(body, envelope, line);
          break;
        case 'answer': {
          const plain = digest(body.text);
          const { rowKey } = this.#identify(body, usage, envelope, isSide);
          this.#drafts.push({
            kind: 'message',
            role: 'assistant',
            note: body.note,
            text: body.text,
            hash: this.#keyOf(plain),
            model: body.model,
            uid: this.options.names.ofRow(`a:${rowKey}:${plain}`),
            ...this.#base(envelope, isSide, line),
          });
          break;
        }
        case 'tool_call': {
          const { rowKey } = this.#identify(body, usage, envelope, isSide);
          // Some gateways number their tool calls from zero, so the input is part of the key.
          const json = jsonOf(body.input);
          this.#drafts.push({
            kind: 'call',
            toolUseId: this.#keyOf(body.toolUseId),
            tool: body.tool,
            input: json === undefined ? {} : body.input,
            model: body.model,
            uid: this.options.names.ofRow(`t:${rowKey}:${body.toolUseId}:${digest(json ?? '')}`),
            ...this.#base(envelope, isSide, line),
          });
          break;
        }
        case 'tool_result': {
          const { kind: _, ...result } = body;
          this.#drafts.push({
            kind: 'result',
            ...result,
            toolUseId: this.#keyOf(body.toolUseId),
            orphanUid: this.options.names.ofRow(`r:${body.toolUseId}:${this.#state.at}`),
            ...this.#base(envelope, isSide, line),
          });
          break;
        }
        case 'usage': {
          const { kind: _, messageId: _message, requestId: _request, ...counts } = body;
          const { usageKey } = this.#identify(body, body, envelope, isSide);
          this.#drafts.push({ kind: 'usage', message: usageKey, ...counts, at: this.#state.at });
          break;
        }
        case 'cost':
          if (!isSide) this.#drafts.push({ kind: 'cost', models: body.models, at: this.#state.at });
          break;
        case 'title':
          this.#drafts.push({
            kind: 'title',
            title: body.title,
            rank: body.rank,
            ...(body.leafUuid && { leafUuid: this.#keyOf(body.leafUuid) }),
          });
      }
    }
  }

  end(): { drafts: Draft[]; waiting: MessageDraft[]; state: ThreadState; duplicateLines: Set<number> } {
    const waiting: MessageDraft[] = [];
    for (const item of this.#state.waiting) {
      const turn = this.#state.turn + 1;
      const draft = this.#queued.get(item.uid);
      if (draft && !item.isStored) waiting.push({ ...draft, turn });
      else if (item.isHuman && turn !== this.#turnBefore + 1)
        this.#drafts.push({ kind: 'placed', uid: item.uid, turn });
      item.isStored = true;
    }
    if (this.#lastUuid !== undefined) this.#state.lastUuid = this.#keyOf(this.#lastUuid);
    return { drafts: this.#drafts, waiting, state: this.#state, duplicateLines: this.#duplicateLines };
  }

  #keyOf(name: string): KeyedName {
    let key = this.#keys.get(name);
    if (key === undefined) this.#keys.set(name, (key = this.options.names.of(name)));
    return key;
  }

  #hash(text: string): KeyedName {
    return this.#keyOf(digest(text));
  }

  #base(envelope: Envelope<Redacted>, isSide: boolean, line: number) {
    const { turn, at, cwd } = this.#state;
    return {
      turn: this.options.isAgentFile ? (this.options.turnAt?.(at) ?? turn) : turn,
      at,
      cwd: isSide ? (envelope.cwd ?? cwd) : cwd,
      line,
      ...(isSide && { agentId: envelope.agentId ?? ('sidechain' as const) }),
    };
  }

  #takePrompt(body: PromptBody, envelope: Envelope<Redacted>, isSide: boolean, line: number): void {
    const state = this.#state;
    const plain = digest(body.text);
    const hash = this.#keyOf(plain);
    const injected = body.isHuman && !isSide && !body.isTyped ? state.injected.indexOf(hash) : -1;
    if (injected >= 0) state.injected.splice(injected, 1);
    const isHuman = body.isHuman && !isSide && injected < 0;
    const own = envelope.uuid ?? `${envelope.sessionId ?? ''}:${state.at}`;
    const uid = this.options.names.ofRow(`m:${own}:${plain}`);
    const ids = (body.ids ?? (envelope.uuid === undefined ? [] : [envelope.uuid])).map((id) => this.#keyOf(id));
    const form = body.note === 'attachment' ? 'attachment' : 'line';
    const arrival: Arrival = { form, text: body.text, hash, at: state.at, ids, isTyped: body.isTyped ?? false };
    if (isHuman) {
      const twin = takeTwin(state.recent, arrival);
      if (twin && twin.uid === undefined) {
        this.#duplicateLines.add(line);
        return;
      }
      if (twin?.uid !== undefined) this.#withdraw(twin.uid, uid);
    }
    if (!isSide) {
      const delivered = takeDelivered(state.waiting, arrival, (text) => this.#hash(text));
      for (const each of delivered) this.#withdraw(each.uid, uid);
      // Nothing is typed into the conversation while prompts wait: what waited longer than this has no line.
      if (isHuman && form === 'line' && delivered.length === 0) this.#settle((each) => each.at <= state.at);
    }
    if (isHuman) state.turn++;
    const draft: MessageDraft = {
      kind: 'message',
      role: isHuman ? 'user' : 'system',
      note: injected < 0 ? body.note : 'notice',
      text: body.text,
      hash,
      model: '',
      ...this.#base(envelope, isSide, line),
      uid,
    };
    this.#drafts.push(draft);
    if (!isHuman) return;
    remember(state.recent, { form, hash, at: state.at, ids: [...ids], isNear: true });
    this.#prompt = draft;
    this.#plainHash = plain;
    state.unanswered = { uid, hash };
  }

  #takeQueueOperation(
    { operation, text, note, ids: written, isHuman }: QueueBody,
    envelope: Envelope<Redacted>,
    line: number,
  ): void {
    const state = this.#state;
    const plain = text === '' ? '' : digest(text);
    const hash = this.#keyOf(plain);
    const ids = written.map((id) => this.#keyOf(id));
    if (operation === 'popAll') {
      for (const each of takeBack(state.waiting, hash)) this.#withdraw(each.uid);
      return;
    }
    if (operation !== 'enqueue') {
      advance(state.waiting, { operation, ids, hash });
      return;
    }
    const own = written[0] ?? `${envelope.sessionId ?? ''}:${state.at}`;
    const uid = this.options.names.ofRow(`q:${own}:${plain}`);
    this.#plainHashes.set(uid, plain);
    this.#queued.set(uid, {
      kind: 'message',
      role: 'user',
      note: note || 'attachment',
      text,
      hash,
      model: '',
      ...this.#base(envelope, false, line),
      uid,
    });
    const item: Waiting = { uid, hash, at: state.at, ids, step: 'waits', isHuman, isStored: !isHuman };
    this.#place(enqueue(state.waiting, item));
  }

  /** Queued prompts without a line become prompts of their own, each with a turn. */
  #settle(isDue: (each: Waiting) => boolean): void {
    const due = this.#state.waiting.filter(isDue);
    this.#state.waiting = this.#state.waiting.filter((each) => !isDue(each));
    this.#place(due);
  }

  #place(items: readonly Waiting[]): void {
    const state = this.#state;
    for (const { uid, hash, at, ids, isHuman } of items) {
      if (!isHuman) continue;
      state.turn++;
      const draft = this.#queued.get(uid);
      this.#prompt = undefined;
      if (draft) {
        this.#prompt = { ...draft, turn: state.turn };
        this.#plainHash = this.#plainHashes.get(uid) ?? '';
        this.#drafts.push(this.#prompt);
      } else this.#drafts.push({ kind: 'placed', uid, turn: state.turn });
      remember(state.recent, { uid, form: 'queue', hash, at, ids, isNear: true });
      state.unanswered = { uid, hash };
    }
  }

  #withdraw(uid: KeyedName, by?: KeyedName): void {
    this.#drafts = this.#drafts.filter((draft) => !('uid' in draft && draft.uid === uid));
    // Also when it was not stored by this reading: an earlier one may have stored it.
    this.#drafts.push({ kind: 'withdrawn', uid, ...(by !== undefined && { by }) });
  }

  #identify(
    { messageId, requestId }: { messageId: string; requestId?: string },
    usage: Extract<EntryBody, { kind: 'usage' }> | undefined,
    envelope: Envelope<Redacted>,
    isSide: boolean,
  ) {
    const state = this.#state;
    if (!isSide) {
      // The model answers: prompts handed to the running turn had no line of their own.
      this.#settle((each) => each.step === 'absorbed');
      for (const each of state.recent) each.isNear = false;
    }
    const facts = {
      messageId,
      requestId,
      uuid: envelope.uuid,
      thread: isSide ? (envelope.agentId ?? 'sidechain') : '',
      turn: state.turn,
      given: usage && [usage.input, usage.cacheRead, usage.cacheWrite],
      output: usage?.output ?? 0,
    };
    const identity = identify(state, facts, (name) => this.#keyOf(name));
    if (!isSide) this.#answerPrompt(identity.isUnique ? messageId : undefined);
    return identity;
  }

  /** A prompt is identified by its first answer, when that has an id that names nothing else. */
  #answerPrompt(messageId: string | undefined): void {
    const { unanswered } = this.#state;
    if (!unanswered) return;
    delete this.#state.unanswered;
    if (messageId === undefined) return;
    const { uid, hash } = unanswered;
    const answerKey = this.#keyOf(`${messageId}\0${hash}`);
    if (this.#prompt) {
      this.#prompt.answerKey = answerKey;
      this.#prompt.olderAnswerKey = this.#hash(`${messageId}\0${this.#plainHash}`);
    } else this.#drafts.push({ kind: 'answered', uid, answerKey });
  }
}

/** `isAside`: a sub-agent's line within a main file, whose folder and branch may be those of a worktree. */
function follow(state: ThreadState, envelope: Envelope<Redacted>, isAside: boolean): void {
  if (envelope.at !== undefined) state.at = envelope.at;
  if (isAside) return;
  if (envelope.cwd !== undefined) state.cwd = envelope.cwd;
  if (envelope.gitBranch !== undefined && envelope.gitBranch !== 'HEAD') state.gitBranch = envelope.gitBranch;
  if (envelope.version !== undefined) state.version = envelope.version;
  if (envelope.entrypoint !== undefined) state.entrypoint = envelope.entrypoint;
}

/** Undefined when the value is nested too deeply: JSON.parse accepts it, JSON.stringify overflows the stack. */
function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** Short stable name of a text: 132 bits of its SHA-256. Not stored: a name of it is, by the key of the store. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
