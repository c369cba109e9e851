/** Everything known to go wrong when reading transcripts; the numbers are those of docs/transcript-format.md. */
import { appendFile, mkdir, rename, rm, stat, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { randomText } from '../../../test/fixtures/secrets';
import { Transcript, sessionId, uuidOf, writeTranscript } from '../../../test/fixtures/transcript-lines';
import { wrapGiven } from '../../protocol/own-text';
import type { LedgerTotals } from '../../protocol/status';

let test: TestMemory;
beforeEach(async () => {
  test = await openTestMemory();
});
afterEach(() => test.close());

const one = sessionId(1);
const two = sessionId(2);

function expectBalanced({ bytesSeen, bytesStored, bytesSkipped }: LedgerTotals): void {
  expect(bytesStored + Object.values(bytesSkipped).reduce((sum, each) => sum + each, 0)).toBe(bytesSeen);
}
const texts = async (id: string) =>
  (await test.read(id)).map((item) => (item.kind === 'message' ? item.text : item.headline));

describe('traps', () => {
  it('1: unknown types and shapes, foreign files and folders named like sessions are counted, not thrown', async () => {
    const transcript = new Transcript(one);
    transcript.prompt('add a discount field');
    transcript.meta({ type: 'something-new', payload: [1, 2] });
    transcript.line('assistant', {
      message: {
        id: 'm',
        role: 'assistant',
        model: 'x',
        content: [
          { type: 'hologram', data: 1 },
          { type: 'text', text: 'done, with a hologram' },
        ],
      },
    });
    transcript.line('attachment', { attachment: { type: 'never-seen' } });
    transcript.line('system', { subtype: 'never-seen' });
    for (const odd of ['42', 'null', '[]', '"text"', '', '   ', '{"no":"type"}', 'not json at all'])
      transcript.raw(odd);
    await writeTranscript(test.configDir, one, transcript);
    await writeTranscript(test.configDir, two, '');
    await mkdir(path.join(test.configDir, 'projects/-work-shop', `${sessionId(3)}.jsonl`), { recursive: true });
    await writeTranscript(test.configDir, 'notes.md.jsonl', 'just some text\n');
    const { ledger } = await test.import();
    expect(await texts(one)).toEqual(['add a discount field', 'done, with a hologram']);
    expect(ledger.linesSkipped).toMatchObject({ unknown: 2, malformed: 6, empty: 2, noise: 2 });
    expectBalanced(ledger);
  });

  it('2: half lines wait, growth is read once, replaced, truncated, moved and vanished files lose nothing', async () => {
    const transcript = new Transcript(one);
    transcript.prompt('first prompt');
    const file = await writeTranscript(test.configDir, one, transcript);
    const second = new Transcript(one);
    second.prompt('ignored');
    const line = JSON.stringify(second.prompt('second prompt'));
    await appendFile(file, line.slice(0, 60));
    const half = await test.import();
    expect(half.ledger.bytesSkipped['incomplete']).toBe(60);
    expectBalanced(half.ledger);
    await appendFile(file, `${line.slice(60)}\n`);
    const whole = await test.import();
    expect(whole.ledger.bytesSkipped['incomplete']).toBeUndefined();
    expectBalanced(whole.ledger);
    expect(await texts(one)).toEqual(['first prompt', 'second prompt']);
    await truncate(file, transcript.text().length);
    await appendFile(file, `${JSON.stringify(second.prompt('third prompt'))}\n`);
    await test.import();
    expect(await texts(one)).toEqual(['first prompt', 'second prompt', 'third prompt']);
    const moved = path.join(test.configDir, 'projects/-work-other', `${one}.jsonl`);
    await mkdir(path.dirname(moved));
    await rename(file, moved);
    await writeTranscript(test.configDir, two, new Transcript(two));
    expect((await test.import()).prompts).toBe(3);
    await rm(moved);
    const gone = await test.import();
    expect(gone.ledger.filesGone).toBe(2);
    expect(await texts(one)).toHaveLength(3);
    expect((await test.memory.getSession(one)).status).toBe('archived');
  });

  it('3: a line over the cap is counted, NULs and half characters are cleaned, duplicate lines make one row', async () => {
    const transcript = new Transcript(one);
    transcript.prompt('before the giant');
    transcript.prompt('x'.repeat(20_000));
    const copy = transcript.prompt('after \u0000\u0000 the giant \ud800 end');
    transcript.meta(copy);
    transcript.raw('\u0000'.repeat(64));
    await writeTranscript(test.configDir, one, transcript);
    const { ledger, prompts } = await test.import({ maxLineBytes: 10_000 });
    expect(prompts).toBe(2);
    expect(ledger.linesSkipped).toMatchObject({ too_long: 1, duplicate: 1, empty: 1 });
    expect((await texts(one))[1]).toBe('after  the giant \uFFFD end');
    expectBalanced(ledger);
  });

  it('4: forked and resumed copies are rows of their first session, shown in both, never doubled', async () => {
    const original = new Transcript(one);
    original.prompt('rename the basket');
    original.answer('renamed', { messageId: 'msg_shared' });
    original.tool('Bash', { command: 'npm test' }, 'ok');
    await writeTranscript(test.configDir, one, original);
    const before = await test.import();
    // --fork-session: uuids kept, session id rewritten.
    const fork = new Transcript(two);
    for (const line of original.lines) fork.meta({ ...(line as object), sessionId: two });
    fork.meta({ ...(original.prompt('only in the fork') as object), sessionId: two });
    await writeTranscript(test.configDir, two, fork);
    // Old --resume: new uuids and times, same message ids.
    const three = sessionId(3);
    const resumed = new Transcript(three, { version: '1.0.73' });
    resumed.prompt('rename the basket');
    resumed.answer('renamed', { messageId: 'msg_shared' });
    resumed.prompt('only in the resumed one');
    await writeTranscript(test.configDir, three, resumed);
    const after = await test.import();
    expect(after.prompts - before.prompts).toBe(2);
    expect(after.observations).toBe(before.observations);
    expect(await texts(two)).toEqual(['rename the basket', 'renamed', 'npm test', 'only in the fork']);
    expect((await test.read(two))[0]).toMatchObject({ copiedFrom: one });
    expect(await texts(three)).toEqual(['rename the basket', 'renamed', 'only in the resumed one']);
    const found = await test.memory.search({ text: 'rename basket' });
    expect(found.hits.map((hit) => hit.sessionId)).toEqual([one]);
  });

  it('5: one answer in many lines counts its tokens once, the largest wins', async () => {
    const transcript = new Transcript(one);
    transcript.prompt('count me');
    transcript.answer('part one', {
      messageId: 'msg_a',
      usage: { input_tokens: 10, output_tokens: 1, cache_read_input_tokens: 7 },
    });
    transcript.tool('Read', { file_path: '/work/shop/a.ts' }, 'text');
    transcript.answer('part two', {
      messageId: 'msg_a',
      usage: { input_tokens: 10, output_tokens: 40, cache_read_input_tokens: 7 },
    });
    await writeTranscript(test.configDir, one, transcript);
    await test.import();
    expect((await test.memory.getSession(one)).tokens).toEqual({ input: 13, output: 45, cacheRead: 7, cacheWrite: 0 });
  });

  it('6: a tree with parallel tools, two roots, orphans, cycles and itself as parent is read in file order', async () => {
    const transcript = new Transcript(one);
    transcript.prompt('do both', { parentUuid: 'nobody' });
    const a = transcript.call('Bash', { command: 'left' });
    const b = transcript.call('Bash', { command: 'right' });
    transcript.result(b, 'right done');
    transcript.result(a, 'left done');
    const loop = transcript.prompt('loop', { parentUuid: uuidOf(one, 7) });
    expect(loop['uuid']).toBe(uuidOf(one, 6));
    transcript.answer('self', { parentUuid: uuidOf(one, 7) });
    transcript.line('system', { subtype: 'compact_boundary', parentUuid: null, logicalParentUuid: loop['uuid'] });
    await writeTranscript(test.configDir, one, transcript);
    await test.import();
    const tools = (await test.read(one)).filter((item) => item.kind === 'tool');
    expect(tools.map(({ input, output, isAnswered }) => [input, output, isAnswered])).toEqual([
      ['left', 'left done', true],
      ['right', 'right done', true],
    ]);
  });

  it('7: times that go back and lines without one keep the order of the file', async () => {
    const transcript = new Transcript(one);
    transcript.prompt('written first', { timestamp: '2026-11-20T12:00:00.000Z' });
    transcript.prompt('written second', { timestamp: '2026-11-20T08:00:00.000Z' });
    const { timestamp: _, ...bare } = transcript.prompt('without a time');
    transcript.lines.splice(-1, 1, bare);
    transcript.meta({ type: 'file-history-snapshot', messageId: 'x', snapshot: {}, isSnapshotUpdate: false });
    await writeTranscript(test.configDir, one, transcript);
    await test.import();
    expect(await texts(one)).toEqual(['written first', 'written second', 'without a time']);
    const session = await test.memory.getSession(one);
    expect([session.startedAt, session.updatedAt]).toEqual([Date.UTC(2026, 10, 20, 8), Date.UTC(2026, 10, 20, 12)]);
  });

  it('a folder below that of a session whose repository has gone is no project of its own', async () => {
    const transcript = new Transcript(one, { cwd: '/gone/bakery' });
    transcript.prompt('knead the cardamom dough');
    transcript.prompt('cardamom in the api', { cwd: '/gone/bakery/packages/api' });
    const file = await writeTranscript(test.configDir, one, transcript);
    await test.import();
    const next = transcript.prompt('cardamom once more', { cwd: '/gone/bakery/packages/web' });
    await appendFile(file, `${JSON.stringify(next)}\n`);
    await test.import();
    expect((await test.memory.projects()).map(({ root }) => root)).toEqual(['/gone/bakery']);
    expect(test.driver.all('SELECT DISTINCT project_id FROM documents')).toHaveLength(1);
  });

  it('8: a line belongs to the project of its own folder', async () => {
    const transcript = new Transcript(one, { cwd: '/work/shop' });
    transcript.prompt('in the shop');
    transcript.prompt('about the warehouse zebra', { cwd: '/work/warehouse' });
    await writeTranscript(test.configDir, one, transcript, '-some-odd-slug');
    await test.import();
    const hits = await test.memory.search({ text: 'zebra project:warehouse' });
    expect(hits.total).toBe(1);
    expect((await test.memory.search({ text: 'zebra project:shop' })).total).toBe(0);
    expect((await test.memory.getSession(one)).project.name).toBe('shop');
  });

  it('9: the file names the session; other ids inside become its origin', async () => {
    const transcript = new Transcript(one);
    transcript.prompt('after a clear', { session_id: two });
    await writeTranscript(test.configDir, one, transcript);
    const exported = new Transcript(two);
    exported.prompt('an exported copy');
    await writeTranscript(test.configDir, 'my-export', exported);
    const { sessions } = await test.import();
    expect(sessions).toBe(2);
    expect((await test.memory.getSession(one)).originId).toBe(two);
    expect((await test.memory.getSession('my-export')).originId).toBe(two);
  });

  it('10: the first lines may be no messages, and the folder may come late', async () => {
    const transcript = new Transcript(one);
    transcript.meta({ type: 'ai-title', aiTitle: 'Early title', sessionId: one });
    transcript.meta({ type: 'file-history-snapshot', messageId: 'x', snapshot: {} });
    for (let count = 0; count < 20; count++) transcript.meta({ type: 'mode', mode: 'normal', sessionId: one });
    transcript.prompt('finally', { cwd: '/work/late' });
    await writeTranscript(test.configDir, one, transcript);
    await test.import();
    const session = await test.memory.getSession(one);
    expect([session.title, session.project.name]).toEqual(['Early title', 'late']);
  });

  it('11: text of the client, of hooks and of other programs is not what a person wrote', async () => {
    const transcript = new Transcript(one);
    const machine = [
      '<local-command-stdout>\u001B[1mSet model\u001B[22m</local-command-stdout>',
      '<command-name>/model</command-name><command-message>model</command-message><command-args>opus</command-args>',
      '<session-start-hook>remember the rules</session-start-hook>',
      '<task-notification>agent finished</task-notification>',
      '[Request interrupted by user for tool use]',
      'This session is being continued from a previous conversation that ran out of context. Summary: …',
      '<bash-input>ls</bash-input>',
    ];
    for (const text of machine) transcript.prompt(text);
    transcript.prompt('Caveat: The messages below were generated by the user while running local commands.');
    transcript.prompt('a skill body', { isMeta: true });
    transcript.prompt('from a peer', { origin: { kind: 'peer' } });
    transcript.line('user', {
      message: {
        role: 'user',
        content: [
          { type: 'text', text: '<ide_opened_file>x.ts</ide_opened_file>' },
          { type: 'text', text: 'the one human prompt' },
        ],
      },
    });
    transcript.prompt('<command-name>/review</command-name><command-args>the basket</command-args>');
    transcript.line('attachment', { attachment: { type: 'queued_command', prompt: 'typed while busy' } });
    transcript.prompt('typed while busy');
    await writeTranscript(test.configDir, one, transcript);
    const { prompts } = await test.import();
    const items = await test.read(one);
    expect(
      items
        .filter((item) => item.kind === 'message' && item.role === 'user')
        .map((item) => item.kind === 'message' && item.text),
    ).toEqual(['the one human prompt', '/review the basket', 'typed while busy']);
    expect(prompts).toBe(3);
    expect(JSON.stringify(items)).not.toContain('skill body');
  });

  it('12: a title a person typed wins over made ones, the last of a kind wins, and a summary may be for another file', async () => {
    const other = new Transcript(two);
    const leaf = other.answer('the end of another session');
    await writeTranscript(test.configDir, two, other);
    const transcript = new Transcript(one);
    transcript.meta({ type: 'summary', summary: 'About the other one', leafUuid: leaf['uuid'] });
    transcript.prompt('a first prompt');
    transcript.meta({ type: 'ai-title', aiTitle: 'Made title', sessionId: one });
    transcript.meta({ type: 'custom-title', customTitle: 'Typed title', sessionId: one });
    transcript.meta({ type: 'custom-title', customTitle: 'Typed again', sessionId: one });
    transcript.meta({ type: 'ai-title', aiTitle: 'Made later', sessionId: one });
    await writeTranscript(test.configDir, one, transcript);
    await test.import();
    expect((await test.memory.getSession(one)).title).toBe('Typed again');
    expect((await test.memory.getSession(two)).title).toBe('About the other one');
  });

  it("13: a spilled output is read from the session's own folder, whatever path the line names", async () => {
    const transcript = new Transcript(one);
    const spill = (id: string, named: string) =>
      transcript.result(
        id,
        `<persisted-output>\nOutput too large. Full output saved to: ${named}\n\nPreview:\nhead of it`,
        { toolUseResult: { persistedOutputPath: named } },
      );
    spill(transcript.call('Bash', { command: 'good' }), '/somewhere/else/entirely/tool-results/good.txt');
    spill(transcript.call('Bash', { command: 'escape' }), '/x/tool-results/../../../secret.txt');
    spill(transcript.call('Bash', { command: 'link' }), '/x/tool-results/link.txt');
    spill(transcript.call('Bash', { command: 'gone' }), '/x/tool-results/gone.txt');
    const file = await writeTranscript(test.configDir, one, transcript);
    const folder = path.join(path.dirname(file), one, 'tool-results');
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'good.txt'), 'the whole spilled output');
    await writeFile(path.join(test.configDir, 'secret.txt'), 'outside');
    await symlink(path.join(test.configDir, 'secret.txt'), path.join(folder, 'link.txt'));
    await test.import();
    const outputs = (await test.read(one)).map((item) => item.kind === 'tool' && item.output);
    expect(outputs[0]).toBe('the whole spilled output');
    for (const output of outputs.slice(1)) expect(output).toContain('Preview');
    expect(JSON.stringify(outputs)).not.toContain('outside');
  });

  it('14: secrets are redacted before anything is written, and system prompts, requests and signatures are not kept', async () => {
    const key = ['sk', 'ant', 'api03', 'q7Rt'.repeat(24)].join('-');
    const transcript = new Transcript(one);
    transcript.prompt(`use ${key} for the call`);
    transcript.thinking('hmm');
    transcript.tool('Bash', { command: `curl -H "x-api-key: ${key}"` }, `KEY=${key}`);
    transcript.line('attachment', { attachment: { type: 'prompt_snapshot', text: 'THE WHOLE SYSTEM PROMPT' } });
    transcript.meta({ type: 'api-request-blob', hash: 'x', message: 'THE WHOLE REQUEST' });
    await writeTranscript(test.configDir, one, transcript);
    const { ledger } = await test.import();
    expect(ledger.redactions).toBeGreaterThanOrEqual(3);
    await test.memory.close();
    const stored = test.driver
      .all<{ t: string }>(
        `SELECT content AS t FROM prompts UNION ALL SELECT headline || input || content || content_preview
          FROM observations UNION ALL SELECT first_prompt || title FROM sessions`,
      )
      .map(({ t }) => t)
      .join('\n');
    expect(stored).toContain('[REDACTED:anthropic');
    for (const secret of [key, 'THE WHOLE', 'c2lnbmF0dXJl']) expect(stored).not.toContain(secret);
  });

  it('a secret that stands where a model or a tool is named is redacted as well', async () => {
    const keys = ['answer', 'call', 'cost', 'tool'].map((place, index) => ({
      place,
      key: ['gh', 'p_'].join('') + randomText(36, 'abcdefghij0123456789', 60 + index),
    }));
    const keyOf = (place: string) => keys.find((each) => each.place === place)!.key;
    const usage = { input_tokens: 3, output_tokens: 5 };
    const transcript = new Transcript(one);
    transcript.prompt('which model is this?');
    transcript.line('assistant', {
      message: { id: 'm1', model: keyOf('answer'), content: [{ type: 'text', text: 'a new one' }], usage },
    });
    transcript.line('assistant', {
      message: {
        id: 'm2',
        model: keyOf('call'),
        content: [{ type: 'tool_use', id: 't1', name: keyOf('tool'), input: { command: 'ls' } }],
        usage,
      },
    });
    transcript.meta({
      type: 'cost-state',
      sessionId: one,
      modelUsage: { [keyOf('cost')]: { inputTokens: 900, outputTokens: 90 } },
    });
    await writeTranscript(test.configDir, one, transcript);
    await test.import();
    const tables = test.driver.all<{ name: string }>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'",
    );
    const stored = tables.map(({ name }) => JSON.stringify(test.driver.all(`SELECT * FROM "${name}"`))).join('\n');
    for (const { place, key } of keys) expect([place, stored.includes(key)]).toEqual([place, false]);
    // Each name is still one of its own: tokens are not mixed up.
    const models = test.driver.all<{ model: string }>('SELECT DISTINCT model FROM message_usage ORDER BY model');
    expect(models).toHaveLength(3);
    expect(test.driver.all('SELECT model FROM session_costs')).toEqual([
      { model: expect.stringContaining('[REDACTED:') },
    ]);
  });

  it("15: what we gave to Claude does not come back as memory, nor do other memory tools' helper sessions", async () => {
    const transcript = new Transcript(one);
    const given = '<claude-mem-memory>\nan old memory\n</claude-mem-memory>';
    for (const type of ['hook_additional_context', 'hook_success'])
      transcript.line('attachment', {
        attachment: { type, content: [given], stdout: given, hookName: 'SessionStart', hookEvent: 'SessionStart' },
      });
    transcript.prompt(`<system-reminder>\nSessionStart hook additional context: ${given}\n</system-reminder>`, {
      isMeta: true,
    });
    transcript.prompt(`${given}\n<claude-mem-vscode>an old memory</claude-mem-vscode>what now?`);
    transcript.tool(
      'mcp__claude-mem-vscode__search',
      { query: 'old' },
      wrapGiven('an old memory, as our server answered it'),
    );
    transcript.tool(
      'mcp__plugin_memory_claude-mem-vscode__why',
      { file: 'a.ts' },
      wrapGiven('an old memory, by a plugin'),
    );
    transcript.tool('Bash', { command: 'cat notes' }, `they say: ${wrapGiven('this')}`);
    await writeTranscript(test.configDir, one, transcript);
    const observer = new Transcript(two);
    observer.prompt('You are a Claude-Mem, a specialized observer tool for creating searchable memory.');
    observer.answer('observed');
    await writeTranscript(test.configDir, two, observer);
    const { sessions, ledger } = await test.import();
    expect(sessions).toBe(1);
    // A command that shows such a text among others is what the session did.
    expect(await texts(one)).toEqual(['what now?', 'cat notes']);
    expect(ledger.linesSkipped).toMatchObject({ own: 4, observer: 2 });
  });

  it('16: models and ids of any provider, or none', async () => {
    const transcript = new Transcript(one);
    transcript.prompt('who are you');
    transcript.line('assistant', {
      message: {
        id: 'chatcmpl-1',
        role: 'assistant',
        model: 'some-gateway/model',
        content: [{ type: 'text', text: 'gateway' }],
        usage: { input_tokens: 1, output_tokens: 2 },
      },
    });
    transcript.line('assistant', {
      message: { role: 'assistant', model: '<synthetic>', content: [{ type: 'text', text: 'No response requested.' }] },
    });
    transcript.line('assistant', {
      isApiErrorMessage: true,
      message: { role: 'assistant', model: '<synthetic>', content: [{ type: 'text', text: 'API Error: 529' }] },
    });
    await writeTranscript(test.configDir, one, transcript);
    await test.import();
    expect(await texts(one)).toEqual(['who are you', 'gateway', 'API Error: 529']);
    expect((await test.memory.getSession(one)).model).toBe('some-gateway/model');
  });

  it('17: look-alike formats give what they can and no more', async () => {
    const transcript = new Transcript(one);
    transcript.meta({
      type: 'user',
      uuid: 'q1',
      sessionId: one,
      timestamp: '2026-11-20T09:00:00Z',
      message: { role: 'user', parts: [{ text: 'qwen' }] },
      provenance: {},
    });
    transcript.meta({ type: 'tool_result', uuid: 'q2', sessionId: one, toolCallResult: { status: 'ok' } });
    transcript.prompt('a usual line');
    await writeTranscript(test.configDir, one, transcript);
    const { ledger } = await test.import();
    expect(await texts(one)).toEqual(['a usual line']);
    expectBalanced(ledger);
  });

  it("18: reading leaves the client's files and their times alone", async () => {
    const transcript = new Transcript(one);
    transcript.prompt('keep my time');
    const file = await writeTranscript(test.configDir, one, transcript);
    await utimes(file, new Date('2026-11-01'), new Date('2026-11-01'));
    await test.import();
    expect((await stat(file)).mtime).toEqual(new Date('2026-11-01'));
  });

  it('19: odd folder names, drive letters and worktrees', async () => {
    const cases = [
      [one, 'c:\\Work\\Shop'],
      [two, 'C:/Work/Shop'],
      [sessionId(3), '/work/api/.worktrees/fix-1'],
      [sessionId(4), '/work/api'],
    ] as const;
    for (const [id, cwd] of cases) {
      const transcript = new Transcript(id, { cwd });
      transcript.prompt(`in ${id}`);
      await writeTranscript(test.configDir, id, transcript, `--${cwd.replace(/[^a-z]/gi, '-')}`);
    }
    await test.import();
    const projects = await test.memory.projects();
    expect(
      projects.map(({ root, sessions }) => [root, sessions] as const).sort(([a], [b]) => a.localeCompare(b)),
    ).toEqual([
      ['/work/api', 2],
      ['C:/Work/Shop', 2],
    ]);
  });

  it('20: warm-ups and compaction helpers are noise, sub-agents belong to their parent', async () => {
    const transcript = new Transcript(one);
    transcript.prompt('research this');
    await writeTranscript(test.configDir, one, transcript);
    const agent = new Transcript(one, { agentId: 'a1' });
    agent.prompt('You research things');
    agent.answer('found it in the attic');
    await writeTranscript(test.configDir, `${one}/subagents/agent-a1.jsonl`, agent);
    const flat = new Transcript(one, { agentId: 'b2b2b2b2', version: '2.0.77' });
    flat.lines.push({ ...agent.answer('a flat agent file'), uuid: 'f1', agentId: 'b2b2b2b2' });
    await writeTranscript(test.configDir, 'agent-b2b2b2b2.jsonl', flat);
    const warm = new Transcript(one, { agentId: 'c3c3c3c3' });
    warm.prompt('Warmup');
    await writeTranscript(test.configDir, 'agent-c3c3c3c3.jsonl', warm);
    await writeTranscript(test.configDir, `${one}/subagents/agent-acompact-x.jsonl`, warm);
    const { sessions, prompts } = await test.import();
    expect([sessions, prompts]).toEqual([1, 1]);
    const items = await test.read(one);
    expect(items.map((item) => [item.agentId, item.kind === 'message' ? item.text : ''])).toEqual([
      [undefined, 'research this'],
      ['a1', 'You research things'],
      ['a1', 'found it in the attic'],
      ['b2b2b2b2', 'a flat agent file'],
    ]);
    expect(items.every(({ turn }) => turn === 1)).toBe(true);
  });

  it('what a sub-agent did before its main thread was read is found in its turn afterwards', async () => {
    const main = new Transcript(one);
    main.prompt('plan the harvest');
    main.answer('planned');
    main.prompt('look into the durian index');
    const agent = new Transcript(one, { agentId: 'a1', startedAt: Date.UTC(2026, 10, 20, 9, 30) });
    agent.prompt('You look');
    agent.answer('the durian index is fine');
    await writeTranscript(test.configDir, `${one}/subagents/agent-a1.jsonl`, agent);
    await test.import();
    const found = async () => (await test.memory.search({ text: '"durian index is"' })).hits;
    expect(await found()).toMatchObject([{ turn: 0 }]);
    await writeTranscript(test.configDir, one, main);
    await test.import();
    expect(await found()).toMatchObject([{ turn: 2 }]);
  });

  it('21: a tool without its result yet gets it when it comes', async () => {
    const transcript = new Transcript(one);
    transcript.prompt('build it');
    const id = transcript.call('Bash', { command: 'npm run build' });
    const file = await writeTranscript(test.configDir, one, transcript);
    await test.import();
    expect((await test.read(one))[1]).toMatchObject({ kind: 'tool', isAnswered: false });
    const late = transcript.result(id, 'Exit code 2\nerror TS2304: Cannot find name zebra', { is_error: true });
    await appendFile(file, `${JSON.stringify(late)}\n`);
    await test.import();
    expect((await test.read(one))[1]).toMatchObject({ kind: 'tool', isAnswered: true, type: 'error', exitStatus: 2 });
    expect((await test.memory.search({ text: 'TS2304 zebra' })).hits[0]?.sessionId).toBe(one);
  });

  it('a late result belongs to the call of its own session, though another one has a call of the same id', async () => {
    const transcript = new Transcript(one);
    transcript.prompt('read the notes');
    transcript.call('Read', { file_path: '/work/shop/notes.md' }, 'call_0');
    const file = await writeTranscript(test.configDir, one, transcript);
    await test.import();
    const other = new Transcript(two);
    other.prompt('build it');
    other.tool('Bash', { command: 'make' }, 'built');
    other.call('Bash', { command: 'make test' }, 'call_0');
    await writeTranscript(test.configDir, two, other);
    await test.import();
    await appendFile(file, `${JSON.stringify(transcript.result('call_0', 'a warning stands in the notes'))}\n`);
    await test.import();
    const calls = (await test.read(one)).filter((item) => item.kind === 'tool');
    // Only a command has warnings and an exit status.
    expect(calls).toMatchObject([{ tool: 'Read', isAnswered: true, type: 'tool_result' }]);
    expect(calls[0]).not.toHaveProperty('exitStatus');
  });

  it('22: sessions of the panel and of other entry points stand beside those of the terminal', async () => {
    const transcript = new Transcript(one);
    transcript.prompt('from the panel', { entrypoint: 'claude-vscode' });
    transcript.raw(
      `${JSON.stringify(transcript.prompt('glued one'))}${JSON.stringify(transcript.prompt('glued two'))}`,
    );
    transcript.lines.splice(1, 2);
    await writeTranscript(test.configDir, one, transcript.text().trimEnd());
    const { ledger } = await test.import();
    expect(await texts(one)).toEqual(['from the panel', 'glued one', 'glued two']);
    expectBalanced(ledger);
  });

  it('23: a queued prompt without a line is shown at once, and gives way to its line when that comes', async () => {
    const transcript = new Transcript(one);
    transcript.prompt('start the migration');
    transcript.queue('enqueue', { content: 'and mind the mangosteen index' });
    const file = await writeTranscript(test.configDir, one, transcript);
    await test.import();
    expect(await texts(one)).toEqual(['start the migration', 'and mind the mangosteen index']);
    expect((await test.memory.search({ text: 'mangosteen' })).hits[0]).toMatchObject({ sessionId: one, turn: 2 });
    const before = transcript.text().length;
    transcript.answer('migrated');
    transcript.queue('dequeue');
    transcript.prompt('and mind the mangosteen index');
    transcript.answer('minded');
    await appendFile(file, transcript.text().slice(before));
    const { prompts, ledger } = await test.import();
    expect(prompts).toBe(2);
    expect((await test.read(one)).map((item) => [item.turn, item.kind === 'message' && item.text])).toEqual([
      [1, 'start the migration'],
      [1, 'migrated'],
      [2, 'and mind the mangosteen index'],
      [2, 'minded'],
    ]);
    expectBalanced(ledger);
  });

  it('24: a gateway with one message id for all answers mixes nothing up', async () => {
    for (const id of [one, two]) {
      const transcript = new Transcript(id, { cwd: `/work/${id.slice(0, 8)}` });
      for (let turn = 0; turn < 3; turn++) {
        transcript.prompt('carry on');
        const line = transcript.answer('Done.', { usage: { input_tokens: 500, output_tokens: 20 } });
        delete line['requestId'];
        (line['message'] as { id: string }).id = 'gateway';
      }
      await writeTranscript(test.configDir, id, transcript);
    }
    await test.import();
    for (const id of [one, two]) {
      const items = await test.read(id);
      expect(items.map(({ turn }) => turn)).toEqual([1, 1, 2, 2, 3, 3]);
      expect(items.some(({ copiedFrom }) => copiedFrom !== undefined)).toBe(false);
      expect((await test.memory.getSession(id)).tokens).toMatchObject({ input: 1500, output: 60 });
    }
  });

  it('25: half a line before a whole one and NULs around it cost nobody a word, and are counted', async () => {
    const transcript = new Transcript(one);
    transcript.prompt('before');
    const half = JSON.stringify(transcript.prompt('cut off')).slice(0, 150);
    const whole = JSON.stringify(transcript.prompt('behind the half one'));
    transcript.lines.splice(1, 2, half + whole);
    transcript.raw(`${'\0'.repeat(40)}${JSON.stringify(transcript.prompt('behind zeros'))}`);
    transcript.lines.splice(2, 1);
    await writeTranscript(test.configDir, one, transcript);
    const { ledger } = await test.import();
    expect(await texts(one)).toEqual(['before', 'behind the half one', 'behind zeros']);
    expect(ledger.bytesSkipped).toEqual({ malformed: 150, empty: 40 });
    expectBalanced(ledger);
  });

  it('26: an output that a plain sentence says was saved is read, and a web search has its results', async () => {
    const transcript = new Transcript(one);
    const id = transcript.call('mcp__wiki__read', { page: 'kiwi' });
    transcript.result(
      id,
      'Error: result (90,000 characters across 3 lines) exceeds maximum allowed tokens. Output has been saved to ' +
        `/home/a b/.claude/projects/-x/${one}/tool-results/mcp-wiki-1.txt.\nFormat: plain text`,
    );
    transcript.line('assistant', {
      message: {
        id: 'msg_search',
        model: 'm',
        content: [
          { type: 'server_tool_use', id: 'srv_1', name: 'web_search', input: { query: 'kiwi season' } },
          {
            type: 'web_search_tool_result',
            tool_use_id: 'srv_1',
            content: [
              {
                type: 'web_search_result',
                title: 'Kiwis in May',
                url: 'https://fruit.example/kiwi',
                encrypted_content: 'QQ',
              },
            ],
          },
          { type: 'text', text: 'In May.' },
        ],
      },
    });
    const file = await writeTranscript(test.configDir, one, transcript);
    const folder = path.join(path.dirname(file), one, 'tool-results');
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'mcp-wiki-1.txt'), 'everything about KIWIEND');
    await test.import();
    const [read, search] = await test.read(one);
    expect(read).toMatchObject({ kind: 'tool', output: 'everything about KIWIEND' });
    expect(search).toMatchObject({
      kind: 'tool',
      isAnswered: true,
      output: 'Kiwis in May\nhttps://fruit.example/kiwi',
    });
  });

  it('27: what client 2.1.332 adds is known, and what nobody knows yet is named with its version', async () => {
    const transcript = new Transcript(one, { version: '2.1.332' });
    transcript.line('attachment', {
      attachment: {
        type: 'hook_success',
        hookEvent: 'SessionStart',
        stdout: JSON.stringify({
          hookSpecificOutput: { hookEventName: 'SessionStart', initialUserMessage: 'read the rules first' },
        }),
      },
    });
    transcript.prompt('read the rules first', { promptSource: 'sdk', turnOrigin: 'sdk', rowSource: 'local' });
    transcript.answer('read');
    transcript.prompt('given by the harness', { rowSource: 'harness', sentAtMs: 1 });
    transcript.prompt('what a person asks', { promptSource: 'sdk', turnOrigin: 'sdk', rowSource: 'local' });
    transcript.prompt('read the rules first', { promptSource: 'typed', origin: { kind: 'human' } });
    for (const type of ['resume-head-vouch', 'memory-mode', 'session-owner', 'host-row', 'derived-from'])
      transcript.meta({ type, sessionId: one });
    for (let index = 0; index < 3; index++) transcript.meta({ type: 'hologram-state', version: '2.1.400' });
    transcript.meta({ type: 'words of a person are no type', version: '2.1.400' });
    await writeTranscript(test.configDir, one, transcript);
    await writeTranscript(test.configDir, `${one}/resume-head.jsonl`, '{"sha256":"00"}\n{"rules":1}\n');
    const { ledger, sessions, prompts } = await test.import();
    expect([sessions, prompts]).toEqual([1, 2]);
    expect(
      (await test.read(one)).flatMap((item) =>
        item.kind === 'message' && item.role === 'user' ? [[item.turn, item.text]] : [],
      ),
    ).toEqual([
      [1, 'what a person asks'],
      [2, 'read the rules first'],
    ]);
    expect(ledger.linesSkipped).toMatchObject({ unknown: 4, noise: 8 });
    expectBalanced(ledger);
    const { findings } = await test.memory.diagnose();
    expect(findings.find(({ id }) => id === 'transcripts.unknown_types')?.args).toEqual([
      'hologram-state × 3 (2.1.400)',
    ]);
  });

  it('28: tokens of a compaction are those that the client notes beyond its answers, once, also for a fork', async () => {
    const cost = (id: string, input: number, output: number) => ({
      type: 'cost-state',
      sessionId: id,
      modelUsage: {
        'claude-sonnet-4-5': { inputTokens: input, outputTokens: output },
        'claude-haiku-4-5': { inputTokens: 40, outputTokens: 2 },
      },
    });
    const transcript = new Transcript(one);
    transcript.prompt('before the compaction');
    transcript.answer('one', { messageId: 'msg_a', usage: { input_tokens: 100, output_tokens: 10 } });
    transcript.meta(cost(one, 100, 10));
    const shared = [...transcript.lines];
    transcript.meta(cost(one, 1140, 90));
    await writeTranscript(test.configDir, one, transcript);
    await test.import();
    expect((await test.memory.getSession(one)).tokens).toMatchObject({ input: 1180, output: 92 });
    // A sub-agent's answers are in the sum; its file may be read later.
    const agent = new Transcript(one, { agentId: 'a1' });
    agent.prompt('You look');
    agent.answer('found', { messageId: 'msg_agent', usage: { input_tokens: 40, output_tokens: 5 } });
    await writeTranscript(test.configDir, `${one}/subagents/agent-a1.jsonl`, agent);
    const fork = new Transcript(two);
    for (const line of shared) fork.meta({ ...(line as object), sessionId: two });
    fork.meta(cost(two, 1140, 90));
    await writeTranscript(test.configDir, two, fork);
    await test.import();
    expect((await test.memory.getSession(one)).tokens).toMatchObject({ input: 1180, output: 92 });
    expect((await test.memory.getSession(two)).tokens).toMatchObject({ input: 0, output: 0 });
    const { models } = await test.memory.insights({ days: 30 });
    expect(models.reduce((sum, { inputTokens }) => sum + inputTokens, 0)).toBe(1180);
  });

  it('29: an output that was never counted is in no sum, and is told', async () => {
    const transcript = new Transcript(one);
    transcript.prompt('explain');
    const usage = { input_tokens: 100, output_tokens: 1 };
    transcript.answer('because of the order in which they are written. '.repeat(20), { messageId: 'msg_a', usage });
    transcript.answer('yes', { messageId: 'msg_b', usage });
    await writeTranscript(test.configDir, one, transcript);
    await test.import();
    const { counted, models } = await test.memory.insights({ days: 30 });
    expect(counted).toEqual({ answers: 2, placeholders: 1 });
    expect(models.map(({ inputTokens, outputTokens }) => [inputTokens, outputTokens])).toEqual([[200, 1]]);
  });
});
