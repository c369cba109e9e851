/** What a page may ask, answered: memory's questions go on to the keeper, the others become acts of the editor. */
import { passedOn } from '../../protocol/webview-api';
import type { WebviewApi } from '../../protocol/webview-api';
import type { Parts } from '../parts';
import { createDoctorApi } from './doctor-api';
import { editorActs } from './editor-acts';
import type { Reader } from './surface';

type PassedOn = Pick<WebviewApi, (typeof passedOn)[number]>;

/** Everything but `ready`, which belongs to the surface. Which page may ask what is decided at the door. */
export function createWebviewApi(parts: Parts, reader?: () => Reader): Omit<WebviewApi, 'ready'> {
  return { ...toKeeper(parts), ...editorActs(parts, reader), ...createDoctorApi(parts) };
}

/** Memory's own questions as a page asks them, with what the editor wants to know of some of them. */
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
      memory.setContext('hasSearched', true);
      return api.search(query, signal);
    },
    saveLearning: async (input) => {
      const learning = await api.saveLearning(input);
      memory.setContext('hasLearnings', true);
      return learning;
    },
  };
}
