/**
 * Three windows share a memory in which a hundred sessions wait for a paid summary, with a ceiling too low for all of
 * them. The keeper is killed while the API reads a request, while it answers, and right after. At the end the API's
 * bill is compared with the ledger.
 */
import path from 'node:path';
import type { SpendStatus } from '../../../src/protocol/spend';
import { startMessagesApi } from '../../fakes/messages-api';
import { Transcript, sessionId, writeTranscript } from '../../fixtures/transcript-lines';
import type { Patch } from '../../process/patched-bundle';
import { prepareDesk } from '../../process/windows';
import type { Window } from '../../process/windows';
import { randomFrom } from '../random';

export interface SpendOptions {
  sessions: number;
  /** Highest number of keeper kills; when nothing fits under the ceiling any more, there are fewer. */
  kills: number;
  ceilingUsd: number;
  seed: number;
  fault?: readonly Patch[];
}

export interface SpendResult {
  seed: number;
  kills: number;
  /** Calls to the API, and those with unknown result. */
  calls: number;
  unknown: number;
  /** Billionths of a dollar. */
  bill: number;
  ledger: number;
  /** Moments when the bill or the ledger exceeded the ceiling. */
  overspent: string[];
  /** Moments when the ledger showed less than the bill. */
  hidden: string[];
  /** Sessions sent twice without a request. */
  repeated: string[];
}

/** Tokens per answer, high enough to reach the ceiling before all sessions are done. */
const thinking = 1500;

export async function killSpenders({
  sessions,
  kills: most,
  ceilingUsd,
  seed,
  fault = [],
}: SpendOptions): Promise<SpendResult> {
  const desk = await prepareDesk();
  const api = await startMessagesApi();
  api.thinking = thinking;
  const random = randomFrom(seed);
  const configDir = path.join(desk.folder, 'claude');
  const result: SpendResult = {
    seed,
    kills: 0,
    calls: 0,
    unknown: 0,
    bill: 0,
    ledger: 0,
    overspent: [],
    hidden: [],
    repeated: [],
  };
  const ceiling = Math.floor(ceilingUsd * 1e9);
  try {
    await writeSessions(configDir, sessions);
    const keeper = fault.length > 0 ? await desk.buildKeeper('faulty', fault) : undefined;
    const open = () => desk.open({ env: { WINDOW_CONFIG_DIR: configDir }, ...(keeper !== undefined && { keeper }) });
    const settings = (source: string) =>
      JSON.stringify({
        source,
        isAllowed: true,
        isAutomatic: false,
        key: api.key,
        baseUrl: api.url,
        fastModel: 'claude-haiku-5-5',
        strongModel: '',
        ceilings: { dayUsd: ceilingUsd, monthUsd: 1, dayTokens: 1e9, monthTokens: 1e9 },
      });
    let windows: Window[] = await Promise.all([open(), open(), open()]);
    let sources = 0;
    const tell = (window: Window) => window.ask(`models ${settings(`window-${++sources}`)}`);
    await windows[0]!.ask('import');
    await Promise.all(windows.map(tell));
    const check = async (window: Window): Promise<SpendStatus> => {
      const billBefore = api.bill.nano;
      const status = (await window.ask('spend')) as SpendStatus;
      const ledger = Math.round((status.today.settledUsd + status.today.reservedUsd + status.today.unknownUsd) * 1e9);
      Object.assign(result, { bill: api.bill.nano, ledger, calls: api.bill.calls });
      if (api.bill.nano > ceiling || ledger > ceiling) result.overspent.push(`bill ${api.bill.nano}, ledger ${ledger}`);
      if (ledger < billBefore) result.hidden.push(`bill ${billBefore}, ledger ${ledger}`);
      return status;
    };

    let killing: Promise<void> | undefined;
    const killKeeper = async () => {
      result.kills++;
      const pid = (await windows[0]!.ask('keeper')) as number;
      const victim = windows.find((window) => window.process.pid === pid)!;
      await victim.kill();
      windows = windows.filter((window) => window !== victim);
      const next = await open();
      await tell(next);
      windows.push(next);
      await check(next);
    };
    api.gate = async () => {
      if (killing || result.kills >= most || !random.once(9)) return;
      killing = killKeeper().finally(() => (killing = undefined));
      await killing;
    };

    await windows[0]!.ask('backfill');
    await untilOver(
      () => check(windows[0]!),
      () => killing,
    );
    // The next keeper on the same day must find the same amount spent and repeat no call.
    await Promise.all(windows.map((window) => window.kill()));
    windows = [await open()];
    await tell(windows[0]!);
    result.unknown = (
      await untilOver(
        () => check(windows[0]!),
        () => undefined,
      )
    ).queue.counts.unknown;
    const sent = new Map<string, number>();
    for (const { body } of api.requests) {
      const name = /rename the basket, part \d+/.exec(body?.messages[0]?.content ?? '')?.[0] ?? 'none';
      sent.set(name, (sent.get(name) ?? 0) + 1);
    }
    result.repeated = [...sent].filter(([, times]) => times > 1).map(([name, times]) => `${name}: ${times} times`);
    return result;
  } finally {
    await desk.clear();
    await api.close();
  }
}

/** Resolves when no task waits, or none fits under the ceiling. */
async function untilOver(
  look: () => Promise<SpendStatus>,
  killing: () => Promise<void> | undefined,
): Promise<SpendStatus> {
  for (;;) {
    await killing();
    const status = await look();
    const { counts, whyPaused } = status.queue;
    if (
      status.state === 'ready' &&
      counts.running === 0 &&
      (whyPaused === 'budget' || counts.pending + counts.failed === 0)
    )
      return status;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function writeSessions(configDir: string, sessions: number): Promise<void> {
  for (let number = 1; number <= sessions; number++) {
    const transcript = new Transcript(sessionId(number), { cwd: '/work/shop' });
    transcript.prompt(`Please rename the basket, part ${number}, and run the tests`);
    transcript.tool('Bash', { command: 'npm test' }, 'all tests passed');
    transcript.answer(`Part ${number} is renamed and the tests are green.`);
    await writeTranscript(configDir, sessionId(number), transcript, '-work-shop');
  }
}
