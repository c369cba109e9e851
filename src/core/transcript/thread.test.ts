/** Entries become the same rows in whatever parts the file is read. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asSealed, names } from '../../../test/fixtures/sealed';
import { Transcript } from '../../../test/fixtures/transcript-lines';
import type { Redacted } from '../lib/redacted';
import type { Draft, MessageDraft } from './drafts';
import { parseLine } from './parse';
import type { Entry } from './schema';
import { newThread, threadEntries } from './thread';
import type { ThreadState } from './thread';

type Step = { entry: Entry<Redacted>; line: number };

const stepsOf = (transcript: Transcript): Step[] =>
  transcript.lines.flatMap((line, index) =>
    parseLine(typeof line === 'string' ? line : JSON.stringify(line)).map((entry) => ({
      entry: asSealed(entry),
      line: index,
    })),
  );

/** All drafts when read in parts; late answers are joined to their prompts as the store does. */
function readIn(
  parts: readonly (readonly Step[])[],
  isAgentFile = false,
): { drafts: Draft[]; duplicates: number[]; state: ThreadState } {
  let state = newThread;
  const drafts: Draft[] = [];
  const duplicates: number[] = [];
  for (const part of parts) {
    const threaded = threadEntries(part, state, { isAgentFile, names });
    // The state is stored as JSON between readings.
    state = JSON.parse(JSON.stringify(threaded.state)) as ThreadState;
    duplicates.push(...threaded.duplicateLines);
    for (const draft of [...threaded.drafts, ...threaded.waiting]) {
      const stored = drafts.findIndex((each) => 'uid' in draft && 'uid' in each && each.uid === draft.uid);
      if (draft.kind === 'withdrawn') {
        if (stored >= 0) drafts.splice(stored, 1);
      } else if (draft.kind === 'placed') {
        drafts[stored] = { ...(drafts[stored] as MessageDraft), turn: draft.turn };
      } else if (draft.kind !== 'answered') drafts.push(draft);
      else
        for (const each of drafts)
          if (each.kind === 'message' && each.uid === draft.uid) each.answerKey = draft.answerKey;
    }
  }
  return { drafts, duplicates, state };
}

/** As they are shown: by turn, and within a turn in the order of storing; without what is only looked up. */
const shown = ({ drafts }: { drafts: readonly Draft[] }): Draft[] =>
  drafts
    .map((draft) => {
      if (draft.kind !== 'message') return draft;
      const { olderAnswerKey: _, ...rest } = draft;
      return rest;
    })
    .toSorted((a, b) => ('turn' in a ? a.turn : -1) - ('turn' in b ? b.turn : -1));

const split = <T>(items: readonly T[], cuts: readonly number[]): T[][] => {
  const at = [0, ...cuts.map((cut) => cut % (items.length + 1)).sort((a, b) => a - b), items.length];
  return at.slice(1).map((end, index) => items.slice(at[index], end));
};

/** Random sessions made of the things that occur in real ones. */
const anySession = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        'prompt',
        'answer',
        'thinking',
        'tool',
        'call',
        'queued',
        'enqueue',
        'dequeue',
        'remove',
        'popAll',
        'machine',
        'command',
        'side',
        'title',
        'folder',
        'broken',
        'summary',
        'late',
      ),
      fc.constantFrom('rename the basket', 'add a discount', 'fix it', 'again'),
    ),
    { maxLength: 25 },
  )
  .map((events) => {
    const transcript = new Transcript('session-1');
    const open: string[] = [];
    for (const [event, text] of events) {
      if (event === 'prompt') transcript.prompt(text);
      else if (event === 'answer') transcript.answer(text);
      else if (event === 'thinking') transcript.thinking(text);
      else if (event === 'tool') transcript.tool('Bash', { command: text }, `${text} done`);
      else if (event === 'call') open.push(transcript.call('Read', { file_path: `/work/${text}` }));
      else if (event === 'late' && open.length > 0) transcript.result(open.shift() as string, text);
      else if (event === 'queued')
        transcript.line('attachment', { attachment: { type: 'queued_command', prompt: text } });
      else if (event === 'enqueue' || event === 'dequeue' || event === 'remove' || event === 'popAll')
        transcript.queue(event, event === 'enqueue' || event === 'popAll' ? { content: text } : {});
      else if (event === 'machine') transcript.prompt(`<task-notification>${text}</task-notification>`);
      else if (event === 'command') transcript.prompt(`<command-name>/${text.split(' ')[0] ?? ''}</command-name>`);
      else if (event === 'side') transcript.prompt(text, { isSidechain: true, agentId: 'a1' });
      else if (event === 'title') transcript.meta({ type: 'summary', summary: text, leafUuid: 'leaf' });
      else if (event === 'folder') transcript.prompt(text, { cwd: '/work/other', gitBranch: 'feature' });
      else if (event === 'summary')
        transcript.prompt(`This session is being continued from a previous conversation ${text}`);
      else transcript.raw('{"type":"user",');
    }
    return transcript;
  });

describe('threading', () => {
  it('gives the same rows, keys, turns and duplicates for any cut into batches', () => {
    fc.assert(
      fc.property(
        anySession,
        fc.array(fc.nat(200), { maxLength: 8 }),
        fc.boolean(),
        (transcript, cuts, isAgentFile) => {
          const steps = stepsOf(transcript);
          const whole = readIn([steps], isAgentFile);
          const parts = readIn(split(steps, cuts), isAgentFile);
          expect(shown(parts)).toEqual(shown(whole));
          expect(parts.duplicates).toEqual(whole.duplicates);
          expect(parts.state).toEqual(whole.state);
          expect(
            shown(
              readIn(
                steps.map((step) => [step]),
                isAgentFile,
              ),
            ),
          ).toEqual(shown(whole));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('gives the same keys again when the file is read anew, and never one key to two messages of a session', () => {
    fc.assert(
      fc.property(anySession, (transcript) => {
        const steps = stepsOf(transcript);
        const keys = (drafts: readonly Draft[]) => drafts.flatMap((draft) => ('uid' in draft ? [draft.uid] : []));
        expect(keys(readIn([steps]).drafts)).toEqual(keys(readIn([steps]).drafts));
        const human = readIn([steps]).drafts.filter(
          (draft): draft is MessageDraft => draft.kind === 'message' && draft.role === 'user',
        );
        expect(new Set(human.map(({ uid }) => uid)).size).toBe(human.length);
      }),
    );
  });

  it('does not change the state it was given', () => {
    const transcript = new Transcript('session-1');
    transcript.prompt('one');
    transcript.line('attachment', { attachment: { type: 'queued_command', prompt: 'two' } });
    const before: ThreadState = { ...newThread, reused: [names.of('kept')] };
    const copy = structuredClone(before);
    threadEntries(stepsOf(transcript), before, { isAgentFile: false, names });
    expect(before).toEqual(copy);
  });

  it('begins a turn at every human prompt and at nothing else', () => {
    const transcript = new Transcript('session-1');
    transcript.meta({ type: 'ai-title', aiTitle: 'before everything' });
    transcript.answer('from before');
    transcript.prompt('first');
    transcript.answer('a1');
    transcript.prompt('<task-notification>done</task-notification>');
    transcript.prompt('in a side chain', { isSidechain: true });
    transcript.prompt('second');
    transcript.tool('Bash', { command: 'ls' }, 'x');
    const { drafts } = readIn([stepsOf(transcript)]);
    expect(drafts.flatMap((draft) => ('turn' in draft ? [[draft.kind, draft.turn]] : []))).toEqual([
      ['message', 0],
      ['message', 1],
      ['message', 1],
      ['message', 1],
      ['message', 1],
      ['message', 2],
      ['call', 2],
      ['result', 2],
    ]);
  });

  it('knows a prompt by its first answer, also when that comes with a later reading', () => {
    const transcript = new Transcript('session-1');
    transcript.prompt('rename the basket');
    transcript.answer('renamed', { messageId: 'msg_1' });
    const [prompt, answer] = stepsOf(transcript);
    const first = threadEntries([prompt!], newThread, { isAgentFile: false, names });
    const second = threadEntries([answer!], first.state, { isAgentFile: false, names });
    const whole = threadEntries([prompt!, answer!], newThread, { isAgentFile: false, names }).drafts[0] as MessageDraft;
    expect(whole.answerKey).toBeTypeOf('string');
    expect(second.drafts[0]).toEqual({ kind: 'answered', uid: whole.uid, answerKey: whole.answerKey });
    expect(
      threadEntries([answer!], second.state, { isAgentFile: false, names }).drafts.some(
        ({ kind }) => kind === 'answered',
      ),
    ).toBe(false);
  });

  /** What a person said, with the number of its turn. */
  const said = (transcript: Transcript): [number, string][] =>
    shown(readIn([stepsOf(transcript)])).flatMap((draft) =>
      draft.kind === 'message' && draft.role === 'user' ? [[draft.turn, draft.text] as [number, string]] : [],
    );

  it('keeps the same words apart when they were queued once and typed later', () => {
    const transcript = new Transcript('session-1');
    transcript.prompt('carry on');
    transcript.answer('working');
    transcript.line('attachment', { attachment: { type: 'queued_command', prompt: 'carry on' } });
    transcript.answer('went on');
    transcript.prompt('carry on');
    transcript.answer('went on again');
    transcript.line('attachment', { attachment: { type: 'queued_command', prompt: 'carry on', source_uuid: 'u1' } });
    transcript.line('attachment', { attachment: { type: 'queued_command', prompt: 'carry on', source_uuid: 'u2' } });
    transcript.prompt('carry on', { promptSource: 'typed' });
    expect(said(transcript)).toEqual([1, 2, 3, 4, 5, 6].map((turn) => [turn, 'carry on']));
  });

  it('knows the two forms of one queued prompt by the ids of the client, whatever lies between them', () => {
    const transcript = new Transcript('session-1');
    transcript.prompt('start');
    transcript.line('attachment', { attachment: { type: 'queued_command', prompt: 'ok', source_uuid: 'u-line' } });
    transcript.answer('started');
    transcript.prompt('ok', { uuid: 'u-line' });
    transcript.prompt('ok');
    expect(said(transcript)).toEqual([
      [1, 'start'],
      [2, 'ok'],
      [3, 'ok'],
    ]);
  });

  it('counts each queued line for one message at most', () => {
    const transcript = new Transcript('session-1');
    transcript.line('attachment', { attachment: { type: 'queued_command', prompt: 'ok' } });
    transcript.prompt('ok');
    transcript.prompt('ok');
    expect(said(transcript)).toHaveLength(2);
  });

  it('takes a prompt that stands in the queue only for one, where it was handed out', () => {
    const transcript = new Transcript('session-1');
    transcript.prompt('start');
    transcript.queue('enqueue', { content: 'absorbed by the running turn' });
    transcript.answer('still the first turn');
    transcript.queue('remove');
    transcript.answer('to the absorbed one');
    transcript.queue('enqueue', { content: 'taken back' });
    transcript.queue('popAll', { content: 'taken back' });
    transcript.queue('enqueue', { content: 'refused by a hook' });
    transcript.queue('dequeue');
    transcript.prompt('next');
    transcript.queue('enqueue', { content: 'followed by its line' });
    transcript.queue('dequeue');
    transcript.prompt('followed by its line');
    transcript.queue('enqueue', { content: '/model opus' });
    transcript.queue('enqueue', { content: '<task-notification>x</task-notification>' });
    transcript.queue('enqueue', { content: 'the client was killed' });
    expect(said(transcript)).toEqual([
      [1, 'start'],
      [2, 'absorbed by the running turn'],
      [3, 'refused by a hook'],
      [4, 'next'],
      [5, 'followed by its line'],
      [6, 'the client was killed'],
    ]);
    const answers = readIn([stepsOf(transcript)]).drafts.flatMap((draft) =>
      draft.kind === 'message' && draft.role === 'assistant' ? [[draft.turn, draft.text]] : [],
    );
    expect(answers).toEqual([
      [1, 'still the first turn'],
      [2, 'to the absorbed one'],
    ]);
  });

  it('joins an operation of the queue to its attachment and to a line of several prompts', () => {
    const transcript = new Transcript('session-1');
    transcript.prompt('start');
    transcript.queue('enqueue', { content: 'and this', commandUuid: 'c1' });
    transcript.queue('remove', { commandUuid: 'c1', reason: 'absorbed_mid_turn' });
    transcript.line('attachment', { attachment: { type: 'queued_command', prompt: 'and this', source_uuid: 'c1' } });
    transcript.answer('done');
    transcript.queue('enqueue', { content: 'one\nof two lines' });
    transcript.queue('enqueue', { content: 'two' });
    transcript.queue('dequeue');
    transcript.queue('dequeue');
    transcript.prompt('one\nof two lines\ntwo');
    expect(said(transcript)).toEqual([
      [1, 'start'],
      [2, 'and this'],
      [3, 'one\nof two lines\ntwo'],
    ]);
  });

  it('lets a message id that is no id name nothing: no row melts into another, and tokens add up', () => {
    const gateway = (session: string) => {
      const transcript = new Transcript(session);
      for (let turn = 0; turn < 3; turn++) {
        transcript.prompt('carry on');
        transcript.call('Bash', { command: 'npm test' }, 'call_0');
        transcript.result('call_0', 'ok');
        transcript.answer('Done.', { usage: { input_tokens: 100, output_tokens: 7 } });
      }
      for (const line of transcript.lines as { message?: { id?: string }; requestId?: string }[]) {
        delete line.requestId;
        if (line.message?.id) line.message.id = 'relay';
      }
      return readIn([stepsOf(transcript)]).drafts;
    };
    const one = gateway('session-1');
    const both = [...one, ...gateway('session-2')];
    const keys = both.flatMap((draft) => ('uid' in draft ? [draft.uid] : []));
    expect(new Set(keys).size).toBe(18);
    expect(keys).toHaveLength(18);
    expect(both.some((draft) => draft.kind === 'message' && draft.answerKey !== undefined)).toBe(false);
    const usage = new Map(both.flatMap((draft) => (draft.kind === 'usage' ? [[draft.message, draft]] : [])));
    expect([...usage.values()].reduce((sum, { input, output }) => sum + input + output, 0)).toBe(6 * (3 + 5 + 107));
  });

  it('finds out that an id with a request names several answers when it comes back with other tokens', () => {
    const transcript = new Transcript('session-1');
    for (let turn = 1; turn <= 3; turn++) {
      transcript.prompt('carry on');
      transcript.answer('Done.', {
        messageId: 'always',
        requestId: 'the same',
        usage: { input_tokens: 100 + turn, output_tokens: 7 },
      });
    }
    const { drafts } = readIn([stepsOf(transcript)]);
    expect(new Set(drafts.flatMap((draft) => ('uid' in draft ? [draft.uid] : []))).size).toBe(6);
    expect(new Set(drafts.flatMap((draft) => (draft.kind === 'usage' ? [draft.message] : []))).size).toBe(3);
  });

  it('takes the turn of a sub-agent from the time of its lines', () => {
    const transcript = new Transcript('session-1', { agentId: 'a1' });
    transcript.prompt('research');
    transcript.answer('found');
    const { drafts } = threadEntries(stepsOf(transcript), newThread, {
      isAgentFile: true,
      names,
      turnAt: (at) => at % 7,
    });
    for (const draft of drafts)
      if (draft.kind === 'message')
        expect([draft.turn, draft.role === 'user', draft.agentId]).toEqual([draft.at % 7, false, 'a1']);
  });

  it('holds bounded state, however long the session', () => {
    const transcript = new Transcript('session-1');
    for (let index = 0; index < 500; index++) transcript.prompt(`prompt number ${index} ${'x'.repeat(200)}`);
    expect(JSON.stringify(readIn([stepsOf(transcript)]).state).length).toBeLessThan(1000);
  });
});
