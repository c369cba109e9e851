/** Requests of pages: those about the memory go to the keeper, the others act on the editor. */
import { commands } from 'vscode';
import type { WebviewApi, WebviewContext } from '../../protocol/webview';
import { forgetSession } from '../care/forget';
import { importNow } from '../care/import';
import { commandIds, firstRunSeenKey, searchOrderKey } from '../contributions';
import { copyContext, copyPlain } from '../insert/copy';
import { insertMemory } from '../insert/insert';
import { draftLearning } from '../learnings/draft';
import type { Parts } from '../parts';
import { openDiff } from '../session/documents';
import { openFile, openLink } from '../session/open';
import { restoreTranscript } from '../session/restore-transcript';
import { resumeSession } from '../session/resume';
import { createDistilApi } from './distil-api';
import type { DoctorMethod } from './doctor-api';

/** All methods except `ready`, which the surface answers, and those for the Doctor only. */
export function createWebviewApi(
  parts: Parts,
  reader?: () => NonNullable<WebviewContext['reader']>,
): Omit<WebviewApi, 'ready' | DoctorMethod> {
  const { memory } = parts;
  const client = () => memory.client();
  return {
    ...createDistilApi(parts),
    status: (isAllProjects) => memory.status(isAllProjects),
    projects: async () => (await client()).projects(),
    listSessions: async (query, signal) => (await client()).listSessions(query, signal),
    readSession: async (query, signal) => (await client()).readSession(query, signal),
    findInSession: async (id, text, signal) => (await client()).findInSession(id, text, signal),
    getItem: async (key) => (await client()).getItem(key),
    search: async (query, signal) => {
      memory.setContext('hasSearched', true);
      return (await client()).search(query, signal);
    },
    suggest: async (prefix, isAllProjects) => (await client()).suggest(prefix, memory.scopeOf(isAllProjects)),
    setSearchOrder: async (order) => {
      await parts.extension.globalState.update(searchOrderKey, order);
    },
    setFlagged: async (key, isFlagged) => (await client()).setFlagged(key, isFlagged),
    setTags: async (key, tags) => (await client()).setTags(key, tags),
    listTags: async () => (await client()).listTags(),
    listSearches: async () => (await client()).listSearches(),
    saveSearch: async (search) => (await client()).saveSearch(search),
    deleteSearch: async (id) => (await client()).deleteSearch(id),
    noteSearchUse: async (id) => (await client()).noteSearchUse(id),
    listLearnings: async (query) => (await client()).listLearnings(query),
    saveLearning: async (input) => {
      const learning = await (await client()).saveLearning(input);
      memory.setContext('hasLearnings', true);
      return learning;
    },
    deleteLearning: async (id) => (await client()).deleteLearning(id),
    restoreLearning: async (id) => (await client()).restoreLearning(id),

    draftLearning: (key) => draftLearning(parts, key),
    openSession: (id, at) => parts.readers.open({ sessionId: id, ...at }),
    insert: (key) => insertMemory(parts, key),
    copyContext: (key) => copyContext(parts, key),
    copyText: (text) => copyPlain(text),
    resumeSession: (id) => resumeSession(parts, id),
    restoreTranscript: (id) => restoreTranscript(parts, id),
    forgetSession: (id) => forgetSession(parts, id),
    openFile: (path) => openFile(parts, path, reader?.().sessionId),
    openDiff: (key, index) => openDiff(parts, key, index),
    openLink: (url) => openLink(url),
    importNow: () => importNow(parts),
    cancelImport: async () => (await client()).cancelImport(),
    setPaused: async (isPaused) => (await client()).setPaused(isPaused),
    openSettings: async (id) => {
      await commands.executeCommand('workbench.action.openSettings', id ?? `@ext:${parts.extension.extension.id}`);
    },
    openDoctor: async () => parts.doctor.open(),
    showLog: async () => {
      await commands.executeCommand(commandIds.showLog);
    },
    dismissFirstRun: async () => {
      await parts.extension.globalState.update(firstRunSeenKey, true);
    },
  };
}
