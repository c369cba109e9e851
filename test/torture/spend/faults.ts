/** Planted faults: a run that does not find them proves nothing. */
import type { Patch } from '../../process/patched-bundle';
import type { SpendResult } from './spend-run';

export interface SpendFault {
  finds: keyof Pick<SpendResult, 'overspent' | 'hidden' | 'repeated'>;
  patches: readonly Patch[];
}

const calls = 'src/core/store/tables/calls.ts';

export const spendFaults: Record<string, SpendFault> = {
  'nothing is reserved': {
    finds: 'overspent',
    patches: [
      { file: calls, from: 'if (call.maxNano > room.nano || call.maxTokens > room.tokens) return false;', to: '' },
    ],
  },
  'calls of unknown end cost nothing': {
    finds: 'hidden',
    patches: [
      {
        file: calls,
        from: '      loseCall(driver, id);\n',
        to: `      driver.run("UPDATE model_calls SET state = 'released', nanousd = 0 WHERE id = ?", [id]);\n`,
      },
    ],
  },
  'what was sent is sent again': {
    finds: 'repeated',
    patches: [
      {
        file: calls,
        from: '      if (task !== null) markUnknown(driver, { id: task, callId: id }, taskErrors.lost, now);\n',
        to: '',
      },
    ],
  },
};
