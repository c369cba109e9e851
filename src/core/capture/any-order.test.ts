/** What is shown of sessions does not depend on the order in which their files were read. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { openTestMemory } from '../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../test/fixtures/transcript-lines';
import type { Line } from '../../../test/fixtures/transcript-lines';

const one = sessionId(1);
const fork = sessionId(2);
const resumed = sessionId(3);
const command = sessionId(4);

function files(): [slug: string, name: string, transcript: Transcript][] {
  const origin = new Transcript(one);
  origin.prompt('rename the basket');
  origin.answer('renamed', { messageId: 'msg_shared' });
  origin.tool('Bash', { command: 'npm test' }, 'Exit code 1', { is_error: true });
  origin.prompt('and the tests');
  origin.answer('green');
  const forked = new Transcript(fork);
  for (const line of origin.lines) forked.meta({ ...(line as Line), sessionId: fork });
  forked.meta({ ...new Transcript(fork, { startedAt: Date.UTC(2026, 10, 21) }).prompt('only in the fork') });
  origin.meta({ type: 'custom-title', customTitle: 'My own name', sessionId: one });
  const copy = new Transcript(resumed, { version: '1.0.73', startedAt: Date.UTC(2026, 10, 22) });
  copy.prompt('rename the basket');
  copy.answer('renamed', { messageId: 'msg_shared' });
  const agent = new Transcript(one, {
    agentId: 'a1',
    cwd: '/work/shop/.claude/worktrees/gateway',
    branch: 'worktree-gateway',
    startedAt: Date.UTC(2026, 10, 20, 9, 0, 2) + 500,
  });
  agent.prompt('You look for it');
  agent.answer('found it');
  (agent.lines[1] as { message: { model: string } }).message.model = 'a-smaller-model';
  const skill = new Transcript(command);
  skill.prompt(
    '<command-message>greet</command-message>\n<command-name>/greet</command-name>\n<command-args>Bob</command-args>',
  );
  skill.call('StructuredOutput', { answer: 'hello' });
  return [
    ['-work-shop', `${one}.jsonl`, origin],
    ['-work-shop', `${fork}.jsonl`, forked],
    ['-work-shop', `${resumed}.jsonl`, copy],
    ['-work-shop--claude-worktrees-gateway', `${one}/subagents/agent-a1.jsonl`, agent],
    ['-work-shop', `${command}.jsonl`, skill],
  ];
}

async function shown(order: ReturnType<typeof files>) {
  const test = await openTestMemory();
  try {
    for (const [slug, name, transcript] of order) {
      await writeTranscript(test.configDir, name, transcript, slug);
      await test.import();
    }
    const { items } = await test.memory.listSessions({});
    return Promise.all(
      items.map(
        async ({ id, title, firstPrompt, cwd, gitBranch, model, turns, prompts, observations, errors, ...card }) => ({
          id,
          title,
          firstPrompt,
          cwd,
          gitBranch,
          model,
          turns,
          prompts,
          observations,
          errors,
          project: card.project.root,
          times: [card.startedAt, card.updatedAt],
          rows: (await test.read(id)).map((item) => [item.turn, item.kind === 'message' ? item.text : item.headline]),
        }),
      ),
    );
  } finally {
    await test.close();
  }
}

it('shows the same sessions, titles, turns and rows', { timeout: 120_000 }, async () => {
  const expected = await shown(files());
  expect(
    expected.map(({ id, title, turns, prompts, model, gitBranch, cwd }) => [
      id,
      title,
      turns,
      prompts,
      model,
      gitBranch,
      cwd,
    ]),
  ).toEqual([
    [resumed, 'rename the basket', 1, 1, 'claude-sonnet-4-5', 'main', '/work/shop'],
    [fork, 'rename the basket', 3, 3, 'claude-sonnet-4-5', 'main', '/work/shop'],
    [one, 'My own name', 2, 2, 'claude-sonnet-4-5', 'main', '/work/shop'],
    [command, '/greet Bob', 1, 1, 'claude-sonnet-4-5', 'main', '/work/shop'],
  ]);
  expect(expected[2]?.rows).toContainEqual([1, 'found it']);
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(files(), { minLength: 5 }), async (order) => {
      expect(await shown(order)).toEqual(expected);
    }),
    { numRuns: 12 },
  );
});
