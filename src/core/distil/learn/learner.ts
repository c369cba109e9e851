/** Learns from sessions one after the other, and regularly asks git what became of the edits. */
import type { LearnApi } from '../../../protocol/questions/learnings';
import type { CommitHistory, CommittedFiles } from '../../lib/git';
import { traceOf } from '../../lib/log';
import type { Log } from '../../lib/log';
import type { Turn } from '../../lib/turns';
import type { Seal } from '../../observe/redact';
import type { SqlDriver } from '../../store/sqlite/driver';
import { allSessionIds } from '../../store/tables/sessions';
import type { TaskHandler } from '../task';
import { learnFromSession } from './learn';
import { survey } from './survey';

export interface LearnerPorts {
  driver: SqlDriver;
  seal: Seal;
  now: () => number;
  log: Log;
  turn: Turn;
  /** Without git it is not known whether edits were kept. */
  git?: (CommittedFiles & CommitHistory) | undefined;
  /** Called when learnings changed. */
  onChange: () => void;
}

export interface Learner {
  /** Handler of `learn` tasks; each is about one session. */
  task: TaskHandler;
  relearn: LearnApi['relearn'];
  /** When a HEAD has changed, asks what became of the edits. Cheap to call often. */
  beat(): Promise<void>;
  /** Trusted folders changed or something was learnt: the next beat checks. */
  note(): void;
}

/** Time between two checks of HEAD. */
const surveyMs = 5 * 60_000;

export function createLearner(ports: LearnerPorts): Learner {
  const { driver, git, log } = ports;
  const seenHeads = new Map<string, string>();
  const asked = new Map<string, string>();
  let lookedAt = -Infinity;
  let isNoted = true;
  let running: Promise<number> | undefined;

  /** One survey at a time: a second caller gets the result of the running one. */
  const look = (signal?: AbortSignal): Promise<number> => {
    if (!git) return Promise.resolve(0);
    running ??= survey(
      { driver, repository: git, commits: git, seal: ports.seal, now: ports.now, asked },
      signal,
    ).finally(() => (running = undefined));
    return running;
  };
  const haveMoved = async (): Promise<boolean> => {
    let isMoved = false;
    for (const root of git?.trusted() ?? []) {
      const head = (await git?.head(root)) ?? '';
      isMoved ||= seenHeads.get(root) !== head;
      seenHeads.set(root, head);
    }
    return isMoved;
  };
  return {
    async task({ subject }, signal) {
      signal.throwIfAborted();
      const { proposed, changed } = await learnFromSession(ports, subject);
      if (proposed + changed === 0) return;
      isNoted = true;
      ports.onChange();
    },
    async relearn(signal) {
      const report = { proposed: 0, changed: 0 };
      for (const id of allSessionIds(driver)) {
        signal?.throwIfAborted();
        const { proposed, changed } = await learnFromSession(ports, id);
        report.proposed += proposed;
        report.changed += changed;
        // Lets the keeper answer other requests between two sessions.
        await ports.turn();
      }
      report.changed += await look(signal);
      ports.onChange();
      return report;
    },
    async beat() {
      if (!git || git.trusted().length === 0 || (!isNoted && ports.now() - lookedAt < surveyMs)) return;
      lookedAt = ports.now();
      if (!(await haveMoved()) && !isNoted) return;
      isNoted = false;
      try {
        if ((await look()) > 0) ports.onChange();
      } catch (error) {
        log.warn(`learnings: ${traceOf(error)}`);
      }
    },
    note: () => {
      isNoted = true;
    },
  };
}
