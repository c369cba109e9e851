/** Requests about projects that are shown as one: because one was moved or renamed, or a person said so. */
import type { JoinPreview, ProjectJoin } from '../model';
import { answer, question } from './question';
import type { ApiOf } from './question';
import { count } from './schemas';

export const joinQuestions = {
  previewJoin: question({
    about: 'What joining two projects would show as one, and as which: the one whose folder exists, or else the later.',
    takes: [
      ['one', count],
      ['other', count],
    ],
    gives: answer<JoinPreview>(),
    by: 'head',
  }),
  joinProjects: question({
    about: 'Shows two projects as one, as `previewJoin` says. Moves nothing: `undoJoin` takes it back.',
    takes: [
      ['one', count],
      ['other', count],
    ],
    gives: answer<ProjectJoin>(),
    by: 'head',
    writes: true,
  }),
  projectJoins: question({
    about: 'The joins in force, also those that were found out, the newest first.',
    takes: [],
    gives: answer<ProjectJoin[]>(),
    by: 'head',
  }),
  undoJoin: question({
    about: 'Shows two projects as two again. A join that was found out is not made again.',
    takes: [['id', count]],
    gives: answer<void>(),
    by: 'head',
    writes: true,
  }),
};

export type JoinApi = ApiOf<typeof joinQuestions>;
