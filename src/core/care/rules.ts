/** The rules of the diagnosis: facts in, findings out. Messages are English and keys of their translations. */
import { sizeText } from '../../protocol/size';
import { dayMs, hourMs } from '../lib/clock';
import { find, megabyte } from './finding';
import type { Rule } from './finding';
import { modelRules } from './model-rules';
import { redactionRules } from './redaction-rules';
import { restrictionRules } from './restriction-rules';
import { scrub } from './scrub';
import { secondRules } from './second-rules';

/** In the order in which findings are shown. */
export const rules: Readonly<Record<string, Rule>> = {
  integrity({ state: { lastCheck }, now }) {
    if (!lastCheck)
      return find(
        'store.integrity',
        'note',
        'The memory file has not been checked yet. This happens in the background.',
      );
    if (lastCheck.problems.length > 0)
      return find(
        'store.integrity',
        'error',
        'The memory file is damaged in {0} places.',
        [lastCheck.problems.length],
        ['repair', 'restore_backup', 'show_log'],
      );
    const hours = Math.floor(Math.max(now - lastCheck.at, 0) / hourMs);
    if (hours < 2)
      return find('store.integrity', 'ok', 'The memory file was checked within the last two hours and is whole.');
    return find('store.integrity', 'ok', 'The memory file was checked {0} hours ago and is whole.', [hours]);
  },
  driver({ driver, warnings }) {
    if (driver === 'memory')
      return find(
        'store.driver',
        'error',
        'Memory is kept nowhere: it will be gone when the editor closes.',
        [],
        ['show_log'],
      );
    if (driver === 'disk') return find('store.driver', 'ok', 'Every write goes to the disk at once.');
    return find(
      'store.driver',
      'warning',
      'Memory runs in its slower safe mode: {0}',
      [scrub(warnings.find(({ code }) => code === 'fallback_driver')?.message ?? '')],
      ['show_log'],
    );
  },
  outcome({ state: { outcomes } }) {
    const last = outcomes.at(-1);
    if (!last || last.isDone) return undefined;
    return find(
      'store.outcome',
      'warning',
      'The last restore or repair was not done, and the memory is as it was: {0}',
      [scrub(last.reason ?? '')],
      ['restore_backup', 'repair', 'show_log'],
    );
  },
  older: ({ state: { olderSince }, now }) =>
    olderSince !== undefined && now - olderSince < 7 * dayMs
      ? find(
          'store.older',
          'warning',
          'The memory file is older than the one that was open before it: what came since is missing in it.',
          [],
          ['restore_backup', 'import_now'],
        )
      : undefined,
  undo: ({ hasUndo }) =>
    hasUndo
      ? find(
          'store.undo',
          'note',
          'The memory as it was before the last restore is kept for 30 days.',
          [],
          ['undo_restore'],
        )
      : undefined,
  backup({ backups, sessions, state, now }) {
    const whole = backups.filter(({ kind }) => kind !== 'written');
    const [newest] = whole;
    if (!newest)
      return sessions === 0 ? undefined : find('store.backup', 'warning', 'There is no backup yet.', [], ['back_up']);
    const age = Math.max(now - newest.at, 0);
    if (age > 3 * dayMs && now - state.lastFullAt > 3 * dayMs)
      return find(
        'store.backup',
        'warning',
        'The newest backup is {0} days old.',
        [Math.floor(age / dayMs)],
        ['back_up', 'restore_backup'],
      );
    return find(
      'store.backup',
      'ok',
      'Backups: {0}. The newest is {1} hours old.',
      [whole.length, Math.floor(age / hourMs)],
      ['back_up', 'restore_backup'],
    );
  },
  backupFailure: ({ state: { lastFailure } }) =>
    lastFailure
      ? find(
          'store.backup_failure',
          'warning',
          'The last backup failed: {0}',
          [scrub(lastFailure.reason)],
          ['back_up', 'show_log'],
        )
      : undefined,
  erasing: ({ state: { unforgotten, mustDeleteAll } }) =>
    unforgotten.length > 0 || mustDeleteAll === true
      ? find('store.erasing', 'note', 'What was forgotten is still being erased from backups.')
      : undefined,
  ...redactionRules,
  ...restrictionRules,
  ...secondRules,
  room({ health: { freeBytes }, sizes }) {
    if (freeBytes < 10 * megabyte || freeBytes < sizes.database / 4) return undefined;
    return find(
      'store.room',
      'note',
      '{0} of the memory file are free and can be given back.',
      [sizeText(freeBytes)],
      ['compact'],
    );
  },
  keeper({ keeperPid, warnings }) {
    if (warnings.some(({ code }) => code === 'network_folder'))
      return find(
        'lock.network',
        'warning',
        'The memory is on a network drive. Another computer must not use it at the same time.',
        [],
        ['open_folder'],
      );
    return find('lock.keeper', 'ok', 'One process owns the memory: {0}. All windows ask it.', [keeperPid]);
  },
  steps({ warnings }) {
    if (!warnings.some(({ code }) => code === 'step_failed')) return undefined;
    return find(
      'lock.step',
      'warning',
      'A step in the background failed and was left out. The memory goes on; the log says which step it was.',
      [],
      ['show_log'],
    );
  },
  clock: ({ warnings }) =>
    warnings.some(({ code }) => code === 'clock_back')
      ? find(
          'lock.clock',
          'warning',
          'The clock of this computer is behind the time of what was noted before it. New sessions may stand among old ones.',
        )
      : undefined,
  tasks: ({ warnings }) =>
    warnings.some(({ code }) => code === 'tasks_died')
      ? find(
          'model.tasks',
          'warning',
          'Work in the background was given up after several tries. The queue says why, and can try again.',
          [],
          ['show_log'],
        )
      : undefined,
  privacy: ({ isReadableByOthers }) =>
    isReadableByOthers
      ? find('lock.readable', 'warning', 'Other users of this computer can read the memory file.', [], ['open_folder'])
      : undefined,
  disk({ diskFree, sizes }) {
    if (diskFree === undefined) return undefined;
    const needed = Math.max(2 * sizes.database, 1000 * megabyte);
    if (diskFree < 50 * megabyte)
      return find(
        'disk.free',
        'error',
        'The disk is full: {0} are free.',
        [sizeText(diskFree)],
        ['compact', 'open_folder'],
      );
    if (diskFree < needed)
      return find(
        'disk.free',
        'warning',
        'Only {0} are free on the disk of the memory. A backup or a repair needs {1}.',
        [sizeText(diskFree), sizeText(needed)],
        ['compact', 'open_folder'],
      );
    return find('disk.free', 'ok', '{0} are free on the disk of the memory.', [sizeText(diskFree)]);
  },
  size({ sizes }) {
    return find(
      'disk.size',
      'ok',
      'Memory takes {0}, its backups {1}.',
      [sizeText(sizes.database + sizes.journal + sizes.archive), sizeText(sizes.backups + sizes.aside)],
      ['open_settings'],
    );
  },
  folders({ folders, sessions }) {
    const bad = folders.find(({ fault }) => fault !== undefined);
    if (!bad) return undefined;
    // Without a session this is the state before Claude Code was ever used.
    const level = sessions > 0 ? 'warning' : 'note';
    const message =
      bad.fault === 'no_projects'
        ? 'The config folder of Claude Code has no sessions in it: {0}'
        : 'The config folder of Claude Code is not there: {0}. Nothing new is read from it; what is in memory stays.';
    return find('transcripts.folder', level, message, [bad.dir], ['choose_folder', 'import_now']);
  },
  ledger({ health: { transcripts, transcriptsBalanced, onlyHere } }) {
    const isWhole = transcripts === transcriptsBalanced;
    return find(
      'transcripts.ledger',
      isWhole ? 'ok' : 'warning',
      '{0} of {1} sessions accounted for; {2} exist only here',
      [transcriptsBalanced, transcripts, onlyHere],
      isWhole ? [] : ['import_now', 'show_log'],
    );
  },
  silent: ({ warnings }) =>
    warnings.some(({ code }) => code === 'capture_silent')
      ? find(
          'transcripts.silent',
          'warning',
          'Transcripts grow and are not read. Nothing new comes into memory.',
          [],
          ['import_now', 'show_log'],
        )
      : undefined,
  links: ({ links: { followed, passedOver } }) =>
    followed + passedOver > 0
      ? find(
          'transcripts.links',
          passedOver > 0 ? 'note' : 'ok',
          'Links in the config folder: {0} were followed; {1} lead nowhere or in a circle and were passed over.',
          [followed, passedOver],
        )
      : undefined,
  dates: ({ health: { future, ancient } }) =>
    future + ancient > 0
      ? find(
          'transcripts.dates',
          'note',
          'A clock was wrong: {0} sessions are dated in the future, {1} before 2023. They lead no list; the time of their file counts for the limit by age.',
          [future, ancient],
        )
      : undefined,
  unknownTypes: ({ health: { unknownTypes } }) =>
    unknownTypes.length > 0
      ? find(
          'transcripts.unknown_types',
          'note',
          'Claude Code writes lines of types that are not known yet, which are kept in the archive only: {0}',
          [unknownTypes.map(({ type, version, lines }) => `${type} × ${lines} (${version})`).join(', ')],
        )
      : undefined,
  passedOver: ({ passedOver }) =>
    passedOver.length > 0
      ? find(
          'transcripts.stuck',
          'warning',
          'Lines that stopped the memory are passed over: {0}. The last: {1}, byte {2}',
          [passedOver.length, passedOver.at(-1)?.file ?? '', passedOver.at(-1)?.offset ?? 0],
        )
      : undefined,
  archive({ archive: { isOn, isBroken, sessions, bytes } }) {
    if (isBroken)
      return find(
        'transcripts.archive',
        'error',
        'The archive of transcripts cannot be opened: new transcripts are read, but not archived.',
        [],
        ['repair', 'show_log'],
      );
    if (!isOn)
      return find(
        'transcripts.archive',
        'note',
        'Archiving is off: a session can no longer be resumed once Claude Code has deleted its transcript. Archived so far: {0}.',
        [sessions],
        ['open_settings'],
      );
    return find('transcripts.archive', 'ok', 'Transcripts of {0} sessions are archived, in {1}.', [
      sessions,
      sizeText(bytes),
    ]);
  },
  capture({ capture: { phase, reason }, lastCaptureAt, sessions }) {
    if (phase === 'paused')
      return find(
        'transcripts.capture',
        'note',
        'Capture is paused: nothing is read until it is resumed.',
        [],
        ['resume_capture'],
      );
    if (phase === 'cancelled')
      return find('transcripts.capture', 'note', 'The import was stopped before its end.', [], ['import_now']);
    if (phase === 'error')
      return find(
        'transcripts.capture',
        'warning',
        'Some transcripts cannot be read: {0}',
        [scrub(reason ?? '')],
        ['import_now', 'show_log'],
      );
    if (sessions === 0)
      return find(
        'transcripts.capture',
        'note',
        'No session has been found. Is the config folder of Claude Code the right one?',
        [],
        ['open_settings', 'import_now'],
      );
    return find(
      'transcripts.capture',
      'ok',
      lastCaptureAt === null
        ? 'Transcripts are being followed.'
        : 'Transcripts are being followed, and something new was read since the start.',
    );
  },
  excludes({ idleExcludes }) {
    const [first] = idleExcludes;
    if (!first) return undefined;
    // Quoted, so that the report, which people send to others, leaves them out.
    const quoted = (text: string) => `"${text.replaceAll('"', '')}"`;
    return find(
      'transcripts.excludes',
      'warning',
      'Excludes that match no project: {0}. The first is {1}; it was read as {2}.',
      [idleExcludes.length, quoted(first.pattern), quoted(first.readAs)],
      ['open_settings'],
    );
  },
  index({ capture: { indexing }, health: { rows, documents } }) {
    if (indexing)
      return find('index.documents', 'note', 'The search index is being made anew: {0} of {1} texts are in it.', [
        indexing.done,
        indexing.total,
      ]);
    if (documents < rows)
      return find(
        'index.documents',
        'warning',
        '{0} of {1} texts cannot be found by searching.',
        [rows - documents, rows],
        ['rebuild_index'],
      );
    return find('index.documents', 'ok', 'All {0} texts can be found by searching.', [rows]);
  },
  ...modelRules,
  hooks: () =>
    find('hooks.none', 'ok', 'Sessions are read from the transcripts Claude Code writes; no hooks are needed.'),
};
