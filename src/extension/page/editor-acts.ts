/** Actions of the editor for a page: open, insert, copy, ask for confirmation, show another page. */
import { commands } from 'vscode';
import type { editorQuestions } from '../../protocol/questions/editor';
import type { ApiOf } from '../../protocol/questions/question';
import type { ReaderParts } from '../../protocol/webview';
import { askByModel } from '../ask/ask';
import { eraseMatching, eraseRange } from '../care/erase';
import { forgetSession, forgetSessions } from '../care/forget';
import { showForgotten } from '../care/forgotten';
import { importNow } from '../care/import';
import { chooseConfigDir } from '../config-dir';
import { commandIds, firstRunSeenKey, readerPartsKey, searchOrderKey } from '../contributions';
import { copyContext, copyPlain } from '../insert/copy';
import { insertMemory, insertText } from '../insert/insert';
import { draftLearning } from '../learnings/draft';
import { promoteLearnings } from '../learnings/promote';
import { showDigest } from '../left/digest';
import { setApiKey } from '../models/api-key';
import { askEditorModel } from '../models/editor-model';
import { startBackfill } from '../models/paid-work';
import { openSettings } from '../open-settings';
import type { Parts } from '../parts';
import { openDiff } from '../session/documents';
import { copyTurn, exportSessions } from '../session/export';
import { pinSession, renameSession } from '../session/name';
import { openFile, openLink, openNote } from '../session/open';
import { printSession } from '../session/print';
import { restoreTranscript } from '../session/restore-transcript';
import { resumeSession } from '../session/resume';
import { formatSummary } from '../session/summary-text';
import { openChange, openChanges, openFileAt } from '../story/open';
import type { DoctorMethod } from './doctor-api';
import type { Reader } from './surface';

type EditorActs = Omit<ApiOf<typeof editorQuestions>, 'ready' | DoctorMethod>;

export function editorActs(parts: Parts, reader?: () => Reader): EditorActs {
  const { memory, view, extension } = parts;
  const summaryMarkdown = async (id: number) => {
    const client = await memory.client();
    const summary = await client.summaryVersion(id);
    return formatSummary(summary, await client.getSession(summary.sessionId));
  };
  return {
    setSearchOrder: async (order) => extension.globalState.update(searchOrderKey, order),
    noteLeft: async () => parts.readers.noteLeft(),
    setReaderParts: async (change) =>
      extension.globalState.update(readerPartsKey, {
        ...(extension.globalState.get<ReaderParts>(readerPartsKey) ?? { hasSummary: true, hasOutline: true }),
        ...change,
      }),
    dismissFirstRun: async () => extension.globalState.update(firstRunSeenKey, true),

    openSession: (id, at) => parts.readers.open({ sessionId: id, ...at }),
    openFile: (path) => openFile(parts, path, reader?.().sessionId),
    openNote: (key, line) => openNote(parts, key, line),
    openDiff: (key, index) => openDiff(parts, key, index),
    openChange: (id, file) => openChange(parts, id, file),
    openChanges: (id) => openChanges(parts, id),
    openFileAt: (id, turn, file) => openFileAt(parts, id, turn, file),
    showDigest: () => showDigest(parts),
    openLink: (url) => openLink(url),
    openDoctor: async () => parts.doctor.open(),
    openSettings: (id) => openSettings(id ?? `@ext:${extension.extension.id}`),
    chooseConfigDir: () => chooseConfigDir(parts),
    showForgotten: () => showForgotten(parts),
    showLog: async () => {
      await commands.executeCommand(commandIds.showLog);
    },
    showInsights: (section, session) =>
      view.show('show', { tab: 'insights', section, ...(session !== undefined && { session }) }),

    insert: (key) => insertMemory(parts, key),
    insertSummary: async (id) => {
      const text = await summaryMarkdown(id);
      await insertText(parts, { text }, () => copyPlain(text));
    },
    setInBasket: (key, isIn) => parts.basket.set(key, isIn),
    copyContext: (key) => copyContext(parts, key),
    copySummary: async (id) => copyPlain(await summaryMarkdown(id)),
    copyTurn: (id, turn) => copyTurn(parts, id, turn),
    copyText: (text) => copyPlain(text),

    draftLearning: (key) => draftLearning(parts, key),
    proposalsSeen: async () => parts.newProposals.seen(),
    promoteLearnings: (ids) => promoteLearnings(parts, ids),
    askEditorModel: (id) => askEditorModel(parts, id),
    askByModel: (query) => askByModel(parts, query),
    startBackfill: (request) => startBackfill(parts, request),
    setApiKey: () => setApiKey(parts),

    resumeSession: (id) => resumeSession(parts, id),
    restoreTranscript: (id) => restoreTranscript(parts, id),
    renameSession: (id) => renameSession(parts, id),
    pinSession: (id, isPinned) => pinSession(parts, id, isPinned),
    printSession: (id) => printSession(parts, id),
    forgetSession: (id) => forgetSession(parts, id),
    forgetSessions: (ids) => forgetSessions(parts, ids),
    eraseMatching: (query) => eraseMatching(parts, query),
    eraseRange: (since, until) => eraseRange(parts, { since, until }),
    exportSessions: (ids) => exportSessions(parts, ids),
    importNow: () => importNow(parts),
  };
}
