/**
 * What tells one answer of the model from another. The client writes an answer as several lines with one message id, and
 * forks and resumed sessions copy it. But gateways give the same id to every answer, or count from zero in each
 * session: an id without a request's id beside it, or one that comes back with other tokens, names nothing, and the
 * line's own uuid is used, which forks keep.
 */
import type { KeyedName } from '../lib/keyed-name';

/** An answer that was read, and what its lines have in common. */
export interface KnownMessage {
  id: KeyedName;
  request: KeyedName;
  /** The agent's id; absent in the main conversation. */
  thread?: KeyedName;
  turn: number;
  /** Tokens it was given: equal on all its lines. */
  given: readonly number[];
  output: number;
  /** Under which its tokens are counted, when that is not by its ids. */
  usageKey?: KeyedName;
}

export interface MessageFacts {
  messageId: string;
  requestId: string | undefined;
  uuid: string | undefined;
  thread: string;
  turn: number;
  given: readonly number[] | undefined;
  output: number;
}

/** `rowKey`, an id as written, is the same wherever the answer is copied, `usageKey` on each of its lines. */
export interface MessageIdentity {
  rowKey: string;
  usageKey: KeyedName;
  isUnique: boolean;
}

const maxMessages = 4;
/** Ids that are random by their form: made by the client itself, or by a cloud that gives no request ids. */
const randomId = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|msg_(?:bdrk|vrtx)_\w{12,})$/i;

/** Identifies the answer a line belongs to, and remembers it in `state`. */
export function identify(
  state: { messages: KnownMessage[]; reused: KeyedName[] },
  { messageId, requestId, uuid, thread: agentId, turn, given, output }: MessageFacts,
  keyOf: (name: string) => KeyedName,
): MessageIdentity {
  const [id, request, thread] = [keyOf(messageId), keyOf(requestId ?? ''), keyOf(agentId)];
  const same = state.messages.filter((each) => each.id === id && (each.thread ?? '') === thread);
  const known = same.find((each) => each.request === request);
  const isOther = known !== undefined && given !== undefined && given.some((count, at) => count !== known.given[at]);
  const hasForm = request !== '' || randomId.test(messageId);
  const isReused = same.length > 0 && hasForm && (known === undefined || (isOther && turn !== known.turn));
  if (isReused && !state.reused.includes(id)) state.reused = [...state.reused, id].slice(-maxMessages);
  const isUnique = uuid === undefined || (hasForm && !state.reused.includes(id));
  const isNew =
    known === undefined ||
    (!isUnique && (isOther || turn !== known.turn || (given !== undefined && output < known.output)));
  const byIds = keyOf(`${messageId}:${requestId ?? ''}`);
  const usageKey = !isNew
    ? (known.usageKey ?? byIds)
    : isUnique || (hasForm && known === undefined)
      ? byIds
      : keyOf(`${messageId}:${uuid}`);
  state.messages = [
    ...state.messages.filter((each) => each !== known),
    {
      id,
      request,
      ...(thread !== '' && { thread }),
      turn: isNew ? turn : known.turn,
      given: given ?? known?.given ?? [],
      output: Math.max(output, isNew ? 0 : known.output),
      ...(usageKey !== byIds && { usageKey }),
    },
  ].slice(-maxMessages);
  return { rowKey: isUnique ? messageId : (uuid ?? messageId), usageKey, isUnique };
}
