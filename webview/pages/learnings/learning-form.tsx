/** The form for creating and editing a learning. */
import { useCallback, useEffect, useId, useImperativeHandle, useRef, useState } from 'react';
import type { ReactNode, Ref } from 'react';
import { asMemoryError } from '../../../src/protocol/errors';
import { learningCategories } from '../../../src/protocol/model';
import { Button } from '../../parts/button';
import { formatNumber } from '../../state/format';
import { t } from '../../state/words';
import { checkFields, nameCategory } from './draft';
import type { FieldErrors, LearningFields } from './draft';

export interface FormHandle {
  focus: () => void;
  /** True when something was typed, or is being saved. */
  isInUse: () => boolean;
}

interface LearningFormProps {
  fields: LearningFields;
  isNew: boolean;
  /** Saving a proposal accepts it. */
  isProposal?: boolean;
  /** Number of forms that open after this one. */
  waiting: number;
  onSave: (fields: LearningFields) => Promise<void>;
  onCancel: () => void;
  ref: Ref<FormHandle>;
}

/** Keeps the typed text until it is saved, so an error of the keeper loses nothing. */
export function LearningForm({
  ref,
  fields: initial,
  isNew,
  isProposal = false,
  waiting,
  onSave,
  onCancel,
}: LearningFormProps) {
  const [fields, setFields] = useState(initial);
  const [errors, setErrors] = useState<FieldErrors>({});
  const [problem, setProblem] = useState('');
  const [isSaving, setIsSaving] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const title = useRef<HTMLInputElement>(null);
  const focus = useCallback(() => {
    form.current?.scrollIntoView({ block: 'nearest' });
    title.current?.focus();
  }, []);
  useImperativeHandle(ref, () => ({ focus, isInUse: () => isSaving || fields !== initial }));
  useEffect(focus, [focus]);

  const change = (part: Partial<LearningFields>) => {
    setFields((old) => ({ ...old, ...part }));
    // Editing a field removes its error message.
    setErrors((old) => Object.fromEntries(Object.entries(old).filter(([name]) => !(name in part))));
  };
  const save = async () => {
    const found = checkFields(fields);
    setErrors(found);
    if (Object.keys(found).length > 0) {
      if (found.title) title.current?.focus();
      return;
    }
    setIsSaving(true);
    try {
      await onSave(fields);
    } catch (error) {
      setProblem(asMemoryError(error).message);
      setIsSaving(false);
    }
  };

  return (
    <form
      ref={form}
      className="form"
      aria-label={isNew ? t('New learning') : t('Edit learning')}
      onSubmit={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        // While an input method composes, keys belong to it.
        if (event.nativeEvent.isComposing) return;
        if (event.key === 'Escape') onCancel();
        else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void save();
      }}
    >
      <h2>{isNew ? t('New learning') : t('Edit learning')}</h2>
      <Labelled label={t('Title')} error={errors.title}>
        {(attributes) => (
          <input
            ref={title}
            type="text"
            className="input"
            {...attributes}
            value={fields.title}
            onChange={(event) => change({ title: event.target.value })}
          />
        )}
      </Labelled>
      <Labelled label={t('Category')}>
        {(attributes) => (
          <select
            className="input"
            {...attributes}
            value={fields.category}
            onChange={(event) =>
              change({ category: learningCategories.find((name) => name === event.target.value) ?? 'general' })
            }
          >
            {learningCategories.map((category) => (
              <option key={category} value={category}>
                {nameCategory(category)}
              </option>
            ))}
          </select>
        )}
      </Labelled>
      <Labelled label={t('Description')} error={errors.description} hint={t('Markdown')}>
        {(attributes) => (
          <textarea
            className="input"
            rows={6}
            {...attributes}
            value={fields.description}
            onChange={(event) => change({ description: event.target.value })}
          />
        )}
      </Labelled>
      <Labelled label={t('When it applies')} hint={t('optional')}>
        {(attributes) => (
          <textarea
            className="input"
            rows={2}
            {...attributes}
            value={fields.context}
            onChange={(event) => change({ context: event.target.value })}
          />
        )}
      </Labelled>
      <Labelled label={t('Tags')} error={errors.tags} hint={t('separated by commas')}>
        {(attributes) => (
          <input
            type="text"
            className="input"
            {...attributes}
            value={fields.tags}
            onChange={(event) => change({ tags: event.target.value })}
          />
        )}
      </Labelled>
      {problem !== '' && (
        <p className="field-error" role="alert">
          {problem}
        </p>
      )}
      {waiting > 0 && (
        <p className="hint" role="status">
          {t('Waiting until this form is closed: {0}', formatNumber(waiting))}
        </p>
      )}
      <div className="buttons">
        <Button isDisabled={isSaving} onClick={() => void save()}>
          {isProposal ? t('Save and Accept') : t('Save')}
        </Button>
        <Button isSecondary onClick={onCancel}>
          {t('Cancel')}
        </Button>
      </div>
    </form>
  );
}

interface ControlAttributes {
  id: string;
  'aria-invalid': boolean;
  'aria-describedby': string | undefined;
}

interface LabelledProps {
  label: string;
  error?: string | undefined;
  hint?: string;
  children: (attributes: ControlAttributes) => ReactNode;
}

/** A control with its label above and its error below, connected for screen readers. */
function Labelled({ label, error, hint, children }: LabelledProps) {
  const id = useId();
  const errorId = `${id}-error`;
  return (
    <div className="form-row">
      <span className="form-label">
        <label htmlFor={id}>{label}</label>
        {hint && <span className="form-hint">{hint}</span>}
      </span>
      {children({
        id,
        'aria-invalid': error !== undefined,
        'aria-describedby': error === undefined ? undefined : errorId,
      })}
      {error && (
        <span id={errorId} className="field-error" role="alert">
          {error}
        </span>
      )}
    </div>
  );
}
