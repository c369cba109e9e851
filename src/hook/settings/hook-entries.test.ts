/** Our hooks in settings of others: in and out again, and every other byte as it was. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addHooks, areHooksDisabled, ownEntries, removeHooks } from './hook-entries';
import type { HookGroups } from './hook-entries';

const groupsOf = (folder: string, timeout = 10): HookGroups => {
  const group = (word: string) => ({
    hooks: [{ type: 'command' as const, command: `sh "${folder}/hooks/claude-mem-hook" ${word}`, timeout }],
  });
  return { SessionStart: group('session-start'), UserPromptSubmit: group('prompt') };
};
const ours = groupsOf('/home/ada/.config/Code/data');
const theirs = { matcher: 'startup', hooks: [{ type: 'command', command: '"/usr/bin/notify" claude-mem' }] };

/** Every way to write JSON that a person or a program has: indentation, line ends, blanks in odd places. */
const style = fc.record({
  unit: fc.constantFrom<(string | number)[]>(2, 4, '\t', 1, 0, '   '),
  eol: fc.constantFrom('\n', '\r\n', '\r'),
  mark: fc.constantFrom('', '\uFEFF'),
  before: fc.constantFrom('', ' ', '\n', '\r\n\t'),
  after: fc.constantFrom('', '\n', '\r\n', '\n\n', '  '),
  blank: fc.constantFrom('', ' ', '\n', '\r\n  ', '\n\n  ', '\n    '),
});
type Style = typeof style extends fc.Arbitrary<infer T> ? T : never;

/** Blanks go where the empty brackets are: there our entries would be the only ones. */
const write = (value: unknown, { unit, eol, mark, before, after, blank }: Style): string =>
  mark +
  before +
  JSON.stringify(value, null, unit)
    .replaceAll('\n', eol)
    .replace(
      /("(?:[^"\\]|\\.)*")|([[{])([\]}])/g,
      (_, text?: string, open?: string, close?: string) => text ?? `${open}${blank}${close}`,
    ) +
  after;

const handler = fc.record(
  { type: fc.constant('command'), command: fc.string(), timeout: fc.nat(), _tag: fc.json() },
  { requiredKeys: ['type', 'command'] },
);
const group = fc.record(
  { matcher: fc.string(), hooks: fc.array(handler, { maxLength: 2 }) },
  { requiredKeys: ['hooks'] },
);
const events = fc.constantFrom('SessionStart', 'UserPromptSubmit', 'Stop', 'PreToolUse');
const hooks = fc.dictionary(events, fc.array(group, { maxLength: 2 }), { noNullPrototype: true });
const others = fc.dictionary(
  fc.oneof(fc.string(), fc.constantFrom('env', 'permissions', '__proto__', 'Hooks')).filter((key) => key !== 'hooks'),
  fc.jsonValue({ maxDepth: 3 }),
  { maxKeys: 4, noNullPrototype: true },
);
const settings = fc
  .tuple(others, fc.option(hooks, { nil: undefined }), fc.boolean())
  .map(([rest, own, isFirst]) =>
    own === undefined ? rest : isFirst ? { hooks: own, ...rest } : { ...rest, hooks: own },
  );

describe('any settings', () => {
  it('are byte for byte as before once our hooks are taken out again', () => {
    fc.assert(
      fc.property(settings, style, (value, how) => {
        const text = write(value, how);
        const added = addHooks(text, ours);
        expect(removeHooks(added.text, added.before)).toBe(text);
        expect(
          ownEntries(added.text)
            .map(({ event }) => event)
            .toSorted(),
        ).toEqual(['SessionStart', 'UserPromptSubmit']);
      }),
      { numRuns: 1000 },
    );
  });

  it('keep everything else, and have our groups last', () => {
    fc.assert(
      fc.property(settings, style, (value, how) => {
        const read = JSON.parse(addHooks(write(value, how), ours).text.replace(/^\uFEFF/, '')) as {
          hooks: Record<string, unknown[]>;
        };
        for (const [event, one] of Object.entries(ours)) expect(read.hooks[event]?.pop()).toEqual(one);
        const before = { hooks: {}, ...value };
        const withLists = { ...before, hooks: { SessionStart: [], UserPromptSubmit: [], ...before.hooks } };
        expect(read).toEqual(JSON.parse(JSON.stringify(withLists)));
      }),
      { numRuns: 500 },
    );
  });

  it('twice is once, and an older launcher gives way to the new one', () => {
    fc.assert(
      fc.property(settings, style, (value, how) => {
        const text = write(value, how);
        const once = addHooks(text, ours);
        expect(addHooks(once.text, ours, once.before)).toEqual(once);
        const old = addHooks(text, groupsOf('C:\\old\\place', 3));
        expect(addHooks(old.text, ours, old.before)).toEqual(once);
      }),
      { numRuns: 300 },
    );
  });

  it('lose only ours when somebody edited them in between', () => {
    fc.assert(
      fc.property(settings, style, settings, (value, how, later) => {
        const { text, before } = addHooks(write(value, how), ours);
        const read = JSON.parse(text.replace(/^\uFEFF/, '')) as { hooks: Record<string, unknown[]> };
        const laterHooks: Record<string, unknown[]> = 'hooks' in later ? (later.hooks as never) : {};
        for (const [event, list] of Object.entries(laterHooks))
          read.hooks[event] = [...list, ...(read.hooks[event] ?? []), ...list];
        const edited = JSON.stringify(read, null, 3);
        const left = JSON.parse(removeHooks(edited, before)) as { hooks?: Record<string, unknown[]> };
        const wanted = structuredClone(read);
        for (const event of Object.keys(wanted.hooks))
          wanted.hooks[event] = (wanted.hooks[event] ?? []).filter(
            (one) => !JSON.stringify(one).includes('claude-mem-hook'),
          );
        // Empty lists may go, entries may not.
        for (const [event, list] of Object.entries(wanted.hooks))
          expect(left.hooks?.[event] ?? [], event).toEqual(list);
        expect({ ...left, hooks: 0 }).toEqual({ ...JSON.parse(JSON.stringify(wanted)), hooks: 0 });
      }),
      { numRuns: 300 },
    );
  });
});

it('a usual file reads as if a person had written the lines', () => {
  const text = `{\n  "model": "opus",\n  "hooks": {\n    "SessionStart": [\n      ${JSON.stringify(theirs)}\n    ]\n  }\n}\n`;
  const added = addHooks(text, ours).text;
  expect(added).toBe(
    `{\n  "model": "opus",\n  "hooks": {\n    "SessionStart": [\n      ${JSON.stringify(theirs)},\n` +
      JSON.stringify([ours.SessionStart], null, 2)
        .split('\n')
        .slice(1, -1)
        .map((line) => `    ${line}\n`)
        .join('') +
      '    ],\n' +
      `    "UserPromptSubmit": ${JSON.stringify([ours.UserPromptSubmit], null, 2).replaceAll('\n', '\n    ')}\n  }\n}\n`,
  );
});

it.each([
  ['no file', ''],
  ['a blank file', ' \n'],
  ['a byte order mark', '\uFEFF'],
])('%s becomes one that is only ours, and is as before without them', (_, text) => {
  const added = addHooks(text, ours);
  expect(JSON.parse(added.text.replace(/^\uFEFF/, ''))).toEqual({
    hooks: { SessionStart: [ours.SessionStart], UserPromptSubmit: [ours.UserPromptSubmit] },
  });
  expect(removeHooks(added.text, added.before)).toBe(text);
});

it.each<[string, string, number, number]>([
  ['a comment', '{\n  // mine\n  "a": 1\n}', 2, 3],
  ['a comment behind', '{"a": 1} /* x */', 1, 10],
  ['a comma at the end', '{\r\n  "a": 1,\r\n}', 3, 1],
  ['half a file', '{\n  "hooks": {\n', 3, 1],
  ['two documents', '{}\n{}', 2, 1],
  ['a tab in a text', '{\n "a": "\t"\n}', 2, 7],
  ['a list', '[1]', 1, 1],
  ['hooks that are a list', '{\n  "hooks": []}', 2, 12],
  ['an event that is no list', '{"hooks": {"SessionStart": {}}}', 1, 28],
  ['hooks written twice', '{"hooks": {},\n "hooks": {}}', 2, 2],
  ['an event written twice', '{"hooks": {"SessionStart": [],\n"SessionStart": []}}', 2, 1],
])('%s is refused with its place', (_, text, line, column) => {
  let thrown: unknown;
  try {
    addHooks(text, ours);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({ code: 'invalid_input', data: { reason: 'broken_settings', line, column } });
});

it('nesting without end is refused, not overflowed', () => {
  expect(() => addHooks('['.repeat(200_000), ours)).toThrow(/broken at line/);
});

it('a handler that somebody moved into a group of theirs is taken out alone', () => {
  const [own] = ours.SessionStart.hooks;
  const mixed = { hooks: { SessionStart: [{ ...theirs, hooks: [...theirs.hooks, own] }] } };
  expect(JSON.parse(removeHooks(JSON.stringify(mixed)))).toEqual({ hooks: { SessionStart: [theirs] } });
});

it('entries of ours under other events are found and taken out', () => {
  const text = JSON.stringify({ hooks: { Stop: [ours.SessionStart], SessionStart: [theirs] } });
  expect(ownEntries(text)).toEqual([{ event: 'Stop', command: ours.SessionStart.hooks[0]?.command }]);
  expect(JSON.parse(removeHooks(text))).toEqual({ hooks: { SessionStart: [theirs] } });
});

it('a command that only mentions us is not ours', () => {
  const text = JSON.stringify({
    hooks: { Stop: [theirs, { hooks: [{ type: 'command', command: 'echo claude-mem-hook' }] }] },
  });
  expect(ownEntries(text)).toEqual([]);
  expect(removeHooks(text)).toBe(text);
});

it('says that all hooks are turned off', () => {
  expect(areHooksDisabled('{"disableAllHooks": true}')).toBe(true);
  expect(areHooksDisabled('{"disableAllHooks": "true"}')).toBe(false);
  expect(areHooksDisabled('')).toBe(false);
});
