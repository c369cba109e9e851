/** How much something is protected, where that is more than usual. */
import type { DataClass } from '../../src/protocol/classes';
import { t } from '../state/words';
import { Icon } from './icon';

export function ClassLabel({ of, title }: { of: DataClass | undefined; title?: string }) {
  if (of !== 'confidential' && of !== 'top_secret') return null;
  const isTop = of === 'top_secret';
  return (
    <span
      className={isTop ? 'class-label class-top' : 'class-label'}
      title={
        title ??
        (isTop
          ? t('Top secret: it stays in this memory.')
          : t('Confidential: a secret was found in it, or you set it.'))
      }
    >
      <Icon name="shield" />
      {isTop ? t('Top secret') : t('Confidential')}
    </span>
  );
}
