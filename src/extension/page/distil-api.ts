/** Requests of pages about summaries, learnings, costs and insights, including actions in the editor. */
import { distilMethods } from '../../protocol/webview';
import type { DistilMethod, WebviewApi } from '../../protocol/webview';
import { copyPlain } from '../insert/copy';
import { insertText } from '../insert/insert';
import { promoteLearnings } from '../learnings/promote';
import { setApiKey } from '../models/api-key';
import { askEditorModel } from '../models/editor-model';
import { startBackfill } from '../models/paid-work';
import type { Parts } from '../parts';
import { formatSummary } from '../session/summary-text';

type DistilApi = Pick<
  WebviewApi,
  | DistilMethod
  | 'promoteLearnings'
  | 'askEditorModel'
  | 'copySummary'
  | 'insertSummary'
  | 'startBackfill'
  | 'setApiKey'
  | 'showInsights'
>;

export function createDistilApi(parts: Parts): DistilApi {
  const { memory, view } = parts;
  const passed = distilMethods.map((name) => {
    const ask = async (...args: unknown[]) => {
      const client = await memory.client();
      return (client[name] as (...all: unknown[]) => Promise<unknown>)(...args);
    };
    return [name, ask] as const;
  });
  const markdown = async (id: number) => {
    const client = await memory.client();
    const summary = await client.summaryVersion(id);
    return formatSummary(summary, await client.getSession(summary.sessionId));
  };
  return {
    ...(Object.fromEntries(passed) as unknown as Pick<WebviewApi, DistilMethod>),
    promoteLearnings: (ids) => promoteLearnings(parts, ids),
    askEditorModel: (id) => askEditorModel(parts, id),
    copySummary: async (id) => copyPlain(await markdown(id)),
    insertSummary: async (id) => {
      const text = await markdown(id);
      await insertText(parts, text, () => copyPlain(text));
    },
    startBackfill: (request) => startBackfill(parts, request),
    setApiKey: () => setApiKey(parts),
    showInsights: (section) => view.show('show', { tab: 'insights', section }),
  };
}
