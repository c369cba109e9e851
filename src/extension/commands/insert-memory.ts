import { l10n } from 'vscode';
import { commandIds } from '../contributions';
import { insertMemory } from '../insert/insert';
import { pickMemory } from '../pick/memory';
import { clickedKey } from './clicked';
import type { Command } from './command';

export const insertMemoryHere: Command = {
  id: commandIds.insertMemory,
  run: (parts) =>
    pickMemory(parts, {
      title: l10n.t('Insert Memory'),
      placeholder: l10n.t('Search for what to insert at the cursor'),
      enter: 'insert',
    }),
};

export const insertItem: Command = {
  id: commandIds.insertItem,
  run: (parts, clicked) => insertMemory(parts, clickedKey(clicked)),
};
