import { expect, it } from 'vitest';
import type { MeaningQueue } from '../../protocol/meaning-queue';
import { describeQueue } from './queue-text';

const t = ((text: string, ...args: unknown[]) =>
  text.replaceAll(/\{(\d)\}/g, (_, at: string) => String(args[Number(at)]))) as Parameters<typeof describeQueue>[2];
const running: MeaningQueue = { waiting: 3000, done: 1200, perSecond: 10, isPaused: false };

it.each<[string, Partial<MeaningQueue>, string]>([
  ['at work', {}, 'Embedded 1,200 of 4,200 texts · about 5 minutes left'],
  ['nearly done', { waiting: 9 }, 'Embedded 1,200 of 1,209 texts · about 1 second left'],
  ['slow', { perSecond: 0.4 }, 'Embedded 1,200 of 4,200 texts · about 3 hours left'],
  ['before its first batch', { perSecond: 0 }, 'Embedded 1,200 of 4,200 texts'],
  ['done', { waiting: 0, perSecond: 0 }, 'Embedded 1,200 of 1,200 texts'],
  ['paused by the person', { isPaused: true, whyPaused: 'user' }, 'Embedded 1,200 of 4,200 texts · Paused by you'],
  [
    'paused by the person when nothing waits',
    { waiting: 0, isPaused: true, whyPaused: 'user' },
    'Embedded 1,200 of 1,200 texts · Paused by you',
  ],
  ['on battery', { isPaused: true, whyPaused: 'battery' }, 'Embedded 1,200 of 4,200 texts · Paused: on battery'],
  [
    'on a busy computer',
    { isPaused: true, whyPaused: 'load' },
    'Embedded 1,200 of 4,200 texts · Paused: the computer is busy',
  ],
  [
    'on a busy computer with nothing to do',
    { waiting: 0, isPaused: true, whyPaused: 'load' },
    'Embedded 1,200 of 1,200 texts',
  ],
  ['during a first import', { waiting: 0, done: 0, isPaused: true, whyPaused: 'importing' }, 'Paused while importing'],
  [
    'without its model',
    { isPaused: true, whyPaused: 'model' },
    'Embedded 1,200 of 4,200 texts · Paused: the model failed',
  ],
])('%s', (_, change, text) => {
  expect(describeQueue({ ...running, ...change }, 'en', t)).toBe(text);
});
