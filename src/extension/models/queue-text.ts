/** How far the vectors of the texts have come, in words: plain data in, text out. */
import type { l10n } from 'vscode';
import type { MeaningQueue, PauseReason } from '../../protocol/meaning-queue';
import { formatCount } from '../format';

type Translate = typeof l10n.t;

const minute = 60;
const hour = 60 * minute;

/** `Embedded 3 of 10 texts · about 5 minutes left`, or why it waits. Parts that are not known are left out. */
export function describeQueue(queue: MeaningQueue, language: string, t: Translate): string {
  const { waiting, done } = queue;
  const total = waiting + done;
  // While a first import runs nobody has counted yet.
  const progress =
    total === 0 ? '' : t('Embedded {0} of {1} texts', formatCount(done, language), formatCount(total, language));
  return [progress, describePace(queue, language, t)].filter((part) => part !== '').join(' · ');
}

function describePace({ waiting, perSecond, whyPaused }: MeaningQueue, language: string, t: Translate): string {
  // A busy computer keeps nothing waiting when there is nothing to do; what a person paused, a person must find.
  if (whyPaused !== undefined && (waiting > 0 || whyPaused === 'user' || whyPaused === 'importing'))
    return describePause(whyPaused, t);
  if (waiting === 0 || perSecond === 0) return '';
  return t('about {0} left', formatDuration(waiting / perSecond, language));
}

function describePause(why: PauseReason, t: Translate): string {
  switch (why) {
    case 'user':
      return t('Paused by you');
    case 'importing':
      return t('Paused while importing');
    case 'battery':
      return t('Paused: on battery');
    case 'load':
      return t('Paused: the computer is busy');
    default:
      return t('Paused: the model failed');
  }
}

/** One unit, rounded up: `5 minutes`. */
function formatDuration(seconds: number, language: string): string {
  const [value, unit] =
    seconds < minute ? [seconds, 'second'] : seconds < hour ? [seconds / minute, 'minute'] : [seconds / hour, 'hour'];
  return Math.ceil(value).toLocaleString(language, { style: 'unit', unit, unitDisplay: 'long' });
}
