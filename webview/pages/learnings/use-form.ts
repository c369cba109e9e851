/**
 * The open form, and those that wait for it to be closed: nothing takes the place of a form in which something was
 * typed, because a learning that is half written would be lost.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Learning } from '../../../src/protocol/model';
import { beginFields, editFields } from './draft';
import type { Draft, LearningFields } from './draft';
import type { FormHandle } from './learning-form';

export interface OpenForm {
  fields: LearningFields;
  /** The stored learning that is being edited. */
  learning?: Learning;
}

/** `draft` opens a form on its own; each draft is a new object. */
export function useForm(draft: Draft | null) {
  const [[form, ...waiting], setForms] = useState<readonly OpenForm[]>([]);
  const handle = useRef<FormHandle>(null);
  const begin = useCallback((next: OpenForm) => {
    const isInUse = handle.current?.isInUse() ?? false;
    setForms((old) => {
      if (old.some(({ fields }) => fields.id === next.fields.id)) return old;
      if (!isInUse) return [next, ...old.slice(1)];
      // Who asks for an empty form has one.
      return isEmpty(next) ? old : [...old, next];
    });
    handle.current?.focus();
  }, []);
  useEffect(() => {
    if (draft) begin({ fields: beginFields(draft) });
  }, [begin, draft]);
  return {
    form,
    waiting: waiting.length,
    handle,
    openNew: () => begin({ fields: beginFields() }),
    edit: (learning: Learning) => begin({ fields: editFields(learning), learning }),
    close: ({ fields }: OpenForm) => setForms((old) => old.filter((each) => each.fields.id !== fields.id)),
  };
}

const isEmpty = ({ fields }: OpenForm) => fields.title === '' && fields.description === '';
