/** Every id the manifest and the code must agree on. `contributions.test.ts` holds the two together. */

/** Commands a person may run from the palette. */
export const publicCommands = {
  openMemory: 'claudeMem.openMemory',
  search: 'claudeMem.search',
  searchByMeaning: 'claudeMem.searchByMeaning',
  insertMemory: 'claudeMem.insertMemory',
  copyContext: 'claudeMem.copyContext',
  openSession: 'claudeMem.openSession',
  resumeSession: 'claudeMem.resumeSession',
  restoreTranscript: 'claudeMem.restoreTranscript',
  importNow: 'claudeMem.importNow',
  cancelImport: 'claudeMem.cancelImport',
  pauseCapture: 'claudeMem.pauseCapture',
  resumeCapture: 'claudeMem.resumeCapture',
  newLearning: 'claudeMem.newLearning',
  promoteLearnings: 'claudeMem.promoteLearnings',
  showAround: 'claudeMem.showAround',
  summarizeSession: 'claudeMem.summarizeSession',
  summarizeAll: 'claudeMem.summarizeAll',
  showSent: 'claudeMem.showSent',
  setApiKey: 'claudeMem.setApiKey',
  removeApiKey: 'claudeMem.removeApiKey',
  forgetSession: 'claudeMem.forgetSession',
  forgetProject: 'claudeMem.forgetProject',
  deleteArchive: 'claudeMem.deleteArchive',
  deleteAllMemory: 'claudeMem.deleteAllMemory',
  backUpNow: 'claudeMem.backUpNow',
  restoreBackup: 'claudeMem.restoreBackup',
  repairMemory: 'claudeMem.repairMemory',
  openDoctor: 'claudeMem.openDoctor',
  showLog: 'claudeMem.showLog',
  openSettings: 'claudeMem.openSettings',
  openWalkthrough: 'claudeMem.openWalkthrough',
} as const;

/** Commands of menus that need the thing that was clicked, or the diff that is open: the palette hides them. */
export const itemCommands = {
  openSessionItem: 'claudeMem.openSessionItem',
  resumeSessionItem: 'claudeMem.resumeSessionItem',
  restoreTranscriptItem: 'claudeMem.restoreTranscriptItem',
  forgetSessionItem: 'claudeMem.forgetSessionItem',
  insertItem: 'claudeMem.insertItem',
  copyItem: 'claudeMem.copyItem',
  learnItem: 'claudeMem.learnItem',
  acceptPromotion: 'claudeMem.acceptPromotion',
  cancelPromotion: 'claudeMem.cancelPromotion',
} as const;

export const commandIds = { ...publicCommands, ...itemCommands } as const;
export type CommandId = (typeof commandIds)[keyof typeof commandIds];

export const containerId = 'claudeMem';
export const memoryViewId = 'claudeMem.memory';
export const readerViewType = 'claudeMem.reader';
export const doctorViewType = 'claudeMem.doctor';
export const walkthroughId = 'start';
/** Scheme of the read-only documents made from memory: sides of a diff, the Quick Pick preview. */
export const documentScheme = 'claude-mem';
/** Scheme of the right side of a promotion: a file as it would be, kept for as long as its diff is open. */
export const promotionScheme = 'claude-mem-promotion';

/** When-clause keys. `isReady` says that memory answers; the others are false until it does. */
export const contextKeys = {
  isReady: 'claudeMem.isReady',
  isPaused: 'claudeMem.isPaused',
  isImporting: 'claudeMem.isImporting',
  hasSearched: 'claudeMem.hasSearched',
  hasInserted: 'claudeMem.hasInserted',
  hasLearnings: 'claudeMem.hasLearnings',
  isPromoting: 'claudeMem.isPromoting',
} as const;
export type ContextKey = (typeof contextKeys)[keyof typeof contextKeys];

export const settingIds = {
  configDir: 'claudeMem.configDir',
  exclude: 'claudeMem.exclude',
  maxLineMegabytes: 'claudeMem.capture.maxLineMegabytes',
  archive: 'claudeMem.archive.enabled',
  defaultScope: 'claudeMem.timeline.defaultScope',
  enterAction: 'claudeMem.search.enterAction',
  modelHub: 'claudeMem.meaning.hub',
  insertStyle: 'claudeMem.insert.style',
  statusBar: 'claudeMem.statusBar.enabled',
  backupMaxSize: 'claudeMem.backup.maxSize',
  retentionDays: 'claudeMem.retention.days',
  retentionMaxSize: 'claudeMem.retention.maxSize',
  modelEnabled: 'claudeMem.model.enabled',
  modelAutomatic: 'claudeMem.model.automatic',
  modelBaseUrl: 'claudeMem.model.baseUrl',
  fastModel: 'claudeMem.model.fastModel',
  strongModel: 'claudeMem.model.strongModel',
  modelDayUsd: 'claudeMem.model.dayUsd',
  modelMonthUsd: 'claudeMem.model.monthUsd',
  modelDayTokens: 'claudeMem.model.dayTokens',
  modelMonthTokens: 'claudeMem.model.monthTokens',
} as const;
export type SettingName = keyof typeof settingIds;

/** How a person wants results in order; kept in global state. */
export const searchOrderKey = 'claudeMem.searchOrder';
/** The person has closed the notice of the first run; kept in global state. */
export const firstRunSeenKey = 'claudeMem.firstRunSeen';
