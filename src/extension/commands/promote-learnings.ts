import { commandIds } from '../contributions';
import { promoteSomeLearnings as promote } from '../learnings/promote';
import type { Command } from './command';

export const promoteSomeLearnings: Command = {
  id: commandIds.promoteLearnings,
  run: promote,
};

export const acceptPromotion: Command = {
  id: commandIds.acceptPromotion,
  run: ({ promotions }) => Promise.resolve(promotions.decide(true)),
};

export const cancelPromotion: Command = {
  id: commandIds.cancelPromotion,
  run: ({ promotions }) => Promise.resolve(promotions.decide(false)),
};
