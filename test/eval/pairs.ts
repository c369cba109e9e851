/**
 * Whether any two words of one message find it: the session of the message is among the hits, and the message among the
 * places of that session. Words are drawn from everything that was said, the commonest too.
 */
import type { SqlDriver } from '../../src/core/store/sqlite/driver';
import { randomFrom } from '../bench/measure';
import { openBench } from '../bench/open';
import { derivedSet } from './sets';

const pairs = 400;
const word = /[\p{L}\p{N}]{3,40}/gu;

interface Message {
  turn: number;
  session: string;
  content: string;
}

export async function reportPairs(folder: string, projects: string, seed: number): Promise<void> {
  const bench = await openBench(folder);
  for (const each of derivedSet(projects).cases) each.write(bench.configDir);
  await bench.import({ isArchiving: false });
  const random = randomFrom(seed);
  const messages = messagesOf(bench.driver);
  const found = { first20: 0, first100: 0, place: 0 };
  const missed: string[] = [];
  for (let count = 0; count < pairs; count++) {
    const message = messages[Math.floor(random() * messages.length)]!;
    const words = [...new Set(message.content.match(word))];
    const [one, other] = [0, 1].map(() => words.splice(Math.floor(random() * words.length), 1)[0]!);
    const text = `${one} ${other}`;
    const { hits } = await bench.memory.search({ text, limit: 100 });
    const rank = hits.findIndex((hit) => 'sessionId' in hit && hit.sessionId === message.session);
    if (rank >= 0) found.first100++;
    if (rank >= 0 && rank < 20) found.first20++;
    const places = await bench.memory.moreInSession({ text }, message.session);
    if (places.some((place) => 'turn' in place && place.turn === message.turn)) found.place++;
    else missed.push(text);
  }
  console.log(`# two words of one message (${messages.length} messages, ${pairs} pairs, seed ${seed})\n`);
  console.log(
    `session among the first 20: ${found.first20}, first 100: ${found.first100}; place of the message: ${found.place}`,
  );
  for (const text of missed.slice(0, 30)) console.log(`  missed: ${text}`);
  await bench.close();
}

function messagesOf(driver: SqlDriver): Message[] {
  return driver
    .all<Message>(
      `SELECT p.turn, s.id AS session, p.content FROM prompts p JOIN sessions s ON s.no = p.session
        WHERE p.prompt_type IN ('user', 'assistant') ORDER BY p.uid`,
    )
    .filter(({ content }) => new Set(content.match(word)).size >= 2);
}
