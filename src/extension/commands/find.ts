/** Commands that find a memory and use it. Commands on an item start from a click in a page. */
import { l10n } from 'vscode';
import { askMemory } from '../ask/ask';
import { showFileHistory } from '../file-history/history';
import { copyContext } from '../insert/copy';
import { insertMemory } from '../insert/insert';
import { pastFixes, usePastFix } from '../past-fix/use';
import { pickMemory } from '../pick/memory';
import { openFileThen } from '../story/file-then';
import { useWhy, whyHere } from '../why/use';
import { clickedKey } from './clicked';
import type { Run } from './command';

export const findCommands = {
  search: (parts) =>
    pickMemory(parts, {
      title: l10n.t('Search Memory'),
      placeholder: l10n.t('Words, "phrases", -without, project:name, tool:Bash, file:name, after:2026-01-31'),
      enter: parts.memory.settings.enterAction,
    }),
  ask: askMemory,
  insertMemory: (parts) =>
    pickMemory(parts, {
      title: l10n.t('Insert Memory'),
      placeholder: l10n.t('Search for what to insert at the cursor'),
      enter: 'insert',
    }),
  showFileHistory,
  pastFixes,
  usePastFix,
  whyHere,
  useWhy,
  openFileThen,
  insertItem: (parts, clicked) => insertMemory(parts, clickedKey(clicked)),
  copyContext: (parts) =>
    pickMemory(parts, {
      title: l10n.t('Copy Memory as Context'),
      placeholder: l10n.t('Search for what to copy'),
      enter: 'copy',
    }),
  copyItem: (parts, clicked) => copyContext(parts, clickedKey(clicked)),
} satisfies Record<string, Run>;
