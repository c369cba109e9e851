import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createSession } from '../../scripts/demo-history/write-session.mjs';
import { makeHistory, sessionIdOf } from '../fixtures/make-history';
import { MemoryPage } from './pages/memory';
import { ReaderPage } from './pages/reader';
import { keepEditor, openEditor } from './support/editor';
import type { Editor } from './support/editor';
import { makeProfile } from './support/profile';
import type { Profile } from './support/profile';
import { until } from './support/until';

const hour = 3_600_000;
let editor: Editor;
let memory: MemoryPage;
let profile: Profile;
keepEditor(() => editor);

/** A failed check, one edit, and the same check passing, from which a fix is learnt. */
function writeFix(number: number, name: string, error: string, folder = profile.workspace): void {
  const before = `export const ${name} = read();`;
  const after = `${before}\nif (${name} === null) throw new Error('${name} is missing');`;
  const file = `src/${name}.ts`;
  if (folder === profile.workspace) profile.write(file, `${after}\n`);
  createSession({
    id: sessionIdOf(number),
    cwd: folder,
    startedAt: Date.now() - number * hour,
    title: `Guard the ${name}`,
  })
    .prompt(`the ${name} check fails, can you find out why and fix it?`)
    .bash('npm test', ` FAIL  src/${name}.test.ts\n${error}\n Tests  1 failed | 12 passed`, {
      description: 'Run the tests',
      exitCode: 1,
    })
    .answer(`It fails because nobody looks at the ${name} before it is used.`)
    .edit(file, before, after)
    .bash('npm test', ' Test Files  4 passed (4)\n Tests  13 passed', { description: 'Run the tests again' })
    .answer(`The check passes now: nobody had looked at the ${name} before it was used.`)
    .prompt('perfect, thanks!')
    .answer('You are welcome.')
    .save(profile.configDir);
}

beforeAll(async () => {
  profile = makeProfile();
  writeFix(70, 'basket', "TypeError: cannot read properties of null (reading 'basket')");
  writeFix(71, 'voucher', 'RangeError: invalid discount 7 in voucher');
  writeFix(72, 'ledger', 'RangeError: invalid balance 3 in ledger', join(profile.home, 'till'));
  makeHistory(profile.configDir, { workspace: profile.workspace, now: Date.now() });
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', profile.workspace, '-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
      env: { PATH: process.env['PATH'] ?? '', HOME: profile.home },
    });
  git('init', '-q');
  git('add', '-A');
  git('commit', '-q', '-m', 'guards');
  editor = await openEditor(profile, { viewport: { width: 1400, height: 900 } });
  memory = await MemoryPage.open(editor);
  await memory.firstRun.getByRole('button', { name: 'Got It' }).click();
});

const choose = (name: string) => memory.frame.getByRole('radio', { name: new RegExp(`^${name}`) }).click();
const card = (title: string) => memory.card('Learnings', title);

const badge = () => editor.workbench.badge('Claude-Mem');

describe('what a session taught', () => {
  it('is counted on the icon until it was looked at', async () => {
    await until(async () => Number(await badge().textContent()) >= 2, { what: 'the number of new proposals' });
    const label = await editor.workbench
      .containerIcon('Claude-Mem')
      .locator('.action-label')
      .getAttribute('aria-label');
    expect(label).toContain('Proposed learnings that are new since you last looked');
    await editor.screenshot('badge');
    await memory.showTab('Learnings');
    await card('basket').first().waitFor();
    await badge().waitFor({ state: 'hidden' });
  });

  it('is proposed, with the reason why', async () => {
    await memory.showTab('Learnings');
    await choose('Inbox');
    await memory.frame.getByRole('button', { name: 'Look again', exact: true }).click();
    await card('basket').first().waitFor();
    await card('basket').first().locator('.card-title').click();
    await memory.frame.getByRole('region', { name: 'Evidence' }).waitFor();
    await memory.frame.locator('.piece-for').first().waitFor();
    await memory.frame.locator('.piece-kind', { hasText: 'Check' }).first().waitFor();
    await memory.frame.getByRole('heading', { name: 'till' }).waitFor();
    await editor.screenshot('inbox');
  });

  it('leads to the red run and the green one', async () => {
    const red = memory.frame.locator('.line', { has: memory.frame.getByRole('img', { name: 'Red before' }) }).first();
    await red.getByRole('button').click();
    const reader = await ReaderPage.find(editor, 'Guard the basket');
    await reader.lit.filter({ hasText: 'npm test' }).waitFor();
  });

  it('is accepted by a key, and the next one has the focus', async () => {
    const waiting = (await memory.titles('Learnings')).length;
    await card('basket').first().locator('.card-title').focus();
    await editor.page.keyboard.press('a');
    await until(async () => (await memory.titles('Learnings')).length === waiting - 1, { what: 'one proposal less' });
    await memory.frame.getByText(/^Accepted: /).waitFor();
    if (waiting > 1)
      await until(() => memory.frame.evaluate<boolean>(`document.activeElement?.classList.contains('card-title')`), {
        what: 'the focus on the next one',
      });
    await choose('Kept');
    await card('basket').first().waitFor();
  });

  it('is rejected, and comes back by Undo', async () => {
    await choose('Inbox');
    await memory.act(card('voucher').first(), 'Reject');
    await memory.frame.locator('.undo', { hasText: 'Rejected' }).getByRole('button', { name: 'Undo' }).click();
    await card('voucher').first().waitFor();
  });

  it('goes to CLAUDE.md by a diff that was accepted', async () => {
    const file = join(profile.workspace, 'CLAUDE.md');
    profile.write('CLAUDE.md', '# Rules\n\nBe kind.\n');
    await choose('Kept');
    await memory.pick(card('basket').first(), 'Write to CLAUDE.md…');
    await editor.workbench.quickRows.filter({ hasText: 'CLAUDE.md' }).first().click();
    await editor.page.locator('.monaco-diff-editor').waitFor();
    await editor.page.getByText('with learnings').first().waitFor();
    await editor.page.locator('.monaco-diff-editor .modified .view-line', { hasText: 'basket' }).first().waitFor();
    await editor.screenshot('promotion');
    expect(readFileSync(file, 'utf8')).toBe('# Rules\n\nBe kind.\n');
    await editor.page.locator('.notification-toast').getByRole('button', { name: 'Accept' }).click();
    const text = await until(() => [readFileSync(file, 'utf8')].find((saved) => saved.includes('basket')), {
      what: 'the learning in CLAUDE.md',
    });
    expect(text.startsWith('# Rules\n\nBe kind.\n')).toBe(true);
    await until(async () => (await editor.page.locator('.monaco-diff-editor').count()) === 0, {
      what: 'the diff closed',
    });
  });

  it('is not written when the diff is cancelled', async () => {
    await memory.pick(card('basket').first(), 'Write to CLAUDE.md…');
    await editor.workbench.quickRows.filter({ hasText: 'CLAUDE.local.md' }).first().click();
    await editor.page.locator('.monaco-diff-editor').waitFor();
    await editor.page.locator('.notification-toast').getByRole('button', { name: 'Cancel' }).click();
    await until(async () => (await editor.page.locator('.monaco-diff-editor').count()) === 0, {
      what: 'the diff closed',
    });
    expect(existsSync(join(profile.workspace, 'CLAUDE.local.md'))).toBe(false);
  });

  it('of another project says so before it is written, and can go where Claude reads it in every project', async () => {
    const toast = editor.page.locator('.notification-toast');
    await choose('Inbox');
    // How tests are run was found in both projects, and is one row.
    await card('Tests run with').first().waitFor();
    expect(await card('Tests run with').count()).toBe(1);
    await memory.act(card('ledger').first(), 'Accept');
    await choose('Kept');
    await memory.pick(card('ledger').first(), 'Write to CLAUDE.md…');
    await editor.screenshot('promotion-files');
    await editor.workbench.quickRows.filter({ hasText: 'for everybody in this project' }).first().click();
    await toast.getByText('Some are from other projects (till), and will stand in this file.').waitFor();
    await editor.screenshot('promotion-others');
    await toast.getByRole('button', { name: 'Cancel' }).click();
    await memory.pick(card('ledger').first(), 'Write to CLAUDE.md…');
    await editor.workbench.quickRows.filter({ hasText: 'for you, in every project' }).first().click();
    await toast.getByText('They are from till, and Claude will read them in every project.').waitFor();
    await toast.getByRole('button', { name: 'Accept' }).click();
    const file = join(profile.configDir, 'CLAUDE.md');
    await until(() => existsSync(file) && readFileSync(file, 'utf8').includes('npm test'), {
      what: 'the learning in the own file',
    });
    expect(readFileSync(join(profile.workspace, 'CLAUDE.md'), 'utf8')).not.toContain('ledger');
  });
});
