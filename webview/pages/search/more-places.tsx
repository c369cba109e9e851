/** The other places of a session that match, unfolded in its card. */
import type { SearchQuery } from '../../../src/protocol/questions/search';
import { isInSession } from '../../../src/protocol/search-hit';
import type { SearchHit } from '../../../src/protocol/search-hit';
import { showLine } from '../../../src/protocol/visible-text';
import { Highlight } from '../../parts/highlight';
import { Icon } from '../../parts/icon';
import { useHost } from '../../state/host';
import { useResource } from '../../state/use-resource';
import { t } from '../../state/words';
import { iconOfHit, nameHit } from './kinds';

interface MorePlacesProps {
  hit: SearchHit;
  query: SearchQuery;
  tabIndex: 0 | -1;
  onOpen: (hit: SearchHit) => void;
}

export function MorePlaces({ hit, query, tabIndex, onOpen }: MorePlacesProps) {
  const { api } = useHost();
  const { data, error } = useResource(
    (asked: SearchQuery, id: string, signal: AbortSignal) => api.moreInSession(asked, id, signal),
    [query, hit.sessionId ?? ''],
  );
  const turn = isInSession(hit) ? hit.turn : undefined;
  const places = (data ?? []).filter((place) => isInSession(place) && place.turn !== turn);
  return (
    <ul className="places" aria-label={t('More in this session')} aria-busy={!data && !error}>
      {error && <li className="hint">{t('They could not be read. Open the session to see them.')}</li>}
      {places.map((place) => (
        <li key={place.key}>
          <button type="button" className="place" tabIndex={tabIndex} onClick={() => onOpen(place)}>
            <Icon name={iconOfHit(place)} label={nameHit(place)} />
            <span className="place-text">
              {place.snippet === '' ? (
                showLine(place.title)
              ) : (
                <Highlight text={place.snippet} ranges={place.highlights} />
              )}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
