/** Requests of a page to the editor: actions of a person, answered by the extension without the keeper. */
import * as z from 'zod/mini';
import type { ModelAnswer } from '../ask';
import { remedies } from '../care';
import { parseRowKey } from '../row-key';
import type { QueueStatus } from '../spend';
import type { FileLedger, Page } from '../status';
import type { SessionSummary } from '../summary';
import { insightsSections } from '../webview';
import type { Examination, WebviewContext } from '../webview';
import { askQuery } from './ask';
import { backupName } from './care';
import { answer, question } from './question';
import { count, cursor, ids, maxPasted, path, rowKey, sessionId, short, time, turn } from './schemas';
import { searchQuery } from './search';
import { backfillRequest } from './spend';

const place = z.object({
  key: z.exactOptional(rowKey),
  turn: z.exactOptional(turn),
  words: z
    .exactOptional(z.array(short).check(z.maxLength(50)))
    .check(z.describe('What was searched for, as the found text has it; the reader marks it.')),
});
const basketKey = z.string().check(
  z.maxLength(210),
  z.refine((value) => ![undefined, 'note'].includes(parseRowKey(value)?.kind) || /^m[\w.:@#-]+$/.test(value)),
  z.describe('Key of a row, or `m` and the id of a session for its summary.'),
);
const link = z.string().check(
  z.maxLength(8_192),
  z.refine((value) => URL.canParse(value) && new URL(value).protocol === 'https:'),
);
const searchOrder = z.object({ sort: z.enum(['best', 'newest']), recency: z.enum(['off', 'usual', 'strong']) });

export const editorQuestions = {
  ready: question({
    about: 'Says that the page is ready for events; answers what it needs to start.',
    takes: [],
    gives: answer<WebviewContext>(),
    by: 'page',
  }),
  setSearchOrder: question({
    about: 'Keeps, for the person and in every window, how results are ordered.',
    takes: [['order', searchOrder]],
    gives: answer<void>(),
    by: 'page',
    writes: true,
  }),
  noteLeft: question({
    about: 'The page has lost the focus: a page that is still opening must not take it from where it went.',
    takes: [],
    gives: answer<void>(),
    by: 'page',
  }),
  setReaderParts: question({
    about: 'Keeps, for the person and in every window, which parts of the reader are shown; others stay as they were.',
    takes: [
      ['parts', z.object({ hasSummary: z.exactOptional(z.boolean()), hasOutline: z.exactOptional(z.boolean()) })],
    ],
    gives: answer<void>(),
    by: 'page',
    writes: true,
  }),
  proposalsSeen: question({
    about: 'The page shows the proposals: those that are there now are new no more, in any window.',
    takes: [],
    gives: answer<void>(),
    by: 'page',
    writes: true,
  }),
  promoteLearnings: question({
    about: 'Shows what would become of a file for Claude Code, and writes it once the person has accepted.',
    takes: [['ids', ids]],
    gives: answer<void>(),
    by: 'page',
    writes: true,
  }),
  askEditorModel: question({
    about: "Asks which model of the editor, after the editor's own consent. Null when the person chose none.",
    takes: [['id', sessionId]],
    gives: answer<SessionSummary | null>(),
    by: 'page',
    writes: true,
  }),
  askByModel: question({
    about:
      'Asks in the editor first, saying what is sent and to whom: no page can spend by itself. Null when the person did ' +
      'not want it.',
    takes: [['query', askQuery]],
    gives: answer<ModelAnswer | null>(),
    by: 'page',
    writes: true,
  }),
  copySummary: question({
    about: 'Copies a summary as Markdown with its source.',
    takes: [['id', count]],
    gives: answer<void>(),
    by: 'page',
  }),
  insertSummary: question({
    about: 'Inserts a summary as Markdown with its source at the cursor.',
    takes: [['id', count]],
    gives: answer<void>(),
    by: 'page',
  }),
  startBackfill: question({
    about:
      'Asks in the editor first, with the estimate: no page can spend by itself. Answers how the queue stands then.',
    takes: [['request', backfillRequest]],
    gives: answer<QueueStatus>(),
    by: 'page',
    writes: true,
  }),
  setApiKey: question({
    about: 'Lets the person type the key into a covered field of the editor. No page sees it.',
    takes: [],
    gives: answer<void>(),
    by: 'page',
    writes: true,
  }),
  showInsights: question({
    about: 'From the reader: shows the Insights tab at this place, for one session where that can be.',
    takes: [
      ['section', z.enum(insightsSections)],
      ['session', z.optional(sessionId)],
    ],
    gives: answer<void>(),
    by: 'page',
  }),
  draftLearning: question({
    about: 'From the reader: opens the Learnings tab with a form filled in from this row.',
    takes: [['key', rowKey]],
    gives: answer<void>(),
    by: 'page',
  }),
  openSession: question({
    about: 'Opens a session in the reader, at a row or turn where one is named.',
    takes: [
      ['id', sessionId],
      ['at', z.optional(place)],
    ],
    gives: answer<void>(),
    by: 'page',
  }),
  insert: question({
    about: 'Inserts the text of a row or learning at the cursor of the last active text editor.',
    takes: [['key', rowKey]],
    gives: answer<void>(),
    by: 'page',
  }),
  setInBasket: question({
    about: 'Puts a row, a learning, a session or the summary of one into the basket of this window, or takes it out.',
    takes: [
      ['key', basketKey],
      ['isIn', z.boolean()],
    ],
    gives: answer<void>(),
    by: 'page',
    writes: true,
  }),
  copyContext: question({
    about: 'Copies a row as Markdown context with its source.',
    takes: [['key', rowKey]],
    gives: answer<void>(),
    by: 'page',
  }),
  copyTurn: question({
    about: 'Copies a turn as Markdown: the prompt and everything up to the next one.',
    takes: [
      ['id', sessionId],
      ['turn', turn],
    ],
    gives: answer<void>(),
    by: 'page',
  }),
  copyText: question({
    about: 'Copies plain text as it is.',
    takes: [['text', z.string().check(z.maxLength(maxPasted))]],
    gives: answer<void>(),
    by: 'page',
  }),
  resumeSession: question({
    about: 'Asks (copy, or type into a terminal) and never submits.',
    takes: [['id', sessionId]],
    gives: answer<void>(),
    by: 'page',
  }),
  restoreTranscript: question({
    about: "Writes an archived transcript back into Claude Code's folder, and says so.",
    takes: [['id', sessionId]],
    gives: answer<void>(),
    by: 'page',
    writes: true,
  }),
  renameSession: question({
    about: "Asks for the session's name, and offers to take it back.",
    takes: [['id', sessionId]],
    gives: answer<void>(),
    by: 'page',
    writes: true,
  }),
  pinSession: question({
    about: 'Pins a session or takes the pin off, and offers to take that back.',
    takes: [
      ['id', sessionId],
      ['isPinned', z.boolean()],
    ],
    gives: answer<void>(),
    by: 'page',
    writes: true,
  }),
  printSession: question({
    about: 'Opens the session in the browser, which asks how to print it; offers a file where no browser can read one.',
    takes: [['id', sessionId]],
    gives: answer<void>(),
    by: 'page',
  }),
  forgetSession: question({
    about: 'Asks first, then erases the session.',
    takes: [['id', sessionId]],
    gives: answer<void>(),
    by: 'page',
    writes: true,
  }),
  forgetSessions: question({
    about: 'Asks once for all of them, then erases the sessions.',
    takes: [['ids', ids]],
    gives: answer<void>(),
    by: 'page',
    writes: true,
  }),
  eraseMatching: question({
    about: 'Says what would go, asks, then erases for good all that has the words of this search.',
    takes: [['query', searchQuery]],
    gives: answer<void>(),
    by: 'page',
    writes: true,
  }),
  eraseRange: question({
    about: 'Says what would go, asks, then erases for good all that was said in a span of time; the end is exclusive.',
    takes: [
      ['since', time],
      ['until', time],
    ],
    gives: answer<void>(),
    by: 'page',
    writes: true,
  }),
  exportSessions: question({
    about: 'Opens a new document with the sessions as Markdown, which the person may save.',
    takes: [['ids', ids]],
    gives: answer<void>(),
    by: 'page',
  }),
  openFile: question({
    about: 'Opens a file of the workspace when it exists.',
    takes: [['path', path]],
    gives: answer<void>(),
    by: 'page',
  }),
  openNote: question({
    about: 'Opens a file in which Claude Code remembers by itself, at a line. The page names no path.',
    takes: [
      ['key', rowKey],
      ['line', z.optional(z.int().check(z.gte(1), z.lte(1_000_000)))],
    ],
    gives: answer<void>(),
    by: 'page',
  }),
  openDiff: question({
    about: 'Opens one edit of a row in the native diff editor.',
    takes: [
      ['key', rowKey],
      ['index', z.int().check(z.gte(0), z.lte(10_000))],
    ],
    gives: answer<void>(),
    by: 'page',
  }),
  openChange: question({
    about: 'Opens what a session changed in one file in the native diff editor.',
    takes: [
      ['id', sessionId],
      ['file', path],
    ],
    gives: answer<void>(),
    by: 'page',
  }),
  openChanges: question({
    about: 'Opens all that a session changed in one editor, file by file.',
    takes: [['id', sessionId]],
    gives: answer<void>(),
    by: 'page',
  }),
  openFileAt: question({
    about: "Opens a file as it stood after a turn, read-only, beside today's.",
    takes: [
      ['id', sessionId],
      ['turn', turn],
      ['file', path],
    ],
    gives: answer<void>(),
    by: 'page',
  }),
  showDigest: question({
    about: 'Asks of which time, then copies, inserts or shows what was done in it.',
    takes: [],
    gives: answer<void>(),
    by: 'page',
  }),
  openLink: question({
    about: 'Opens a web page in the browser.',
    takes: [['url', link]],
    gives: answer<void>(),
    by: 'page',
  }),
  importNow: question({
    about: 'Reads everything there is, now, with progress in the view.',
    takes: [],
    gives: answer<void>(),
    by: 'page',
    writes: true,
  }),
  openSettings: question({
    about: 'Opens the settings, all of ours or one.',
    takes: [['id', z.optional(z.string().check(z.maxLength(100), z.regex(/^claudeMem(\.\w+)*$/)))]],
    gives: answer<void>(),
    by: 'page',
  }),
  showForgotten: question({
    about: 'Lists what was forgotten and can be read again; the person ticks what comes back.',
    takes: [],
    gives: answer<void>(),
    by: 'page',
    writes: true,
  }),
  chooseConfigDir: question({
    about: 'Lets the person choose the config folder of Claude Code, and shows what it has before it is taken.',
    takes: [],
    gives: answer<void>(),
    by: 'page',
    writes: true,
  }),
  showLog: question({ about: 'Shows the log.', takes: [], gives: answer<void>(), by: 'page' }),
  dismissFirstRun: question({
    about: 'The first-run notice was closed and does not come back.',
    takes: [],
    gives: answer<void>(),
    by: 'page',
    writes: true,
  }),
  openDoctor: question({ about: 'Opens the Doctor.', takes: [], gives: answer<void>(), by: 'page' }),

  examine: question({
    about: 'All that the Doctor shows, taken at one moment. A memory that could not be opened is tried again.',
    takes: [],
    gives: answer<Examination>(),
    by: 'doctor',
  }),
  applyRemedy: question({
    about:
      'Asks first where something could be lost. Answers what was done, in words; empty when there is nothing to say.',
    takes: [['remedy', z.enum(remedies)]],
    gives: answer<string>(),
    by: 'doctor',
    writes: true,
  }),
  restoreBackup: question({
    about: 'Asks first, then restores a backup. Answers what was done, in words.',
    takes: [['name', backupName]],
    gives: answer<string>(),
    by: 'doctor',
    writes: true,
  }),
  listUneven: question({
    about: 'Transcript files of which bytes were passed over or are missing, those that do not add up first.',
    takes: [['cursor', z.optional(cursor)]],
    gives: answer<Page<FileLedger>>(),
    by: 'doctor',
  }),
};
