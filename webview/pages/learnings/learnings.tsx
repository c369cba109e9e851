/** What is worth knowing next time: written by hand or kept from a hit. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { learningCategories } from '../../../src/protocol/model';
import type { Learning, LearningCategory } from '../../../src/protocol/model';
import type { LearningQuery } from '../../../src/protocol/memory-api';
import { Chips } from '../../parts/chips';
import { Empty, Failure, Loading } from '../../parts/empty';
import { Field } from '../../parts/field';
import { IconButton } from '../../parts/icon';
import { VirtualList } from '../../parts/list';
import type { ListHandle } from '../../parts/list';
import { formatNumber } from '../../state/format';
import { useAct } from '../../state/host';
import { usePersisted } from '../../state/persisted';
import { debounceText } from '../../state/throttle';
import { showLine } from '../../state/visible-text';
import { t } from '../../state/words';
import { asInput, beginFields, categoryIcons, editFields, nameCategory, toInput } from './draft';
import type { Draft, LearningFields } from './draft';
import { LearningForm } from './learning-form';
import { LearningRow } from './learning-row';
import type { LearningActions } from './learning-row';
import { useLearnings, useUndo } from './use-learnings';
import type { Deleted } from './use-learnings';
import { Button } from '../../parts/button';

interface LearningsProps {
  /** What a hit or a command asked to write down; a new one comes with a new key. */
  draft: Draft | null;
}

interface OpenForm {
  fields: LearningFields;
  /** The stored learning when one is being changed. */
  learning?: Learning;
}

const keyOf = (learning: Learning) => learning.id;
const estimate = () => 84;

export function Learnings({ draft }: LearningsProps) {
  const act = useAct();
  const [text, setText] = usePersisted('learnings.text', '');
  const [category, setCategory] = usePersisted<LearningCategory | ''>('learnings.category', '');
  const [openId, setOpenId] = usePersisted('learnings.open', '');
  const [askedText, setAskedText] = useState(text);
  const [form, setForm] = useState<OpenForm | null>(() => (draft ? { fields: beginFields(draft) } : null));
  const [debounce] = useState(() => debounceText(120));
  const list = useRef<ListHandle>(null);
  useEffect(() => debounce.stop, [debounce]);

  const words = askedText.trim();
  const query: LearningQuery = { ...(words !== '' && { text: words }), ...(category !== '' && { category }) };
  const { list: learnings, save, loadMore } = useLearnings(query);
  const undo = useUndo(learnings.reload);

  const actions: LearningActions = {
    edit: (learning) => setForm({ fields: editFields(learning), learning }),
    remove: (learning) => act(undo.remove(learning)),
    pin: (learning) => act(save({ ...asInput(learning), isPinned: !learning.isPinned })),
    verify: (learning, isVerified, notes) => act(save({ ...asInput(learning), isVerified, verificationNotes: notes })),
  };
  const submit = async (fields: LearningFields) => {
    const saved = await save(toInput(fields, form?.learning));
    setForm(null);
    setOpenId(saved.id);
    // A filter that hides what was just written would look like a loss.
    if (category !== '' && category !== saved.category) setCategory('');
  };
  const toggleOpen = useCallback((learning: Learning) => setOpenId(learning.id === openId ? '' : learning.id), [openId, setOpenId]);
  const items = learnings.data?.items ?? [];
  const hasFilters = words !== '' || category !== '';

  return (
    <div className="page">
      <div className="toolbar">
        <div className="toolbar-line">
          <Field
            label={t('Filter learnings')}
            placeholder={t('Filter learnings')}
            icon="filter"
            value={text}
            onChange={(next) => {
              setText(next);
              debounce.push(next, setAskedText);
            }}
            onDown={() => list.current?.focusFirst()}
          />
          <IconButton name="add" label={t('New learning')} onClick={() => setForm({ fields: beginFields() })} />
        </div>
        <Chips
          label={t('Filter by category')}
          chips={learningCategories.map((name) => ({ value: name, label: nameCategory(name), icon: categoryIcons[name] }))}
          selected={[category]}
          onToggle={(value) => setCategory(category === value ? '' : value)}
        />
      </div>
      {undo.deleted.map((entry) => (
        <UndoBar key={entry.id} entry={entry} onUndo={() => act(undo.restore(entry.id))} onDismiss={() => undo.dismiss(entry.id)} />
      ))}
      {form && <LearningForm key={form.fields.id} fields={form.fields} isNew={!form.learning} onSave={submit} onCancel={() => setForm(null)} />}
      <div className={form ? 'page-body page-body-behind' : 'page-body'} aria-busy={learnings.isLoading}>
        {items.length > 0 ? (
          <VirtualList
            key={JSON.stringify(query)}
            ref={list}
            items={items}
            keyOf={keyOf}
            estimate={estimate}
            renderItem={(learning, tabIndex) => <LearningRow learning={learning} tabIndex={tabIndex} isOpen={learning.id === openId} onToggle={toggleOpen} actions={actions} />}
            label={t('Learnings')}
            className="cards"
            isPartial={learnings.data?.next !== undefined}
            onNearEnd={loadMore}
            onRowKey={(event, learning) => {
              if (event.key === 'Delete' && !(event.target instanceof HTMLInputElement)) actions.remove(learning);
            }}
          />
        ) : learnings.error ? (
          <Failure error={learnings.error} onRetry={learnings.reload} />
        ) : !learnings.data ? (
          <Loading label={t('Loading learnings…')} />
        ) : hasFilters ? (
          <Empty icon="filter" title={t('No learning matches the filters')}>
            <div className="buttons">
              <Button
                isSecondary
                onClick={() => {
                  setText('');
                  setAskedText('');
                  setCategory('');
                }}
              >
                {t('Clear Filters')}
              </Button>
            </div>
          </Empty>
        ) : (
          !form && (
            <Empty icon="lightbulb" title={t('Keep what is worth knowing next time')}>
              <p className="empty-text">{t('A learning is a short note: a fix that worked, a pattern, a setting. Write one, or choose "Save as learning" on any search result.')}</p>
              <div className="buttons">
                <Button onClick={() => setForm({ fields: beginFields() })}>{t('New Learning')}</Button>
              </div>
            </Empty>
          )
        )}
      </div>
      <span className="sr-only" role="status">{hasFilters && learnings.isFresh ? t('Learnings found: {0}', formatNumber(items.length)) : ''}</span>
    </div>
  );
}

/** Takes the focus: whoever deleted by mistake is one key away from having it back. */
function UndoBar({ entry, onUndo, onDismiss }: { entry: Deleted; onUndo: () => void; onDismiss: () => void }) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus(), []);
  return (
    <div className="strip undo" role="status">
      <div className="strip-line">
        <span className="strip-text">{t('Deleted: {0}', showLine(entry.title))}</span>
        <span className="strip-buttons">
          <button ref={button} type="button" className="link" onClick={onUndo}>{t('Undo')}</button>
          <IconButton name="close" label={t('Dismiss')} onClick={onDismiss} />
        </span>
      </div>
    </div>
  );
}
