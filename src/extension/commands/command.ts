import type { commandIds } from '../contributions';
import type { Parts } from '../parts';

/** The function of a command of the palette or a menu. Errors are shown to the person. */
export type Run = (parts: Parts, ...args: unknown[]) => Promise<void>;

export type CommandName = keyof typeof commandIds;
