/** What was forgotten and can be read again, because its transcript is still in a config folder. */
import type { ForgottenSession, SessionId } from '../../protocol/model';
import type { SessionApi } from '../../protocol/questions/sessions';
import type { Importer } from '../capture/importer';
import type { Care } from '../care/care';
import type { Clock } from '../lib/clock';
import { breathe } from '../lib/turns';
import type { Redacted } from '../observe/redact';
import { titleOfPrompt } from '../observe/title';
import type { SqlDriver } from '../store/sqlite/driver';
import { isForgotten } from '../store/tables/forget';
import { countKept, hasTombstones, unforget } from '../store/tables/unforget';
import type { BuriedSession } from '../store/tables/unforget';
import { discoverTranscripts } from '../transcript/discover';
import { readFirstWords } from '../transcript/first-words';
import { ProjectFinder } from '../transcript/project';

export interface ForgottenPorts {
  driver: SqlDriver;
  clock: Clock;
  importer: Pick<Importer, 'importNow' | 'configDirs'>;
  care: Pick<Care, 'recalling'>;
  /** Runs `work` while nothing is read, and reports that everything changed. */
  alone: (work: () => void) => Promise<void>;
  seal: (texts: readonly string[]) => Promise<Redacted[]>;
}

interface Found extends BuriedSession {
  title: string;
  project: string;
  bytes: number;
}

export function forgottenAnswers(ports: ForgottenPorts): Pick<SessionApi, 'listForgotten' | 'readAgain'> {
  const { driver, clock, importer, care, alone, seal } = ports;
  const find = async (): Promise<Found[]> => {
    if (!hasTombstones(driver)) return [];
    const projects = new ProjectFinder();
    const found = new Map<SessionId, Found>();
    for (const dir of importer.configDirs)
      for await (const { kind, path, sessionId: id, mtime, size } of discoverTranscripts(dir)) {
        if (kind !== 'main') continue;
        await breathe();
        const { cwd, startedAt: first, title } = await readFirstWords(path);
        const { root, name } = await projects.find(cwd);
        const startedAt = first || mtime;
        if (isForgotten(driver, id, root, startedAt))
          found.set(id, { id, root, startedAt, title, project: cwd === '' ? '' : name, bytes: size });
      }
    return [...found.values()].sort((a, b) => b.startedAt - a.startedAt);
  };
  return {
    async listForgotten() {
      const found = await find();
      // These texts are not in the store, where every text has passed redaction.
      const texts = await seal(found.flatMap(({ title, project }) => [title, project]));
      return found.map(({ id, startedAt, bytes }, index): ForgottenSession => ({
        id,
        title: titleOfPrompt(texts[2 * index] as Redacted),
        project: texts[2 * index + 1] ?? '',
        startedAt,
        bytes,
      }));
    },
    async readAgain(ids, signal) {
      const wanted = new Set(ids);
      const found = await find();
      const chosen = found.filter(({ id }) => wanted.has(id));
      if (chosen.length > 0)
        await care.recalling(() =>
          alone(() =>
            unforget(
              driver,
              chosen,
              found.filter(({ id }) => !wanted.has(id)),
              clock.now(),
            ),
          ),
        );
      await importer.importNow(signal);
      // Asked again after a hand-over, when nothing is forgotten any more, the answer is the same.
      return countKept(driver, ids);
    },
  };
}
