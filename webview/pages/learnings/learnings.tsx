/** Learnings: proposals with their evidence, and those that were accepted, made from a hit or written by hand. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { learningStates } from '../../../src/protocol/learning';
import type { LearningState } from '../../../src/protocol/learning';
import { learningCategories } from '../../../src/protocol/model';
import type { Learning, LearningCategory } from '../../../src/protocol/model';
import type { LearningQuery } from '../../../src/protocol/questions/learnings';
import { Button } from '../../parts/button';
import { Chips } from '../../parts/chips';
import { Empty, Failure, Loading } from '../../parts/empty';
import { Field } from '../../parts/field';
import { IconButton } from '../../parts/icon';
import { VirtualList } from '../../parts/list';
import type { ListHandle } from '../../parts/list';
import { formatNumber } from '../../state/format';
import { useAct, useHost } from '../../state/host';
import { usePersisted } from '../../state/persisted';
import { debounceText } from '../../state/throttle';
import { t } from '../../state/words';
import { ChooseBar } from './choose-bar';
import { asInput, beginFields, categoryIcons, editFields, nameCategory, toInput } from './draft';
import type { Draft, LearningFields } from './draft';
import { EmptyLearnings } from './empty-learnings';
import { LearningForm } from './learning-form';
import { LearningRow } from './learning-row';
import type { LearningActions } from './learning-row';
import { ProposalRow } from './proposal-row';
import type { ReviewActions } from './proposal-row';
import { RelearnStrip, useRelearn } from './relearn';
import { UndoBar } from './undo-bar';
import { useCounts, useLearnings } from './use-learnings';
import { useReview } from './use-review';
import { useUndo } from './use-undo';
import { ViewSwitch } from './view-switch';

interface LearningsProps {
  /** A draft from a hit or a command; a new one has a new key. */
  draft: Draft | null;
}

interface OpenForm {
  fields: LearningFields;
  /** The stored learning that is being edited. */
  learning?: Learning;
}

const keyOf = (learning: Learning) => learning.id;
const estimate = (learning: Learning) => (learning.state === 'accepted' ? 84 : 104);

export function Learnings({ draft }: LearningsProps) {
  const { api } = useHost();
  const act = useAct();
  const [text, setText] = usePersisted('learnings.text', '');
  const [category, setCategory] = usePersisted<LearningCategory | ''>('learnings.category', '');
  const [openId, setOpenId] = usePersisted('learnings.open', '');
  const { counts, recount } = useCounts();
  const [view, setView] = useView(counts?.proposed, draft !== null);
  const [askedText, setAskedText] = useState(text);
  const [form, setForm] = useState<OpenForm | null>(() => (draft ? { fields: beginFields(draft) } : null));
  const [chosen, setChosen] = useState<readonly Learning[] | null>(null);
  const [debounce] = useState(() => debounceText(120));
  const list = useRef<ListHandle>(null);
  useEffect(() => debounce.stop, [debounce]);

  const words = askedText.trim();
  const query: LearningQuery = {
    state: view,
    ...(words !== '' && { text: words }),
    ...(category !== '' && { category }),
  };
  const { list: learnings, save, loadMore } = useLearnings(query);
  const reload = learnings.reload;
  const refresh = useCallback(() => {
    reload();
    recount();
  }, [reload, recount]);
  const undo = useUndo(refresh);
  const review = useReview(undo.run, refresh);
  const relearning = useRelearn(refresh);
  const items = learnings.data?.items ?? [];

  const show = useCallback(
    (next: LearningState) => {
      setView(next);
      setChosen(null);
    },
    [setView],
  );
  const go = useCallback(
    (learning: Learning) => {
      show(learning.state);
      setOpenId(learning.id);
    },
    [show, setOpenId],
  );
  /**
   * Reviewed learnings leave the list. Before that, the focus moves to the next one, so that reviewing can continue by
   * keyboard.
   */
  const leave = (gone: readonly Learning[]) => {
    const ids = new Set(gone.map(({ id }) => id));
    const last = Math.max(...gone.map(({ id }) => items.findIndex((item) => item.id === id)));
    const next = items
      .slice(last + 1)
      .concat(items.slice(0, last).toReversed())
      .find(({ id }) => !ids.has(id));
    if (next) list.current?.focusKey(next.id);
    setChosen(null);
  };
  const decide = (how: (learnings: readonly Learning[]) => Promise<void>, which: readonly Learning[]) => {
    leave(which);
    act(how(which));
  };
  const reviewing: ReviewActions = {
    accept: (learning) => decide(review.accept, [learning]),
    reject: (learning) => decide(review.reject, [learning]),
    edit: (learning) => setForm({ fields: editFields(learning), learning }),
    reopen: (learning) => act(review.reopen(learning)),
    merge: (learning) => setChosen([learning]),
    go,
  };
  const actions: LearningActions = {
    edit: reviewing.edit,
    remove: (learning) => {
      const { id, title } = learning;
      act(
        undo.run(() => api.deleteLearning(id), {
          id,
          kind: 'deleted',
          title,
          count: 1,
          undo: () => api.restoreLearning(id),
        }),
      );
    },
    pin: (learning) => act(save({ ...asInput(learning), isPinned: !learning.isPinned })),
    verify: (learning, isVerified, notes) => act(save({ ...asInput(learning), isVerified, verificationNotes: notes })),
    promote: (learning) => act(api.promoteLearnings([learning.id])),
    go,
  };
  const submit = async (fields: LearningFields) => {
    const saved = await save(toInput(fields, form?.learning));
    const isProposal = form?.learning?.state === 'proposed';
    // Saving an edited proposal accepts it.
    if (isProposal && saved.state === 'proposed') await api.reviewLearning(saved.id, 'accept');
    setForm(null);
    setOpenId(saved.id);
    recount();
    // Shows the list that contains the new learning; otherwise it would seem to be lost.
    if (!isProposal) setView('accepted');
    else reload();
    if (category !== '' && category !== saved.category) setCategory('');
  };
  const toggleOpen = useCallback(
    (learning: Learning) => setOpenId(learning.id === openId ? '' : learning.id),
    [openId, setOpenId],
  );
  const choose = (learning: Learning) =>
    setChosen((old) =>
      old?.some(({ id }) => id === learning.id)
        ? old.filter(({ id }) => id !== learning.id)
        : [...(old ?? []), learning],
    );
  const onRowKey = (event: KeyboardEvent, learning: Learning) => {
    if (isTyping(event.target) || event.altKey || event.ctrlKey || event.metaKey) return;
    if (learning.state === 'accepted') {
      if (event.key === 'Delete') actions.remove(learning);
      return;
    }
    const keys: Partial<Record<string, (which: Learning) => void>> =
      learning.state === 'proposed'
        ? { a: reviewing.accept, e: reviewing.edit, r: reviewing.reject, m: reviewing.merge }
        : {};
    const last = undo.entries.at(-1);
    if (event.key === 'u' && last) act(undo.undo(last));
    else if (event.key === 'Escape' && chosen) setChosen(null);
    else if (!keys[event.key]) return;
    // The key must not be typed into the form it opens.
    event.preventDefault();
    keys[event.key]?.(learning);
  };
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
          {view === 'proposed' && (
            <IconButton
              name="checklist"
              label={t('Choose several')}
              isPressed={chosen !== null}
              isDisabled={items.length === 0}
              onClick={() => setChosen(chosen ? null : [])}
            />
          )}
          <IconButton
            name="refresh"
            label={t('Look again')}
            isDisabled={relearning.isRunning}
            onClick={relearning.begin}
          />
          <IconButton name="add" label={t('New learning')} onClick={() => setForm({ fields: beginFields() })} />
        </div>
        <ViewSwitch view={view} counts={counts} onChange={show} />
        <Chips
          label={t('Filter by category')}
          chips={learningCategories.map((name) => ({
            value: name,
            label: nameCategory(name),
            icon: categoryIcons[name],
          }))}
          selected={[category]}
          onToggle={(value) => setCategory(category === value ? '' : value)}
        />
      </div>
      <RelearnStrip {...relearning} />
      {undo.entries.map((entry) => (
        <UndoBar
          key={entry.id}
          entry={entry}
          takesFocus={entry.kind === 'deleted' || items.length === 0}
          onUndo={() => act(undo.undo(entry))}
          onDismiss={() => undo.dismiss(entry.id)}
        />
      ))}
      {chosen && view === 'proposed' && (
        <ChooseBar
          chosen={chosen}
          onAccept={() => decide(review.accept, chosen)}
          onReject={() => decide(review.reject, chosen)}
          onMerge={() => decide(review.merge, chosen)}
          onCancel={() => setChosen(null)}
        />
      )}
      {form && (
        <LearningForm
          key={form.fields.id}
          fields={form.fields}
          isNew={!form.learning}
          isProposal={form.learning?.state === 'proposed'}
          onSave={submit}
          onCancel={() => setForm(null)}
        />
      )}
      <div className={form ? 'page-body page-body-behind' : 'page-body'} aria-busy={learnings.isLoading}>
        {items.length > 0 ? (
          <VirtualList
            key={JSON.stringify(query)}
            ref={list}
            items={items}
            keyOf={keyOf}
            estimate={estimate}
            renderItem={(learning, tabIndex) => {
              const shared = { learning, tabIndex, isOpen: learning.id === openId, onToggle: toggleOpen };
              if (learning.state === 'accepted') return <LearningRow {...shared} actions={actions} />;
              return (
                <ProposalRow
                  {...shared}
                  isChosen={chosen ? chosen.some(({ id }) => id === learning.id) : undefined}
                  onChoose={choose}
                  actions={reviewing}
                />
              );
            }}
            label={t('Learnings')}
            className="cards"
            isPartial={learnings.data?.next !== undefined}
            onNearEnd={loadMore}
            onRowKey={onRowKey}
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
            <EmptyLearnings
              view={view}
              hasHistory={(counts?.accepted ?? 0) > 0}
              waiting={counts?.proposed ?? 0}
              onInbox={() => show('proposed')}
              onNew={() => setForm({ fields: beginFields() })}
              onLook={relearning.begin}
            />
          )
        )}
      </div>
      <span className="sr-only" role="status">
        {hasFilters && learnings.isFresh ? t('Learnings found: {0}', formatNumber(items.length)) : ''}
      </span>
    </div>
  );
}

/** Starts with the inbox when it has proposals, else with accepted learnings; later with the person's last choice. */
function useView(proposed: number | undefined, hasDraft: boolean): [LearningState, (view: LearningState) => void] {
  const [saved, setSaved] = usePersisted('learnings.view', '');
  const known = learningStates.find((state) => state === saved);
  const [first, setFirst] = useState<LearningState>();
  if (first === undefined && proposed !== undefined) setFirst(proposed > 0 && !hasDraft ? 'proposed' : 'accepted');
  return [known ?? first ?? 'accepted', setSaved];
}

function isTyping(target: EventTarget): boolean {
  return target instanceof HTMLElement && target.matches('input:not([type="checkbox"]), textarea, select');
}
