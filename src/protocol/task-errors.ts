/** Why a task failed; each text is the key of its translation (l10n/webview-words.json). */
export const taskErrors = {
  crashed: 'It ended the keeper each time it was tried.',
  lost: 'The answer was lost on the way. It may have been charged.',
  refused: 'The model refused to answer.',
  tooLong: 'The answer was longer than it may be.',
  malformed: 'The answer was not what was asked for.',
  rejected: 'The API rejected the request ({0}).',
  busy: 'The API is busy ({0}).',
  unreachable: 'The API could not be reached.',
  expired: 'The batch ended before its turn came.',
  restricted: 'Processing of this is restricted.',
  failed: 'It failed: {0}',
} as const;
