import type { CommandId } from '../contributions';
import type { Parts } from '../parts';

/** One command of the palette or a menu. Errors are shown to the person. */
export interface Command {
  id: CommandId;
  run(parts: Parts, ...args: unknown[]): Promise<void>;
}
