/** `claude-mem-vscode`: the memory without an editor. Results go to stdout, everything else to stderr. */
import { asMemoryError } from '../protocol/errors';
import { askCommand } from './commands/ask';
import { auditCommand } from './commands/audit';
import { backupCommand } from './commands/backup';
import { changesCommand } from './commands/changes';
import { classCommand } from './commands/class';
import { compactCommand } from './commands/compact';
import { digestCommand } from './commands/digest';
import { doctorCommand } from './commands/doctor';
import { eraseCommand } from './commands/erase';
import { exportCommand } from './commands/export';
import { hooksCommand } from './commands/hooks';
import { importCommand } from './commands/import';
import { importMemoryCommand } from './commands/import-memory';
import { leftCommand } from './commands/left';
import { mcpCommand } from './commands/mcp';
import { receiptsCommand } from './commands/receipts';
import { repairCommand } from './commands/repair';
import { restoreCommand } from './commands/restore';
import { restoreTranscriptCommand } from './commands/restore-transcript';
import { restrictCommand } from './commands/restrict';
import { searchCommand } from './commands/search';
import { statusCommand } from './commands/status';
import { stoodCommand } from './commands/stood';
import { whyCommand } from './commands/why';
import { exitCodeOf } from './format';
import type { Command } from './memory';
import { tell } from './output';
import { usage } from './usage';

const commands: Readonly<Record<string, Command>> = {
  import: importCommand,
  search: searchCommand,
  ask: askCommand,
  why: whyCommand,
  changes: changesCommand,
  stood: stoodCommand,
  left: leftCommand,
  digest: digestCommand,
  status: statusCommand,
  'restore-transcript': restoreTranscriptCommand,
  doctor: doctorCommand,
  backup: backupCommand,
  restore: restoreCommand,
  repair: repairCommand,
  compact: compactCommand,
  erase: eraseCommand,
  receipts: receiptsCommand,
  audit: auditCommand,
  export: exportCommand,
  'import-memory': importMemoryCommand,
  restrict: restrictCommand,
  class: classCommand,
  hooks: hooksCommand,
  mcp: mcpCommand,
};

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    (name === undefined ? process.stderr : process.stdout).write(usage);
    return name === undefined ? exitCodeOf('invalid_input') : 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) {
    tell(`Unknown command: ${name}\n\n${usage}`);
    return exitCodeOf('invalid_input');
  }
  try {
    await command(rest);
    return 0;
  } catch (error) {
    const { code, message } = asMemoryError(error);
    tell(`${message}\n`);
    return exitCodeOf(code);
  }
}

// Sets the code instead of calling exit(), which would cut off output still in a pipe.
process.exitCode = 0;
// A reader that closes the pipe (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
void main(process.argv.slice(2)).then((code) => (process.exitCode = code));
