import { findDataDir, readPointers } from '../../keeper/pointer';
import type { MeaningStatus } from '../../protocol/meaning';
import type { MeaningQueue, PauseReason } from '../../protocol/meaning-queue';
import { describeReason, formatBytes } from '../format';
import { withMemory } from '../memory';
import { readOptions } from '../options';
import { print, printJson } from '../output';

const pauses: Readonly<Record<PauseReason, string>> = {
  user: 'by you',
  importing: 'while importing',
  load: 'the computer is busy',
  battery: 'on battery',
  model: 'the model failed',
};

/** What is stored and where, and the memories of other editors. */
export async function statusCommand(args: readonly string[]): Promise<void> {
  const { values } = readOptions(args, {});
  const { status, meaning } = await withMemory(await findDataDir(values['data-dir']), async (memory) => ({
    status: await memory.status(),
    meaning: await memory.meaning(),
  }));
  const places = await readPointers();
  if (values.json) {
    printJson({ ...status, meaning, places });
    return;
  }
  const { sessions, projects, prompts, observations, learnings, databaseBytes, dataDir, warnings } = status;
  print(
    `${sessions} sessions in ${projects} projects: ${prompts} prompts, ${observations} observations, ${learnings} learnings\n`,
  );
  print(`${formatBytes(databaseBytes)} in ${dataDir}\n`);
  print(`search by meaning: ${describeMeaning(meaning)}\n`);
  for (const { message } of warnings) print(`warning: ${message}\n`);
  for (const place of places) print(`known: ${place.dataDir} (${place.version})\n`);
}

function describeMeaning({ phase, model, reason, queue }: MeaningStatus): string {
  if (phase === 'ready' && model)
    return [`${model.name}, ${model.dimension} numbers a text`, ...(queue ? [describeQueue(queue)] : [])].join('; ');
  return phase === 'failed' ? `failed, ${describeReason(reason)}` : phase.replace('_', ' ');
}

function describeQueue({ done, waiting, whyPaused }: MeaningQueue): string {
  return `${done} of ${done + waiting} texts embedded${whyPaused === undefined ? '' : `, paused: ${pauses[whyPaused]}`}`;
}
