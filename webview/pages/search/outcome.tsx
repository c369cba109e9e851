/** The result of a search in words: how many hits, how the query was relaxed, or why there are none. */
import type { ReactNode } from 'react';
import type { Relaxation, SearchResult } from '../../../src/protocol/search-hit';
import { showLine } from '../../../src/protocol/visible-text';
import { Button } from '../../parts/button';
import { Empty, Failure, Loading } from '../../parts/empty';
import { Icon, IconButton } from '../../parts/icon';
import { formatNumber } from '../../state/format';
import type { Resource } from '../../state/use-resource';
import { t } from '../../state/words';

interface OutcomeProps {
  result: Resource<SearchResult>;
  hasQuery: boolean;
  /** A filter is half typed: that nothing has it yet is no news. */
  isCompleting: boolean;
  /** Results in all projects, when this workspace has few of them. */
  elsewhere: number | undefined;
  onWiden: () => void;
  /** Erases all that matches; absent where nothing is asked for in words. */
  onErase: (() => void) | undefined;
  order: ReactNode;
}

/** The line above the list; screen readers announce it after each search. */
export function Outcome({ result, hasQuery, isCompleting, elsewhere = 0, onWiden, onErase, order }: OutcomeProps) {
  const data = hasQuery ? result.data : undefined;
  const isSaid = data && result.isFresh && !(isCompleting && data.total === 0);
  return (
    <div className={data && data.hits.length > 0 ? 'outcome' : 'sr-only'}>
      <div className="outcome-line">
        <span role="status" aria-live="polite">
          {isSaid ? countResults(data.total) : ''}
        </span>
        {data && data.hits.length > 0 && elsewhere > data.total && (
          <button type="button" className="link" onClick={onWiden}>
            {t('{0} in all projects', formatNumber(elsewhere))}
          </button>
        )}
        {data && data.hits.length > 0 && order}
        {data && data.hits.length > 0 && onErase && (
          <IconButton name="eraser" label={t('Erase All That Match…')} onClick={onErase} />
        )}
      </div>
      {data && data.hits.length > 0 && data.relaxed.length > 0 && (
        <div className="hint relaxed">
          <Icon name="info" />
          <div>
            {data.relaxed.map((each) => (
              <div key={JSON.stringify(each)}>{describe(each)}</div>
            ))}
          </div>
        </div>
      )}
    </div>
  );
}

/** How the query was relaxed, in words. */
function describe(relaxation: Relaxation): string {
  switch (relaxation.kind) {
    case 'apart':
      return relaxation.sessions === 0
        ? t('No message has all the words: these sessions have them in several')
        : t(
            'Messages with all the words: {0}. The other sessions have them in several',
            formatNumber(relaxation.sessions),
          );
    case 'some':
      return relaxation.sessions === 0
        ? t('No message has all the words: showing what has some of them')
        : t('Messages with all the words: {0}. The others have some of them', formatNumber(relaxation.sessions));
    case 'beginning':
      return t('No word is "{0}": showing words that begin with it', showLine(relaxation.from));
    case 'phrase':
      return t('Nothing has exactly "{0}": showing its words', showLine(relaxation.from));
    case 'unread':
      return t(
        'The signs of "{0}" were looked for in {1} messages only. Add a word to look further',
        showLine(relaxation.from),
        formatNumber(relaxation.texts),
      );
    default:
      return t('No word is "{0}": showing "{1}"', showLine(relaxation.from), showLine(relaxation.to));
  }
}

function countResults(total: number): string {
  if (total === 0) return t('No results');
  return total === 1 ? t('1 result') : t('{0} results', formatNumber(total));
}

interface NothingProps {
  result: Resource<SearchResult>;
  isCompleting: boolean;
  canWiden: boolean;
  /** Results in all projects, when known. */
  elsewhere: number | undefined;
  hasFilters: boolean;
  onWiden: () => void;
  onClearFilters: () => void;
}

function Nothing({ result, isCompleting, canWiden, elsewhere, hasFilters, onWiden, onClearFilters }: NothingProps) {
  if (result.error) return <Failure error={result.error} onRetry={result.reload} />;
  if (!result.data) return <Loading label={t('Searching…')} />;
  if (isCompleting) return <Empty icon="search" title={t('Go on typing, or choose from the list')} />;
  return (
    <Empty icon="search-stop" title={t('Nothing found')}>
      <p className="empty-text">{t('Try fewer or other words, or a part of a file name or an error message.')}</p>
      <div className="buttons">
        {hasFilters && <Button onClick={onClearFilters}>{t('Clear Filters')}</Button>}
        {canWiden && (
          <Button isSecondary={hasFilters} onClick={onWiden}>
            {elsewhere === undefined
              ? t('Search All Projects')
              : t('Search All Projects ({0})', formatNumber(elsewhere))}
          </Button>
        )}
      </div>
    </Empty>
  );
}

Outcome.Nothing = Nothing;
