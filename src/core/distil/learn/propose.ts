/** What Claude Code wanted remembered while it worked: a proposal like those of rules, with no evidence of its own. */
import { MemoryError } from '../../../protocol/errors';
import type { Learning } from '../../../protocol/model';
import type { LearningProposal } from '../../../protocol/questions/learnings';
import type { Redacted } from '../../observe/redact';
import { claudesRule } from '../../store/tables/learning-evidence';
import { getLearning } from '../../store/tables/learnings';
import { allProjects } from '../../store/tables/projects';
import { putProposal } from '../../store/tables/proposals';
import { sessionHead } from '../../store/tables/session-lines';
import { factKeyOf, learningIdOf } from './candidate';
import { updateConfidence } from './learn';
import type { LearnApiPorts } from './learn-api';

/** As that of a model's learnings. */
const importance = 0.6;

/** @throws MemoryError `not_found` when the project is not in memory */
export async function proposeForClaude(
  { driver, seal, now, changed }: LearnApiPorts,
  { category, title, description, projectId, sessionId = '' }: LearningProposal,
): Promise<Learning> {
  const [safeTitle, safeText, none] = (await seal([title, description, ''])) as [Redacted, Redacted, Redacted];
  const project = allProjects(driver).find(({ id }) => id === projectId);
  if (!project) throw new MemoryError('not_found', 'This project is not in memory.');
  // Named by its words as they are kept: a secret in them must not be in the key either.
  const fact = { rule: claudesRule, topic: safeTitle.toLowerCase(), fact: safeText } as const;
  const factKey = factKeyOf(fact, project.ownRoot);
  const id = learningIdOf(factKey);
  driver.transaction(() => {
    putProposal(
      driver,
      {
        id,
        factKey,
        category,
        title: safeTitle,
        description: safeText,
        context: none,
        tags: [],
        memoryKind: category === 'solution' || category === 'config' ? 'procedural' : 'semantic',
        importance,
        cites: { files: [], symbols: [] },
        origin: 'model',
        // A session that is not in memory, or no longer, is not named.
        sessionId: sessionHead(driver, sessionId)?.id ?? '',
        projectId,
        at: now(),
      },
      [],
    );
    updateConfidence(driver, id);
  });
  changed();
  return getLearning(driver, id);
}
