/** The door for everything that comes out of a page. What a taken-over page could send besides its own words stops here. */
import { MemoryError, asMemoryError } from '../../protocol/errors';
import { checkArguments } from '../../protocol/questions/check';
import type { WebviewContext } from '../../protocol/webview';
import { webviewMethods, webviewQuestions } from '../../protocol/webview-api';
import type { WebviewApi } from '../../protocol/webview-api';

/**
 * The api behind the door, for one sort of page: only what that page may ask is answered, arguments are checked and
 * copied, and errors leave in the words of `explain`.
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
        // Pages that show text of transcripts could be taken over by it: then the backups must be out of their reach.
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
