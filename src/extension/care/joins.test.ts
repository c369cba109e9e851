/** Joining projects in the editor: nothing happens without confirmation, and everything can be taken back. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ProjectInfo, ProjectJoin } from '../../protocol/model';
import type { Parts } from '../parts';
import { forgetProject } from './forget';
import { joinProjects, undoJoin } from './joins';

const editor = vi.hoisted(() => ({
  picks: [] as { label: string; description?: string; detail?: string }[][],
  pick: [] as number[],
  isSure: true,
  chosen: undefined as string | undefined,
  questions: [] as string[],
  notices: [] as string[],
}));
vi.mock('vscode', () => ({
  env: { language: 'en' },
  ConfigurationTarget: { Global: 1 },
  workspace: {},
  l10n: {
    t: (text: string, ...args: unknown[]) =>
      text.replace(/\{(\d)\}/g, (_, index: string) => String(args[Number(index)])),
  },
  window: {
    showQuickPick: (items: { label: string }[]) => {
      editor.picks.push(items);
      return Promise.resolve(items[editor.pick.shift() ?? -1]);
    },
    showWarningMessage: (question: string, { detail }: { detail: string }, yes: string) => {
      editor.questions.push(`${question}\n${detail}`);
      return Promise.resolve(editor.isSure ? yes : undefined);
    },
    showInformationMessage: (text: string) => {
      editor.notices.push(text);
      return Promise.resolve(editor.chosen);
    },
    setStatusBarMessage: (text: string) => void editor.notices.push(text),
  },
}));

const project = (id: number, name: string, sessions: number): ProjectInfo => ({
  id,
  name,
  root: `/work/${name}`,
  sessions,
  lastAt: id,
});
const [kiosk, market, bazaar] = [project(1, 'kiosk', 3), project(2, 'market', 4), project(3, 'bazaar', 1)];
const made: ProjectJoin = { id: 7, from: kiosk, into: market, sessions: 3, why: 'moved', at: Date.now() - 60_000 };
let asked: unknown[];
let joins: ProjectJoin[];
beforeEach(() => {
  Object.assign(editor, { picks: [], pick: [], isSure: true, chosen: undefined, questions: [], notices: [] });
  asked = [];
  joins = [made];
});

function parts(): Parts {
  const client = {
    projects: async () => [kiosk, market, bazaar],
    previewJoin: async () => ({ from: kiosk, into: market }),
    joinProjects: async (...args: unknown[]) => {
      asked.push(['join', ...args]);
      return made;
    },
    projectJoins: async () => joins,
    undoJoin: async (id: number) => void asked.push(['undo', id]),
    quotingLearnings: async () => [],
    forgetProject: async (id: number) => void asked.push(['forget', id]),
  };
  return { memory: { client: async () => client, dataDir: '/nowhere' } } as unknown as Parts;
}

describe('joining', () => {
  it('asks for two different projects, says what is shown as one, and offers to take it back', async () => {
    editor.pick = [1, 1];
    editor.chosen = 'Undo';
    await joinProjects(parts());
    // The first choice is not offered again.
    expect(editor.picks.map((rows) => rows.map(({ label }) => label.slice('$(folder) '.length)))).toEqual([
      ['bazaar', 'market', 'kiosk'],
      ['bazaar', 'kiosk'],
    ]);
    expect(editor.questions).toEqual([
      expect.stringMatching(
        /^Show both as the project “market”\?\n\/work\/kiosk – sessions: 3\n\/work\/market – sessions: 4\n/,
      ),
    ]);
    expect(editor.notices[0]).toBe('Shown as “market” now. Sessions: 7');
    expect(asked).toEqual([
      ['join', 2, 1],
      ['undo', 7],
    ]);
  });

  it.each([
    ['no first project', [], true],
    ['no second project', [0], true],
    ['no confirmation', [0, 1], false],
  ])('changes nothing with %s', async (_, pick, isSure) => {
    Object.assign(editor, { pick: [...pick], isSure });
    await joinProjects(parts());
    expect(asked).toEqual([]);
  });

  it('stays when the message is not answered', async () => {
    editor.pick = [0, 0];
    await joinProjects(parts());
    expect(asked).toHaveLength(1);
  });
});

describe('taking a join back', () => {
  it('lists every join with its reason', async () => {
    joins = [made, { ...made, id: 8, from: bazaar, why: 'hand' }];
    editor.pick = [1];
    await undoJoin(parts());
    expect(editor.picks[0]).toMatchObject([
      { label: '$(folder) kiosk → market', detail: '/work/kiosk → /work/market' },
      { label: '$(folder) bazaar → market', description: expect.stringContaining('joined by you') as unknown },
    ]);
    expect(editor.picks[0]?.[0]?.description).toContain('found out by its repository');
    expect(asked).toEqual([['undo', 8]]);
  });

  it('says when there is none', async () => {
    joins = [];
    await undoJoin(parts());
    expect([editor.picks, editor.notices]).toEqual([[], ['No project is joined with another one.']]);
  });
});

it('names what is joined before it is forgotten', async () => {
  await forgetProject(parts(), { ...market, sessions: 7, joined: [kiosk] });
  expect(editor.questions[0]).toContain('(7)');
  expect(editor.questions[0]).toContain('what is joined with it: /work/kiosk.');
  await forgetProject(parts(), market);
  expect(editor.questions[1]).not.toContain('joined');
  expect(asked).toEqual([
    ['forget', 2],
    ['forget', 2],
  ]);
});
