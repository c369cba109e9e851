/** Search in a real memory: matching sessions are found, the best one first, and no others. */
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../test/fixtures/transcript-lines';
import { growthOf, maxGrowth } from '../../../test/growth';
import type { SearchQuery } from '../../protocol/questions/search';
import { identityOf } from '../../protocol/search-hit';
import { mergeIndex, optimizeIndex } from '../store/tables/documents';
import { askedQuery } from './asked-query';
import { FullText } from './full-text';
import { tokensOf } from './tokenize';

let test: TestMemory;
const [shop, noise, api, old, chinese] = [1, 2, 3, 4, 5].map(sessionId) as [string, string, string, string, string];
const day = 86_400_000;
const start = Date.UTC(2026, 10, 20, 9);

beforeAll(async () => {
  test = await openTestMemory();
  const one = new Transcript(shop, { cwd: '/work/shop', branch: 'feature/discount' });
  one.prompt('please rename the basket to cart and add a discount field');
  one.answer('I renamed BasketService to CartService; the discount comes next.');
  one.tool(
    'Edit',
    { file_path: '/work/shop/src/basket-service.ts', old_string: 'class Basket {}', new_string: 'class Cart {}' },
    'done',
  );
  one.tool('Bash', { command: 'npm run typecheck' }, 'Exit code 2\nerror TS2304: Cannot find name Basket', {
    is_error: true,
  });
  await writeTranscript(test.configDir, shop, one);
  const two = new Transcript(noise, { cwd: '/work/shop' });
  two.prompt('list the folder');
  two.tool('Bash', { command: 'ls -R' }, `basket discount rename\n${'basket discount rename field cart\n'.repeat(3)}`);
  two.answer('There are many files.');
  await writeTranscript(test.configDir, noise, two);
  const three = new Transcript(api, { cwd: '/work/api' });
  three.prompt('why does the gateway answer with a timeout');
  three.tool('WebFetch', { url: 'https://docs.example.com/gateway' }, 'The gateway answers within thirty seconds.');
  three.answer('The exact words of the answer are: retry after backoff, not before.');
  await writeTranscript(test.configDir, api, three, '-work-api');
  const four = new Transcript(old, { cwd: '/work/archive' });
  four.prompt('an old discount from long ago', { timestamp: new Date(start - 100 * day).toISOString() });
  await writeTranscript(test.configDir, old, four, '-work-archive');
  const five = new Transcript(chinese, { cwd: '/work/zh' });
  five.prompt('请修复购物车的折扣计算');
  await writeTranscript(test.configDir, chinese, five, '-work-zh');
  await test.import();
});
afterAll(() => test.close());

const search = (text: string, more: Partial<SearchQuery> = {}) => test.memory.search({ text, ...more });
const sessions = async (text: string, more: Partial<SearchQuery> = {}) =>
  (await search(text, more)).hits.flatMap((hit) => hit.sessionId ?? []);

describe('ranking', () => {
  it('puts a session with the words in its prompt before one with them in tool noise', async () => {
    expect((await sessions('rename basket discount')).slice(0, 2)).toEqual([shop, noise]);
  });

  it('gives one hit a session, at its best turn, and counts the others', async () => {
    const { hits, total } = await search('discount');
    expect(new Set(hits.map((hit) => hit.sessionId)).size).toBe(hits.length);
    expect(total).toBe(3);
    expect(hits[0]).toMatchObject({ sessionId: shop, turn: 1, turnId: `${shop}#1`, project: { name: 'shop' } });
    expect(hits.map((hit) => hit.score)).toEqual(hits.map((hit) => hit.score).sort((a, b) => b - a));
  });

  it('marks the words in what it shows', async () => {
    for (const hit of (await search('rename basket')).hits) {
      expect(hit.highlights.length).toBeGreaterThan(0);
      for (const [from, to] of hit.highlights) expect(hit.snippet.slice(from, to)).toMatch(/renam|basket/i);
    }
  });
});

describe('words', () => {
  it.each([
    ['renaming baskets', shop],
    ['BasketService', shop],
    ['basket-service', shop],
    ['src/basket-service.ts', shop],
    ['TS2304', shop],
    ['typecheck', shop],
    ['gateway timeouts', api],
    ['购物车', chinese],
    ['折扣', chinese],
  ])('%j finds its session first', async (text, expected) => {
    expect((await sessions(text))[0]).toBe(expected);
  });

  it('of any letters never throw, whatever they look like', async () => {
    const odd = fc
      .array(
        fc.constantFrom(
          '"',
          '-',
          ':',
          '*',
          'project:',
          'type:',
          'after:',
          'file:',
          'basket',
          ' ',
          '-"',
          '(',
          ')',
          'OR',
          'NOT',
          'AND',
          'NEAR/3',
          '^',
          '\\',
          '\0',
          '\uD800',
          '汉',
          "'",
          ';',
          '%',
          '_',
        ),
        { maxLength: 14 },
      )
      .map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ unit: 'binary' }), odd), fc.boolean(), async (text, isTyping) => {
        const { hits, total } = await search(text, { isTyping });
        expect(total).toBeGreaterThanOrEqual(hits.length);
      }),
      { numRuns: 300 },
    );
  });

  it('are found while they are typed', async () => {
    expect(await sessions('gatew', { isTyping: true })).toEqual([api]);
    const rested = await search('gatew');
    expect(rested.hits.map((hit) => hit.sessionId)).toEqual([api]);
    expect(rested.relaxed).toEqual([{ kind: 'beginning', from: 'gatew' }]);
    expect(await sessions('gatew*')).toEqual([api]);
  });

  it('mistyped are corrected, and that is said', async () => {
    test.memory.start();
    const result = await waitFor(
      () => search('gatewya'),
      ({ hits }) => hits.length > 0,
    );
    expect(result.hits[0]?.sessionId).toBe(api);
    expect(result.relaxed).toEqual([{ kind: 'typo', from: 'gatewya', to: 'gateway' }]);
  });

  it('that stand nowhere find nothing', async () => {
    expect(await search('xylophone')).toMatchObject({ hits: [], total: 0, relaxed: [] });
  });
});

/** Asks again with every turn of the event loop, for work done in idle time. */
async function waitFor<T>(ask: () => Promise<T>, isThere: (value: T) => boolean): Promise<T> {
  for (let count = 0; ; count++) {
    const value = await ask();
    if (isThere(value) || count > 500) return value;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A memory of its own with one session per list of prompts. */
async function withMemory(
  said: readonly (readonly string[])[],
  work: (memory: TestMemory, ids: string[]) => Promise<void>,
): Promise<void> {
  const fresh = await openTestMemory();
  try {
    const ids = said.map((_, index) => sessionId(600 + index));
    for (const [index, prompts] of said.entries()) {
      const transcript = new Transcript(ids[index]!);
      for (const prompt of prompts)
        transcript.prompt(prompt, { timestamp: new Date(start + index * day).toISOString() });
      await writeTranscript(fresh.configDir, ids[index]!, transcript);
    }
    // The clock is behind the last session: times in the future come last.
    fresh.now.value = Math.max(fresh.now.value, start + said.length * day);
    await fresh.import();
    await work(fresh, ids);
  } finally {
    await fresh.close();
  }
}

describe('what is written meanwhile', () => {
  it('and merged in idle time hides nothing that was found before', async () => {
    await withMemory(
      Array.from({ length: 40 }, (_, index) => [`quokka number${index}`]),
      async (memory, ids) => {
        const missing = async () => {
          const lost: string[] = [];
          for (const [index, id] of ids.entries())
            if ((await memory.memory.search({ text: `number${index}` })).hits[0]?.sessionId !== id) lost.push(id);
          return lost;
        };
        expect(await missing()).toEqual([]);
        mergeIndex(memory.driver);
        optimizeIndex(memory.driver);
        expect(await missing()).toEqual([]);
      },
    );
  });
});

describe('a word being typed', () => {
  it('finds what it finds when it is written out', async () => {
    const words = [
      'running the tests',
      'the runner',
      'testing is fun',
      'a testingLibrary',
      'tests',
      'authentication failed',
      'authenticate',
      'happy',
      'happiness',
    ];
    await withMemory(
      words.map((text) => [text]),
      async ({ memory }) => {
        for (const text of [
          'running',
          'run',
          'testing',
          'tests',
          'authentication',
          'happy',
          'happiness',
          'the runner',
        ]) {
          const found = async (isTyping: boolean) =>
            (await memory.search({ text, isTyping })).hits.map(({ sessionId: id }) => id);
          const typed = await found(true);
          for (const id of await found(false)) expect(typed, text).toContain(id);
        }
      },
    );
  });
});

describe('filters alone, and newest first', () => {
  it('go by the time of the newest match, and forget nobody', async () => {
    const many = Array.from({ length: 1100 }, (_, index) => `deploy ${index}`);
    await withMemory(
      [...Array.from({ length: 12 }, () => many.slice(0, 12)), many, ['one deploy']],
      async ({ memory }, ids) => {
        const newestFirst = ids.toReversed();
        const only = await memory.search({ text: 'type:prompt', limit: 100 });
        expect(only.hits.map(({ sessionId: id }) => id)).toEqual(newestFirst);
        expect(only.total).toBe(ids.length);
        const sorted = await memory.search({ text: 'deploy', sort: 'newest', limit: 100 });
        expect(sorted.hits.map(({ sessionId: id }) => id)).toEqual(newestFirst);
      },
    );
  });

  it('takes the newest of more than are ranked', async () => {
    await withMemory(
      Array.from({ length: 260 }, (_, index) => [
        index === 259 ? 'a long text about many other things that says deploy once' : 'deploy',
      ]),
      async ({ memory }, ids) => {
        const { hits, total } = await memory.search({ text: 'deploy', sort: 'newest' });
        expect([hits[0]?.sessionId, total]).toEqual([ids.at(-1), 260]);
      },
    );
  });

  it('reads the newest texts for signs, not those a wrong clock dates in the future', async () => {
    await withMemory([['a ===>> b is how the funnel goes']], async (memory, [there]) => {
      const wrong = new Transcript(sessionId(700), { startedAt: Date.UTC(2038, 0, 1) });
      for (let index = 0; index <= 2000; index++) wrong.prompt(`page ${index} of the wrong calendar`);
      await writeTranscript(memory.configDir, sessionId(700), wrong);
      await memory.import();
      const { hits, relaxed } = await memory.memory.search({ text: '===>>' });
      expect(relaxed).toEqual([{ kind: 'unread', from: '===>>', texts: 2000 }]);
      expect(hits.map(({ sessionId: id }) => id)).toEqual([there]);
    });
  });
});

describe('a letter of Chinese by itself', () => {
  it('finds, excludes and is marked', async () => {
    await withMemory([['登录错误'], ['登录成功']], async ({ memory }, [wrong, right]) => {
      const [hit] = (await memory.search({ text: '错' })).hits;
      expect(hit?.sessionId).toBe(wrong);
      expect(hit?.highlights.length).toBe(1);
      expect((await memory.search({ text: '登录 -错' })).hits.map(({ sessionId: id }) => id)).toEqual([right]);
    });
  });
});

describe('a phrase among many', () => {
  it('is found wherever it ranks, and excluded only where it stands', async () => {
    const said = Array.from({ length: 450 }, (_, index) => [`gateway ${index} gateway gateway retry`]);
    await withMemory(
      [...said, ['a rather long message in which after many other words somebody says retry gateway at last']],
      async ({ memory }, ids) => {
        const { hits, relaxed, total } = await memory.search({ text: '"retry gateway"' });
        expect([hits.map(({ sessionId: id }) => id), relaxed, total]).toEqual([[ids.at(-1)], [], 1]);
        expect((await memory.search({ text: 'gateway -"retry gateway"' })).total).toBe(450);
      },
    );
  });
});

describe('hostile questions', () => {
  it('are answered in time that grows with their length', async () => {
    await withMemory([['may I']], async ({ memory }) => {
      const words = (size: number) => memory.search({ text: 'may '.repeat(size) });
      expect(await growthOf(words, 10_000)).toBeLessThan(maxGrowth);
      const dates = (size: number) => memory.search({ text: `${'1 march '.repeat(size)}after:2026` });
      expect(await growthOf(dates, 5000)).toBeLessThan(maxGrowth);
    });
  });

  it('a date in a filter is no time that a question names', async () => {
    await withMemory([['deploy failed'], ['deploy failed again and again']], async ({ memory }) => {
      const plain = await memory.search({ text: 'deploy failed' });
      const filtered = await memory.search({
        text: `deploy failed after:${new Date(start - 40 * day).getFullYear()}-${new Date(start).getMonth() + 1}-01`,
      });
      expect(filtered.hits.map(({ sessionId: id }) => id)).toEqual(plain.hits.map(({ sessionId: id }) => id));
    });
  });
});

describe('a looser reading', () => {
  it('of a question without a message that has all of it is said', async () => {
    const { hits, relaxed } = await search('gateway basket percentages');
    expect(hits.map((hit) => hit.sessionId)).toEqual(expect.arrayContaining([api, shop]));
    expect(relaxed).toEqual(expect.arrayContaining([{ kind: 'some', sessions: 0 }]));
  });

  it('is not said of one that everything found answers', async () => {
    expect((await search('gateway timeout')).relaxed).toEqual([]);
  });

  it('tells words in one message from words in one session', async () => {
    const fresh = await openTestMemory();
    try {
      for (let index = 0; index < 25; index++) {
        const transcript = new Transcript(sessionId(300 + index));
        transcript.prompt(index === 0 ? 'the quokka met a wombat' : 'tell me of the quokka');
        transcript.answer('and here is a wombat');
        await writeTranscript(fresh.configDir, sessionId(300 + index), transcript);
      }
      await fresh.import();
      const result = await fresh.memory.search({ text: 'quokka wombat' });
      expect(result).toMatchObject({ total: 25, relaxed: [{ kind: 'apart', sessions: 1 }] });
      expect(result.hits[0]?.sessionId).toBe(sessionId(300));
      const { words } = result.hits[0]!.why;
      expect(words.map(({ term }) => term)).toEqual(['quokka', 'wombat']);
    } finally {
      await fresh.close();
    }
  });
});

describe('a tool', () => {
  it('counts for what it was asked before what it printed, whatever ran last', async () => {
    const fresh = await openTestMemory();
    try {
      const [asked, printed] = [sessionId(401), sessionId(402)];
      const first = new Transcript(asked);
      first.tool('Bash', { command: 'quokka --deploy' }, 'done');
      await writeTranscript(fresh.configDir, asked, first);
      const second = new Transcript(printed);
      second.tool('Bash', { command: 'ls' }, `${'file '.repeat(60)} quokka deploy`);
      await writeTranscript(fresh.configDir, printed, second);
      await fresh.import();
      expect((await fresh.memory.search({ text: 'quokka deploy' })).hits.map((hit) => hit.sessionId)).toEqual([
        asked,
        printed,
      ]);
    } finally {
      await fresh.close();
    }
  });
});

describe('a time that is named', () => {
  it('lifts what is from then and hides nothing', async () => {
    const month = new Date(start - 100 * day).toLocaleString('en', { month: 'long' });
    expect((await sessions('discount'))[0]).not.toBe(old);
    expect((await sessions(`discount in ${month}`))[0]).toBe(old);
    expect(await sessions(`discount in ${month}`)).toHaveLength(3);
  });
});

describe('what was of use', () => {
  it('comes before its equals the next time', async () => {
    const fresh = await openTestMemory();
    try {
      for (const number of [501, 502]) {
        const transcript = new Transcript(sessionId(number));
        transcript.prompt('the quokka question');
        await writeTranscript(fresh.configDir, sessionId(number), transcript);
      }
      await fresh.import();
      const before = (await fresh.memory.search({ text: 'quokka' })).hits;
      await fresh.memory.memoryText(before[1]!.key);
      const after = (await fresh.memory.search({ text: 'quokka' })).hits;
      expect(after[0]!.key).toBe(before[1]!.key);
      expect(after[0]!.why.parts.find(({ name }) => name === 'use')).toMatchObject({ value: 0.5 });
    } finally {
      await fresh.close();
    }
  });
});

describe('phrases and exclusion', () => {
  it('a phrase is an exact run of words', async () => {
    expect(await sessions('"retry after backoff"')).toEqual([api]);
    expect(await sessions('"The Exact   Words"')).toEqual([api]);
  });

  it('a phrase that stands nowhere is taken as words, and that is said', async () => {
    const { hits, relaxed } = await search('"backoff after retry"');
    expect(hits.map((hit) => hit.sessionId)).toEqual([api]);
    expect(relaxed).toEqual([{ kind: 'phrase', from: 'backoff after retry' }]);
  });

  it('an excluded word takes the message out, not the others', async () => {
    expect(await sessions('discount -ago')).not.toContain(old);
    expect(await sessions('gateway -timeout -thirty -gateway')).toEqual([]);
  });
});

describe('exclusion', () => {
  it('of an identifier or a phrase takes out the texts with it, not those with one of its words', async () => {
    const fresh = await openTestMemory();
    try {
      const said = [
        'quokka calls readFile twice',
        'quokka may read a file',
        'quokka: read file  now please',
        'quokka file read now',
      ];
      const ids = said.map((_, index) => sessionId(index));
      for (const [index, text] of said.entries()) {
        const transcript = new Transcript(sessionId(index));
        transcript.prompt(text);
        await writeTranscript(fresh.configDir, sessionId(index), transcript);
      }
      await fresh.import();
      const found = async (text: string) =>
        (await fresh.memory.search({ text })).hits.map((hit) => ids.indexOf(hit.sessionId!)).sort((a, b) => a - b);
      expect(await found('quokka')).toEqual([0, 1, 2, 3]);
      expect(await found('quokka -readFile')).toEqual([1, 2, 3]);
      expect(await found('quokka -"read file now"')).toEqual([0, 1, 3]);
      expect(await found('quokka -please -twice')).toEqual([1, 3]);
      expect(await found('type:prompt -please -"read a file"')).toEqual([0, 3]);
    } finally {
      await fresh.close();
    }
  });
});

describe('words of code', () => {
  const said = [
    'quokka parser in C++ with templates',
    'quokka parser in C# with generics',
    'quokka parser in plain C, no templates',
    'quokka runs on .NET now',
    'the net of the quokka',
    'let f = (x) => x + 1',
    'xs |> List.map f ||> zip',
    'count := 0',
    'if (x==y) return',
    'x and y are not the same',
    'install @quokka/burrow today',
    'upgrade to burrow 4.18.2-rc.1 at 0xDEADBEEF',
    'it fails at src/burrow.ts:118:7',
    'git commit --no-verify skips the hook',
    'git commit -m skips the editor',
  ];
  let fresh: TestMemory;
  beforeAll(async () => {
    fresh = await openTestMemory();
    for (const [index, text] of said.entries()) {
      const transcript = new Transcript(sessionId(index));
      transcript.prompt(text);
      await writeTranscript(fresh.configDir, sessionId(index), transcript);
    }
    await fresh.import();
  });
  afterAll(() => fresh.close());
  const ids = said.map((_, index) => sessionId(index));
  const ask = (text: string) => fresh.memory.search({ text });
  const found = async (text: string) => (await ask(text)).hits.map((hit) => ids.indexOf(hit.sessionId!));

  it.each<[string, number[]]>([
    ['C++', [0]],
    ['quokka parser C++', [0]],
    ['c#', [1]],
    ['.NET', [3]],
    ['=>', [5]],
    ['||>', [6]],
    [':=', [7]],
    ['"||>"', [6]],
    ['x==y', [8]],
    ['@quokka/burrow', [10]],
    ['4.18.2-rc.1', [11]],
    ['4.18.2', [11]],
    ['0xdeadbeef', [11]],
    ['burrow.ts:118', [12]],
    ['src/burrow.ts:118', [12]],
    ['git commit --no-verify', [13, 14]],
    ['git commit -m', [14, 13]],
    ['parser -C++', [1, 2]],
    ['=> -generics', [5]],
  ])('%s finds what has it before anything else', async (text, expected) => {
    const order = await found(text);
    // The parts of an identifier are found too, below what has it whole.
    expect(/[\d-]/.test(text) ? order.slice(0, expected.length) : order).toEqual(expected);
  });

  it('are marked with their signs', async () => {
    const [hit] = (await ask('||>')).hits;
    expect(hit?.highlights.map(([from, to]) => hit.snippet.slice(from, to))).toEqual(['||>']);
    const [other] = (await ask('C++')).hits;
    expect(other?.highlights.map(([from, to]) => other.snippet.slice(from, to))).toEqual(['C++']);
  });

  it('that stand nowhere are taken as their letters, and that is said', async () => {
    const { hits, relaxed } = await ask('templates#');
    expect(new Set(hits.map((hit) => ids.indexOf(hit.sessionId!)))).toEqual(new Set([0, 2]));
    expect(relaxed).toContainEqual({ kind: 'phrase', from: 'templates#' });
    expect(await ask('<=>')).toMatchObject({ hits: [], total: 0 });
  });

  it('two that no text has together are found by the first, and that is said', async () => {
    const { hits, relaxed } = await ask('C++ .NET');
    expect(hits.map((hit) => ids.indexOf(hit.sessionId!))).toEqual([0]);
    expect(relaxed).toContainEqual({ kind: 'phrase', from: '.NET' });
  });

  it('are looked for in each text once, in a limited number of letters', async () => {
    const memory = await openTestMemory();
    try {
      const count = 120;
      const transcript = new Transcript(sessionId(1));
      for (let index = 0; index < count; index++)
        transcript.prompt(`quoll ${index} c++ .net c# f# ${'word '.repeat(11_000)}`);
      await writeTranscript(memory.configDir, sessionId(1), transcript);
      await memory.import();
      const get = vi.spyOn(memory.driver, 'get');
      const { relaxed } = await memory.memory.search({ text: 'quoll C++ .NET C# F#' });
      const read = get.mock.calls.filter(([sql]) => sql.startsWith('SELECT content AS t FROM prompts')).length;
      const unread = relaxed.flatMap((each) => (each.kind === 'unread' ? each.texts : []));
      expect(unread).toHaveLength(4);
      expect(new Set(unread).size).toBe(1);
      expect(unread[0]).toBeLessThan(count);
      // The hit's own text is read once more for what is shown of it.
      expect(read).toBeLessThanOrEqual(unread[0]! + 1);
      expect(read * 55_000).toBeLessThan(5 << 20);
    } finally {
      await memory.close();
    }
  });

  it('an exclusion that takes half of the result or all of it is said, with the way to undo it', async () => {
    expect((await ask('parser -generics')).problems).toEqual([]);
    expect((await ask('parser -templates')).problems).toEqual([
      {
        code: 'excluded',
        start: 7,
        end: 17,
        value: 'templates',
        count: 2,
        of: 3,
        hint: 'templates',
        message: '"-templates" left out 2 of 3 sessions.',
      },
    ]);
    expect((await ask('count -"count := 0"')).problems).toMatchObject([{ count: 1, of: 1, hint: '"count := 0"' }]);
  });

  it('beyond the longest query are not searched, and that is said', async () => {
    expect((await ask(`burrow ${'x'.repeat(1000)} zip`)).problems).toMatchObject([
      { code: 'too_long', start: 1000, end: 1011 },
    ]);
  });
});

describe('words of any script', () => {
  const said = [
    'das Mu\u0308ngstener Ger\u00e4t',
    '\u1112\u116c\u1109\u1161 meeting notes',
    'ＳＤＫ for ﾃｽﾄ runs',
    'เราแก้ไขข้อผิดพลาดในตะกร้าสินค้าแล้ว',
    'ພວກເຮົາແກ້ໄຂກະຕ່າ',
    'យើងបានកែកំហុស',
    'ကျွန်ုပ်တို့ပြင်ဆင်ပြီး',
    'deploy 🚀 on friday',
    'great work ⭐️',
    'I love it ❤️',
    'a trip of 👩‍👩‍👦 today',
    '𠮷野家 と 問題',
    `${'ข'.repeat(200)}ตะวัน`,
  ];
  let fresh: TestMemory;
  beforeAll(async () => {
    fresh = await openTestMemory();
    for (const [index, text] of said.entries()) {
      const transcript = new Transcript(sessionId(index));
      transcript.prompt(text);
      await writeTranscript(fresh.configDir, sessionId(index), transcript);
    }
    await fresh.import();
  });
  afterAll(() => fresh.close());
  const ids = said.map((_, index) => sessionId(index));

  it.each<[string, number[]]>([
    ['Müngstener', [0]],
    ['Mu\u0308ngstener', [0]],
    ['Gera\u0308t', [0]],
    ['"müngstener ger\u0061\u0308t"', [0]],
    ['müng*', [0]],
    ['회사', [1]],
    ['SDK', [2]],
    ['ＳＤＫ', [2]],
    ['テスト', [2]],
    ['ตะกร้า', [3]],
    ['ข้อผิดพลาด', [3]],
    ['ກະຕ່າ', [4]],
    ['កំហុស', [5]],
    ['ပြင်ဆင်', [6]],
    ['🚀', [7]],
    ['🚀 deploy', [7]],
    ['⭐', [8]],
    ['⭐️', [8]],
    ['❤', [9]],
    ['👩‍👩‍👦', [10]],
    ['問題', [11]],
    ['ตะวัน', [12]],
    ['on -🚀', []],
  ])('%s finds what has it, and marks it', async (text, expected) => {
    const { hits } = await fresh.memory.search({ text });
    // Two runs without spaces may have a pair in common, so others may follow.
    expect(hits.map((hit) => ids.indexOf(hit.sessionId!)).slice(0, /ตะ/.test(text) ? 1 : 9)).toEqual(expected);
    for (const hit of text.endsWith('*') ? [] : hits) expect(hit.highlights.length).toBeGreaterThan(0);
    if (text.startsWith('"') || /[*-]/.test(text)) return;
    const { items } = await fresh.memory.listSessions({ text });
    const read = await fresh.memory.findInSession(ids[expected[0]!]!, text.replace(/^.* /, ''));
    if (!/[\uff00-\uffef⭐❤]|テスト|SDK/.test(text)) expect(items.length).toBeGreaterThan(0);
    if (!/[⭐❤]/.test(text)) expect(read.places).toHaveLength(1);
  });
});

describe('a query of any size', () => {
  const many = (count: number, make: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => make(index)).join(' ');
  it('of many exclusions is answered', async () => {
    expect(await sessions(`discount ${many(13, (index) => `-nothing${index}`)}`)).toContain(shop);
    expect(await sessions(`discount ${many(60, (index) => `-n${index}`)} -ago`)).not.toContain(old);
  });

  it('of thousands of words is answered by its beginning', async () => {
    expect(await sessions(`discount ${many(4600, (index) => `word${index}`)}`)).toContain(shop);
  });

  it('has at most eight of its unknown words corrected', async () => {
    let asked = 0;
    const fulltext = new FullText(test.driver, () => void asked++);
    fulltext.search(askedQuery({ text: many(1000, (index) => `q${index}x`) }, undefined, start));
    expect(asked).toBe(8);
  });
});

describe('filters', () => {
  it.each<[string, Partial<SearchQuery>, string[]]>([
    ['discount project:shop', {}, [shop, noise]],
    ['discount project:archive', {}, [old]],
    ['discount', { after: start - day }, [shop, noise]],
    ['discount', { before: start - day }, [old]],
    ['discount before:2026-10', {}, [old]],
    ['discount after:2026-11', {}, [shop, noise]],
    ['basket tool:Bash', {}, [noise, shop]],
    ['basket', { tools: ['Edit'] }, [shop]],
    ['basket type:error', {}, [shop]],
    ['basket', { types: ['error'] }, [shop]],
    ['discount type:prompt', {}, [shop, old]],
    ['discount', { types: ['assistant'] }, [shop]],
    ['discount file:basket-service', {}, [shop]],
    ['discount branch:feature', {}, [shop]],
    ['tool:WebFetch', {}, [api]],
    ['type:error', {}, [shop]],
  ])('%j with %j finds %j', async (text, more, expected) => {
    expect((await sessions(text, more)).sort()).toEqual([...expected].sort());
  });

  it('a scope is the projects of its folders', async () => {
    expect(await sessions('discount', { scope: { roots: ['/work/archive'] } })).toEqual([old]);
    expect((await sessions('discount', { scope: { roots: ['/work'] } })).sort()).toEqual([shop, noise, old].sort());
    expect(await sessions('discount', { scope: { roots: [] } })).toEqual([]);
  });

  it('facets count sessions, over all that matched', async () => {
    const { facets } = await search('basket', { limit: 1 });
    expect(facets.project.map(({ label, count }) => [label, count])).toEqual([['shop', 2]]);
    expect(facets.tool).toEqual(
      expect.arrayContaining([
        { value: 'Bash', label: 'Bash', count: 2 },
        { value: 'Edit', label: 'Edit', count: 1 },
      ]),
    );
    expect(facets.type).toEqual(expect.arrayContaining([{ value: 'error', label: 'error', count: 1 }]));
  });

  it.each([0, 101, 1.5])('refuses %d hits', async (limit) => {
    await expect(search('basket', { limit })).rejects.toMatchObject({ code: 'invalid_input' });
  });
});

describe('learnings', () => {
  it('are found with the sessions, and no more once deleted', async () => {
    await test.memory.saveLearning({
      id: 'learning-1',
      category: 'pattern',
      title: 'Discounts are percentages',
      description: 'Never store a discount as money.',
      tags: ['quokka'],
    });
    const { hits } = await search('discount percentages');
    const learning = hits.find(({ kind }) => kind === 'learning');
    expect(learning).toMatchObject({ key: 'llearning-1', title: 'Discounts are percentages' });
    // It was written by hand: of no session and no project, and nothing stands in their place.
    for (const name of ['sessionId', 'turnId', 'turn', 'project']) expect(learning).not.toHaveProperty(name);
    expect(identityOf(learning!)).toBe('llearning-1');
    expect((await search('quokka')).total).toBe(1);
    expect((await search('type:learning')).total).toBe(1);
    await test.memory.saveLearning({
      id: 'learning-1',
      category: 'pattern',
      title: 'Prices are integers',
      description: '',
      tags: [],
    });
    expect((await search('quokka')).total).toBe(0);
    expect((await search('type:learning')).total).toBe(1);
    await test.memory.deleteLearning('learning-1');
    expect((await search('integers')).total).toBe(0);
    expect(await search('type:learning')).toMatchObject({ total: 0, hits: [], facets: { type: [] } });
    await test.memory.restoreLearning('learning-1');
    expect((await search('integers')).total).toBe(1);
  });
});

describe('anything said', () => {
  it('is found by any two of its words', async () => {
    const fresh = await openTestMemory();
    try {
      const piece = fc.constantFrom(
        'readFile',
        'src/core/tail.ts',
        'the',
        'and',
        'basket',
        '购物车',
        'カート',
        'naïve',
        'utf8',
        'TS2304',
        'snake_case',
        'Äpfel',
        'über',
        'don’t',
        'v1.2.3',
        '42',
        'API',
        'running',
        'std::vec',
        '@scope/name',
        'हिन्दी',
        '한국어',
        'İstanbul',
        'ﬁne',
      );
      const messages = fc.sample(
        fc
          .array(
            fc.oneof(
              { weight: 3, arbitrary: piece },
              { weight: 1, arbitrary: fc.stringMatching(/^[a-zA-Z\u00C0-\u017F0-9_./-]{1,14}$/) },
            ),
            { minLength: 2, maxLength: 30 },
          )
          .map((words) => words.join(' ')),
        { numRuns: 60, seed: 7 },
      );
      for (const [index, message] of messages.entries()) {
        const transcript = new Transcript(sessionId(100 + index));
        transcript.prompt(`session begins ${index}`);
        if (index % 2 === 0) transcript.answer(message);
        else transcript.tool('Bash', { command: 'cat notes' }, message);
        await writeTranscript(fresh.configDir, sessionId(100 + index), transcript);
      }
      await fresh.import();
      // Words with a meaning in the query language are not plain words.
      const words = (message: string) =>
        message.split(' ').filter((word) => tokensOf(word).length > 0 && !/^[-"]|^[a-z]+:|\*$/i.test(word));
      await fc.assert(
        fc.asyncProperty(fc.nat(messages.length - 1), fc.nat(), fc.nat(), async (index, first, second) => {
          const all = words(messages[index] ?? '');
          if (all.length === 0) return;
          const query = [all[first % all.length], all[second % all.length]].join(' ');
          const { hits } = await fresh.memory.search({ text: query, limit: 100 });
          expect([query, hits.some((hit) => hit.sessionId === sessionId(100 + index))]).toEqual([query, true]);
        }),
        { numRuns: 300 },
      );
    } finally {
      await fresh.close();
    }
  });
});
