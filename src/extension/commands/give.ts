/** Commands about how Claude gets at the memory. */
import { neverGive, notThisSession } from '../give/choices';
import { addToClaude, removeFromClaude } from '../give/claude-mcp';
import { addPlugin, removeFromPlugins } from '../give/claude-plugin';
import { giveMemory, stopGiving } from '../give/hooks';
import type { Run } from './command';

export const giveCommands = {
  giveMemory,
  stopGiving,
  neverGive,
  notThisSession,
  addMcpServer: addToClaude,
  removeMcpServer: removeFromClaude,
  addPlugin,
  removePlugin: removeFromPlugins,
} satisfies Record<string, Run>;
