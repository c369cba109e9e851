/**
 * The memory as a model may see it: without what may not go this way because of its class. Tools are handed no other, so
 * that none can forget to ask.
 */
import { heldTitle } from '../protocol/classes';
import type { HeldBack, WayOut } from '../protocol/classes';
import { MemoryError } from '../protocol/errors';
import type { MemoryApi } from '../protocol/memory-api';
import type { SessionCard, SessionId } from '../protocol/model';
import { keysOfSummary, onlyOpen } from '../protocol/open-claims';
import { parseRowKey, rowKeyOf } from '../protocol/row-key';

/** What the question takes at once. */
const atOnce = 5_000;

/** Requests whose answers have texts; each is looked through below. */
type Looked =
  | 'search'
  | 'ask'
  | 'listSessions'
  | 'getSession'
  | 'readSession'
  | 'summary'
  | 'outline'
  | 'getItem'
  | 'memoryText'
  | 'listLearnings'
  | 'learningProof'
  | 'fileEdits'
  | 'why';
/** Requests that give no text of a row, a session or a learning, except names of projects and what the caller sent. */
const plain = [
  'projects',
  'restrictions',
  'giveChoices',
  'noteGiven',
  'proposeLearning',
  'setTags',
  'setFlagged',
] as const satisfies (keyof MemoryApi)[];
type Plain = (typeof plain)[number];

export type ClassedMemory = Pick<MemoryApi, Looked | Plain>;

const heldBack = (what: string) =>
  new MemoryError('not_found', `${what} is held back: the person gave it a class that may not go this way.`);

/** What was asked about, once for each answer. */
class Held {
  readonly #keys: ReadonlySet<string>;
  readonly #titles: ReadonlySet<string>;

  constructor({ keys, titles }: HeldBack) {
    this.#keys = new Set(keys);
    this.#titles = new Set(titles);
  }

  may = (key: string): boolean => !this.#keys.has(key);
  maySession = (id: SessionId | undefined): boolean => id === undefined || this.may(sessionKey(id));
  mayTitle = (id: SessionId | undefined): boolean => id === undefined || (this.maySession(id) && !this.#titles.has(id));
  titled = <T extends { title: string; sessionId?: SessionId | undefined }>(of: T): T =>
    this.mayTitle(of.sessionId) ? of : { ...of, title: heldTitle };
  card = (card: SessionCard): SessionCard =>
    this.mayTitle(card.id) ? card : { ...card, title: heldTitle, firstPrompt: '' };
}

const sessionKey = (id: SessionId): string => rowKeyOf({ kind: 'session', id });

export function classedMemory(memory: MemoryApi, way: WayOut): ClassedMemory {
  const heldOf = async (keys: readonly (string | undefined)[]): Promise<Held> => {
    const asked = [...new Set(keys.filter((key) => key !== undefined))];
    const parts = Array.from({ length: Math.ceil(asked.length / atOnce) }, (_, at) =>
      memory.heldBack(way, asked.slice(at * atOnce, (at + 1) * atOnce)),
    );
    const answers = await Promise.all(parts);
    return new Held({
      keys: answers.flatMap(({ keys: each }) => each),
      titles: answers.flatMap(({ titles }) => titles),
    });
  };
  /** Keys of places in sessions, and of these sessions. */
  const placed = (places: readonly { key?: string; sessionId?: SessionId | undefined }[]) =>
    places.flatMap(({ key, sessionId }) => [key, sessionId === undefined ? undefined : sessionKey(sessionId)]);
  /** @throws MemoryError `not_found` when one may not go */
  const refuse = async (...keys: string[]): Promise<Held> => {
    const held = await heldOf(keys);
    const one = keys.find((key) => !held.may(key));
    if (one !== undefined) throw heldBack(parseRowKey(one)?.kind === 'session' ? one.slice(1) : one);
    return held;
  };
  return {
    ...(Object.fromEntries(
      plain.map((name) => [name, (...args: unknown[]) => (memory[name] as (...all: unknown[]) => unknown)(...args)]),
    ) as unknown as Pick<MemoryApi, Plain>),
    async search(query, signal) {
      const found = await memory.search(query, signal);
      const held = await heldOf(placed(found.hits));
      const hits = found.hits.filter(({ key, sessionId }) => held.may(key) && held.maySession(sessionId));
      return { ...found, total: found.total - (found.hits.length - hits.length), hits: hits.map(held.titled) };
    },
    async ask(question, signal) {
      const answered = await memory.ask(question, signal);
      const held = await heldOf([
        ...placed(answered.sentences),
        ...placed(answered.sentences.flatMap(({ amendedBy }) => amendedBy ?? [])),
      ]);
      const sentences = answered.sentences
        .filter(({ key, sessionId }) => held.may(key) && held.maySession(sessionId))
        .map((each) => ({ ...held.titled(each), ...(each.amendedBy && { amendedBy: held.titled(each.amendedBy) }) }));
      return {
        ...answered,
        sentences,
        ...(sentences.length === 0 && answered.sentences.length > 0 && { none: 'not_in_memory' as const }),
      };
    },
    async listSessions(query, signal) {
      const page = await memory.listSessions(query, signal);
      const held = await heldOf(page.items.map(({ id }) => sessionKey(id)));
      return { ...page, items: page.items.filter(({ id }) => held.maySession(id)).map(held.card) };
    },
    async getSession(id) {
      const held = await refuse(sessionKey(id));
      return held.card(await memory.getSession(id));
    },
    async readSession(query, signal) {
      const { sessionId } = query;
      await refuse(sessionKey(sessionId));
      const page = await memory.readSession(query, signal);
      const held = await heldOf([sessionKey(sessionId), ...page.items.map(({ key }) => key)]);
      return { ...page, session: held.card(page.session), items: page.items.filter(({ key }) => held.may(key)) };
    },
    async summary(id) {
      await refuse(sessionKey(id));
      const summary = await memory.summary(id);
      if (!summary) return summary;
      const held = await heldOf([sessionKey(id), ...keysOfSummary(summary)]);
      const { asked, done, decisions, openEnds, keyPoints, files, commands, errors, ...rest } = onlyOpen(
        summary,
        held.may,
        held.mayTitle,
      );
      const told = <T extends { text: string }>(list: readonly T[]): T[] => list.filter(({ text }) => text !== '');
      return {
        ...rest,
        asked: told(asked),
        done: told(done),
        decisions: told(decisions),
        openEnds: told(openEnds),
        keyPoints: told(keyPoints),
        errors: told(errors),
        files: files.filter(({ path }) => path !== ''),
        commands: commands.filter(({ command }) => command !== ''),
      };
    },
    async outline(id) {
      await refuse(sessionKey(id));
      const prompts = await memory.outline(id);
      const held = await heldOf(prompts.map(({ key }) => key));
      return prompts.filter(({ key }) => held.may(key));
    },
    async getItem(key) {
      await refuse(key);
      const item = await memory.getItem(key);
      const held = await refuse(sessionKey(item.session.id));
      return held.mayTitle(item.session.id) ? item : { ...item, session: { ...item.session, title: heldTitle } };
    },
    async memoryText(key) {
      await refuse(key);
      const text = await memory.memoryText(key);
      if (text.sessionId === '') return text;
      const held = await heldOf([sessionKey(text.sessionId)]);
      // Of a session it is the first prompt.
      if (parseRowKey(key)?.kind === 'session' && !held.mayTitle(text.sessionId)) throw heldBack(text.sessionId);
      return held.mayTitle(text.sessionId) ? text : { ...text, sessionTitle: heldTitle };
    },
    async listLearnings(query) {
      const page = await memory.listLearnings(query);
      const held = await heldOf(page.items.map(({ id }) => `l${id}`));
      return { ...page, items: page.items.filter(({ id }) => held.may(`l${id}`)) };
    },
    async learningProof(id) {
      await refuse(`l${id}`);
      return memory.learningProof(id);
    },
    async fileEdits(query, signal) {
      const edits = await memory.fileEdits(query, signal);
      const held = await heldOf(placed(edits));
      return edits.filter(({ key, sessionId }) => held.may(key) && held.maySession(sessionId)).map(held.titled);
    },
    async why(query, signal) {
      const told = await memory.why(query, signal);
      const all = told.turns.flatMap((turn) => [turn, ...turn.tried, ...turn.since]);
      const held = await heldOf([...placed(all), ...told.turns.map(({ asked }) => asked?.key)]);
      const goes = ({ key, sessionId }: { key: string; sessionId: SessionId }) =>
        held.may(key) && held.maySession(sessionId);
      return {
        ...told,
        turns: told.turns.filter(goes).map(({ asked, ...turn }) => ({
          ...held.titled(turn),
          ...(asked && held.may(asked.key) && { asked }),
          tried: turn.tried.filter(goes).map(held.titled),
          since: turn.since.filter(goes).map(held.titled),
        })),
      };
    },
  };
}
