/** Requests about redaction: the rules in force, and a scan of what was stored before them. */
import type { RedactionStatus, ScanPreview, ScanReport } from '../redaction';
import { answer, question } from './question';
import { requestId } from './schemas';

export const redactionQuestions = {
  redaction: question({
    about: "The person's own rules of redaction that are in force, those that were refused, and the last scan.",
    takes: [],
    gives: answer<RedactionStatus>(),
    by: 'head',
  }),
  previewScan: question({
    about: 'How large a scan of the memory would be.',
    takes: [],
    gives: answer<ScanPreview>(),
    by: 'head',
  }),
  scanAgain: question({
    about:
      "Applies today's rules of redaction to everything stored before and replaces the backups. Answers when it is " +
      'done; the event `scan` tells how far it is.',
    takes: [['requestId', requestId]],
    gives: answer<ScanReport>(),
    by: 'head',
    writes: true,
    canAbort: true,
  }),
};
