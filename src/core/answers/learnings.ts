/** Requests to write, list and delete learnings. For finding and reviewing see distil/learn. */
import type { Learning } from '../../protocol/model';
import type { LearnApi } from '../../protocol/questions/learnings';
import type { Scope } from '../../protocol/questions/schemas';
import { withStrength } from '../index/memory-kinds';
import type { Clock } from '../lib/clock';
import type { Redacted } from '../observe/redact';
import type { SqlDriver } from '../store/sqlite/driver';
import { deleteLearning, listLearnings, restoreLearning, saveLearning } from '../store/tables/learnings';
import { countNewProposals } from '../store/tables/proposals';

export interface LearningPorts {
  driver: SqlDriver;
  clock: Clock;
  seal: (texts: readonly string[]) => Promise<Redacted[]>;
  /** Ids of the projects in a scope; undefined for all. */
  inScope: (scope: Scope | undefined) => Promise<number[] | undefined>;
  /** Says where an accepted one stands in Claude Code's own files, or what contradicts it. */
  notes: () => { withNotes(learning: Learning, projectIds: readonly number[] | undefined): Learning };
  /** Tells the heads. */
  changed: () => void;
}

const defaultLearnings = 100;

export function learningAnswers({
  driver,
  clock,
  seal,
  inScope,
  notes,
  changed,
}: LearningPorts): Pick<
  LearnApi,
  'listLearnings' | 'newProposals' | 'saveLearning' | 'deleteLearning' | 'restoreLearning'
> {
  return {
    async listLearnings(query) {
      const ids = await inScope(query.scope);
      const page = listLearnings(driver, { ...query, limit: query.limit ?? defaultLearnings }, ids);
      const known = notes();
      return {
        ...page,
        items: page.items.map((learning) => known.withNotes(withStrength(learning, clock.now()), ids)),
      };
    },
    async newProposals(after) {
      return countNewProposals(driver, after ?? 0);
    },
    async saveLearning(input) {
      const [title, description, context, verificationNotes, ...tags] = await seal([
        input.title,
        input.description,
        input.context ?? '',
        input.verificationNotes ?? '',
        ...(input.tags ?? []),
      ]);
      const sealed = {
        title: title!,
        description: description!,
        context: context!,
        verificationNotes: verificationNotes!,
        tags,
      };
      const learning = saveLearning(driver, { ...input, ...sealed }, clock.now());
      changed();
      return learning;
    },
    async deleteLearning(id) {
      deleteLearning(driver, id, clock.now());
      changed();
    },
    async restoreLearning(id) {
      const learning = restoreLearning(driver, id);
      changed();
      return learning;
    },
  };
}
