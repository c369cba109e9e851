/** Asks both roads questions whose session is known, each as it is and without its best words. */
import { askedQuery } from '../index/asked-query';
import type { FullText, Ranking } from '../index/full-text';
import { orAborted } from '../lib/abort';
import type { Turn } from '../lib/turns';
import { subjectOf, subjectOfSession } from '../store/tables/documents';
import type { Trial } from './calibrate';
import { Closeness } from './closeness';
import type { Embedder } from './embedder';
import { candidates, nearSessions } from './fuse';
import { withoutBestWords } from './questions';
import type { Question } from './questions';
import type { VectorIndex } from './vector-index';

export interface AskPorts {
  index: FullText;
  vectors: VectorIndex;
  embedder: Embedder;
  now: () => number;
  /** Number of pieces that a search asks for. */
  nearest: number;
  /** Resolves when there is no reason to wait. */
  untilFree: () => Promise<void>;
  /** Between two steps, each as short as a search, so that other requests are answered. */
  turn: Turn;
  signal: AbortSignal;
}

type Asked = Question & { isStripped: boolean };

const questionsAtOnce = 8;

/** @throws AbortError when `signal` aborts */
export async function askHistory(ports: AskPorts, questions: readonly Question[]): Promise<Trial[]> {
  const { embedder, signal } = ports;
  const trials: Trial[] = [];
  for (let at = 0; at < questions.length; at += questionsAtOnce) {
    await ports.untilFree();
    signal.throwIfAborted();
    const asked: Asked[] = [];
    for (const question of questions.slice(at, at + questionsAtOnce)) {
      asked.push({ ...question, isStripped: false });
      const text = strip(ports, question);
      if (text !== undefined) asked.push({ ...question, text, isStripped: true });
      await ports.turn();
    }
    const texts = asked.map(({ text }) => text);
    const vectors = await orAborted(embedder.embed(texts, 'query', signal), signal);
    for (const [index, question] of asked.entries()) {
      trials.push(await ask(ports, question, vectors[index]!));
      signal.throwIfAborted();
    }
  }
  return trials;
}

/** The question without the words by which the right session is found; undefined when no words are left. */
function strip(ports: AskPorts, question: Question): string | undefined {
  const ranking = searchFor(ports, question);
  const target = subjectOfSession(question.session);
  const found = ranking.sessions.find(({ best }) => subjectOf(best) === target);
  return found && withoutBestWords(question.text, ranking.detail(found).words);
}

function searchFor({ index, now }: AskPorts, { text, leftOut }: Question): Ranking {
  return index.search(askedQuery({ text }, undefined, now()), { leftOut: new Set(leftOut) });
}

async function ask(ports: AskPorts, question: Asked, vector: Float32Array): Promise<Trial> {
  const ranking = searchFor(ports, question);
  const certainty = ranking.certainty();
  await ports.turn();
  const {
    sessions,
    matches: { columns },
  } = ranking;
  const closeness = new Closeness(columns);
  const out = new Set(question.leftOut);
  const near = ports.vectors.nearest(
    vector,
    ports.nearest,
    (document) => !out.has(document),
    (document, similarity) => {
      if (!out.has(document)) closeness.add(document, similarity);
    },
  );
  const found = new Map(
    sessions.map(({ best, score }) => [subjectOf(best), { words: score, at: columns.position(best.id) }]),
  );
  for (const { key, places } of candidates(sessions, nearSessions(columns, near), true))
    if (!found.has(key)) found.set(key, { words: 0, at: places[0] ?? -1 });
  const all = [...found.values()];
  await ports.turn();
  return {
    target: [...found.keys()].indexOf(subjectOfSession(question.session)),
    words: all.map(({ words }) => words),
    above: all.map(({ at }) => closeness.above(at)),
    certainty,
    isStripped: question.isStripped,
  };
}
