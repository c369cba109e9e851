/** The open completion list of the search field. */
import { showLine } from '../../../src/protocol/visible-text';
import { IconButton } from '../../parts/icon';
import { Icon } from '../../parts/icon';
import { TailText } from '../../parts/tail-text';
import { formatNumber } from '../../state/format';
import { t } from '../../state/words';
import { iconOfOffer } from './use-suggestions';
import type { Offer } from './use-suggestions';

interface OptionsProps {
  id: string;
  offers: readonly Offer[];
  index: number;
  onTake: (offer: Offer) => void;
  /** Takes a recent search out of the list. */
  onDrop: (text: string) => void;
}

export function Options({ id, offers, index, onTake, onDrop }: OptionsProps) {
  return (
    <div
      id={id}
      className="options"
      role="listbox"
      tabIndex={-1}
      aria-label={offers[0]?.kind === 'recent' ? t('Recent searches') : t('Completions')}
      // A press must not move the focus: the blur would close the list before the click.
      onMouseDown={(event) => event.preventDefault()}
    >
      {offers.map((offer, at) => (
        <div
          key={`${offer.kind}:${offer.text}:${'sessionId' in offer ? offer.sessionId : ''}`}
          id={`${id}-${at}`}
          role="option"
          aria-selected={at === index}
          className="option"
          tabIndex={-1}
          onClick={() => onTake(offer)}
        >
          <Icon name={iconOfOffer(offer)} />
          <TailText className="option-label" text={labelOf(offer)} />
          {'detail' in offer && offer.detail !== undefined && (
            <TailText className="option-detail" text={showLine(offer.detail)} />
          )}
          {'count' in offer && offer.count !== undefined && (
            <span className="option-count">{formatNumber(offer.count)}</span>
          )}
          {offer.kind === 'recent' && (
            <IconButton
              name="close"
              label={t('Remove {0} (Delete)', showLine(offer.text))}
              tabIndex={-1}
              onClick={() => onDrop(offer.text)}
            />
          )}
        </div>
      ))}
    </div>
  );
}

const labelOf = (offer: Offer): string => showLine(('label' in offer ? offer.label : undefined) ?? offer.text);
