/** What a page may ask the extension host: memory's questions that are for pages, and acts of the editor. */
import { memoryQuestions } from './memory-api';
import { editorQuestions } from './questions/editor';
import type { ApiOf, AskedBy } from './questions/question';

type PassedOn = AskedBy<typeof memoryQuestions, 'page'>;

/** Memory's questions that go to the keeper as a page asks them. */
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

/** Only the Doctor's page may ask these: other pages show text of transcripts, and could be taken over by it. */
export const doctorMethods = webviewMethods.filter((name) => webviewQuestions[name].by === 'doctor');
