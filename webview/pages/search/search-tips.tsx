/** Help for an empty search field. */
import { t } from '../../state/words';

/** A click inserts the filter into the field. */
export function SearchTips({ onTake }: { onTake: (syntax: string) => void }) {
  const filters: readonly [syntax: string, meaning: string][] = [
    ['"…"', t('these words in this order')],
    ['-', t('without this word')],
    ['*', t('words that begin like this: bask*')],
    ['project:', t('in this project')],
    ['type:', t('prompts, answers, errors or learnings')],
    ['tool:', t('results of this tool, e.g. Bash')],
    ['file:', t('where this file was touched')],
    ['branch:', t('on this branch')],
    ['tag:', t('with this tag')],
    ['is:', t('flagged, tagged, error or learning')],
    ['after:', t('since this date: 2026-01-31, 7d, yesterday, last week')],
    ['before:', t('until this date')],
    ['on:', t('on this day, or in this month: 2026-01')],
  ];
  const keys: readonly [key: string, meaning: string][] = [
    ['↓', t('to the results')],
    ['Enter', t('open at that place')],
    [isMac() ? '⌘ Enter' : 'Ctrl+Enter', t('insert at the cursor')],
    [isMac() ? '⌘ C' : 'Ctrl+C', t('copy as context')],
    ['B', t('put into the basket, or take out')],
    ['F', t('flag')],
    ['T', t('tags')],
    ['S', t('what is similar')],
    ['W', t('why this hit')],
    [isMac() ? '⌃ Space' : 'Ctrl+Space', t('complete')],
  ];
  return (
    <>
      <p>{t('Search everything you and Claude said, ran and changed: words, error messages, file names.')}</p>
      <h2>{t('Narrow it down')}</h2>
      <dl>
        {filters.map(([syntax, meaning]) => (
          <div key={syntax}>
            <dt>
              <button type="button" className="tip-syntax" onClick={() => onTake(syntax === '"…"' ? '"' : syntax)}>
                {syntax}
              </button>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <h2>{t('Without the mouse')}</h2>
      <dl>
        {keys.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <p>{t('Filters take several values (tool:Bash,Edit) and a minus in front (-project:shop).')}</p>
    </>
  );
}

function isMac(): boolean {
  return navigator.userAgent.includes('Mac');
}
