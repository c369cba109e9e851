import { commandIds } from '../contributions';
import { draftLearning } from '../learnings/draft';
import { clickedKey } from './clicked';
import type { Command } from './command';

/** Opens an empty form in the Learnings tab. */
export const newLearning: Command = {
  id: commandIds.newLearning,
  run: ({ view }) => view.show('draftLearning', { title: '', description: '', sourceSessions: [] }),
};

export const learnItem: Command = {
  id: commandIds.learnItem,
  run: (parts, clicked) => draftLearning(parts, clickedKey(clicked)),
};
