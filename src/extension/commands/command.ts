import type { commandIds } from '../contributions';
import type { Parts } from '../parts';

/** What a command of the palette or a menu does. What it throws is shown to the person. */
export type Run = (parts: Parts, ...args: unknown[]) => Promise<void>;

export type CommandName = keyof typeof commandIds;
