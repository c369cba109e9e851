/** For each class, each way out and each policy: what is of the class goes that way exactly when the policy allows it. */
import nodeFs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTools } from '../../src/model-tools/tools';
import { dataClasses, rankOf, waysOut } from '../../src/protocol/classes';
import type { ClassEntry, DataClass, WayOut } from '../../src/protocol/classes';
import { openTestMemory } from '../fakes/test-memory';
import type { TestMemory } from '../fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../fixtures/transcript-lines';

const shop = '/work/shop';
/** One word for each class, in a session, in its summary, and in a learning that a person wrote. */
const canaries: Record<DataClass, string> = {
  public: 'quaggapub',
  internal: 'quaggaint',
  sensitive: 'quaggasen',
  confidential: 'quaggacon',
  top_secret: 'quaggatop',
};
/** What each is about besides: of what says the same only one is given. */
const subjects: Record<DataClass, string> = {
  public: 'retries of parcels',
  internal: 'pages of invoices',
  sensitive: 'widths of columns',
  confidential: 'seats of trains',
  top_secret: 'layers of maps',
};
const idOf = (of: DataClass) => sessionId(1 + rankOf(of));

let test: TestMemory;
let sent: string[] = [];

async function write(id: string, canary: string, subject: string, at: number): Promise<void> {
  const session = new Transcript(id, { cwd: shop, startedAt: Date.UTC(2026, 10, at) });
  const edit = (name: string) =>
    session.tool('Edit', { file_path: `${shop}/${name}`, old_string: 'a', new_string: `const ${canary} = 7;` }, 'ok');
  session.prompt(`How many ${subject} does the ${canary} gateway take? The ${canary} must not wait for ever.`);
  session.answer(`Decided: we use seven ${subject} for the ${canary} gateway, because ${canary} needs them.`);
  edit(`${canary}.ts`);
  edit(`part-${at}.ts`);
  session.tool('Bash', { command: `npm run ${canary}` }, `${subject}: the ${canary} gateway passed`);
  session.prompt(`Thanks. What is left to do for ${subject} in the ${canary} gateway?`);
  session.answer(`The ${canary} gateway still needs a test of its ${subject}.`);
  await writeTranscript(test.configDir, id, session);
}

beforeAll(async () => {
  test = await openTestMemory({
    distil: {
      connect: async () => ({
        ask: async ({ text }) => {
          sent.push(text);
          const usage = { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0 };
          return { text: '{"sentences":[]}', usage, requestId: 'r', stopReason: 'end_turn' };
        },
        countTokens: async (_, text) => {
          sent.push(text);
          return 1;
        },
        submitBatch: async () => 'b',
        fetchBatch: async () => [],
      }),
    },
  });
  for (const each of dataClasses) await write(idOf(each), canaries[each], subjects[each], 10 + rankOf(each));
  // Others to compare with: in a memory of five sessions no word is rare.
  for (const number of [21, 22, 23, 24, 25, 26])
    await write(sessionId(number), `plainword${number}`, `matters ${number}`, number - 20);
  await test.import();
  await test.memory.relearn();
  const { memory } = test;
  for (const each of dataClasses)
    await memory.saveLearning({
      id: `learning-${each}`,
      category: 'pattern',
      title: `The ${canaries[each]} gateway takes seven ${subjects[each]}`,
      description: `More ${subjects[each]} make the ${canaries[each]} gateway slow.`,
    });
  await memory.setClasses(
    dataClasses.flatMap((each): ClassEntry[] => [
      { key: `s${idOf(each)}`, class: each },
      { key: `llearning-${each}`, class: each },
    ]),
  );
  await memory.configureModel({
    source: 'test',
    isAllowed: true,
    isAutomatic: false,
    key: 'sk-test',
    baseUrl: '',
    fastModel: 'claude-haiku-5-5',
    strongModel: '',
    ceilings: { dayUsd: 100, monthUsd: 100, dayTokens: 1e9, monthTokens: 1e9 },
  });
}, 120_000);
afterAll(() => test.close());

/** Only this way goes up to the class; all others take nothing but what is public. */
async function allow(way: WayOut, upTo: DataClass): Promise<void> {
  const { configDir } = test;
  await test.memory.configure({
    configDirs: [configDir],
    roots: [],
    exclude: [],
    source: 'test',
    maxLineBytes: 16 << 20,
    classes: {
      upTo: { give: 'public', mcp: 'public', model: 'public', export: 'public', team: 'public', [way]: upTo },
    },
  });
}

const rows = async () =>
  (await Promise.all(dataClasses.map((each) => test.read(idOf(each))))).flat().map(({ key }) => key);
const refs = async () => [
  ...(await rows()),
  ...dataClasses.flatMap((each) => [`s${idOf(each)}`, `m${idOf(each)}`, `llearning-${each}`]),
];
const entries = async () => (await refs()).map((ref) => ({ ref, most: 20_000 }));
/** Whatever a call throws says nothing of the memory. */
const orNothing = async (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    (value) => JSON.stringify(value),
    (error: Error) => error.message,
  );
const everyClass = async (ask: (of: DataClass) => Promise<unknown>): Promise<string> =>
  (await Promise.all(dataClasses.map((each) => orNothing(ask(each))))).join('\n');

function textsBelow(folder: string): string {
  return nodeFs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) =>
      entry.isFile() ? entry.name + nodeFs.readFileSync(path.join(entry.parentPath, entry.name), 'utf8') : entry.name,
    )
    .join('\n');
}

async function exported(format: 'jsonl' | 'csv' | 'markdown'): Promise<string> {
  const folder = nodeFs.mkdtempSync(path.join(path.dirname(test.dataDir), 'out-'));
  const report = await test.memory.exportMemory({ requestId: crypto.randomUUID(), folder, format });
  return textsBelow(report.folder);
}

const tool = (name: string, given: unknown) =>
  orNothing(
    readTools
      .find((each) => each.name === name)!
      .call(given, { memory: test.memory, folder: shop, readFile: async () => undefined }),
  );

/** Each answers all text that leaves by it. */
const outs: readonly [way: WayOut, name: string, () => Promise<string>][] = [
  ['give', 'the brief', () => orNothing(test.memory.brief({ folder: shop, budget: 8_000 }))],
  [
    'give',
    'the brief that is kept ready',
    async () => {
      await test.memory.readyBriefs();
      return textsBelow(path.join(test.dataDir, 'give'));
    },
  ],
  [
    'give',
    'the hook of a prompt',
    () =>
      everyClass((of) =>
        test.memory.promptContext({
          prompt: `How many ${subjects[of]} does the ${canaries[of]} gateway take?`,
          folder: shop,
          sessionId: sessionId(90),
          budget: 4_000,
        }),
      ),
  ],
  [
    'give',
    'what is packed by hand',
    () =>
      everyClass((of) => test.memory.packContext({ text: `${canaries[of]} gateway ${subjects[of]}`, budget: 4_000 })),
  ],
  ['give', 'the basket', async () => orNothing(test.memory.basket(await entries()))],
  ['mcp', 'search', () => everyClass((of) => tool('search', { query: canaries[of] }))],
  ['mcp', 'search for all', () => tool('search', { query: 'gateway', limit: 50 })],
  [
    'mcp',
    'ask',
    () =>
      everyClass((of) => tool('ask', { question: `How many ${subjects[of]} does the ${canaries[of]} gateway use?` })),
  ],
  ['mcp', 'timeline', () => tool('timeline', { limit: 50 })],
  ['mcp', 'get_session', () => everyClass((of) => tool('get_session', { id: idOf(of) }))],
  ['mcp', 'get_observations', async () => everyKey(await refs())],
  ['mcp', 'learnings', () => tool('learnings', {})],
  ['mcp', 'why', () => everyClass((of) => tool('why', { file: `part-${10 + rankOf(of)}.ts` }))],
  ['model', 'a summary by a model', () => everyClass((of) => test.memory.summaryQuestion(idOf(of)))],
  [
    'model',
    'a question to a model',
    async () => {
      sent = [];
      for (const each of dataClasses)
        await orNothing(
          test.memory.askModel({
            text: `${subjects[each]} of the ${canaries[each]} gateway`,
            requestId: crypto.randomUUID(),
          }),
        );
      return sent.map((text) => text.slice(text.indexOf('\n'))).join('\n');
    },
  ],
  ['export', 'lines', () => exported('jsonl')],
  ['export', 'tables', () => exported('csv')],
  ['export', 'Markdown', () => exported('markdown')],
  [
    'team',
    'CLAUDE.md',
    () =>
      orNothing(
        test.memory.promotion(
          dataClasses.map((each) => `learning-${each}`),
          '',
        ),
      ),
  ],
];

async function everyKey(keys: readonly string[]): Promise<string> {
  const asked = keys.filter((key) => !key.startsWith('m'));
  return (await Promise.all(asked.map((key) => tool('get_observations', { ids: [key] })))).join('\n');
}

/** What the question itself had in it is no answer. */
const inText = (text: string): DataClass[] =>
  dataClasses.filter((each) => text.replaceAll(`“${canaries[each]}”`, '').includes(canaries[each]));

it('has a way out for each that the policy names', () => {
  expect(new Set(outs.map(([way]) => way))).toEqual(new Set(waysOut));
});

describe.each(outs)('by %s: %s', (way, _, ask) => {
  it.each(dataClasses)('what is up to %s goes, and nothing else', { timeout: 60_000 }, async (upTo) => {
    await allow(way, upTo);
    expect(inText(await ask())).toEqual(dataClasses.filter((each) => rankOf(each) <= rankOf(upTo)));
  });

  it('another way that is open opens nothing of it', { timeout: 60_000 }, async () => {
    await allow(way === 'give' ? 'mcp' : 'give', 'top_secret');
    expect(inText(await ask())).toEqual(['public']);
  });
});

it("finds everything for the person's own pages, whatever its class", async () => {
  await allow('give', 'public');
  for (const each of dataClasses) {
    const { hits } = await test.memory.search({ text: canaries[each] });
    expect(hits.some(({ sessionId: id }) => id === idOf(each))).toBe(true);
    expect(JSON.stringify(await test.read(idOf(each)))).toContain(canaries[each]);
  }
});
