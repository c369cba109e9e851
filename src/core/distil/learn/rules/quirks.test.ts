/** The second table of each kind was written after the rule, and not used for it. */
import { describe, expect, it } from 'vitest';
import { limitsIn } from './quirks';

describe('what a library does not do', () => {
  it.each([
    ['Winston does not flush its files on exit.', 'winston'],
    ["The old rows stay — kysely's `updateTable()` never returns them, so we read them again.", 'kysely'],
    ['We parse it by hand because zod v3 has no discriminated pipe.', 'zod'],
    ['Saved twice: lowdb silently overwrites a file that is locked.', 'lowdb'],
    ['The totals drift because numpy never rounds half up.', 'numpy'],
    ['Rows are doubled since pandas always copies the index.', 'pandas'],
  ])('%s', (text, library) => expect(limitsIn(text).map((found) => found.library)).toEqual([library]));

  it.each([
    ['`moment` ignores the time zone of the input.', 'moment'],
    ["sqlx's `query!` macro requires a database at compile time.", 'sqlx'],
    ['requests does not retry a dropped connection.', 'requests'],
    ['Note that axios never sends a body with GET requests.', 'axios'],
    ['date-fns only supports tokens of Unicode.', 'date-fns'],
  ])('held out: %s', (text, library) => expect(limitsIn(text).map((found) => found.library)).toEqual([library]));

  it('ends where the sentence turns to what was done about it', () => {
    expect(limitsIn('kysely never returns the old rows, so we read them again.')[0]?.text).toBe(
      'kysely never returns the old rows.',
    );
  });
});

describe('no such thing', () => {
  it.each([
    'Does zod not accept this?',
    'If winston does not flush, we should call end() ourselves.',
    'This does not work.',
    'I do not know why kysely is slow.',
    'The test still does not pass because the fixture is missing.',
    'winston does not log yet.',
  ])('%s', (text) => expect(limitsIn(text)).toEqual([]));

  it.each([
    'Maybe moment ignores the time zone of the input.',
    'sqlx would never return an empty row for that query.',
    'requests does not retry in our wrapper.',
    'pandas did not copy the index in the first run.',
    'zod seems to drop every unknown key of the object.',
    'you do not need date-fns for that.',
  ])('held out: %s', (text) => expect(limitsIn(text)).toEqual([]));
});
