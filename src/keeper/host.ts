/** Names of the machine, of its boot and of its network namespace: as far as the kernel's lock reaches. */
import { createHash } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';

/** `machine-boot-network`, each a short hash. Two hosts with the same name share the kernel's lock. */
export async function describeHost(): Promise<string> {
  const read = (work: Promise<string>) =>
    work.then(
      (text) => text.trim(),
      () => '',
    );
  const machine = await read(readFile('/etc/machine-id', 'utf8'));
  const boot = await read(readFile('/proc/sys/kernel/random/boot_id', 'utf8'));
  const network = await read(readlink('/proc/self/ns/net'));
  return [`${hostname()}\n${machine}`, boot, network]
    .map((text) => createHash('sha256').update(text).digest('hex').slice(0, 10))
    .join('-');
}

/**
 * True when `theirs` is this machine before it was started anew: whoever wrote it is dead. Only for a folder on the
 * machine's own disk: clones of a machine may share a name, but not a disk.
 */
export function isEarlierBoot(theirs: string, ours: string): boolean {
  const [machine, boot] = theirs.split('-');
  const [ourMachine, ourBoot] = ours.split('-');
  return boot !== undefined && machine === ourMachine && boot !== ourBoot;
}
