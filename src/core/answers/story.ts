/** Answers about a session as a story: what it changed, and how a file stood at one of its turns. */
import type { SessionId } from '../../protocol/model';
import type { StoryApi } from '../../protocol/questions/story';
import type { Clock } from '../lib/clock';
import { getSession } from '../store/tables/session-cards';
import { sessionHead } from '../store/tables/session-lines';
import type { SessionHead } from '../store/tables/session-lines';
import { sessionChange, sessionChanges } from '../why/session-changes';
import { stoodFile } from '../why/stood';
import type { StoryPorts } from '../why/stood';

export function storyAnswers({ clock, ...ports }: StoryPorts & { clock: Clock }): StoryApi {
  /** @throws MemoryError `not_found` */
  const headOf = (id: SessionId): SessionHead => {
    getSession(ports.driver, id, clock.now());
    return sessionHead(ports.driver, id)!;
  };
  return {
    sessionChanges: async (id, signal) => sessionChanges(ports, headOf(id), signal),
    sessionChange: async (id, file) => sessionChange(ports, headOf(id), file),
    fileAtTurn: async (query, signal) => stoodFile(ports, headOf(query.sessionId), query, signal),
  };
}
