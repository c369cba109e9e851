/**
 * Files that change together: who changes one should look at the other. Counted by the graph over all sessions of the
 * project.
 */
import { fileName } from '../../../../protocol/paths';
import type { SqlDriver } from '../../../store/sqlite/driver';
import { filesChangedTogether } from '../../../store/tables/graph';
import type { CallLine } from '../../../store/tables/session-lines';
import { isEdit } from '../../reading/outcomes';
import { projectFile } from '../../reading/project-file';
import { quoteOfEdit } from '../candidate';
import type { Candidate } from '../candidate';
import type { SessionFacts } from '../session-facts';

/** With fewer sessions it may be chance. */
const minSessions = 3;
/** Share of the sessions that changed the rarer file. */
const minShare = 0.75;

export function filesTogether(driver: SqlDriver, { head, lines }: SessionFacts): Candidate[] {
  return filesChangedTogether(driver, head.no, minSessions).flatMap(
    ({ one, other, both, one_all, other_all }): Candidate[] => {
      if (both / Math.min(one_all, other_all) < minShare || stemOf(one) === stemOf(other)) return [];
      const [rarer, often] =
        one_all < other_all || (one_all === other_all && one < other) ? [one, other] : [other, one];
      const edits = [rarer, often].map((file) =>
        lines.findLast(
          (line): line is CallLine => isEdit(line) && line.diffs.some((diff) => projectFile(diff.file, head) === file),
        ),
      );
      if (edits.some((edit) => edit === undefined)) return [];
      const at = Math.max(...edits.map((edit) => edit?.at ?? 0));
      return [
        {
          rule: 'together',
          topic: [one, other].toSorted().join(' '),
          fact: '',
          category: 'pattern',
          title: `When ${rarer} changes, ${often} changes too`,
          description: `\`${rarer}\` and \`${often}\` were changed in the same turn in at least ${both} sessions.`,
          context: '',
          tags: [],
          memoryKind: 'semantic',
          importance: 0.4,
          cites: { files: edits.flatMap((edit) => edit?.diffs[0]?.file ?? []), symbols: [] },
          edits: [],
          at,
          evidence: [
            {
              key: `together:${head.id}`,
              kind: 'line',
              speaks: 1,
              message: 'done',
              args: [],
              lines: edits.flatMap((edit) => (edit ? [{ uid: edit.uid, quote: quoteOfEdit(edit) }] : [])),
              at,
            },
          ],
        },
      ];
    },
  );
}

/** `basket.ts` and `basket.test.ts` belong together by their names, which teaches nothing. */
const stemOf = (file: string): string =>
  fileName(file)
    .replace(/[._-](?:test|spec)(?=\.)/, '')
    .replace(/\.\w+$/, '')
    .replace(/^test_/, '');
