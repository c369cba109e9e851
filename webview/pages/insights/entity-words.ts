/** Texts and icons for kinds of entities and relations. */
import type { EntityKind, RelationKind } from '../../../src/protocol/insights';
import { t } from '../../state/words';

export const kindIcons: Readonly<Record<EntityKind, string>> = {
  file: 'file',
  symbol: 'symbol-method',
  tool: 'tools',
  command: 'terminal',
  error: 'error',
  concept: 'lightbulb',
  project: 'folder',
  solution: 'check',
};

export function nameKind(kind: EntityKind): string {
  switch (kind) {
    case 'file':
      return t('File');
    case 'symbol':
      return t('Symbol');
    case 'tool':
      return t('Tool');
    case 'command':
      return t('Command');
    case 'error':
      return t('Error');
    case 'project':
      return t('Project');
    case 'solution':
      return t('Solution');
    default:
      return t('Concept');
  }
}

/** Several of a kind. */
export function nameKinds(kind: EntityKind): string {
  switch (kind) {
    case 'file':
      return t('Files');
    case 'symbol':
      return t('Symbols');
    case 'tool':
      return t('Tools');
    case 'command':
      return t('Commands');
    case 'error':
      return t('Errors');
    case 'project':
      return t('Projects');
    case 'solution':
      return t('Solutions');
    default:
      return t('Concepts');
  }
}

export function nameRelation(kind: RelationKind): string {
  switch (kind) {
    case 'uses':
      return t('uses');
    case 'solves':
      return t('solves');
    case 'causes':
      return t('causes');
    case 'part_of':
      return t('is part of');
    default:
      return t('is related to');
  }
}
