/** Why a hit has its rank: words, roads, and each part of the score. */
import { useEffect, useRef } from 'react';
import type { KeyboardEvent } from 'react';
import type { HitReasons } from '../../../src/protocol/search-hit';
import { showLine } from '../../../src/protocol/visible-text';
import { Bars } from '../../parts/bars';
import { formatPercent, formatScore } from '../../state/format';
import { t } from '../../state/words';

type Signal = NonNullable<HitReasons['signals']>[number];

/** A factor nearer to 1 changes nothing that is shown. */
const leastShown = 0.005;

interface WhyProps {
  why: HitReasons;
  score: number;
  onClose: () => void;
}

/** Takes the focus when it opens; Escape closes it. */
export function WhyHit({ why, score, onClose }: WhyProps) {
  const box = useRef<HTMLElement>(null);
  useEffect(() => box.current?.focus(), []);
  const onKeyDown = (event: KeyboardEvent) => {
    // The list would handle arrows and Escape too.
    event.stopPropagation();
    if (event.key === 'Escape') {
      event.preventDefault();
      onClose();
    }
  };
  const total = why.words.reduce((sum, word) => sum + word.score, 0);
  const signals = (why.signals ?? []).filter(({ factor }) => Math.abs(factor - 1) >= leastShown);
  const weights = why.parts.reduce((sum, part) => sum + part.weight, 0);
  return (
    <section ref={box} className="why" tabIndex={-1} aria-label={t('Why this hit')} onKeyDown={onKeyDown}>
      <p>{describeRoads(why)}</p>
      {why.isAmending && <p>{t('Stands here because it changes what the session below it agreed.')}</p>}
      {why.words.length > 0 && (
        <>
          <h3>{t('Words, and their share of the match')}</h3>
          <Bars
            rows={why.words.map(({ term, score: each }) => ({
              name: showLine(term),
              share: total > 0 ? each / total : 0,
              value: formatPercent(total > 0 ? each / total : 0),
            }))}
          />
        </>
      )}
      {signals.length > 0 && (
        <>
          <h3>{t('What else its words count by')}</h3>
          <ul>
            {signals.map((signal) => (
              <li key={signal.name}>{describeSignal(signal)}</li>
            ))}
          </ul>
        </>
      )}
      {why.parts.length > 0 && (
        <>
          <h3>{t('Parts of the rank')}</h3>
          <Bars
            rows={why.parts.map(({ name, value, weight }) => ({
              name: namePart(name),
              share: value,
              value: t('{0} of 1, counts {1}', formatScore(value), formatPercent(weights > 0 ? weight / weights : 0)),
            }))}
          />
        </>
      )}
      <p className="why-score">{t('Score {0}', formatScore(score))}</p>
    </section>
  );
}

function describeRoads({ roads, similarity }: HitReasons): string {
  const near = similarity === undefined ? '' : ` (${t('similarity {0}', formatScore(similarity))})`;
  if (roads.words !== undefined && roads.meaning !== undefined)
    return t('Found by its words (place {0}) and by its meaning (place {1}{2}).', roads.words, roads.meaning, near);
  if (roads.meaning !== undefined) return t('Found by its meaning, place {0}{1}.', roads.meaning, near);
  return roads.words === undefined ? t('Found by the filters.') : t('Found by its words, place {0}.', roads.words);
}

function describeSignal({ name, value, factor }: Signal): string {
  switch (name) {
    case 'length':
      return t('Length, {0} of the average session: × {1}', formatPercent(value), formatScore(factor));
    case 'coverage':
      return t('Words of the question that it has, {0}: × {1}', formatPercent(value), formatScore(factor));
    default:
      return t('Words of code that stand together, {0}: × {1}', formatPercent(value), formatScore(factor));
  }
}

function namePart(name: HitReasons['parts'][number]['name']): string {
  switch (name) {
    case 'relevance':
      return t('Relevance');
    case 'importance':
      return t('Importance');
    case 'recency':
      return t('Recency');
    default:
      return t('Use');
  }
}
