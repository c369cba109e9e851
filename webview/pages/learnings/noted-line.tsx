/** Says that a learning stands in a file of Claude Code's own memory already, or contradicts one, and leads there. */
import type { Learning } from '../../../src/protocol/model';
import { showLine } from '../../../src/protocol/visible-text';
import { Icon } from '../../parts/icon';
import { useAct, useHost } from '../../state/host';
import { t } from '../../state/words';

export function NotedLine({ learning, tabIndex }: { learning: Learning; tabIndex: 0 | -1 }) {
  const { api } = useHost();
  const act = useAct();
  const { standsIn, contradicts } = learning;
  const place = contradicts ?? standsIn;
  if (!place) return null;
  const file = showLine(place.file);
  return (
    <p className="noted">
      <Icon name={contradicts ? 'warning' : 'book'} />
      <button
        type="button"
        className="link"
        tabIndex={tabIndex}
        title={contradicts && showLine(contradicts.text)}
        onClick={(event) => {
          event.stopPropagation();
          act(api.openNote(place.key, place.line));
        }}
      >
        {contradicts ? t('Contradicts {0}: “{1}”', file, showLine(contradicts.text)) : t('Stands in {0}', file)}
      </button>
    </p>
  );
}
