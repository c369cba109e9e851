/** Sessions that a person has chosen, to do something with all of them. */
import { useMemo, useState } from 'react';
import type { SessionCard, SessionId } from '../../../src/protocol/model';
import { rowKeyOf } from '../../../src/protocol/row-key';
import { useAct, useHost } from '../../state/host';

/** As many as one question to the editor may name. */
const most = 200;

export interface Choice {
  /** Undefined while nothing can be chosen. */
  chosen: ReadonlySet<SessionId> | undefined;
  begin: () => void;
  end: () => void;
  toggle: (id: SessionId) => void;
  basket: () => void;
  exportAll: () => void;
  forget: () => void;
}

/** @param shown what is chosen and no longer shown is not acted upon */
export function useChoice(shown: readonly SessionCard[]): Choice {
  const { api } = useHost();
  const act = useAct();
  const [chosen, setChosen] = useState<ReadonlySet<SessionId>>();
  const ids = useMemo(() => shown.map(({ id }) => id).filter((id) => chosen?.has(id)), [shown, chosen]);
  const end = () => setChosen(undefined);
  return {
    chosen: useMemo(() => chosen && new Set(ids), [chosen, ids]),
    begin: () => setChosen(new Set()),
    end,
    toggle: (id) =>
      setChosen((old) => {
        if (!old) return old;
        if (old.has(id)) return new Set([...old].filter((other) => other !== id));
        return old.size < most ? new Set([...old, id]) : old;
      }),
    basket: () => {
      act(Promise.all(ids.map((id) => api.setInBasket(rowKeyOf({ kind: 'session', id }), true))));
      end();
    },
    exportAll: () => {
      act(api.exportSessions(ids));
      end();
    },
    // The editor asks first; what was forgotten leaves the list by itself.
    forget: () => act(api.forgetSessions(ids)),
  };
}
