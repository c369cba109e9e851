/** Requests of a head for memory that is given back. */
import type { GiveApi } from '../../protocol/questions/give';
import type { Scope } from '../../protocol/questions/schemas';
import type { Clock } from '../lib/clock';
import type { NameKey } from '../lib/keyed-name';
import { givenTo, listGiven, noteGivenTo } from '../store/tables/given';
import { packBasket, refsOf } from './basket';
import { briefFor } from './brief';
import { packFor } from './need';
import type { NeedPorts } from './need';
import { nothing } from './pack';

export interface GivePorts extends NeedPorts {
  clock: Clock;
  names: NameKey;
  /** Ids of the projects in a scope; undefined for all. */
  inScope: (scope: Scope | undefined) => Promise<number[] | undefined>;
}

export const defaultBudget = 500;
const defaultRecords = 50;
/** A slash command or a shell line of the person asks nothing of memory. */
const isCommand = (prompt: string): boolean => /^\s*[/!]/.test(prompt);

export function giveApi(ports: GivePorts): GiveApi {
  const { driver, clock, names, inScope } = ports;
  return {
    async brief({ folder, budget = defaultBudget }) {
      const scopeIds = (await inScope({ roots: [folder] })) ?? [];
      return scopeIds.length === 0 ? nothing : briefFor(ports, { scopeIds, budget, now: clock.now() });
    },
    async promptContext({ prompt, folder, sessionId, budget = defaultBudget }) {
      const scopeIds = (await inScope({ roots: [folder] })) ?? [];
      if (scopeIds.length === 0 || isCommand(prompt)) return nothing;
      return packFor(ports, {
        text: prompt,
        scopeIds,
        budget,
        now: clock.now(),
        ...(sessionId !== undefined && { sessionId, known: givenTo(driver, sessionId) }),
      });
    },
    async packContext({ text, scope, budget = defaultBudget }) {
      return packFor(ports, { text, scopeIds: await inScope(scope), budget, now: clock.now() });
    },
    basket: async (entries) => packBasket(ports, entries),
    async basketFrom({ text, scope, budget = defaultBudget }) {
      return refsOf(names, packFor(ports, { text, scopeIds: await inScope(scope), budget, now: clock.now() }));
    },
    async noteGiven({ sessionId = '', ...given }) {
      noteGivenTo(driver, { ...given, sessionId }, clock.now());
    },
    listGiven: async ({ before, limit = defaultRecords }) =>
      listGiven(driver, { limit, ...(before !== undefined && { before }) }),
  };
}
