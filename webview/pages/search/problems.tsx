/** Parts of a query that were not understood, or that hide much: described, marked, and changed by a click. */
import type { QueryProblem } from '../../../src/protocol/search-hit';
import { showLine } from '../../../src/protocol/visible-text';
import { Icon } from '../../parts/icon';
import { formatNumber } from '../../state/format';
import { t } from '../../state/words';

interface ProblemsProps {
  id: string;
  problems: readonly QueryProblem[];
  /** Selects the part in the field. */
  onShow: (problem: QueryProblem) => void;
  onMend: (problem: QueryProblem) => void;
}

export function Problems({ id, problems, onShow, onMend }: ProblemsProps) {
  return (
    <ul id={id} className="problems" role="status" aria-label={t('Not understood')}>
      {problems.map((problem) => (
        <li key={`${problem.code}:${problem.start}`}>
          <Icon name="warning" />
          <button type="button" className="problem-text" title={t('Show the place')} onClick={() => onShow(problem)}>
            {describeProblem(problem)}
          </button>
          {problem.hint !== undefined && (
            <button type="button" className="link" onClick={() => onMend(problem)}>
              {t('Use {0}', showLine(problem.hint))}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

/** The problem as a sentence. */
function describeProblem({ code, filter = '', value = '', count = 0, of = 0, message }: QueryProblem): string {
  switch (code) {
    case 'unknown_filter':
      return t('There is no filter "{0}:"; it was taken as a word.', showLine(value));
    case 'bad_date':
      return t('"{0}" is not a date. Try 2026-01-31, 2026-01, yesterday, 7d or "last week".', showLine(value));
    case 'unclosed_quote':
      return t('This quote is not closed.');
    case 'empty_value':
      return t('"{0}:" needs a value.', filter);
    case 'unknown_value':
      return t('Nothing here has {0}; it was left out.', `${filter}:${showLine(value)}`);
    case 'excluded':
      return t('"-{0}" left out {1} of {2} sessions.', showLine(value), formatNumber(count), formatNumber(of));
    case 'too_long':
      return t('Only the first {0} letters of this query are searched.', formatNumber(count));
    default:
      return message;
  }
}

/** `text` with the suggested replacement. */
export const mend = (text: string, { start, end, hint = '' }: QueryProblem): string =>
  text.slice(0, start) + hint + text.slice(end);
