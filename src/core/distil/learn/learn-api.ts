/** Requests of a head about learnings: evidence, review, merging, promotion and relearning. */
import { MemoryError } from '../../../protocol/errors';
import type { LearningOrigin, LearningState, TrailEntry } from '../../../protocol/learning';
import type { Learning } from '../../../protocol/model';
import type { LearnApi } from '../../../protocol/questions/learnings';
import type { Scope } from '../../../protocol/questions/schemas';
import { rowKeyOf } from '../../../protocol/row-key';
import { readEvidence, readTrail } from '../../store/tables/learning-evidence';
import { shareMerged, takeBackMerge } from '../../store/tables/learning-merges';
import { getLearning, livingLearning } from '../../store/tables/learnings';
import { notePromoted, setState, supersededBy } from '../../store/tables/proposals';
import { wayOut } from '../../store/tables/way-out';
import type { LearnPorts } from './learn';
import { updateConfidence } from './learn';
import { promote, promotedIn } from './promote';
import { proposeForClaude } from './propose';

export interface LearnApiPorts extends LearnPorts {
  /** Tells the heads that learnings changed. */
  changed: () => void;
  /** Whether a learning stands in a file that Claude Code gives by itself. */
  notedTest: () => (learning: Learning) => boolean;
  /** Ids of the projects in a scope; undefined for all. */
  scopeProjects: (scope: Scope | undefined) => Promise<number[] | undefined>;
  /** Reads all sessions again and asks git. */
  relearn: LearnApi['relearn'];
}

const maxMerged = 20;

type LearnAnswers = Omit<
  LearnApi,
  'listLearnings' | 'newProposals' | 'saveLearning' | 'deleteLearning' | 'restoreLearning'
>;

export function learnApi(ports: LearnApiPorts): LearnAnswers {
  const { driver, now, changed } = ports;
  const live = (id: string) => {
    const learning = livingLearning(driver, id);
    updateConfidence(driver, id);
    return learning;
  };
  return {
    async learningProof(id) {
      const by = supersededBy(driver, id);
      return {
        learning: getLearning(driver, id),
        evidence: readEvidence(driver, id),
        trail: readTrail(driver, id),
        ...(by !== undefined && { supersededBy: getLearning(driver, by) }),
      };
    },
    proposeLearning: (proposal) => proposeForClaude(ports, proposal),
    async reviewLearning(id, decision) {
      const { origin } = livingLearning(driver, id);
      const state =
        decision === 'accept'
          ? 'accepted'
          : decision === 'reject'
            ? 'rejected'
            : stateBefore(origin, readTrail(driver, id));
      const action = decision === 'accept' ? 'accepted' : decision === 'reject' ? 'rejected' : 'reopened';
      driver.transaction(() => {
        const at = now();
        // It stands for itself again, whatever it is from now on.
        const back = takeBackMerge(driver, id);
        setState(driver, id, state, { at, by: 'person', action }, decision === 'reopen' ? back?.updatedAt : at);
        for (const each of [id, ...(back?.changed ?? [])]) updateConfidence(driver, each);
      });
      changed();
      return getLearning(driver, id);
    },
    async mergeLearnings(into, others) {
      if (others.length === 0 || others.length > maxMerged || others.includes(into))
        throw new MemoryError('invalid_input', `Between 1 and ${maxMerged} other learnings can be merged into one.`);
      driver.transaction(() => {
        const { state: target } = live(into);
        if (target !== 'proposed' && target !== 'accepted')
          throw new MemoryError('invalid_input', 'Nothing can be merged into a learning that was put aside.');
        for (const other of others) {
          const { state } = live(other);
          // A call repeated after a hand-over: it was merged already.
          if (state === 'superseded' && supersededBy(driver, other) === into) continue;
          shareMerged(driver, other, into, now());
          setState(driver, other, 'superseded', { at: now(), by: 'person', action: 'merged', supersededBy: into });
        }
        updateConfidence(driver, into);
      });
      changed();
      return getLearning(driver, into);
    },
    async promotion(ids, before, scope) {
      // The file is read by everybody who has the repository.
      const door = wayOut(driver, 'team');
      const mayGo = ({ id }: Learning) => door.may(rowKeyOf({ kind: 'learning', id }));
      const known = promotedIn(before).flatMap((id) => {
        try {
          return [livingLearning(driver, id)].filter(mayGo);
        } catch {
          // Deleted meanwhile, so it is removed from the file too.
          return [];
        }
      });
      const there = new Set(known.map(({ id }) => id));
      const asked = ids.map((id) => livingLearning(driver, id));
      const chosen = asked.filter(mayGo);
      const isNoted = ports.notedTest();
      const fresh = chosen.filter((learning) => there.has(learning.id) || !isNoted(learning));
      const promoted = promote(fresh, known, before);
      const own = scope ? await ports.scopeProjects(scope) : [];
      const inFile = new Set(promotedIn(promoted.text));
      const from = fresh.flatMap(({ id, project }) => (project && inFile.has(id) ? [project] : []));
      const others = from.filter((project) => own?.includes(project.id) === false).map(({ name }) => name);
      const held = asked.length - chosen.length;
      return {
        ...promoted,
        ...(held > 0 && { held }),
        standing: chosen.length - fresh.length,
        others: [...new Set(others)].toSorted(),
      };
    },
    async notePromotion(ids) {
      for (const id of ids) notePromoted(driver, id, now());
      changed();
    },
    relearn: (signal) => ports.relearn(signal),
  };
}

/** A merged or superseded learning gets its former state back; a rejected one becomes a proposal. */
function stateBefore(origin: LearningOrigin, trail: readonly TrailEntry[]): LearningState {
  const last = trail.at(-1)?.action;
  if (last !== 'merged' && last !== 'superseded') return 'proposed';
  const decided = trail.findLast(
    ({ action }) => action === 'accepted' || action === 'rejected' || action === 'reopened',
  )?.action;
  return decided === 'accepted' || (decided === undefined && origin === 'person') ? 'accepted' : 'proposed';
}
