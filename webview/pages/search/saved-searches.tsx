/** Saved searches: kept by name, run, renamed, deleted and restored. */
import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { SavedSearch } from '../../../src/protocol/model';
import { showLine } from '../../../src/protocol/visible-text';
import { IconButton } from '../../parts/icon';
import { useAct, useEvent, useHost } from '../../state/host';
import { useThrottled } from '../../state/throttle';
import { useResource } from '../../state/use-resource';
import { t } from '../../state/words';

/** The list; updated by events, because another window may change it. */
function useSavedSearches() {
  const { api } = useHost();
  const { data, reload } = useResource(() => api.listSearches(), []);
  const refresh = useThrottled(reload, 500);
  useEvent('changed', ({ marks, isReset }) => {
    if (marks || isReset) refresh();
  });
  return { searches: data ?? [], reload };
}

export function SavedSearches({ onRun }: { onRun: (text: string) => void }) {
  const { api } = useHost();
  const act = useAct();
  const { searches, reload } = useSavedSearches();
  const [editing, setEditing] = useState('');
  const [deleted, setDeleted] = useState<SavedSearch | null>(null);
  const run = ({ id, text }: SavedSearch) => {
    act(api.noteSearchUse(id));
    onRun(text);
  };
  const box = useRef<HTMLElement>(null);
  /** Gives the focus back to the search whose name was edited, or to the first one. */
  const goTo = (id?: string) =>
    setTimeout(() => {
      const runs = [...(box.current?.querySelectorAll<HTMLElement>('.saved-run') ?? [])];
      (runs.find((each) => each.dataset['id'] === id) ?? runs[0])?.focus();
    }, 0);
  const rename = async (search: SavedSearch, name: string) => {
    setEditing('');
    goTo(search.id);
    if (name.trim() !== '' && name !== search.name) await api.saveSearch({ id: search.id, name, text: search.text });
    reload();
  };
  const remove = async (search: SavedSearch) => {
    await api.deleteSearch(search.id);
    setDeleted(search);
    reload();
  };
  const restore = async ({ id, name, text, uses }: SavedSearch) => {
    await api.saveSearch({ id, name, text, uses });
    setDeleted(null);
    reload();
    goTo(id);
  };
  if (searches.length === 0 && !deleted) return null;
  return (
    <section ref={box} className="saved" aria-label={t('Saved searches')}>
      <h2>{t('Saved searches')}</h2>
      {deleted && (
        <UndoLine
          name={deleted.name}
          onUndo={() => act(restore(deleted))}
          onDismiss={() => (setDeleted(null), goTo())}
        />
      )}
      <ul>
        {searches.map((search) => (
          <li key={search.id}>
            {editing === search.id ? (
              <NameField
                label={t('New name')}
                initial={search.name}
                onDone={(name) => act(rename(search, name))}
                onCancel={() => {
                  setEditing('');
                  goTo(search.id);
                }}
              />
            ) : (
              <>
                <button
                  type="button"
                  className="saved-run"
                  data-id={search.id}
                  title={showLine(search.text)}
                  onClick={() => run(search)}
                >
                  <bdi className="saved-name">{showLine(search.name)}</bdi>
                  <bdi className="saved-text">{showLine(search.text)}</bdi>
                </button>
                <IconButton
                  name="edit"
                  label={t('Rename {0}', showLine(search.name))}
                  onClick={() => setEditing(search.id)}
                />
                <IconButton
                  name="trash"
                  label={t('Delete {0}', showLine(search.name))}
                  onClick={() => act(remove(search))}
                />
              </>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Takes the focus, so that one key undoes an accidental deletion. */
function UndoLine({ name, onUndo, onDismiss }: { name: string; onUndo: () => void; onDismiss: () => void }) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus(), []);
  return (
    <p className="saved-undo" role="status">
      <span>{t('Deleted: {0}', showLine(name))}</span>
      <button ref={button} type="button" className="link" onClick={onUndo}>
        {t('Undo')}
      </button>
      <IconButton name="close" label={t('Dismiss')} onClick={onDismiss} />
    </p>
  );
}

/** Asks for the name of a search to save. */
export function SaveSearch({ text, onDone }: { text: string; onDone: () => void }) {
  const { api } = useHost();
  const act = useAct();
  const save = async (name: string) => {
    if (name.trim() !== '') await api.saveSearch({ id: crypto.randomUUID(), name: name.slice(0, 100), text });
    onDone();
  };
  return (
    <NameField
      label={t('Name of this search')}
      initial={text.slice(0, 60)}
      onDone={(name) => act(save(name))}
      onCancel={onDone}
    />
  );
}

interface NameFieldProps {
  label: string;
  initial: string;
  onDone: (name: string) => void;
  onCancel: () => void;
}

function NameField({ label, initial, onDone, onCancel }: NameFieldProps) {
  const [name, setName] = useState(initial);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.select(), []);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter') onDone(name);
    else if (event.key === 'Escape') onCancel();
  };
  return (
    <div className="name-field">
      <input
        ref={input}
        className="input"
        aria-label={label}
        placeholder={label}
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <IconButton name="check" label={t('Save')} onClick={() => onDone(name)} />
      <IconButton name="close" label={t('Cancel')} onClick={onCancel} />
    </div>
  );
}
