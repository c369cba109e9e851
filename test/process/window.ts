/** A window of the editor, as far as memory is concerned: opens it, does what it is told on stdin, says what was acknowledged. */
import { createInterface } from 'node:readline';
import { openMemory } from '../../src/keeper/connect';
import { asMemoryError } from '../../src/protocol/errors';

const [dataDir = '', workerFile = ''] = process.argv.slice(2);
const say = (message: object) => process.stdout.write(`${JSON.stringify(message)}\n`);

async function main(): Promise<void> {
  const memory = await openMemory({
    dataDir, workerFile, version: 'test',
    log: (level, message) => say({ log: level, message }),
    onConnection: ({ isConnected, error }) => say({ isConnected, reason: error?.data?.['reason'] }),
  });
  say({ ready: true });
  for await (const line of createInterface({ input: process.stdin })) {
    const [command = '', id = ''] = line.split(' ');
    // Not awaited: a real window asks many things at once.
    void run(command, id).then(
      (value) => say({ done: line, value }),
      (error: unknown) => say({ failed: line, code: asMemoryError(error).code }),
    );
  }
  await memory.close();

  async function run(command: string, id: string): Promise<unknown> {
    switch (command) {
      case 'put':
        return (await memory.saveLearning({ id, category: 'general', title: `learning ${id}`, description: '' })).id;
      case 'list': {
        const ids: string[] = [];
        let cursor: string | undefined;
        do {
          const page = await memory.listLearnings({ limit: 200, ...(cursor !== undefined && { cursor }) });
          ids.push(...page.items.map((each) => each.id));
          cursor = page.next;
        } while (cursor !== undefined);
        return ids;
      }
      case 'keeper':
        return (await memory.status()).keeperPid;
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
      case 'close':
        return memory.close();
      default:
        throw new Error(`no such command: ${command}`);
    }
  }
}

main().catch((error: unknown) => {
  const { code, message, data } = asMemoryError(error);
  say({ fatal: code, message, reason: data?.['reason'] });
  process.exitCode = 1;
});
