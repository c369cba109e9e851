/** Identifies the machine, its boot and its network namespace: the reach of the kernel's lock. */
import { createHash } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';

/** `machine-boot-network`, each a short hash. Processes with the same name see the same kernel lock. */
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
 * True when `theirs` is an earlier boot of this machine, so its processes are dead. Valid only for a folder on a local
 * disk: cloned machines may have the same name, but not the same disk.
 */
export function isEarlierBoot(theirs: string, ours: string): boolean {
  const [machine, boot] = theirs.split('-');
  const [ourMachine, ourBoot] = ours.split('-');
  return boot !== undefined && machine === ourMachine && boot !== ourBoot;
}
