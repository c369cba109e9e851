import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';
import { MemoryError } from '../protocol/errors';

const common = { 'data-dir': { type: 'string' }, json: { type: 'boolean', default: false } } as const;

type Options = NonNullable<ParseArgsConfig['options']>;
interface Config<T extends Options, P extends boolean> {
  args: string[];
  options: typeof common & T;
  allowPositionals: P;
}

/**
 * The options of a command, with the two that every command has.
 *
 * @throws MemoryError `invalid_input` for an option that the command does not have
 */
export const readOptions = <const T extends Options>(
  args: readonly string[],
  options: T,
): ReturnType<typeof parseArgs<Config<T, false>>> =>
  parse({ args: [...args], options: { ...common, ...options }, allowPositionals: false });

/** As `readOptions`, for a command that also takes words. */
export const readOptionsAndWords = <const T extends Options>(
  args: readonly string[],
  options: T,
): ReturnType<typeof parseArgs<Config<T, true>>> =>
  parse({ args: [...args], options: { ...common, ...options }, allowPositionals: true });

function parse<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new MemoryError('invalid_input', (error as Error).message);
  }
}
