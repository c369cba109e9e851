import { l10n } from 'vscode';
import { commandIds } from '../contributions';
import { copyContext } from '../insert/copy';
import { pickMemory } from '../pick/memory';
import { clickedKey } from './clicked';
import type { Command } from './command';

export const copyMemoryAsContext: Command = {
  id: commandIds.copyContext,
  run: (parts) =>
    pickMemory(parts, {
      title: l10n.t('Copy Memory as Context'),
      placeholder: l10n.t('Search for what to copy'),
      enter: 'copy',
    }),
};

export const copyItem: Command = {
  id: commandIds.copyItem,
  run: (parts, clicked) => copyContext(parts, clickedKey(clicked)),
};
