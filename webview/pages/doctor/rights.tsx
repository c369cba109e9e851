/** What a person can do with what is kept about them: each right, and the action that meets it. */
import type { Remedy } from '../../../src/protocol/care';
import { Button } from '../../parts/button';
import { formatNumber } from '../../state/format';
import { useEvent, useHost } from '../../state/host';
import { useResource } from '../../state/use-resource';
import { t } from '../../state/words';

export interface RightsProps {
  labels: Readonly<Record<Remedy, string>>;
  isDisabled: boolean;
  onRemedy: (remedy: Remedy) => void;
}

export function Rights({ labels, isDisabled, onRemedy }: RightsProps) {
  const { api } = useHost();
  const { data: classes, reload } = useResource(() => api.classOverview(), []);
  useEvent('changed', ({ classes: isOther }) => {
    if (isOther) reload();
  });
  const set = Object.values(classes?.set ?? {}).reduce(
    (sum, { projects, sessions, rows: some, learnings }) => sum + projects + sessions + some + learnings,
    0,
  );
  const rows: readonly [name: string, what: string, acts: readonly Remedy[]][] = [
    [
      t('Take it along'),
      t('All of it, a project, a session or the learnings, for another memory or to read. Secrets are not in it.'),
      ['export_memory', 'import_memory'],
    ],
    [
      t('Have it erased'),
      t('For good, with what was made of it, and in the backups. A receipt says what was searched.'),
      ['erase_matching', 'erase_range', 'show_receipts'],
    ],
    [t('See what was forgotten'), t('It is not read again, unless you ask for it.'), ['show_forgotten']],
    [
      t('Restrict its use'),
      t('For up to 90 days it is read and found, but not distilled, given to Claude or sent.'),
      ['restrict'],
    ],
    [
      t('Say how much it is protected'),
      [
        t('A class decides what is given to Claude, sent to a model, exported, and for how long it is kept.'),
        classes &&
          t(
            'A secret was found in rows: {0}, of sessions: {1}. They are confidential.',
            formatNumber(classes.withSecret.rows),
            formatNumber(classes.withSecret.sessions),
          ),
        set > 0 && t('Set by you: {0}', formatNumber(set)),
      ]
        .filter((part) => typeof part === 'string')
        .join(' '),
      ['set_class'],
    ],
    [t('See who looked'), t('Every read by a machine, and every export, erasure and setting.'), ['show_audit']],
    [t('Redact it again'), t('The rules of today, and your own, applied to everything that is kept.'), ['scan_again']],
  ];
  return (
    <section className="block-section" aria-labelledby="rights">
      <div className="section-head">
        <h2 id="rights">{t('Your data')}</h2>
      </div>
      <table className="table rights">
        <tbody>
          {rows.map(([name, what, acts]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>
                <p className="quiet">{what}</p>
                <div className="buttons">
                  {acts.map((remedy) => (
                    <Button key={remedy} isSecondary isDisabled={isDisabled} onClick={() => onRemedy(remedy)}>
                      {labels[remedy]}
                    </Button>
                  ))}
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
