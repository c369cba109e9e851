import { appendFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createSession } from '../../scripts/demo-history/write-session.mjs';
import { makeHistory, sessionIdOf } from '../fixtures/make-history';
import type { History } from '../fixtures/make-history';
import { MemoryPage } from './pages/memory';
import { ReaderPage } from './pages/reader';
import { keepEditor, openEditor } from './support/editor';
import type { Editor } from './support/editor';
import { makeProfile } from './support/profile';
import { until } from './support/until';

/**
 * A new line of a live session must appear within one second; a new session or one that was idle is found by the next
 * full sweep. A busy build machine gets more time, so the measured times are printed.
 */
const followedMs = 4000;
const sweptMs = 10_000;
const pollMs = 20;
let editor: Editor;
let memory: MemoryPage;
let history: History;
keepEditor(() => editor);

beforeAll(async () => {
  const profile = makeProfile();
  history = makeHistory(profile.configDir, { workspace: profile.workspace, now: Date.now() });
  editor = await openEditor(profile);
  memory = await MemoryPage.open(editor);
  await memory.card('Sessions', 'Session that is still going').waitFor();
});

/** Milliseconds from writing the lines until the probe sees them. */
async function measure(what: string, write: () => void, probe: () => Promise<boolean>): Promise<number> {
  const startedAt = performance.now();
  write();
  await until(probe, { what, timeoutMs: 15_000, everyMs: pollMs });
  const tookMs = Math.round(performance.now() - startedAt);
  console.log(`${what}: ${tookMs} ms after the write`);
  return tookMs;
}

/** Puts the pointer into the editor beside the view. */
const leaveList = () => editor.page.mouse.move(900, 300);

describe('a line written by the client', () => {
  it('is in the open reader', async () => {
    await memory.card('Sessions', 'Session that is still going').locator('.card-title').click();
    const reader = await ReaderPage.find(editor, 'Session that is still going');
    await reader.row('I am ready for the next step').waitFor();
    const { live } = history.sessions;
    const times: number[] = [];
    for (const word of ['heron', 'curlew', 'dunlin', 'plover', 'sanderling']) {
      const lines = live.answer(`Here comes the ${word}.`).takeNew();
      times.push(
        await measure(
          `the ${word} in the reader`,
          () => appendFileSync(live.fileIn(editor.profile.configDir), lines),
          () => reader.row(word).first().isVisible(),
        ),
      );
    }
    expect(Math.max(...times)).toBeLessThan(followedMs);
  });

  it('moves the session to the top of the timeline, marked as live', async () => {
    const { markdown } = history.sessions;
    // While the pointer is over the list, nothing in it moves.
    await leaveList();
    const lines = markdown
      .wait(5 * 24 * 60)
      .prompt('Is the checklist still right?')
      .takeNew();
    const tookMs = await measure(
      'the session on top of the timeline',
      () => appendFileSync(markdown.fileIn(editor.profile.configDir), lines),
      async () => (await memory.titles('Sessions'))[0] === 'Explain the release checklist',
    );
    expect(tookMs).toBeLessThan(sweptMs);
    await memory.card('Sessions', 'Explain the release checklist').getByRole('img', { name: 'Live' }).waitFor();
  });

  it('of a session that is new makes a card', async () => {
    await leaveList();
    const session = createSession({
      id: sessionIdOf(50),
      cwd: editor.profile.workspace,
      startedAt: Date.now() - 60_000,
      title: 'A brand new session',
    })
      .prompt('Begin something new.')
      .answer('Begun.');
    const tookMs = await measure(
      'the new session in the timeline',
      () => session.save(editor.profile.configDir),
      () => memory.card('Sessions', 'A brand new session').isVisible(),
    );
    expect(tookMs).toBeLessThan(sweptMs);
    await editor.screenshot('live');
  });

  it('can be found at once', async () => {
    await memory.findHit('sanderling', 'Session that is still going');
  });

  it('in two halves is shown whole, and never as a half', async () => {
    await memory.showTab('Timeline');
    const { live } = history.sessions;
    const reader = await ReaderPage.find(editor, 'Session that is still going');
    const lines = live.answer('The avocet stands on one leg.').takeNew();
    const file = live.fileIn(editor.profile.configDir);
    appendFileSync(file, lines.slice(0, 40));
    appendFileSync(file, lines.slice(40));
    await reader.row('The avocet stands on one leg.').first().waitFor();
    expect(await reader.row('avocet').count()).toBe(1);
  });
});
