/**
 * What memory at the moment of need costs the extension host: for how long at a time code of the extension runs on its
 * thread at each event, in the real editor, from samples of its processor. A large file of 1,500 lines is edited, asked about
 * and watched.
 */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createSession } from '../../../scripts/demo-history/write-session.mjs';
import { MemoryPage } from '../../editor/pages/memory';
import { openEditor } from '../../editor/support/editor';
import type { Editor } from '../../editor/support/editor';
import { makeProfile } from '../../editor/support/profile';
import type { Profile } from '../../editor/support/profile';
import { until } from '../../editor/support/until';
import { makeHistory, sessionIdOf } from '../../fixtures/make-history';
import { machine, ms, percentile, printTable } from '../measure';
import { measureSteps, packMeter } from './meter';

const rounds = 10;
const lines = 1500;
const message =
  "error TS2741: Property 'retryBudget' is missing in type '{ url: string; }' but required in type 'ClientOptions'.";
const source = Array.from({ length: lines }, (_, at) => `export const heron${at} = nest(${at}, 'by the river');`).join(
  '\n',
);

const zones = Array.from({ length: 300 }, (_, at) => `export const zone${at} = courier(${at});`).join('\n');

it('measures what moments cost the extension host', async () => {
  const profile = makeProfile();
  writeMoments(profile);
  const editor = await openEditor(profile, { moreVsix: [await packMeter(join(profile.dir, 'meter'))] });
  try {
    const memory = await MemoryPage.open(editor);
    await memory.firstRun.getByRole('button', { name: 'Got It' }).click();
    await confirmWatch(editor, memory);
    const { workbench, page } = editor;
    const hover = page.locator('.monaco-hover:visible');
    const rows: string[][] = [];
    const row = async (name: string, event: (round: number) => Promise<void>): Promise<void> => {
      await event(-1);
      const longest: number[] = [];
      const sums: number[] = [];
      for (let round = 0; round < rounds; round++) {
        const steps = await measureSteps(profile.configDir, () => event(round));
        longest.push(Math.max(0, ...steps));
        sums.push(steps.reduce((sum, step) => sum + step, 0));
      }
      console.log(name, longest.map(ms).join(' '));
      rows.push([
        name,
        ms(percentile(longest, 0.5)),
        ms(Math.max(...longest)),
        ms(percentile(sums, 0.5)),
        ms(Math.max(...sums)),
      ]);
    };
    const settle = () => new Promise<void>((resolve) => setTimeout(resolve, 1200));

    await row('nothing (control)', settle);
    await workbench.openFile('large.ts');
    await row('letters typed into the large file, watched', async () => {
      await page.keyboard.type('// a b', { delay: 60 });
      await settle();
    });
    await row('the large file is saved, watched', async (round) => {
      await page.keyboard.type(String(Math.max(0, round)));
      await workbench.runCommand('File: Save');
      await page.locator('.tab.active:not(.dirty)').waitFor();
      await settle();
    });
    await row('why is this here, in the large file', async (round) => {
      await workbench.openPalette(`:${200 + 7 * round}`);
      await page.keyboard.press('Enter');
      await workbench.runCommand('Claude-Mem: Why Is This Here?');
      await hover.filter({ hasText: 'Claude wrote this line' }).waitFor();
      await page.keyboard.press('Escape');
    });
    await workbench.openFile('meadow.ts');
    await workbench.runCommand('Tasks: Run Task');
    await workbench.quickRows.filter({ hasText: 'check' }).first().click();
    await page.locator('.squiggly-error').first().waitFor();
    await row('the cursor comes to a problem with a past fix, and its hover', async (round) => {
      await workbench.openPalette(`:1:${15 + (round % 5)}`);
      await page.keyboard.press('Enter');
      await workbench.runCommand('Show or Focus Hover');
      await hover.filter({ hasText: 'fixed before' }).waitFor();
      await page.keyboard.press('Escape');
    });
    await row('what is left', async () => {
      await memory.showTab('Timeline');
      await workbench.runCommand('Claude-Mem: Show What Is Left');
      await memory.frame.getByText('Not done: Cache the parcel labels').first().waitFor();
    });
    await row('ask memory', async () => {
      await workbench.runCommand('Claude-Mem: Ask Memory…');
      await workbench.quickInput.locator('input.input').fill('When do nightly mails go out?');
      await page.keyboard.press('Enter');
      await memory.answer.getByText('Nightly mails go out at 02:00').waitFor();
      await memory.showTab('Timeline');
    });
    await row('a file as it stood after a turn', async () => {
      await workbench.openFile('zones.ts');
      await workbench.runCommand('Claude-Mem: Open File as It Stood…');
      await workbench.quickRows.filter({ hasText: 'After turn 1' }).first().click();
      await page.locator('.monaco-diff-editor .view-line').first().waitFor();
      await settle();
      await workbench.runCommand('View: Close Editor');
    });
    console.log(`# moments (${machine()})`);
    printTable(
      `Code of the extension on the thread of the extension host, ms, ${rounds} events each`,
      ['', 'longest step, median', 'longest step, most', 'in all an event, median', 'most'],
      rows,
    );
    expect(rows).toHaveLength(8);
  } finally {
    await editor.close();
  }
});

function writeMoments(profile: Profile): void {
  const { workspace, configDir } = profile;
  const now = Date.now();
  const hourMs = 3_600_000;
  makeHistory(configDir, { workspace, now, extra: 20 });
  const session = (no: number, title: string) =>
    createSession({ id: sessionIdOf(no), cwd: workspace, startedAt: now - no * hourMs, title });
  session(70, 'Herons by the river')
    .prompt('Write down all herons.')
    .write('large.ts', source)
    .answer('Done.')
    .save(configDir);
  session(71, 'Nightly mails')
    .prompt('When do the nightly mails go out?')
    .answer('Nightly mails go out at 02:00, and the lock keeps them from being sent twice.')
    .save(configDir);
  session(72, 'The gateway gets a budget for retries')
    .prompt('Make it compile again.')
    .bash('npx tsc --noEmit', `src/gateway.ts(2,14): ${message}`, { exitCode: 2 })
    .edit('src/gateway.ts', "{ url: 'x' }", "{\n  url: 'x',\n  retryBudget: 7,\n}")
    .bash('npx tsc --noEmit', '')
    .answer('It compiles again.')
    .save(configDir);
  const todos = [{ content: 'Cache the parcel labels', status: 'pending' }];
  session(73, 'Zones of the courier')
    .prompt('Build the zones of the courier.')
    .write('src/zones.ts', zones.replace('zone7', 'zone77'))
    .edit('src/zones.ts', 'zone77', 'zone7')
    .tool('TodoWrite', { todos }, { content: 'ok', result: {} })
    .answer('The zones are built.')
    .save(configDir);
  profile.write('src/zones.ts', zones);
  profile.write('large.ts', `${source}\n`);
  profile.write('meadow.ts', "export const options: ClientOptions = { url: 'y' };\n");
  profile.write('problems.txt', `meadow.ts(1,14): ${message}\n`);
  const regexp = String.raw`^(\S+?)\((\d+),(\d+)\): error (TS\d+): (.*)$`;
  const pattern = { regexp, file: 1, line: 2, column: 3, code: 4, message: 5 };
  // oxlint-disable-next-line no-template-curly-in-string -- of VS Code
  const problemMatcher = { owner: 'check', fileLocation: ['relative', '${workspaceFolder}'], pattern };
  const task = { label: 'check', type: 'process', command: 'cat', args: ['problems.txt'], problemMatcher };
  profile.write('.vscode/tasks.json', JSON.stringify({ version: '2.0.0', tasks: [task] }));
}

/** A decision by hand that a person confirms: without one, nothing is sent of what is typed. */
async function confirmWatch({ workbench, page }: Editor, memory: MemoryPage): Promise<void> {
  await memory.showTab('Learnings');
  await memory.frame.getByRole('button', { name: 'New learning' }).filter({ visible: true }).first().click();
  await memory.form.getByRole('textbox', { name: /^Title/ }).fill('Use `dayjs` instead of `moment`');
  await memory.form.getByRole('textbox', { name: /^Description/ }).fill('It is smaller.');
  await memory.form.getByRole('button', { name: 'Save' }).click();
  await memory.form.waitFor({ state: 'detached' });
  await workbench.runCommand('Claude-Mem: Watch Decisions in Code');
  await workbench.quickRows.filter({ hasText: 'No import of moment' }).first().click();
  await until(() => workbench.quickInput.getByText('Watched', { exact: true }).isVisible(), {
    what: 'a watched decision',
  });
  await page.keyboard.press('Escape');
}
