/** Made-up answers about what was given and whether it helped. */
import type { GivenRecord } from '../src/protocol/given';
import type { GiveChoices, Precision, ShadowCounts, ShadowExample, ShadowReport } from '../src/protocol/shadow';
import type { WebviewApi } from '../src/protocol/webview-api';
import type { FakeHost } from './fake-host';

export interface FakeGiving {
  report: ShadowReport;
  examples: ShadowExample[];
  given: GivenRecord[];
  choices: GiveChoices;
}

const share = (used: number, of: number): Precision => ({ used, of, low: 0.2, high: 0.46 });
const noCounts: ShadowCounts = { looked: 0, precision: { used: 0, of: 0, low: 0, high: 1 }, missed: 0, tokens: 0 };
const project = { id: 7, name: 'paper-boats', root: '/home/ada/code/paper-boats' };

export const noGiving: FakeGiving = {
  report: { shadow: noCounts, given: noCounts, projects: [], bar: 10, enough: 20, waiting: 3 },
  examples: [],
  given: [],
  choices: { never: [], sessions: [] },
};

export function makeGiving(now: number): FakeGiving {
  const piece = {
    id: 'session-1/decision/0',
    sessionId: 'session-1',
    title: 'Fold the sails',
    text: 'The sails are folded twice.',
    kind: 'decision' as const,
    turn: 4,
    key: 'p40' as const,
  };
  return {
    report: {
      ...noGiving.report,
      shadow: { looked: 343, precision: share(15, 47), missed: 1, tokens: 18_210 },
      projects: [
        {
          project,
          looked: 343,
          precision: share(15, 47),
          missed: 1,
          tokens: 18_210,
          sources: [
            { source: 'summary', precision: share(12, 43), isMuted: false, isKept: false },
            { source: 'said', precision: share(1, 45), isMuted: true, isKept: false },
          ],
        },
      ],
      waiting: 0,
    },
    examples: [
      {
        key: 'p9',
        sessionId: 'session-2',
        title: 'Paint the hull',
        turn: 2,
        prompt: 'How often are the sails folded?',
        at: now - 60_000,
        verdict: 'helped',
        isGiven: false,
        tokens: 120,
        items: [
          { ...piece, source: 'summary', use: { kind: 'file', key: 'o12', turn: 3, text: 'src/sails.ts' } },
          { id: 'session-1/said/401', sessionId: 'session-1', source: 'said' },
        ],
      },
    ],
    given: [
      {
        no: 2,
        sessionId: 'session-2',
        title: 'Paint the hull',
        source: 'prompt',
        tokens: 120,
        items: [piece],
        at: now - 50_000,
      },
      { no: 1, source: 'mcp', tokens: 9, items: [{ id: 'session-9/said/1' }], at: now - 90_000 },
    ],
    choices: { never: [], sessions: [] },
  };
}

export function answerGiving(host: FakeHost): Partial<WebviewApi> {
  const told = () => host.emit('changed', { sessions: [], learnings: false, isReset: false, given: true });
  return {
    shadowReport: async () => host.giving.report,
    shadowExamples: async ({ verdict }) => ({
      items: host.giving.examples.filter((each) => verdict === undefined || each.verdict === verdict),
    }),
    listGiven: async ({ sessionId, before }) =>
      host.giving.given.filter(
        (each) =>
          (sessionId === undefined || each.sessionId === sessionId) && (before === undefined || each.no < before),
      ),
    giveChoices: async () => host.giving.choices,
    setNeverGiven: async (id, isNever) => {
      const { choices } = host.giving;
      const never = choices.never.filter((each) => each.id !== id);
      const part = host.giving.given.flatMap(({ items }) => items).find((each) => each.id === id);
      host.giving.choices = { ...choices, never: isNever ? [{ id, ...part, isNever: true }, ...never] : never };
      told();
    },
    setSessionGiven: async (sessionId, isOn) => {
      host.giving.choices = { ...host.giving.choices, sessions: isOn ? [] : [{ sessionId, title: 'Paint the hull' }] };
      told();
    },
    setSourceKept: async (_, source, isKept) => {
      const { report } = host.giving;
      const projects = report.projects.map((each) => ({
        ...each,
        sources: each.sources.map((known) =>
          known.source === source ? { ...known, isKept, isMuted: !isKept } : known,
        ),
      }));
      host.giving.report = { ...report, projects };
    },
  };
}
