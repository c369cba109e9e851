import { copyFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, inject } from 'vitest';
import type { RunnerTestCase, RunnerTestSuite } from 'vitest';
import { installVsix, startServer } from '../../../scripts/vscode-host/server.mjs';
import { bringCaches, keepCaches } from './browser-cache';
import { giveInstalled } from './installed';
import { artefactDir, builtinsDir, chromiumPath } from './places';
import { makeEnv } from './profile';
import type { Profile } from './profile';
import { Workbench } from './workbench';

export interface Editor {
  profile: Profile;
  page: Page;
  workbench: Workbench;
  /** Requests to other machines. They led nowhere; there should be none. */
  externalRequests: string[];
  consoleLines: string[];
  serverPid: number;
  /** A second window of the same editor with its own extension host. Closed with the first. */
  openWindow(): Promise<Editor>;
  /** Reloads the workbench, which starts a new extension host. */
  reload(): Promise<void>;
  screenshot(name: string): Promise<void>;
  close(): Promise<void>;
}

export interface EditorOptions {
  /** Further extensions to install. */
  moreVsix?: string[];
  args?: string[];
  hasTrust?: boolean;
  /** With all extensions that VS Code has itself, as at a person's. */
  hasAllBuiltins?: boolean;
  viewport?: { width: number; height: number };
}

const browserArgs = [
  '--no-sandbox',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts a server with the packed extension and opens its workbench with the profile's workspace. */
export async function openEditor(
  profile: Profile,
  {
    moreVsix = [],
    args = [],
    hasTrust = true,
    hasAllBuiltins = false,
    viewport = { width: 1280, height: 800 },
  }: EditorOptions = {},
): Promise<Editor> {
  const env = makeEnv(profile);
  giveInstalled(profile);
  for (const vsix of moreVsix) {
    if (!(await installVsix(profile, vsix, env))) throw new Error(`${vsix} could not be installed`);
  }
  const trust = hasTrust ? ['--disable-workspace-trust'] : [];
  const builtins = hasAllBuiltins ? [] : ['--builtin-extensions-dir', builtinsDir];
  const server = await startServer(profile, {
    env,
    args: ['--auth', 'none', ...trust, ...builtins, ...args],
    // The same for all files, because a browser's cache knows a script by the address it came from.
    port: inject('editorPort'),
    log: join(profile.dir, 'server.log'),
  });
  bringCaches(profile);
  const context = await chromium.launchPersistentContext(profile.browser, {
    executablePath: chromiumPath,
    headless: true,
    viewport,
    args: browserArgs,
  });
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.url });
  const page = context.pages()[0] ?? (await context.newPage());
  const externalRequests: string[] = [];
  const consoleLines: string[] = [];
  // Not `context.route`, which turns the browser's cache off. What a page of ours is made of has an address outside too,
  // but comes from the editor's service worker; whatever else leaves this machine fails (see `browserArgs`).
  context.on('requestfailed', (request) => {
    // A reload stops a page of ours while it loads its parts, before the service worker has answered for them.
    const isStopped = isPagePart(request.url()) && request.failure()?.errorText === 'net::ERR_ABORTED';
    if (!isLocal(request.url()) && !isStopped) externalRequests.push(request.url());
  });
  context.on('requestfinished', async (request) => {
    if (isLocal(request.url())) return;
    const response = await request.response();
    if (response?.fromServiceWorker() !== true) externalRequests.push(request.url());
  });
  const address = `${server.url}/?folder=${encodeURIComponent(profile.workspace)}`;
  const close = async () => {
    await context.close();
    keepCaches(profile);
    await server.stop();
    profile.remove();
  };
  const windowOf = async (shown: Page): Promise<Editor> => {
    shown.on('console', (message) => consoleLines.push(`[${message.type()}] ${message.text()}`));
    shown.on('pageerror', (error) => consoleLines.push(`[pageerror] ${error.message}`));
    const workbench = new Workbench(shown);
    await shown.goto(address);
    await workbench.waitUntilReady();
    return {
      profile,
      page: shown,
      workbench,
      externalRequests,
      consoleLines,
      serverPid: server.pid ?? 0,
      openWindow: async () => windowOf(await context.newPage()),
      async reload() {
        await shown.reload();
        await workbench.waitUntilReady();
      },
      async screenshot(name) {
        await shown.screenshot({ path: join(artefactDir, `${name}.png`) });
      },
      close,
    };
  };
  return windowOf(page);
}

/**
 * Closes the editor after the tests of a file, and saves a screenshot and the logs of a failed test. Call once, at the
 * top of the file.
 */
export function keepEditor(get: () => Editor | undefined): void {
  const keep = async ({ name, result }: RunnerTestCase | RunnerTestSuite) => {
    const editor = get();
    if (result?.state !== 'fail' || !editor) return;
    const base = `failed-${name.replace(/[^a-zA-Z0-9]+/g, '-').slice(0, 80)}`;
    await editor.page.screenshot({ path: join(artefactDir, `${base}.png`) }).catch(() => {});
    writeFileSync(join(artefactDir, `${base}.console.txt`), editor.consoleLines.join('\n'));
    const log = join(editor.profile.dir, 'server.log');
    if (existsSync(log)) copyFileSync(log, join(artefactDir, `${base}.server.txt`));
    // A build on another machine keeps no pictures, so the message says what they show.
    for (const error of result.errors?.slice(0, 1) ?? [])
      error.message += `\n- on the screen: ${await readScreen(editor.page)}`;
  };
  afterEach(({ task }) => keep(task));
  // oxlint-disable-next-line no-empty-pattern -- what a test runner reads from this parameter are the fixtures' names
  afterAll(async ({}, suite) => {
    // A set-up that failed has no test of its own.
    if (suite.result?.errors?.length) await keep(suite);
    await get()?.close();
  });
}

const maxScreenLetters = 300;

/** The texts in dialogs, notices, the list in front, and each page of ours; cut. */
async function readScreen(page: Page): Promise<string> {
  const parts = [
    page.locator('.monaco-dialog-box, .notification-toast, .quick-input-widget, .statusbar-item.warning-kind'),
  ];
  const texts = await Promise.all([
    ...parts.map((part) =>
      part
        .filter({ visible: true })
        .allInnerTexts()
        .catch(() => []),
    ),
    ...page
      .frames()
      .filter(
        (frame) => frame !== page.mainFrame() && frame.childFrames().length === 0 && !/webWorker/i.test(frame.url()),
      )
      .map(async (frame) => [await frame.evaluate<string>('document.body?.innerText ?? ""').catch(() => '')]),
  ]);
  return texts
    .flat()
    .map((text) => text.replaceAll(/\s+/g, ' ').trim())
    .filter((text) => text !== '')
    .map((text) => text.slice(0, maxScreenLetters))
    .join(' | ');
}

const isPagePart = (url: string): boolean => new URL(url).hostname.endsWith('.vscode-resource.vscode-cdn.net');

function isLocal(url: string): boolean {
  return (
    /^(https?|wss?):\/\/(127\.0\.0\.1|localhost)[:/]/.test(url) ||
    /^(data|blob|about|chrome|devtools|vscode-[\w-]+):/.test(url)
  );
}
