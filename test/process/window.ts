/**
 * A window of the editor as a process: opens the memory, runs commands from stdin, and prints what was acknowledged.
 */
import { createInterface } from 'node:readline';
import { openMemory } from '../../src/keeper/connect';
import { asMemoryError } from '../../src/protocol/errors';
import type { MemoryClient } from '../../src/protocol/memory-api';

const [dataDir = '', workerFile = ''] = process.argv.slice(2);
/** Transcripts to follow; none when unset. */
const configDir = process.env['WINDOW_CONFIG_DIR'];
/** Simulates a container or another computer. */
const host = process.env['WINDOW_HOST'];
const say = (message: object) => process.stdout.write(`${JSON.stringify(message)}\n`);

async function main(): Promise<void> {
  const memory = await openMemory({
    dataDir,
    workerFile,
    version: 'test',
    log: (level, message) => say({ log: level, message }),
    onConnection: ({ isConnected, error }) => say({ isConnected, reason: error?.data?.['reason'] }),
    ...(host !== undefined && { host }),
    ...(process.env['WINDOW_TIMING'] && { timing: JSON.parse(process.env['WINDOW_TIMING']) as object }),
  });
  if (configDir !== undefined)
    await memory.configure({ configDirs: [configDir], roots: [], exclude: [], source: 'test', maxLineBytes: 1 << 20 });
  say({ ready: true });
  for await (const line of createInterface({ input: process.stdin })) {
    const [command = '', id = ''] = line.split(' ');
    // Not awaited, because a real window makes many calls at once.
    void run(memory, command, id).then(
      (value) => say({ done: line, value }),
      (error: unknown) =>
        say({ failed: line, code: asMemoryError(error).code, reason: asMemoryError(error).data?.['reason'] }),
    );
  }
  await memory.close();
}

async function run(memory: MemoryClient, command: string, id: string): Promise<unknown> {
  switch (command) {
    case 'put':
      return (await memory.saveLearning({ id, category: 'general', title: `learning ${id}`, description: '' })).id;
    case 'list':
      return (await learnings(memory)).map((each) => each.id);
    case 'titles':
      return (await learnings(memory)).map((each) => each.title);
    case 'keeper':
      return (await memory.status()).keeperPid;
    case 'status':
      return memory.status();
    case 'import':
      return (await memory.importNow()).isComplete;
    case 'find':
      return (await memory.search({ text: id })).hits.length;
    case 'use':
      return (await memory.memoryText(`l${id}`)).text;
    case 'uses':
      return (await learnings(memory)).find((each) => each.id === id)?.usageCount;
    case 'delete':
      return memory.deleteLearning(id);
    case 'pause':
      return memory.setPaused(id === 'on');
    case 'prompts':
      return prompts(memory);
    case 'backup':
      return (await memory.backUp(id)).name;
    case 'backups':
      return (await memory.listBackups()).map(({ name }) => name);
    case 'restore': {
      const [name = '', requestId = name] = id.split('/');
      return memory.restoreBackup({ name, requestId });
    }
    case 'undo':
      return memory.undoRestore(id);
    case 'repair':
      return memory.repair(id);
    case 'forget':
      return memory.forgetSession(id);
    case 'erase': {
      const [word = '', requestId = word] = id.split('/');
      return (await memory.erase(requestId, { kind: 'query', query: { text: word } })).body;
    }
    case 'receipts':
      return memory.listReceipts();
    case 'audit':
      return { check: await memory.verifyAudit(), entries: (await memory.readAudit({ limit: 200 })).items };
    case 'rules':
      return memory.configure({
        configDirs: configDir === undefined ? [] : [configDir],
        roots: [],
        exclude: [],
        source: 'test',
        maxLineBytes: 1 << 20,
        redaction: { patterns: [], words: [id], kinds: [] },
      });
    case 'scan':
      return memory.scanAgain(id);
    case 'meaning':
      return memory.meaning();
    case 'model':
      return memory.chooseModel({ kind: 'offer', id, hub: process.env['WINDOW_HUB'] ?? 'http://127.0.0.1:9' });
    case 'models':
      return memory.configureModel(JSON.parse(id) as Parameters<MemoryClient['configureModel']>[0]);
    case 'backfill':
      return memory.startBackfill({ isBatch: false });
    case 'spend':
      return memory.spend();
    case 'close':
      return memory.close();
    default:
      throw new Error(`no such command: ${command}`);
  }
}

async function learnings(memory: MemoryClient) {
  const all = [];
  let cursor: string | undefined;
  do {
    const page = await memory.listLearnings({ limit: 200, ...(cursor !== undefined && { cursor }) });
    all.push(...page.items);
    cursor = page.next;
  } while (cursor !== undefined);
  return all;
}

/** The texts of all prompts of all sessions. */
async function prompts(memory: MemoryClient): Promise<string[]> {
  const texts: string[] = [];
  for (const { id: sessionId } of (await memory.listSessions({ limit: 200 })).items) {
    let cursor: string | undefined;
    do {
      const page = await memory.readSession({ sessionId, limit: 200, ...(cursor !== undefined && { cursor }) });
      for (const item of page.items) if (item.kind === 'message' && item.role === 'user') texts.push(item.text);
      cursor = page.after;
    } while (cursor !== undefined);
  }
  return texts;
}

main().catch((error: unknown) => {
  const { code, message, data } = asMemoryError(error);
  say({ fatal: code, message, reason: data?.['reason'] });
  process.exitCode = 1;
});
