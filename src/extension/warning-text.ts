/** Warnings of the keeper in the language of the editor. Pure. */
import type { l10n } from 'vscode';
import type { MemoryStatus } from '../protocol/status';

/** What the keeper says in English; a code that is not known here is shown as it says it. */
export function warningText({ code, message }: MemoryStatus['warnings'][number], t: typeof l10n.t): string {
  switch (code) {
    case 'disk_low':
      return t('Less than 1 GB is free on the disk of the memory. A backup may not fit.');
    case 'capture_silent':
      return t('Transcripts grow and are not read. Nothing new comes into memory.');
    case 'backup_failing':
      return t('The backup failed several times in a row.');
    case 'backup_old':
      return t('The memory has not been backed up for more than a day.');
    case 'second_folder_away':
      return t('The second backup folder has not been reached for more than a day.');
    case 'clock_back':
      return t('The clock of this computer is behind the time of what was noted before it.');
    case 'tasks_died':
      return t('Work in the background was given up after several tries. The queue says why.');
    case 'future_sessions':
      return t('Sessions are dated in the future: a clock was wrong.');
    default:
      return message;
  }
}
