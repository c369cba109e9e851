/** Requests of a head for memory that is given back. */
import type { ExactTokens } from '../../protocol/basket';
import { MemoryError } from '../../protocol/errors';
import type { GiveApi } from '../../protocol/questions/give';
import type { Scope } from '../../protocol/questions/schemas';
import type { Clock } from '../lib/clock';
import type { NameKey } from '../lib/keyed-name';
import { isSessionOff, listNever, listSessionsOff, setSessionOff, setSourceKept } from '../store/tables/give-choices';
import { givenTo, listGiven, noteGivenTo } from '../store/tables/given';
import { allProjects } from '../store/tables/projects';
import { isRestricted, unrestricted } from '../store/tables/restrictions';
import type { RestrictedPlace } from '../store/tables/restrictions';
import { packBasket, refsOf } from './basket';
import { briefFor } from './brief';
import { briefTokens, handTokens, promptTokens } from './budgets';
import { neverTest, setNever } from './choices';
import { packFor } from './need';
import type { NeedPorts } from './need';
import { unwantedTest } from './noted';
import type { Noted } from './noted';
import { nothing } from './pack';
import { partsById } from './pieces-by-id';
import { asksNothing } from './prompt';
import { shadowExamples } from './shadow-examples';
import { mutedSources, shadowReport } from './shadow-report';

export interface GivePorts extends NeedPorts {
  clock: Clock;
  names: NameKey;
  noted: Noted;
  /** Ids of the projects in a scope; undefined for all. */
  inScope: (scope: Scope | undefined) => Promise<number[] | undefined>;
  /** Asks the API. @throws MemoryError `no_model` without a key, or `network` */
  countTokens: (text: string) => Promise<ExactTokens>;
  /** A person said something about giving. */
  onChoice: () => void;
}

const defaultRecords = 50;

export function giveApi(ports: GivePorts): GiveApi {
  const { driver, clock, names, onChoice } = ports;
  /** What is restricted is not given. */
  const inScope: GivePorts['inScope'] = async (scope) => unrestricted(driver, await ports.inScope(scope), clock.now());
  const isLeftOut = (place: RestrictedPlace) => isRestricted(driver, place, clock.now());
  /** Who asks by hand gets what Claude Code has too. */
  const unwanted = () => {
    const isNever = neverTest(driver, names);
    return isNever ? { isNever } : {};
  };
  return {
    async brief({ folder, budget = briefTokens }) {
      const scopeIds = (await inScope({ roots: [folder] })) ?? [];
      if (scopeIds.length === 0) return nothing;
      return briefFor(ports, { scopeIds, budget, now: clock.now(), isNever: unwantedTest(ports, scopeIds) });
    },
    async promptContext({ prompt, folder, sessionId, budget = promptTokens }) {
      const scopeIds = (await inScope({ roots: [folder] })) ?? [];
      if (scopeIds.length === 0 || asksNothing(prompt)) return nothing;
      if (sessionId !== undefined && isSessionOff(driver, sessionId)) return nothing;
      return packFor(ports, {
        text: prompt,
        scopeIds,
        budget,
        now: clock.now(),
        muted: mutedSources(driver, scopeIds),
        isNever: unwantedTest(ports, scopeIds),
        ...(sessionId !== undefined && { sessionId, known: givenTo(driver, sessionId) }),
      });
    },
    async packContext({ text, scope, budget = handTokens }) {
      const scopeIds = await inScope(scope);
      if (scopeIds?.length === 0) return nothing;
      return packFor(ports, { text, scopeIds, budget, now: clock.now(), ...unwanted() });
    },
    basket: async (entries) => packBasket(ports, entries, isLeftOut),
    // Counting sends the text to whoever runs the model.
    async basketTokens(entries) {
      const { text } = packBasket(ports, entries, isLeftOut, 'model');
      if (text !== packBasket(ports, entries, isLeftOut).text)
        throw new MemoryError('invalid_input', 'Something in it may not be sent to a model because of its class.', {
          reason: 'class',
        });
      return ports.countTokens(text);
    },
    async basketFrom({ text, scope, budget = handTokens }) {
      const scopeIds = await inScope(scope);
      if (scopeIds?.length === 0) return [];
      return refsOf(names, packFor(ports, { text, scopeIds, budget, now: clock.now(), ...unwanted() }));
    },
    async noteGiven({ sessionId = '', ...given }) {
      noteGivenTo(driver, { ...given, sessionId }, clock.now());
    },
    async listGiven({ before, limit = defaultRecords, sessionId }) {
      const records = listGiven(driver, {
        limit,
        ...(before !== undefined && { before }),
        ...(sessionId !== undefined && { sessionId }),
      });
      const parts = partsById(
        driver,
        records.flatMap(({ items }) => items),
        neverTest(driver, names) ?? (() => false),
      );
      return records.map((record) => ({ ...record, items: record.items.map((item) => parts.get(item.id) ?? item) }));
    },
    shadowReport: async (scope) => shadowReport(driver, await ports.inScope(scope)),
    shadowExamples: async (query) => shadowExamples(ports, query, await ports.inScope(query.scope)),
    async giveChoices() {
      const never = listNever(driver);
      const parts = partsById(
        driver,
        never.map(({ itemId: id, sessionId }) => ({ id, ...(sessionId !== '' && { sessionId }) })),
        () => true,
      );
      return {
        never: never.map(({ itemId: id }) => ({ id, isNever: true as const, ...parts.get(id) })),
        sessions: listSessionsOff(driver),
      };
    },
    async setNeverGiven(id, isNever) {
      setNever({ driver, names }, id, isNever, clock.now());
      onChoice();
    },
    async setSessionGiven(id, isOn) {
      setSessionOff(driver, id, !isOn, clock.now());
      onChoice();
    },
    async setSourceKept(projectId, source, isKept) {
      const project = allProjects(driver).find(({ id }) => id === projectId);
      if (!project) throw new MemoryError('not_found', 'This project is not in memory.');
      setSourceKept(driver, { source, root: project.root, isKept }, clock.now());
      onChoice();
    },
  };
}
