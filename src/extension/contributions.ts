/** Every id that the manifest and the code share. `contributions.test.ts` compares the two. */

/** Commands in the palette. */
const publicCommands = {
  openMemory: 'claudeMem.openMemory',
  showTimeline: 'claudeMem.showTimeline',
  showSearch: 'claudeMem.showSearch',
  showLearnings: 'claudeMem.showLearnings',
  showInsights: 'claudeMem.showInsights',
  search: 'claudeMem.search',
  searchByMeaning: 'claudeMem.searchByMeaning',
  insertMemory: 'claudeMem.insertMemory',
  copyContext: 'claudeMem.copyContext',
  openSession: 'claudeMem.openSession',
  resumeSession: 'claudeMem.resumeSession',
  renameSession: 'claudeMem.renameSession',
  togglePin: 'claudeMem.togglePin',
  exportSession: 'claudeMem.exportSession',
  printSession: 'claudeMem.printSession',
  restoreTranscript: 'claudeMem.restoreTranscript',
  importNow: 'claudeMem.importNow',
  cancelImport: 'claudeMem.cancelImport',
  pauseCapture: 'claudeMem.pauseCapture',
  resumeCapture: 'claudeMem.resumeCapture',
  newLearning: 'claudeMem.newLearning',
  promoteLearnings: 'claudeMem.promoteLearnings',
  showAround: 'claudeMem.showAround',
  showFileHistory: 'claudeMem.showFileHistory',
  pastFixes: 'claudeMem.pastFixes',
  whyHere: 'claudeMem.whyHere',
  watchDecisions: 'claudeMem.watchDecisions',
  showChanges: 'claudeMem.showChanges',
  openFileThen: 'claudeMem.openFileThen',
  summarizeSession: 'claudeMem.summarizeSession',
  summarizeAll: 'claudeMem.summarizeAll',
  showSent: 'claudeMem.showSent',
  setApiKey: 'claudeMem.setApiKey',
  removeApiKey: 'claudeMem.removeApiKey',
  giveMemory: 'claudeMem.giveMemory',
  stopGiving: 'claudeMem.stopGiving',
  showBasket: 'claudeMem.showBasket',
  fillBasket: 'claudeMem.fillBasket',
  insertBasket: 'claudeMem.insertBasket',
  copyBasket: 'claudeMem.copyBasket',
  sendBasket: 'claudeMem.sendBasket',
  writeBrief: 'claudeMem.writeBrief',
  basketToInstructions: 'claudeMem.basketToInstructions',
  previewBasket: 'claudeMem.previewBasket',
  fitBasket: 'claudeMem.fitBasket',
  countBasket: 'claudeMem.countBasket',
  undoBasket: 'claudeMem.undoBasket',
  clearBasket: 'claudeMem.clearBasket',
  ask: 'claudeMem.ask',
  showLeft: 'claudeMem.showLeft',
  showDigest: 'claudeMem.showDigest',
  showHelped: 'claudeMem.showHelped',
  showGiven: 'claudeMem.showGiven',
  neverGive: 'claudeMem.neverGive',
  notThisSession: 'claudeMem.notThisSession',
  forgetSession: 'claudeMem.forgetSession',
  previewExcludes: 'claudeMem.previewExcludes',
  joinProjects: 'claudeMem.joinProjects',
  undoJoin: 'claudeMem.undoJoin',
  forgetProject: 'claudeMem.forgetProject',
  showForgotten: 'claudeMem.showForgotten',
  eraseMatching: 'claudeMem.eraseMatching',
  eraseRange: 'claudeMem.eraseRange',
  showReceipts: 'claudeMem.showReceipts',
  showAudit: 'claudeMem.showAudit',
  deleteArchive: 'claudeMem.deleteArchive',
  deleteAllMemory: 'claudeMem.deleteAllMemory',
  backUpNow: 'claudeMem.backUpNow',
  restoreBackup: 'claudeMem.restoreBackup',
  chooseSecondFolder: 'claudeMem.chooseSecondFolder',
  repairMemory: 'claudeMem.repairMemory',
  scanAgain: 'claudeMem.scanAgain',
  exportMemory: 'claudeMem.exportMemory',
  importMemory: 'claudeMem.importMemory',
  restrictProcessing: 'claudeMem.restrictProcessing',
  setClass: 'claudeMem.setClass',
  addMcpServer: 'claudeMem.addMcpServer',
  removeMcpServer: 'claudeMem.removeMcpServer',
  addPlugin: 'claudeMem.addPlugin',
  removePlugin: 'claudeMem.removePlugin',
  openDoctor: 'claudeMem.openDoctor',
  showLog: 'claudeMem.showLog',
  chooseConfigDir: 'claudeMem.chooseConfigDir',
  openSettings: 'claudeMem.openSettings',
  openWalkthrough: 'claudeMem.openWalkthrough',
} as const;

/** Commands of menus that need a clicked item or an open diff; hidden in the palette. */
export const itemCommands = {
  openSessionItem: 'claudeMem.openSessionItem',
  resumeSessionItem: 'claudeMem.resumeSessionItem',
  restoreTranscriptItem: 'claudeMem.restoreTranscriptItem',
  pinSessionItem: 'claudeMem.pinSessionItem',
  unpinSessionItem: 'claudeMem.unpinSessionItem',
  forgetSessionItem: 'claudeMem.forgetSessionItem',
  setClassItem: 'claudeMem.setClassItem',
  eraseRowItem: 'claudeMem.eraseRowItem',
  eraseTurnItem: 'claudeMem.eraseTurnItem',
  insertItem: 'claudeMem.insertItem',
  copyItem: 'claudeMem.copyItem',
  copySelection: 'claudeMem.copySelection',
  copyTurnItem: 'claudeMem.copyTurnItem',
  copySessionIdItem: 'claudeMem.copySessionIdItem',
  learnItem: 'claudeMem.learnItem',
  flagItem: 'claudeMem.flagItem',
  tagItem: 'claudeMem.tagItem',
  similarItem: 'claudeMem.similarItem',
  whyItem: 'claudeMem.whyItem',
  pinItem: 'claudeMem.pinItem',
  editItem: 'claudeMem.editItem',
  promoteItem: 'claudeMem.promoteItem',
  watchItem: 'claudeMem.watchItem',
  deleteItem: 'claudeMem.deleteItem',
  basketItem: 'claudeMem.basketItem',
  openBasketItem: 'claudeMem.openBasketItem',
  trimBasketItem: 'claudeMem.trimBasketItem',
  removeBasketItem: 'claudeMem.removeBasketItem',
  basketItemUp: 'claudeMem.basketItemUp',
  basketItemDown: 'claudeMem.basketItemDown',
  usePastFix: 'claudeMem.usePastFix',
  useWhy: 'claudeMem.useWhy',
  useDecision: 'claudeMem.useDecision',
  acceptPromotion: 'claudeMem.acceptPromotion',
  cancelPromotion: 'claudeMem.cancelPromotion',
} as const;

export const commandIds = { ...publicCommands, ...itemCommands } as const;

export const containerId = 'claudeMem';
export const memoryViewId = 'claudeMem.memory';
export const basketViewId = 'claudeMem.basket';
export const readerViewType = 'claudeMem.reader';
export const doctorViewType = 'claudeMem.doctor';
/** The list of MCP servers that the editor is offered. */
export const mcpProviderId = 'claudeMem.mcp';
/** Tools for the chat of the editor, by their names elsewhere. */
export const chatTools = {
  search: 'claudeMem_search',
  get_observations: 'claudeMem_get_observations',
  get_session: 'claudeMem_get_session',
  why: 'claudeMem_why',
} as const;
export const walkthroughId = 'start';
/** Scheme of read-only documents made from the memory: sides of a diff, the preview of the Quick Pick. */
export const documentScheme = 'claude-mem';
/** Scheme of files as they stood at a turn, and without or with what a session changed. */
export const pastScheme = 'claude-mem-past';
/** Scheme of the right side of a promotion: the new text of a file, kept while its diff is open. */
export const promotionScheme = 'claude-mem-promotion';

/** Keys of when-clauses. `isReady`: the memory answers; the others are false until then. */
export const contextKeys = {
  isReady: 'claudeMem.isReady',
  isPaused: 'claudeMem.isPaused',
  isImporting: 'claudeMem.isImporting',
  hasSearched: 'claudeMem.hasSearched',
  hasInserted: 'claudeMem.hasInserted',
  hasSeenInsights: 'claudeMem.hasSeenInsights',
  hasLearnings: 'claudeMem.hasLearnings',
  isPromoting: 'claudeMem.isPromoting',
  hasApiKey: 'claudeMem.hasApiKey',
  isBasketShown: 'claudeMem.isBasketShown',
  hasBasketItems: 'claudeMem.hasBasketItems',
} as const;
export type ContextKey = (typeof contextKeys)[keyof typeof contextKeys];

export const settingIds = {
  configDir: 'claudeMem.configDir',
  exclude: 'claudeMem.exclude',
  maxLineMegabytes: 'claudeMem.capture.maxLineMegabytes',
  archive: 'claudeMem.archive.enabled',
  redactionPatterns: 'claudeMem.redaction.patterns',
  redactionWords: 'claudeMem.redaction.words',
  redactionKinds: 'claudeMem.redaction.kinds',
  defaultScope: 'claudeMem.timeline.defaultScope',
  enterAction: 'claudeMem.search.enterAction',
  modelHub: 'claudeMem.meaning.hub',
  giveBar: 'claudeMem.give.bar',
  insertStyle: 'claudeMem.insert.style',
  basketTokens: 'claudeMem.basket.tokens',
  statusBar: 'claudeMem.statusBar.enabled',
  fileLens: 'claudeMem.fileHistory.codeLens',
  pastFixes: 'claudeMem.pastFixes.enabled',
  why: 'claudeMem.why.enabled',
  whyHover: 'claudeMem.why.hover',
  whyLens: 'claudeMem.why.codeLens',
  watch: 'claudeMem.watch.enabled',
  story: 'claudeMem.story.enabled',
  left: 'claudeMem.left.enabled',
  ask: 'claudeMem.ask.enabled',
  backupMaxSize: 'claudeMem.backup.maxSize',
  secondBackupFolder: 'claudeMem.backup.secondFolder',
  auditDays: 'claudeMem.audit.days',
  classGive: 'claudeMem.classes.giveUpTo',
  classMcp: 'claudeMem.classes.mcpUpTo',
  classModel: 'claudeMem.classes.modelUpTo',
  classExport: 'claudeMem.classes.exportUpTo',
  classTeam: 'claudeMem.classes.teamUpTo',
  classDays: 'claudeMem.classes.keepDays',
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

/** Preferred sort order; in global state. */
export const searchOrderKey = 'claudeMem.searchOrder';
/** When a person was last in this workspace; in its state. */
export const lastHereKey = 'claudeMem.lastHere';
/** Which parts of the reader are shown; in global state. */
export const readerPartsKey = 'claudeMem.readerParts';
/** True when the person let models of the editor ask; in global state. */
export const modelsMayAskKey = 'claudeMem.modelsMayAsk';
/** True when the view was opened once by itself; in global state. */
export const viewOpenedKey = 'claudeMem.viewOpened';
/** Number of the last learning when the person last looked at the proposals; in global state. */
export const proposalsSeenKey = 'claudeMem.proposalsSeen';
/** Steps of the walkthrough that were done, in any window; in global state. */
export const doneStepsKey = 'claudeMem.doneSteps';
/** True when the person has closed the first-run notice; in global state. */
export const firstRunSeenKey = 'claudeMem.firstRunSeen';
