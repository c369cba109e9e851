/** Validates everything that comes from a page, which may have been taken over by hostile text. */
import { MemoryError, asMemoryError } from '../../protocol/errors';
import { checkArguments } from '../../protocol/questions/check';
import type { WebviewContext } from '../../protocol/webview';
import { webviewMethods, webviewQuestions } from '../../protocol/webview-api';
import type { WebviewApi } from '../../protocol/webview-api';

/**
 * Wraps the api for one kind of page: only methods for that page are answered, arguments are validated and copied, and
 * errors get the messages of `explain`.
 */
export function guard(
  api: WebviewApi,
  surface: WebviewContext['surface'],
  explain: (error: unknown) => string,
  note: (method: string, error: unknown) => void,
): WebviewApi {
  const guarded = webviewMethods.map((name) => {
    const question = webviewQuestions[name];
    const method = api[name] as (...args: unknown[]) => Promise<unknown>;
    const call = async (...args: unknown[]) => {
      try {
        // Pages that show text of transcripts may be taken over by it, so they must not reach the backups.
        if (question.by === 'doctor' && surface !== 'doctor')
          throw new MemoryError('not_found', 'Only the Doctor may ask this.');
        return await method.call(api, ...checkArguments(name, question, args));
      } catch (error) {
        note(name, error);
        const { code, data } = asMemoryError(error);
        throw new MemoryError(code, explain(error), data);
      }
    };
    return [name, call] as const;
  });
  return Object.fromEntries(guarded) as unknown as WebviewApi;
}
