/** Size of the memory on disk by part. The number is the information; the bar only helps to compare. */
import type { SizesByPart } from '../../../src/protocol/care';
import { formatBytes } from '../../state/format';
import { t } from '../../state/words';

const parts: readonly (keyof SizesByPart)[] = ['database', 'journal', 'archive', 'backups', 'models', 'logs', 'aside'];

export function Sizes({ sizes }: { sizes: SizesByPart }) {
  const largest = Math.max(...parts.map((part) => sizes[part]), 1);
  const total = parts.reduce((sum, part) => sum + sizes[part], 0);
  return (
    <section className="block-section" aria-labelledby="sizes">
      <div className="section-head">
        <h2 id="sizes">{t('On the disk')}</h2>
      </div>
      <table className="table sizes">
        <tbody>
          {parts.map((part) => (
            <tr key={part}>
              <th scope="row">{namePart(part)}</th>
              <td className="number">{formatBytes(sizes[part])}</td>
              <td className="bar-cell" aria-hidden="true">
                {sizes[part] > 0 && (
                  <span className="bar" style={{ inlineSize: `${(sizes[part] / largest) * 100}%` }} />
                )}
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t('Together')}</th>
            <td className="number">{formatBytes(total)}</td>
            <td />
          </tr>
        </tfoot>
      </table>
    </section>
  );
}

function namePart(part: keyof SizesByPart): string {
  switch (part) {
    case 'database':
      return t('Database');
    case 'journal':
      return t('Journal');
    case 'archive':
      return t('Archive of transcripts');
    case 'backups':
      return t('Backups');
    case 'models':
      return t('Models');
    case 'logs':
      return t('Logs');
    default:
      return t('Put aside');
  }
}
