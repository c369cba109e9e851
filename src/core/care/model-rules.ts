/** Rules of the diagnosis about models and search by meaning. */
import { find } from './finding';
import type { Rule } from './finding';

export const modelRules: Readonly<Record<string, Rule>> = {
  model: () => find('model.none', 'ok', 'Search, titles and redaction work without a language model; none is asked.'),
  vectors({ vectors }) {
    if (!vectors) return undefined;
    const { weight, calibration, queue } = vectors;
    if (queue.whyPaused === 'model')
      return find(
        'model.vectors',
        'warning',
        'The model for search by meaning failed. {0} texts wait for it.',
        [queue.waiting],
        ['show_log'],
      );
    if (!calibration)
      return find(
        'model.vectors',
        'note',
        'Search goes by words until meaning was tried on this history; {0} texts wait.',
        [queue.waiting],
      );
    const percent = (share: number) => Math.round(share * 100);
    if (calibration.reason === 'few_pairs')
      return find(
        'model.vectors',
        'note',
        'Search goes by words: {0} titles, summaries and commits are too few to tell what meaning would add.',
        [calibration.pairs],
      );
    if (calibration.weight === 0)
      return find(
        'model.vectors',
        'ok',
        'Search goes by words: in {0} questions to this history, meaning added nothing.',
        [calibration.pairs],
      );
    return find(
      'model.vectors',
      'ok',
      'Search by meaning counts {0} beside words: in {1} questions to this history, with and without their best words, {2} of 100 found their session among the first five, by words alone {3}.',
      [weight, calibration.pairs, percent(calibration.fused.hit5), percent(calibration.words.hit5)],
    );
  },
  queue({ vectors }) {
    if (!vectors) return undefined;
    const { waiting, done, whyPaused } = vectors.queue;
    const counts = [done, waiting + done];
    if (whyPaused === 'user')
      return find('model.queue', 'note', 'Embedded {0} of {1} texts. Paused by you.', counts, ['choose_model']);
    if (waiting === 0 || whyPaused === undefined)
      return find('model.queue', 'ok', 'Embedded {0} of {1} texts.', counts, ['choose_model']);
    if (whyPaused === 'battery')
      return find(
        'model.queue',
        'ok',
        'Embedded {0} of {1} texts. It goes on when the computer is plugged in.',
        counts,
        ['choose_model'],
      );
    if (whyPaused === 'importing')
      return find('model.queue', 'ok', 'Embedded {0} of {1} texts. It goes on after the import.', counts, [
        'choose_model',
      ]);
    return whyPaused === 'load'
      ? find('model.queue', 'ok', 'Embedded {0} of {1} texts. It goes on when the computer is less busy.', counts, [
          'choose_model',
        ])
      : undefined;
  },
  meaning({ meaning: { phase, model } }) {
    if (phase === 'needs_consent')
      return find(
        'model.meaning',
        'warning',
        'The model for search by meaning is not on this computer any more.',
        [],
        ['choose_model'],
      );
    if (phase === 'failed')
      return find(
        'model.meaning',
        'warning',
        'The model for search by meaning cannot be used; search goes by words alone.',
        [],
        ['choose_model', 'show_log'],
      );
    // A model from a folder is not named, because the folder's name is private.
    if (phase === 'ready' && model)
      return find(
        'model.meaning',
        'ok',
        'Search by meaning is on, on this computer alone: {0}',
        [model.source === 'folder' ? model.id : model.name],
        ['choose_model'],
      );
    return find(
      'model.meaning',
      'ok',
      phase === 'off'
        ? 'Search by meaning is off: search goes by words alone.'
        : 'The model for search by meaning is on its way.',
      [],
      ['choose_model'],
    );
  },
};
