/** Learnings: proposals with their evidence, and those that were accepted, made from a hit or written by hand. */
import { useCallback, useEffect, useMemo, useRef } from 'react';
import type { RefObject } from 'react';
import type { LearningState } from '../../../src/protocol/learning';
import type { ListHandle } from '../../parts/list';
import { formatNumber } from '../../state/format';
import { useAct, useHost } from '../../state/host';
import { usePersisted } from '../../state/persisted';
import { t } from '../../state/words';
import { orderByProject } from './by-project';
import { ChooseBar } from './choose-bar';
import { toInput } from './draft';
import type { Draft, LearningFields } from './draft';
import { EmptyLearnings } from './empty-learnings';
import { LearningForm } from './learning-form';
import { LearningList } from './learning-list';
import { LearningsBar } from './learnings-bar';
import { RelearnStrip, useRelearn } from './relearn';
import { UndoBar } from './undo-bar';
import { useActs } from './use-acts';
import { useFilter } from './use-filter';
import { useForm } from './use-form';
import type { OpenForm } from './use-form';
import { useHidden } from './use-hidden';
import { useCounts, useLearnings, useSeen } from './use-learnings';

/** When the bar goes that had the focus, it goes on in the list. */
function useFocusBack(isOpen: boolean, list: RefObject<ListHandle | null>): void {
  const wasOpen = useRef(false);
  useEffect(() => {
    if (isOpen) wasOpen.current = true;
    else if (wasOpen.current && document.activeElement === document.body) list.current?.focusActive();
  }, [isOpen, list]);
}

interface LearningsProps {
  /** The latest draft from a hit or a command; each is a new object. */
  draft: Draft | null;
  /** False while another tab covers the page. */
  isShown: boolean;
}

export function Learnings({ draft, isShown }: LearningsProps) {
  const { api } = useHost();
  const act = useAct();
  const [openId, setOpenId] = usePersisted('learnings.open', '');
  const { form, waiting, handle, openNew, edit, close } = useForm(draft);
  const { counts, recount } = useCounts();
  const filter = useFilter(counts?.proposed, draft !== null);
  const { view, setView, category, setCategory } = filter;
  const { list: known, save } = useLearnings(filter.query);
  const hidden = useHidden(known.data);
  const items = useMemo(() => {
    const shown = known.items.filter(({ id }) => !hidden.has(id));
    return view === 'proposed' ? orderByProject(shown) : shown;
  }, [known.items, hidden, view]);
  const learnings = { ...known, items };
  const { reload } = known;
  useSeen(isShown && view === 'proposed' && learnings.isFresh ? learnings.data : undefined);
  const list = useRef<ListHandle>(null);
  const refresh = useCallback(() => {
    reload();
    recount();
  }, [reload, recount]);
  const relearning = useRelearn(refresh);
  const acts = useActs({
    items,
    hidden,
    list,
    save,
    refresh,
    edit,
    go: (learning) => {
      show(learning.state);
      setOpenId(learning.id);
    },
  });
  const { undo, chosen, setChosen } = acts;
  const last = undo.entries.at(-1);
  useFocusBack(last !== undefined, list);
  const show = (next: LearningState) => {
    setView(next);
    setChosen(null);
  };
  const submit = async (open: OpenForm, fields: LearningFields) => {
    const saved = await save(toInput(fields, open.learning));
    const isProposal = open.learning?.state === 'proposed';
    // Saving an edited proposal accepts it.
    if (isProposal && saved.state === 'proposed') await api.reviewLearning(saved.id, 'accept');
    close(open);
    setOpenId(saved.id);
    recount();
    // Shows the list that contains the new learning; otherwise it would seem to be lost.
    if (!isProposal) setView('accepted');
    else reload();
    if (category !== '' && category !== saved.category) setCategory('');
  };
  const choosing = {
    isOn: chosen !== null,
    isPossible: items.length > 0,
    onToggle: () => setChosen(chosen ? null : []),
  };
  return (
    <div className="page">
      <LearningsBar
        filter={filter}
        counts={counts}
        choosing={view === 'proposed' ? choosing : undefined}
        isRelearning={relearning.isRunning}
        onRelearn={relearning.begin}
        onNew={openNew}
        onView={show}
        onDown={() => list.current?.focusFirst()}
      />
      <RelearnStrip {...relearning} />
      {last && (
        <UndoBar
          entry={last}
          earlier={undo.entries.length - 1}
          focusFor={last.kind === 'deleted' || items.length === 0 ? last.id : undefined}
          onUndo={() => act(undo.undo(last))}
          onDismiss={undo.dismiss}
        />
      )}
      {chosen && view === 'proposed' && (
        <ChooseBar
          chosen={chosen}
          onAccept={() => acts.decideChosen('accept')}
          onReject={() => acts.decideChosen('reject')}
          onMerge={() => acts.decideChosen('merge')}
          onCancel={() => setChosen(null)}
        />
      )}
      {form && (
        <LearningForm
          key={form.fields.id}
          ref={handle}
          fields={form.fields}
          isNew={!form.learning}
          isProposal={form.learning?.state === 'proposed'}
          waiting={waiting}
          onSave={(fields) => submit(form, fields)}
          onCancel={() => close(form)}
        />
      )}
      <div className={form ? 'page-body page-body-behind' : 'page-body'} aria-busy={learnings.isLoading}>
        <LearningList
          ref={list}
          learnings={learnings}
          filter={filter}
          acts={acts}
          openId={openId}
          onToggle={({ id }) => setOpenId(id === openId ? '' : id)}
        >
          {!form && (
            <EmptyLearnings
              view={view}
              hasHistory={counts !== undefined && (counts.accepted > 0 || counts.hasRejected)}
              waiting={counts?.proposed ?? 0}
              onInbox={() => show('proposed')}
              onNew={openNew}
              onLook={relearning.begin}
            />
          )}
        </LearningList>
      </div>
      <span className="sr-only" role="status">
        {filter.hasFilters && learnings.isFresh ? t('Learnings found: {0}', formatNumber(items.length)) : ''}
      </span>
    </div>
  );
}
