/** Texts and numbers of the command line. */
import type { ErrorCode } from '../protocol/errors';
import { sizeText } from '../protocol/size';

/** Texts for reasons why a model is not in use. */
const reasons: Readonly<Record<string, string>> = {
  model_changed: 'its files have changed since it was chosen',
  model_incomplete: 'files of it are missing or cannot be read',
  model_unusable: 'it does not give one vector for each token',
  model_crashed: 'it ended unexpectedly, several times',
  model_gone: 'another one is used now, or none',
  disk_full: 'the disk is full',
  hub_offline: 'nobody answered the download',
  hub_cut: 'the download was cut off',
  hub_missing: 'it is not where it should be',
  hub_refused: 'its download was refused',
  hub_wrong_bytes: 'what was downloaded is not the known model',
};

/** The text for a reason. An unknown reason is returned as it is. */
export const describeReason = (reason = 'the log says more'): string =>
  Object.hasOwn(reasons, reason) ? (reasons[reason] ?? reason) : reason;

const exitCodes: Readonly<Record<ErrorCode, number>> = {
  internal: 1,
  invalid_input: 2,
  not_found: 3,
  locked: 4,
  busy: 4,
  corrupt: 5,
  too_new: 6,
  cancelled: 130,
  no_model: 7,
  network: 8,
};

export const exitCodeOf = (code: ErrorCode): number => exitCodes[code];

export const formatBytes = sizeText;
