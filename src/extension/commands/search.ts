import { l10n } from 'vscode';
import { commandIds } from '../contributions';
import { pickMemory } from '../pick/memory';
import type { Command } from './command';

export const search: Command = {
  id: commandIds.search,
  run: (parts) =>
    pickMemory(parts, {
      title: l10n.t('Search Memory'),
      placeholder: l10n.t('Words, "phrases", -without, project:name, tool:Bash, file:name, after:2026-01-31'),
      enter: parts.memory.settings.enterAction,
    }),
};
