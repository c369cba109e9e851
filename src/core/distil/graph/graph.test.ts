import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestMemory } from '../../../../test/fakes/test-memory';
import type { TestMemory } from '../../../../test/fakes/test-memory';
import { asked, edited, headOf, ran, said } from '../../../../test/fixtures/session-lines';
import { Transcript, sessionId, writeTranscript } from '../../../../test/fixtures/transcript-lines';
import type { GraphPicture } from '../../../protocol/insights';
import { createNameKey } from '../../lib/keyed-name';
import { createRedactor } from '../../observe/redact';
import { sessionHead } from '../../store/tables/session-lines';
import type { SessionLine } from '../../store/tables/session-lines';
import { projectFile } from '../reading/project-file';
import { declaredIn, identifiersIn } from '../reading/symbols';
import { readGraph } from './entities';
import { graphApi, indexTask } from './graph';
import type { GraphPorts } from './graph';

const root = '/home/me/shop';
const file = (name: string) => `${root}/src/${name}`;

describe('what a session speaks of', () => {
  const lines: SessionLine[] = [
    asked('fix the cart', { turn: 1 }),
    edited(file('cart.ts'), 'x', 'export function totalOf(items) { return 1; }', { turn: 1 }),
    edited(file('list.ts'), 'x', 'y', { turn: 1 }),
    ran('npm test', 'src/cart.ts(3,1): error TS2304: Cannot find name tax.', 1, { turn: 1 }),
    edited(file('tax.ts'), 'x', 'export const taxOf = (x) => x;', { turn: 1 }),
    ran('npm test', 'Tests  4 passed (4)', 0, { turn: 1 }),
    asked('now the invoice', { turn: 2 }),
    said('The invoice calls `totalOf()`, as the cart does.', { turn: 2 }),
    edited(file('invoice.ts'), 'x', 'y', { turn: 2 }),
    said('`totalOf` rounds now.', { turn: 3 }),
    edited(file('cart.ts'), 'y', 'z', { turn: 3 }),
  ];
  const { entities, relations } = readGraph(headOf(lines), lines, ['prices']);
  const name = (place: number) => `${entities[place]?.kind}:${entities[place]?.label}`;
  const told = relations.map(({ from, to, kind }) => `${name(from)} ${kind} ${name(to)}`);

  it.each([
    'file:cart.ts part_of project:shop',
    'symbol:totalOf part_of file:cart.ts',
    'symbol:taxOf part_of file:tax.ts',
    'file:invoice.ts uses symbol:totalOf',
    'file:cart.ts related_to file:list.ts',
    'file:cart.ts uses command:npm test',
    'file:cart.ts causes error:src/cart.ts(3,1): error TS2304: Cannot find name tax.',
    'solution:tax.ts: npm test passed solves error:src/cart.ts(3,1): error TS2304: Cannot find name tax.',
    'solution:tax.ts: npm test passed uses file:tax.ts',
    'project:shop uses tool:Edit',
    'concept:prices related_to file:cart.ts',
  ])('%s', (relation) => expect(told).toContain(relation));

  it('and no more than that', () => {
    expect(
      told.filter((each) =>
        /list\.ts causes|invoice\.ts related_to|file:list\.ts uses symbol|cart\.ts uses symbol:totalOf/.test(each),
      ),
    ).toEqual([]);
  });

  it('worktrees belong to their project', () => {
    const head = { projectRoot: root, cwd: `${root}/.worktrees/fix` };
    expect(projectFile(`${root}/.worktrees/fix/src/cart.ts`, head)).toBe('src/cart.ts');
    expect(projectFile('/elsewhere/fix/src/cart.ts', { projectRoot: root, cwd: '/elsewhere/fix' })).toBe('src/cart.ts');
    expect(projectFile('/tmp/x.ts', head)).toBeUndefined();
    expect(projectFile(`${root}/node_modules/a/b.js`, head)).toBeUndefined();
  });

  it('names of the common languages', () => {
    expect(declaredIn('func (s *Store) ReadCommitted(x int) error {\ntype Summary struct {\n')).toEqual([
      'Summary',
      'ReadCommitted',
    ]);
    expect(declaredIn('def total_of(items):\nclass Cart:\n')).toEqual(['Cart', 'total_of']);
    expect(declaredIn('pub fn parse_line(x: &str) {}\nconst readAll = async () => {')).toEqual([
      'parse_line',
      'readAll',
    ]);
    expect(identifiersIn('see `Cart.totalOf()` and `npm test` and `x`')).toEqual(['totalOf']);
  });
});

describe('what is around a file', () => {
  let test: TestMemory;
  let ports: GraphPorts;
  beforeEach(async () => {
    test = await openTestMemory();
    const redactor = createRedactor({ salt: 'salt' });
    ports = {
      driver: test.driver,
      seal: async (texts) => (await redactor.redact(texts)).texts,
      inScope: async () => undefined,
      changed: () => {},
    };
    for (const [number, files] of [
      ['cart.ts', 'tax.ts'],
      ['cart.ts', 'tax.ts'],
      ['cart.ts', 'list.ts'],
      ['other.ts', 'far.ts'],
    ].entries()) {
      const transcript = new Transcript(sessionId(number + 1), { cwd: '/work/shop' });
      transcript.prompt(`work on ${files.join(' and ')}`);
      for (const each of files)
        transcript.tool(
          'Edit',
          {
            file_path: `/work/shop/src/${each}`,
            old_string: 'a',
            new_string: `function ${each.replace('.ts', '')}Maker() {}`,
          },
          'updated',
        );
      await writeTranscript(test.configDir, sessionId(number + 1), transcript, '-work-shop');
    }
    await test.import();
    for (const number of [1, 2, 3, 4]) await index(number);
  });
  afterEach(() => test.close());

  const index = (number: number) =>
    indexTask({ ...ports, names: createNameKey('salt') })(
      { id: 1, type: 'index', subject: sessionId(number), isPaid: false, payload: {}, retries: 0 },
      new AbortController().signal,
    );
  const labels = ({ nodes }: GraphPicture) => nodes.map(({ label }) => label);
  const counts = () =>
    test.driver.get(
      `SELECT (SELECT count(*) FROM entities) AS entities, (SELECT count(*)
        FROM relations) AS relations, (SELECT sum(weight) FROM relations) AS weight`,
    );

  it('its neighbours, by how near they are', async () => {
    const picture = await test.memory.around({ file: '/work/shop/src/cart.ts' });
    expect(picture.center).toMatchObject({
      kind: 'file',
      name: 'src/cart.ts',
      label: 'cart.ts',
      rank: 1,
      sessions: 3,
      depth: 0,
    });
    const rank = (label: string) => picture.nodes.find((node) => node.label === label)?.rank ?? 0;
    expect(rank('tax.ts')).toBeGreaterThan(rank('list.ts'));
    expect(rank('list.ts')).toBeGreaterThan(0);
    expect(labels(picture)).not.toContain('far.ts');
    expect(
      picture.sessions
        .map(({ id }) => id)
        .slice(0, 3)
        .toSorted((a, b) => a.localeCompare(b)),
    ).toEqual([sessionId(1), sessionId(2), sessionId(3)]);
    const ids = new Set(picture.nodes.map(({ id }) => id));
    expect(picture.edges.every(({ from, to }) => ids.has(from) && ids.has(to))).toBe(true);
    expect(picture.edges.find(({ kind }) => kind === 'related_to')?.sessionId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('by its name alone, with a limit and one step', async () => {
    expect((await test.memory.around({ file: 'cart.ts', limit: 5 })).nodes).toHaveLength(5);
    expect((await test.memory.around({ file: 'cart.ts', depth: 1 })).nodes.every(({ depth }) => depth <= 1)).toBe(true);
    expect(await test.memory.around({ file: 'nowhere.ts' })).toEqual({
      center: null,
      nodes: [],
      edges: [],
      sessions: [],
    });
    await expect(test.memory.around({})).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('around a tool, of the projects that are asked for only', async () => {
    const other = new Transcript(sessionId(9), { cwd: '/work/bank' });
    other.prompt('work on the ledger');
    other.tool('Edit', { file_path: '/work/bank/src/ledger.ts', old_string: 'a', new_string: 'b' }, 'updated');
    await writeTranscript(test.configDir, sessionId(9), other, '-work-bank');
    await test.import();
    await index(9);
    const [tool] = await test.memory.findEntities('Edit');
    const [shop, bank] = ['/work/shop', '/work/bank'].map(
      (of) => test.driver.get<{ id: number }>('SELECT id FROM projects WHERE root = ?', [of])!.id,
    );
    const around = async (entity: number, ids: number[] | undefined) =>
      (await graphApi({ driver: test.driver, inScope: async () => ids }).around({ entity })).nodes
        .map(({ name }) => name)
        .toSorted((a, b) => a.localeCompare(b));
    expect(await around(tool!.id, undefined)).toEqual(['/work/bank', '/work/shop', 'Edit']);
    expect(await around(tool!.id, [shop!])).toEqual(['/work/shop', 'Edit']);
    const ledger = test.driver.get<{ id: number }>("SELECT id FROM entities WHERE name = 'src/ledger.ts'")!.id;
    expect(await around(ledger, [bank!])).toContain('src/ledger.ts');
    expect(await around(ledger, [shop!])).toEqual([]);
  });

  it('is found by all words of its name, or because it was worked on lately', async () => {
    expect((await test.memory.findEntities('src cart')).map(({ label }) => label)).toEqual(['cart.ts']);
    expect((await test.memory.findEntities('cart maker')).map(({ label }) => label)).toEqual(['cartMaker']);
    expect((await test.memory.findEntities('100%_')).length).toBe(0);
    expect((await test.memory.findEntities(''))[0]?.label).toBe('cart.ts');
  });

  it('is found however Unicode writes its letters', async () => {
    const written = new Transcript(sessionId(9));
    written.prompt('work on the guest list');
    // As macOS hands out file names.
    written.tool(
      'Edit',
      { file_path: '/work/shop/src/re\u0301sume\u0301.ts', old_string: 'a', new_string: 'b' },
      'done',
    );
    await writeTranscript(test.configDir, sessionId(9), written);
    await test.import();
    await index(9);
    for (const name of ['r\u00e9sum\u00e9', 're\u0301sume\u0301'])
      expect([name, (await test.memory.findEntities(name)).length]).toEqual([name, 1]);
  });

  it('indexed twice, it is the same', async () => {
    const before = counts();
    await index(1);
    await index(2);
    expect(counts()).toEqual(before);
  });

  it('a forgotten session takes its part along', async () => {
    await test.memory.forgetSession(sessionId(4));
    expect(await test.memory.findEntities('far')).toEqual([]);
    expect((await test.memory.around({ file: 'cart.ts' })).center).not.toBeNull();
    expect(sessionHead(test.driver, sessionId(4))).toBeUndefined();
    await index(4);
    expect(await test.memory.findEntities('far')).toEqual([]);
  });

  it('stays small around what everything knows', async () => {
    const entities = Array.from({ length: 400 }, (_, number) => number);
    for (const number of entities) {
      test.driver.run("INSERT INTO entities (kind, project_id, name, label) VALUES ('file', 1, ?1, ?1)", [
        `src/made-${number}.ts`,
      ]);
      test.driver.run(
        `INSERT INTO relations (session, from_entity, to_entity, kind, weight, first_at, last_at)
          SELECT no, last_insert_rowid(), (SELECT id FROM entities
          WHERE name = 'src/cart.ts'), 'related_to', 1, 1, 1 FROM sessions WHERE id = ?`,
        [sessionId(1)],
      );
    }
    const picture = await test.memory.around({ file: 'cart.ts', limit: 60 });
    expect(picture.nodes).toHaveLength(60);
    expect(labels(picture)).toContain('tax.ts');
  });
});
