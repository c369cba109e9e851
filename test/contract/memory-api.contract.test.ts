/** The same tests for the memory itself and for a head connected to it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MessageConnection } from 'vscode-jsonrpc';
import { schemaVersion } from '../../src/core/store/sqlite/migrate';
import { asMemoryError } from '../../src/protocol/errors';
import type { ErrorCode } from '../../src/protocol/errors';
import { memoryMethods } from '../../src/protocol/memory-api';
import type { MemoryApi, MemoryEvents } from '../../src/protocol/memory-api';
import type { LearningInput } from '../../src/protocol/questions/learnings';
import { connect, emit, listen, serve } from '../../src/protocol/rpc';
import { protocolVersion } from '../../src/protocol/version';
import { openTestMemory } from '../fakes/test-memory';
import type { TestMemory } from '../fakes/test-memory';
import { makeWire } from '../fakes/wire';
import { Transcript, sessionId, writeTranscript } from '../fixtures/transcript-lines';

const [one, two] = [sessionId(1), sessionId(2)];
const learning = (id: string, more: Partial<LearningInput> = {}): LearningInput => ({
  id,
  category: 'pattern',
  title: 'A title',
  description: 'A description',
  ...more,
});

describe.each(['direct', 'over rpc'] as const)('memory, %s', (how) => {
  let test: TestMemory;
  let api: MemoryApi;
  let wire: MessageConnection[];
  let events: { name: string; event: unknown }[];

  beforeEach(async () => {
    test = await openTestMemory();
    wire = [];
    events = test.events;
    api = test.memory;
    if (how === 'over rpc') {
      const [head, keeper] = makeWire();
      wire = [head, keeper];
      serve<MemoryApi>(keeper, test.memory, memoryMethods);
      const heard: typeof events = [];
      events = heard;
      listen<MemoryEvents>(head, (name, event) => void heard.push({ name, event }));
      // Events of the memory are sent to the heads.
      test.events.push = (...told) => {
        for (const { name, event } of told) emit<MemoryEvents>(keeper, name, event as MemoryEvents[typeof name]);
        return told.length;
      };
      head.listen();
      keeper.listen();
      api = connect<MemoryApi>(head);
    }
    const transcript = new Transcript(one, { cwd: '/work/shop' });
    transcript.prompt('rename the basket to cart');
    transcript.answer('renamed the basket');
    transcript.tool('Bash', { command: 'npm test' }, 'Exit code 1\nError: basket is not defined', { is_error: true });
    transcript.tool('Edit', { file_path: '/work/shop/cart.ts', old_string: 'basket', new_string: 'cart' }, 'done');
    await writeTranscript(test.configDir, one, transcript);
    const other = new Transcript(two, { cwd: '/work/api' });
    other.prompt('why the timeout');
    await writeTranscript(test.configDir, two, other, '-work-api');
  });
  afterEach(async () => {
    for (const end of wire) end.dispose();
    await test.close();
  });

  const load = async () => {
    await api.configure({
      configDirs: [test.configDir],
      roots: [],
      exclude: [],
      source: 'test',
      maxLineBytes: 1 << 20,
    });
    return api.importNow();
  };
  const codeOf = (call: Promise<unknown>): Promise<ErrorCode | 'none'> =>
    call.then(
      () => 'none' as const,
      (error: unknown) => asMemoryError(error).code,
    );

  it('answers every method that is named, and its status before anything was read', async () => {
    for (const name of memoryMethods) expect(api[name]).toBeTypeOf('function');
    expect(await api.status()).toMatchObject({
      sessions: 0,
      prompts: 0,
      driver: 'disk',
      lastCaptureAt: null,
      schemaVersion,
      protocolVersion,
    });
    expect(await api.projects()).toEqual([]);
    expect(await api.listSessions({})).toEqual({ items: [] });
    expect((await api.search({ text: 'basket' })).hits).toEqual([]);
  });

  it('reports what it imported, and counts it', async () => {
    expect(await load()).toMatchObject({ files: 2, sessions: 2, prompts: 2, observations: 2, isComplete: true });
    expect(await api.status({ roots: ['/work/shop'] })).toMatchObject({
      sessions: 2,
      inScope: 1,
      projects: 2,
      observations: 2,
    });
    expect((await api.projects()).map(({ name, sessions }) => [name, sessions])).toEqual(
      expect.arrayContaining([
        ['shop', 1],
        ['api', 1],
      ]),
    );
    expect((await api.projects({ roots: ['/work/shop/src'] })).map(({ name }) => name)).toEqual([]);
    expect((await api.projects({ roots: ['/work/shop'] })).map(({ name }) => name)).toEqual(['shop']);
    expect((await api.ledger()).items).toHaveLength(2);
    expect(await load()).toMatchObject({ sessions: 2, prompts: 2 });
  });

  it('tells heads that rows came, and how far it is', async () => {
    await load();
    await api.status();
    const changed = events
      .filter(({ name }) => name === 'changed')
      .map(({ event }) => event as MemoryEvents['changed']);
    expect(changed.flatMap(({ sessions }) => sessions).sort()).toEqual([one, two]);
    await api.saveLearning(learning('learning-1'));
    await api.forgetSession(two);
    await api.status();
    expect(events).toContainEqual({ name: 'changed', event: { sessions: [], learnings: true, isReset: false } });
    expect(events).toContainEqual({ name: 'changed', event: { sessions: [], learnings: true, isReset: true } });
  });

  it('shows sessions, their pages and their rows', async () => {
    await load();
    const { items } = await api.listSessions({ text: 'basket' });
    expect(items.map(({ id }) => id)).toEqual([one]);
    expect(await api.getSession(one)).toMatchObject({
      id: one,
      title: 'rename the basket to cart',
      errors: 1,
      filesTouched: ['/work/shop/cart.ts'],
      project: { name: 'shop' },
    });
    const page = await api.readSession({ sessionId: one, limit: 2 });
    expect(page.items.map((item) => item.kind)).toEqual(['message', 'message']);
    const rest = await api.readSession({ sessionId: one, ...(page.after !== undefined && { cursor: page.after }) });
    expect(rest.items.map((item) => (item.kind === 'tool' ? item.tool : item.kind))).toEqual(['Bash', 'Edit']);
    expect(await api.getItem(rest.items[0]?.key ?? '')).toMatchObject({ kind: 'tool', type: 'error', exitStatus: 1 });
    const [found] = rest.items;
    expect(await api.findInSession(one, 'basket defined')).toEqual({ places: [{ key: found?.key, turn: 1 }], at: 0 });
    expect(await api.stepInSession({ sessionId: one, to: 'prompt' })).toEqual({ key: page.items[0]?.key, turn: 1 });
    const before = await api.stepInSession({ sessionId: one, to: 'prompt', isBack: true, from: page.items[0]!.key });
    // Nothing is null here and undefined over the wire.
    expect(before ?? null).toBeNull();
    expect((await api.memoryText(rest.items[1]?.key ?? '')).text).toContain('-basket\n+cart');
    expect(await api.fileEdits({ file: 'shop/cart.ts', line: '  cart' })).toEqual([
      {
        key: rest.items[1]?.key,
        sessionId: one,
        title: 'rename the basket to cart',
        turn: 1,
        at: expect.any(Number),
        tool: 'Edit',
        type: 'tool_result',
        wroteLine: true,
      },
    ]);
    expect((await api.fileEdits({ file: 'cart.ts', line: 'basket' })).map(({ wroteLine }) => wroteLine)).toEqual([
      undefined,
    ]);
    expect(await api.fileEdits({ file: 'art.ts' })).toEqual([]);
    expect(await api.fileEdits({ file: 'cart.ts', scope: { roots: ['/work/api'] } })).toEqual([]);
    expect(await api.outline(one)).toEqual([
      { key: page.items[0]?.key, turn: 1, at: expect.any(Number), text: 'rename the basket to cart' },
    ]);
    expect(await api.memoryText(`s${one}`)).toMatchObject({
      sessionId: one,
      text: 'rename the basket to cart',
      projectName: 'shop',
    });
  });

  it('searches, with undefined where nothing is meant', async () => {
    await load();
    const { hits, total } = await api.search({ text: 'basket' }, undefined);
    expect([hits[0]?.sessionId, total]).toEqual([one, 1]);
    expect(await api.suggest('xylo', undefined)).toEqual([]);
    expect((await api.ledger(undefined)).items).toHaveLength(2);
  });

  it('keeps learnings: made, changed, deleted, brought back', async () => {
    await load();
    const saved = await api.saveLearning(
      learning('learning-1', { tags: ['a', ' a ', ''], sourceSessions: [one], isPinned: true }),
    );
    expect(saved).toMatchObject({
      id: 'learning-1',
      tags: ['a'],
      isPinned: true,
      isVerified: false,
      project: { name: 'shop' },
      usageCount: 0,
      lastUsedAt: null,
    });
    expect((await api.memoryText('llearning-1')).text).toContain('**A title**');
    expect((await api.listLearnings({})).items[0]).toMatchObject({ usageCount: 1, lastUsedAt: test.now.value });
    await api.deleteLearning('learning-1');
    expect((await api.listLearnings({})).items).toEqual([]);
    expect(await api.restoreLearning('learning-1')).toMatchObject({ id: 'learning-1', title: 'A title' });
    expect((await api.listLearnings({ category: 'pattern', text: 'title' })).items).toHaveLength(1);
  });

  it('forgets', async () => {
    await load();
    await api.forgetSession(one);
    expect(await codeOf(api.getSession(one))).toBe('not_found');
    await api.forgetProject((await api.projects())[0]?.id ?? 0);
    expect((await api.listSessions({})).items).toEqual([]);
    await api.deleteEverything();
    expect(await load()).toMatchObject({ sessions: 0 });
  });

  it('pauses, and says so', async () => {
    await api.setPaused(true);
    expect((await api.status()).capture.phase).toBe('paused');
    await api.setPaused(false);
    expect((await api.status()).capture.phase).toBe('idle');
    await api.cancelImport();
  });

  it.each<[string, (memory: MemoryApi) => Promise<unknown>, ErrorCode]>([
    ['a session that is not there', (memory) => memory.getSession('nobody'), 'not_found'],
    ['a page of a session that is not there', (memory) => memory.readSession({ sessionId: 'nobody' }), 'not_found'],
    ['finding in a session that is not there', (memory) => memory.findInSession('nobody', 'x'), 'not_found'],
    ['a row that is not there', (memory) => memory.getItem('p999999'), 'not_found'],
    ['a key that is none', (memory) => memory.getItem("p1' OR 1"), 'invalid_input'],
    ['the text of a key that is none', (memory) => memory.memoryText('zzz'), 'invalid_input'],
    ['the text of a learning that is not there', (memory) => memory.memoryText('lnobody'), 'not_found'],
    ['too many rows', (memory) => memory.listSessions({ limit: 201 }), 'invalid_input'],
    ['a score above all', (memory) => memory.search({ text: 'x', minScore: 1.5 }), 'invalid_input'],
    ['no score', (memory) => memory.search({ text: 'x', minScore: Number.NaN }), 'invalid_input'],
    ['no rows', (memory) => memory.search({ text: 'x', limit: 0 }), 'invalid_input'],
    ['a page marker that is none', (memory) => memory.listSessions({ cursor: 'nonsense' }), 'invalid_input'],
    ['a learnings marker that is none', (memory) => memory.listLearnings({ cursor: '1:2' }), 'invalid_input'],
    [
      'a learning without a title',
      (memory) => memory.saveLearning(learning('learning-1', { title: ' ' })),
      'invalid_input',
    ],
    [
      'a learning of no category',
      (memory) => memory.saveLearning(learning('learning-1', { category: 'nonsense' as never })),
      'invalid_input',
    ],
    ['a learning with a bad id', (memory) => memory.saveLearning(learning('x')), 'invalid_input'],
    ['deleting a learning that is not there', (memory) => memory.deleteLearning('nobody'), 'not_found'],
    ['restoring a learning that is not there', (memory) => memory.restoreLearning('nobody'), 'not_found'],
    ['forgetting a project that is not there', (memory) => memory.forgetProject(999), 'not_found'],
  ])('refuses %s', async (_, call, code) => {
    await load();
    expect(await codeOf(call(api))).toBe(code);
    // It works afterwards.
    expect((await api.status()).sessions).toBe(2);
  });

  it('stops what its caller does not want any more', async () => {
    expect(await codeOf(api.search({ text: 'basket' }, AbortSignal.abort()))).toBe('cancelled');
    const controller = new AbortController();
    const search = codeOf(api.search({ text: 'basket' }, controller.signal));
    controller.abort();
    expect(await search).toBe('cancelled');
    await api.configure({
      configDirs: [test.configDir],
      roots: [],
      exclude: [],
      source: 'test',
      maxLineBytes: 1 << 20,
    });
    // The connection rejects the call, the memory reports it as incomplete; in both cases nothing was read.
    expect(
      await api.importNow(AbortSignal.abort()).then(
        ({ isComplete }) => isComplete,
        (error: unknown) => asMemoryError(error).code !== 'cancelled',
      ),
    ).toBe(false);
    expect((await api.status()).sessions).toBe(0);
    expect(await load()).toMatchObject({ sessions: 2, isComplete: true });
  });
});
