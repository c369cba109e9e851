/** A learning in the form: plain text fields, validated before they are sent. */
import type { Learning, LearningCategory, SessionId } from '../../../src/protocol/model';
import type { LearningInput } from '../../../src/protocol/questions/learnings';
import { t } from '../../state/words';

/** Initial content from another page or a command. */
export interface Draft {
  title: string;
  description: string;
  sourceSessions: SessionId[];
}

/** The fields of the form. */
export interface LearningFields {
  id: string;
  category: LearningCategory;
  title: string;
  description: string;
  context: string;
  /** Comma-separated, as typed. */
  tags: string;
  sourceSessions: SessionId[];
}

const maxTitle = 200;
const maxDescription = 20_000;
const maxTags = 20;
const maxTag = 50;

/** Fields for a new learning, filled in from a hit when there is one. */
export function beginFields(draft?: Draft): LearningFields {
  return {
    id: crypto.randomUUID(),
    category: 'general',
    title: draft?.title.slice(0, maxTitle) ?? '',
    description: draft?.description ?? '',
    context: '',
    tags: '',
    sourceSessions: draft?.sourceSessions ?? [],
  };
}

export function editFields(learning: Learning): LearningFields {
  const { id, category, title, description, context, tags, sourceSessions } = learning;
  return { id, category, title, description, context, tags: tags.join(', '), sourceSessions };
}

export type FieldErrors = Partial<Record<'title' | 'description' | 'tags', string>>;

/** Error messages that say what to do; empty when the fields are valid. */
export function checkFields(fields: LearningFields): FieldErrors {
  const errors: FieldErrors = {};
  const title = fields.title.trim();
  if (title === '') errors.title = t('Give it a title, so that you find it again.');
  else if (title.length > maxTitle) errors.title = t('Shorten the title to {0} characters.', maxTitle);
  if (fields.description.trim() === '') errors.description = t('Describe what you learned.');
  else if (fields.description.length > maxDescription)
    errors.description = t('Shorten the description to {0} characters.', maxDescription);
  const tags = splitTags(fields.tags);
  if (tags.length > maxTags) errors.tags = t('Use at most {0} tags.', maxTags);
  else if (tags.some((tag) => tag.length > maxTag)) errors.tags = t('Shorten tags to {0} characters.', maxTag);
  return errors;
}

/** The validated fields as input for the keeper; what the form does not show stays unchanged. */
export function toInput(fields: LearningFields, learning?: Learning): LearningInput {
  return {
    ...(learning && keepRest(learning)),
    id: fields.id,
    category: fields.category,
    title: fields.title.trim(),
    description: fields.description.trim(),
    context: fields.context.trim(),
    tags: splitTags(fields.tags),
    sourceSessions: fields.sourceSessions,
  };
}

/** A stored learning as input, for changing one of its flags; its texts stay as they are stored. */
export function asInput(learning: Learning): LearningInput {
  const { id, category, title, description, context, tags, sourceSessions } = learning;
  return { ...keepRest(learning), id, category, title, description, context, tags, sourceSessions };
}

function keepRest({
  isVerified,
  verificationNotes,
  isPinned,
}: Learning): Pick<LearningInput, 'isVerified' | 'verificationNotes' | 'isPinned'> {
  return { isVerified, verificationNotes, isPinned };
}

function splitTags(tags: string): string[] {
  return [
    ...new Set(
      tags
        .split(/[,，、]/)
        .map((tag) => tag.trim().replace(/^#/, ''))
        .filter((tag) => tag !== ''),
    ),
  ];
}

export function nameCategory(category: LearningCategory): string {
  switch (category) {
    case 'pattern':
      return t('Pattern');
    case 'solution':
      return t('Solution');
    case 'error':
      return t('Error');
    case 'config':
      return t('Configuration');
    case 'best_practice':
      return t('Best practice');
    default:
      return t('General');
  }
}

export const categoryIcons: Record<LearningCategory, string> = {
  pattern: 'symbol-structure',
  solution: 'lightbulb',
  error: 'bug',
  config: 'settings-gear',
  best_practice: 'star-empty',
  general: 'note',
};
