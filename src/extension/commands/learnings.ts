/** Commands about learnings. */
import { draftLearning } from '../learnings/draft';
import { promoteSomeLearnings } from '../learnings/promote';
import { watchDecisions, watchItem } from '../watch/list';
import { useDecision } from '../watch/use';
import { clickedKey } from './clicked';
import type { Run } from './command';

export const learningCommands = {
  /** Opens an empty form in the Learnings tab. */
  newLearning: ({ view }) => view.show('draftLearning', { title: '', description: '', sourceSessions: [] }),
  learnItem: (parts, clicked) => draftLearning(parts, clickedKey(clicked)),
  promoteLearnings: promoteSomeLearnings,
  watchDecisions,
  watchItem,
  useDecision,
  acceptPromotion: async ({ promotions }) => promotions.decide(true),
  cancelPromotion: async ({ promotions }) => promotions.decide(false),
} satisfies Record<string, Run>;
