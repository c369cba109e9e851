/** The progress of embedding as text. Pure. */
import type { l10n } from 'vscode';
import type { MeaningQueue, PauseReason } from '../../protocol/meaning-queue';
import { formatCount } from '../format';

type Translate = typeof l10n.t;

const minute = 60;
const hour = 60 * minute;

/** `Embedded 3 of 10 texts · about 5 minutes left`, or why it waits. Unknown parts are left out. */
export function describeQueue(queue: MeaningQueue, language: string, t: Translate): string {
  const { waiting, done } = queue;
  const total = waiting + done;
  // During the first import the number of texts is not known yet.
  const progress =
    total === 0 ? '' : t('Embedded {0} of {1} texts', formatCount(done, language), formatCount(total, language));
  return [progress, describePace(queue, language, t)].filter((part) => part !== '').join(' · ');
}

function describePace({ waiting, perSecond, whyPaused }: MeaningQueue, language: string, t: Translate): string {
  // A reason is shown only when texts are waiting, except a pause by the person, who must be able to end it.
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

/** Rounded up to one unit: `5 minutes`. */
function formatDuration(seconds: number, language: string): string {
  const [value, unit] =
    seconds < minute ? [seconds, 'second'] : seconds < hour ? [seconds / minute, 'minute'] : [seconds / hour, 'hour'];
  return Math.ceil(value).toLocaleString(language, { style: 'unit', unit, unitDisplay: 'long' });
}
