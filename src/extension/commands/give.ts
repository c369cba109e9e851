/** Commands about what Claude Code is given. */
import { giveMemory, stopGiving } from '../give/hooks';
import type { Run } from './command';

export const giveCommands = { giveMemory, stopGiving } satisfies Record<string, Run>;
