/** Requests of pages to the extension host: those about the memory that pages may use, and actions of the editor. */
import { memoryQuestions } from './memory-api';
import { editorQuestions } from './questions/editor';
import type { ApiOf, AskedBy } from './questions/question';

type PassedOn = AskedBy<typeof memoryQuestions, 'page'>;

/** Requests that are passed to the keeper unchanged. */
export const passedOn = Object.keys(memoryQuestions).filter(
  (name) => memoryQuestions[name as keyof typeof memoryQuestions].by === 'page',
) as (keyof PassedOn)[];

export type WebviewApi = ApiOf<PassedOn> & ApiOf<typeof editorQuestions>;
export type WebviewMethod = keyof WebviewApi;

export const webviewQuestions = {
  ...(Object.fromEntries(passedOn.map((name) => [name, memoryQuestions[name]])) as PassedOn),
  ...editorQuestions,
};

export const webviewMethods = Object.keys(webviewQuestions) as WebviewMethod[];
