/**
 * What a person put into a basket, read anew for each answer: so it is redacted and up to date, and what was forgotten
 * is in it no more.
 */
import { parseBasketRef, sentenceRef, summaryKeyOf, uidRef, usualMost } from '../../protocol/basket';
import type { BasketEntry, BasketItem, PackedBasket } from '../../protocol/basket';
import type { WayOut } from '../../protocol/classes';
import type { GivenKind, Packed } from '../../protocol/given';
import type { SessionId } from '../../protocol/model';
import { withoutMarks } from '../../protocol/own-text';
import { rowKeyOf } from '../../protocol/row-key';
import { shorten } from '../../protocol/text';
import { tokensOfBytes } from '../../protocol/tokens';
import { itemText, learningText } from '../distil/reading/item-text';
import type { NameKey } from '../lib/keyed-name';
import { estimateTokens } from '../lib/tokens';
import type { SqlDriver } from '../store/sqlite/driver';
import { amendmentsOf, turnsAround } from '../store/tables/amendments';
import type { Amendment } from '../store/tables/amendments';
import { Classes, shownClass } from '../store/tables/class-of';
import { conversationOf, findRow, livingSession } from '../store/tables/conversation';
import { findLearning } from '../store/tables/learnings';
import { readItemByKey } from '../store/tables/reader';
import type { RestrictedPlace } from '../store/tables/restrictions';
import { hitCards } from '../store/tables/session-cards';
import { publishedSummary } from '../store/tables/summaries';
import { wayOut } from '../store/tables/way-out';
import type { Door } from '../store/tables/way-out';
import { piecesOfLearning, piecesOfSession } from './candidates';
import type { Piece } from './candidates';
import { cutLines, gap } from './cut-lines';
import { headOf, labels, renderBlocks } from './render';
import type { Block } from './render';

export interface BasketPorts {
  driver: SqlDriver;
  names: NameKey;
}

interface Finding extends BasketPorts {
  door: Door;
}

/** It is there, and does not go along because of its class. */
const held = Symbol('held');

/** An entry that was found, with all its lines. */
interface Found extends Omit<BasketItem, 'preview' | 'tokens' | 'whole' | 'amendedBy'> {
  lines: string;
  /** Of its heading. */
  title: string;
  /** Of a learning. */
  projectId?: number;
}

const maxLine = 160;
const maxPreview = 600;

/**
 * @param isLeftOut whether what belongs to a session and to a project must not be given now
 * @param way by which the text leaves
 */
export function packBasket(
  ports: BasketPorts,
  entries: readonly BasketEntry[],
  isLeftOut: (place: RestrictedPlace) => boolean = () => false,
  way: WayOut = 'give',
): PackedBasket {
  const gone: string[] = [];
  const heldBack: string[] = [];
  const door = wayOut(ports.driver, way);
  const found = new Map<string, Found & { most: number }>();
  for (const { ref, most = usualMost } of entries) {
    const one = find({ ...ports, door }, ref);
    if (one === held) heldBack.push(ref);
    else if (!one || isLeftOut({ session: one.session?.id, project: one.projectId })) gone.push(ref);
    else if (!found.has(one.ref)) found.set(one.ref, { ...one, most });
  }
  const sessions = [...found.values()].flatMap(({ session }) => session?.id ?? []);
  const amendments = amendmentsOf(ports.driver, [...new Set(sessions)]);
  const classes = new Classes(ports.driver);
  const shown = [...found.values()].map((one) =>
    show({ ...one, ...shownClass(classes.ofKey(rowKeyIn(one))) }, amendments, door),
  );
  const text = renderBlocks(shown.map(({ block }) => block));
  return {
    items: shown.map(({ item }) => item),
    gone,
    ...(heldBack.length > 0 && { held: heldBack }),
    text,
    tokens: estimateTokens(text),
  };
}

/** Of a sentence and a summary: their session. */
const rowKeyIn = ({ key, session }: Pick<Found, 'key' | 'session'>): string =>
  key !== undefined && !key.startsWith('m') ? key : rowKeyOf({ kind: 'session', id: session?.id ?? '' });

/** References for pieces that were packed, in their order. */
export const refsOf = (names: NameKey, { items }: Packed): string[] =>
  items.flatMap((item) => {
    if (item.kind === 'learning') return [`l${item.id.slice('learning/'.length)}`];
    return item.sessionId === undefined
      ? []
      : [sentenceRef(item.sessionId, item.kind, turnOf(item), names.of(item.text))];
  });

/** Sentences as they were said are numbered by turn. */
const turnOf = ({ kind, id }: Pick<Piece, 'kind' | 'id'>): number =>
  kind === 'said' ? Math.floor(Number(id.split('/').at(-1)) / 100) : 0;

function show(
  { lines: all, title, most, projectId: _, ...item }: Found & { most: number },
  amendments: readonly Amendment[],
  door: Door,
): { item: BasketItem; block: Block } {
  const lines = cutLines(withoutMarks(all), most);
  const by = amendments.find(({ earlierId, at }) => earlierId === item.session?.id && at > item.at);
  const amendedBy = by && { sessionId: by.sessionId, title: door.titleOf(by.sessionId, by.title), at: by.at };
  const head = headOf({
    kind: item.kind === 'learning' ? 'learning' : 'said',
    title: withoutMarks(title),
    at: item.at,
    ...(item.session && { sessionId: item.session.id }),
    ...(amendedBy && { amendedBy }),
  });
  return {
    item: {
      ...item,
      line: shorten(item.line, maxLine),
      preview: lines.slice(0, maxPreview),
      tokens: tokensOfLines(lines),
      whole: tokensOfLines(all),
      ...(amendedBy && { amendedBy }),
    },
    block: { group: head, head, lines },
  };
}

const tokensOfLines = (lines: string): number => tokensOfBytes(Buffer.byteLength(lines) + 1);

/** One entry of the list; the lines behind its first one belong to it. */
const entry = (label: string, text: string): string => `- ${label}: ${text.trim().replaceAll('\n', '\n  ')}`;

function find(ports: Finding, ref: string): Found | typeof held | undefined {
  const asked = parseBasketRef(ref);
  switch (asked?.kind) {
    case 'prompt':
    case 'observation':
      return rowOf(ports, { key: ref });
    case 'uid':
      return rowOf(ports, { uid: asked.uid });
    case 'learning':
      return learningOf(ports, asked.id);
    case 'session':
      return sessionOf(ports, asked.id);
    case 'summary':
      return summaryOf(ports, asked.id);
    case 'sentence':
      return sentenceOf(ports, ref, asked);
    default:
      return undefined;
  }
}

function rowOf({ driver, door }: Finding, by: { key: string } | { uid: string }): Found | typeof held | undefined {
  const row = findRow(driver, by);
  if (!row) return undefined;
  const key = rowKeyOf(row);
  if (!door.may(key)) return held;
  const item = readItemByKey(driver, key);
  const place = placeOf(driver, door, item.session);
  if (!place) return undefined;
  const text = itemText(item);
  const base = { ref: uidRef(row.uid), key, at: item.at, title: place.title, project: place.project };
  const session = { id: place.id, title: place.title, turn: item.turn };
  if (item.kind === 'tool')
    return {
      ...base,
      session,
      kind: 'tool',
      detail: item.tool,
      line: item.headline,
      lines: entry(`Tool ${shorten(item.tool, 60)}`, text),
    };
  const kind = item.role === 'user' ? 'prompt' : item.role === 'assistant' ? 'answer' : 'note';
  const label = { prompt: 'Asked', answer: 'Answered', note: 'Note' }[kind];
  return { ...base, session, kind, line: text, lines: entry(label, text) };
}

/** Only what a person accepted is given. */
function learningOf({ driver, door }: Finding, id: string): Found | typeof held | undefined {
  const learning = findLearning(driver, id);
  if (learning?.state !== 'accepted') return undefined;
  if (!door.may(rowKeyOf({ kind: 'learning', id }))) return held;
  const [source] = learning.sourceSessions;
  const session = source === undefined ? undefined : placeOf(driver, door, livingSession(driver, source));
  return {
    ref: `l${id}`,
    key: `l${id}`,
    kind: 'learning',
    line: learning.title,
    lines: entry(labels.learning, learning.deadEnd ? piecesOfLearning(learning).text : learningText(learning)),
    title: learning.title,
    at: learning.updatedAt,
    ...(session && { session: { id: session.id, title: session.title } }),
    ...(learning.project && { project: learning.project.name, projectId: learning.project.id }),
  };
}

function sessionOf({ driver, door }: Finding, id: SessionId): Found | typeof held | undefined {
  const no = livingSession(driver, id);
  const place = placeOf(driver, door, no);
  if (no === undefined || !place) return undefined;
  if (!door.maySession(id, place.projectId)) return held;
  const { first, last } = conversationOf(driver, no);
  const tell = (said: typeof first) =>
    said
      .filter(({ row }) => door.may(rowKeyOf({ kind: 'prompt', row })))
      .map(({ role, text }) => entry(role === 'user' ? 'Asked' : 'Answered', text))
      .join('\n');
  return {
    ...wholeOf(place),
    ref: `s${id}`,
    key: `s${id}`,
    kind: 'session',
    line: place.title,
    lines: last.length === 0 ? tell(first) : [tell(first), gap, tell(last)].join('\n'),
  };
}

function summaryOf({ driver, door }: Finding, id: SessionId): Found | typeof held | undefined {
  const place = placeOf(driver, door, livingSession(driver, id));
  const summary = place && door.summaryOf(publishedSummary(driver, id));
  if (!place || !summary) return undefined;
  if (!door.maySession(id, place.projectId)) return held;
  const asked = summary.asked.filter(({ text }) => text !== '').map(({ text }) => entry('Asked', text));
  const told = piecesOf(place, summary).map(({ kind, text }) => entry(labels[kind], text));
  return {
    ...wholeOf(place),
    ref: summaryKeyOf(id),
    key: summaryKeyOf(id),
    kind: 'summary',
    line: summary.title,
    lines: [...asked, ...told].join('\n'),
  };
}

function sentenceOf(
  { driver, names, door }: Finding,
  ref: string,
  { id, says, turn, mark }: { id: SessionId; says: GivenKind; turn: number; mark: string },
): Found | typeof held | undefined {
  const no = livingSession(driver, id);
  const place = placeOf(driver, door, no);
  if (no === undefined || !place) return undefined;
  if (!door.maySession(id, place.projectId)) return held;
  const said = says === 'said' ? turnsAround(driver, no, turn).filter((each) => door.mayTurn(id, each.turn)) : [];
  const pieces = piecesOf(place, says === 'said' ? undefined : door.summaryOf(publishedSummary(driver, id)), said);
  const piece = pieces.find((each) => each.kind === says && names.of(each.text) === mark);
  return (
    piece && {
      ...wholeOf(place),
      ref,
      kind: 'sentence',
      detail: says,
      line: piece.text,
      lines: entry(labels[says], piece.text),
      at: piece.at,
    }
  );
}

interface Place {
  id: SessionId;
  title: string;
  project: string;
  projectId: number;
  at: number;
}

const wholeOf = ({ id, title, project, at }: Place) => ({ session: { id, title }, title, project, at });

/** Undefined for a session that was forgotten. */
function placeOf(driver: SqlDriver, door: Door, no: number | undefined): Place | undefined {
  const card = no === undefined ? undefined : hitCards(driver, [no]).get(no);
  if (!card || livingSession(driver, card.id) === undefined) return undefined;
  const { id, title, firstPrompt, project, updatedAt: at } = card;
  return { id, title: door.titleOf(id, title || firstPrompt), project: project.name, projectId: project.id, at };
}

const piecesOf = (
  { id, title, at }: Place,
  summary: ReturnType<typeof publishedSummary>,
  said: ReturnType<typeof turnsAround> = [],
): Piece[] => piecesOfSession({ id, title, project: { id: 0, name: '', root: '' }, at, summary, said });
