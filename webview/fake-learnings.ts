/** Answers about learnings: those of the made-up history, and what a test does to them. */
import type { Learning } from '../src/protocol/model';
import type { WebviewApi } from '../src/protocol/webview-api';
import { makeLearning } from '../test/fixtures/make-learning';
import { failMissing } from './fake-data';
import type { FakeHost } from './fake-host';

export function answerLearnings(host: FakeHost): Partial<WebviewApi> {
  const deleted = new Map<string, Learning>();
  const changed = () => host.emit('changed', { sessions: [], learnings: true, isReset: false });
  const find = (id: string) => host.learnings.find((learning) => learning.id === id) ?? failMissing();
  const change = (id: string, part: Partial<Learning>): Learning => {
    const next = { ...find(id), ...part };
    host.learnings = host.learnings.map((learning) => (learning.id === id ? next : learning));
    return next;
  };
  return {
    listLearnings: ({ text = '', category, state = 'accepted' }) => {
      const items = host.learnings.filter(
        (learning) =>
          learning.state === state &&
          learning.title.toLowerCase().includes(text.toLowerCase()) &&
          (!category || learning.category === category),
      );
      return Promise.resolve({
        items: items.toSorted(
          (a, b) => Number(b.isPinned) - Number(a.isPinned) || b.confidence - a.confidence || b.updatedAt - a.updatedAt,
        ),
      });
    },
    saveLearning: async (input) => {
      const old = host.learnings.find((learning) => learning.id === input.id);
      const at = Date.now();
      const saved = { ...makeLearning({ id: input.id, createdAt: at }), ...old, ...input, updatedAt: at };
      host.learnings = [saved, ...host.learnings.filter((learning) => learning.id !== input.id)];
      return saved;
    },
    deleteLearning: async (id) => {
      const found = host.learnings.find((learning) => learning.id === id) ?? failMissing();
      deleted.set(id, found);
      host.learnings = host.learnings.filter((learning) => learning.id !== id);
    },
    restoreLearning: async (id) => {
      const found = deleted.get(id) ?? failMissing();
      host.learnings = [...host.learnings, found];
      changed();
      return found;
    },
    draftLearning: async () =>
      host.emit('draftLearning', { title: 'From a hit', description: 'What was found', sourceSessions: [] }),
    learningProof: async (id) => host.proof(find(id)),
    reviewLearning: async (id, decision) =>
      change(id, { state: decision === 'accept' ? 'accepted' : decision === 'reject' ? 'rejected' : 'proposed' }),
    mergeLearnings: async (into, others) => {
      for (const id of others) change(id, { state: 'superseded' });
      return find(into);
    },
    relearn: async () => ({ proposed: 1, changed: 0 }),
  };
}
