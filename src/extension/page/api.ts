/** Requests of pages: those about the memory go to the keeper, the others act on the editor. */
import { passedOn } from '../../protocol/webview-api';
import type { WebviewApi } from '../../protocol/webview-api';
import type { Parts } from '../parts';
import { createDoctorApi } from './doctor-api';
import { editorActs } from './editor-acts';
import type { Reader } from './surface';

type PassedOn = Pick<WebviewApi, (typeof passedOn)[number]>;

/** All methods except `ready`, which the surface answers. Which page may call which method is checked in door.ts. */
export function createWebviewApi(parts: Parts, reader?: () => Reader): Omit<WebviewApi, 'ready'> {
  return { ...toKeeper(parts), ...editorActs(parts, reader), ...createDoctorApi(parts) };
}

/** Requests about the memory; for some of them the editor adds something. */
function toKeeper({ memory }: Parts): PassedOn {
  const asked = passedOn.map((name) => {
    const ask = async (...args: unknown[]) => {
      const client = await memory.client();
      return (client[name] as (...all: unknown[]) => Promise<unknown>)(...args);
    };
    return [name, ask] as const;
  });
  const api = Object.fromEntries(asked) as unknown as PassedOn;
  return {
    ...api,
    status: (scope) => memory.status(scope),
    search: (query, signal) => {
      if (query.text.trim() !== '') memory.noteStep('hasSearched');
      return api.search(query, signal);
    },
    insights: (query) => {
      memory.noteStep('hasSeenInsights');
      return api.insights(query);
    },
    saveLearning: async (input) => {
      const learning = await api.saveLearning(input);
      memory.setContext('hasLearnings', true);
      return learning;
    },
  };
}
