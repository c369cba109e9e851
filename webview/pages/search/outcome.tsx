/** What came out of a search: how many, what was loosened, or why there is nothing. */
import type { SearchResult } from '../../../src/protocol/model';
import { Icon } from '../../parts/icon';
import { Empty, Failure, Loading } from '../../parts/empty';
import { formatNumber } from '../../state/format';
import type { Resource } from '../../state/use-resource';
import { showLine } from '../../state/visible-text';
import { t } from '../../state/words';
import { Button } from '../../parts/button';

/** The line above the list; also what a screen reader hears after each search. */
export function Outcome({ result, hasQuery }: { result: Resource<SearchResult>; hasQuery: boolean }) {
  const data = hasQuery ? result.data : undefined;
  return (
    <div className={data && data.hits.length > 0 ? 'outcome' : 'sr-only'}>
      <span role="status" aria-live="polite">{data && result.isFresh ? countResults(data.total) : ''}</span>
      {data && data.relaxed.length > 0 && (
        <div className="hint relaxed">
          <Icon name="info" />
          {data.relaxed.length === 1 ? (
            <span>{t('Little or nothing was found as asked, so this was loosened: {0}', showLine(data.relaxed[0] ?? ''))}</span>
          ) : (
            <div>
              <span>{t('Little or nothing was found as asked, so this was loosened:')}</span>
              <ul>
                {data.relaxed.map((each) => (
                  <li key={each}>{showLine(each)}</li>
                ))}
              </ul>
            </div>
          )}
        </div>
      )}
    </div>
  );
}

function countResults(total: number): string {
  if (total === 0) return t('No results');
  return total === 1 ? t('1 result') : t('{0} results', formatNumber(total));
}

interface NothingProps {
  result: Resource<SearchResult>;
  canWiden: boolean;
  hasFilters: boolean;
  onWiden: () => void;
  onClearFilters: () => void;
}

function Nothing({ result, canWiden, hasFilters, onWiden, onClearFilters }: NothingProps) {
  if (result.error) return <Failure error={result.error} onRetry={result.reload} />;
  if (!result.data) return <Loading label={t('Searching…')} />;
  return (
    <Empty icon="search-stop" title={t('Nothing found')}>
      <p className="empty-text">{t('Try fewer or other words, or a part of a file name or an error message.')}</p>
      <div className="buttons">
        {hasFilters && <Button onClick={onClearFilters}>{t('Clear Filters')}</Button>}
        {canWiden && <Button isSecondary={hasFilters} onClick={onWiden}>{t('Search All Projects')}</Button>}
      </div>
    </Empty>
  );
}

Outcome.Nothing = Nothing;
