import type { CommandId } from '../contributions';
import type { Parts } from '../parts';

/** One command of the palette or of a menu. What it throws is shown to the person who ran it. */
export interface Command {
  id: CommandId;
  run(parts: Parts, ...args: unknown[]): Promise<void>;
}
