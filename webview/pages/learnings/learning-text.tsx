/** The text of a learning below its title. The text of a dead end is shown above instead. */
import type { Learning } from '../../../src/protocol/model';
import { showInvisible } from '../../../src/protocol/visible-text';
import { Note } from '../../parts/note';
import { t } from '../../state/words';

export function LearningText({ learning }: { learning: Learning }) {
  return (
    <>
      {!learning.deadEnd && <Note text={learning.description} />}
      {learning.context !== '' && (
        <p className="learning-context">
          <span className="form-label">{t('When it applies')}</span>
          {showInvisible(learning.context)}
        </p>
      )}
    </>
  );
}
