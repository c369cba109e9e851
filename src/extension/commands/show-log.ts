import { commandIds } from '../contributions';
import type { Command } from './command';

export const showLog: Command = {
  id: commandIds.showLog,
  run: ({ log }) => {
    log.show();
    return Promise.resolve();
  },
};
