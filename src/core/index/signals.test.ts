/** What decides between sessions besides their best places. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../test/fixtures/transcript-lines';
import type { SignalName } from '../../protocol/search-hit';
import { codeShare } from './code-words';

let test: TestMemory;
const [long, short, whole, parts, scattered, together] = [1, 2, 3, 4, 5, 6].map(sessionId) as [
  string,
  string,
  string,
  string,
  string,
  string,
];
const filler = (count: number) => Array.from({ length: 60 }, (_, word) => `filler${count}x${word}`).join(' ');

beforeAll(async () => {
  test = await openTestMemory();
  const say = async (id: string, ...texts: string[]) => {
    const transcript = new Transcript(id, { cwd: '/work/signals' });
    for (const text of texts) transcript.prompt(text);
    await writeTranscript(test.configDir, id, transcript);
  };
  await say(short, `the quokka feeder jams ${filler(1)}`);
  await say(
    long,
    `the quokka feeder jams ${filler(2)}`,
    'a quokka feeder',
    ...Array.from({ length: 60 }, (_, turn) => filler(turn)),
  );
  await say(whole, `numbat burrow ${filler(3)}`, `a dusk walk ${filler(4)}`, `the lantern too ${filler(5)}`);
  await say(parts, `numbat burrow ${filler(6)}`, `numbat burrow ${filler(7)}`, `a numbat ${filler(8)}`);
  await say(together, `run wombatctl with --deep and the profile of staging ${filler(9)}`);
  await say(scattered, 'wombatctl wombatctl', 'deep', 'the profile', 'staging', 'wombatctl deep', 'staging profile');
  await test.import();
});
afterAll(() => test.close());

async function find(text: string) {
  const { hits } = await test.memory.search({ text });
  const of = (id: string, name: SignalName) =>
    hits.find((hit) => hit.sessionId === id)!.why.signals!.find((signal) => signal.name === name)!;
  return { ids: hits.map((hit) => hit.sessionId), hits, of };
}

describe('signals of a session', () => {
  it('a long session does not win by its length', async () => {
    const { ids, of } = await find('quokka feeder jams');
    expect(ids.slice(0, 2)).toEqual([short, long]);
    expect(of(short, 'length').factor).toBeGreaterThan(1);
    expect(of(long, 'length').value).toBeGreaterThan(3);
    expect(of(long, 'length').factor).toBeLessThan(1);
  });

  it('the shortest ones are worth no more than short ones', async () => {
    const { of } = await find('wombatctl deep profile staging');
    expect(of(scattered, 'length').value).toBeLessThan(of(together, 'length').value);
    expect(of(scattered, 'length').factor).toBe(of(together, 'length').factor);
  });

  it('the words of the question that it has count, by their rarity', async () => {
    const { of } = await find('numbat burrow dusk lantern');
    expect(of(whole, 'coverage').value).toBeCloseTo(1);
    expect(of(parts, 'coverage').value).toBeLessThan(0.5);
    expect(of(whole, 'coverage').factor).toBeGreaterThan(of(parts, 'coverage').factor);
  });

  it('what is written as code counts where it stands in one place, plain words do not', async () => {
    const code = await find('wombatctl --deep --profile=staging');
    expect(code.of(together, 'together').value).toBeGreaterThan(code.of(scattered, 'together').value);
    const plain = await find('wombatctl deep profile staging');
    expect(plain.of(together, 'together')).toMatchObject({ value: 0, factor: 1 });
    // Every other factor is the same, so code alone moves it up.
    const lead = ({ hits }: typeof code) =>
      hits.find(({ sessionId: id }) => id === together)!.score /
      hits.find(({ sessionId: id }) => id === scattered)!.score;
    expect(lead(code)).toBeGreaterThan(lead(plain));
  });

  it('there are none without words', async () => {
    const { hits } = await test.memory.search({ text: 'project:work', sort: 'newest' });
    for (const { why } of hits) expect(why.signals ?? []).toEqual([]);
  });
});

describe('the share of a question that is code', () => {
  it.each([
    ['more test fixes', 0],
    ['Fix the feeder: it jams (again).', 0],
    ["don't re-use the auto-apply flag", 0],
    ['', 0],
    ['npm run build --workspace', 0.25],
    ['src/cart/total.ts roundTotals', 1],
    ['error TS2304: Cannot find name_of', 0.2],
    ['git commit -m', 1 / 3],
    ['call getUser() twice', 1 / 3],
  ])('of %j is %d', (text, share) => {
    expect(codeShare(text)).toBeCloseTo(share);
  });
});
