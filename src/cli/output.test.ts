import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { print, printJson, tell } from './output';

const written: string[] = [];
beforeEach(() => {
  written.length = 0;
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((text) => written.push(String(text)) > 0);
});
afterEach(() => void vi.restoreAllMocks());

/** Clears the screen, rings, sets the title, moves the cursor by a single C1 byte, turns the direction, hides a letter. */
const hostile = '\u001B[2Ja\u0007\u001B]0;title\u0007\u009B31mb\rc\u202Ed\u200Be\u2066f';

describe('what the command line writes', () => {
  it.each([
    ['results', print],
    ['errors', tell],
  ])('%s: nothing a terminal acts on, and nothing that turns or hides text', (_, write) => {
    write(`title ${hostile}\n\tindented\n`);
    // oxlint-disable-next-line no-control-regex
    expect(written.join('')).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u200B\u202A-\u202E\u2066-\u2069]/);
    expect(written.join('')).toMatch(/^title a[\s\S]*\n\tindented\n$/);
  });

  it('JSON: the same values for a program, without a letter a terminal acts on', () => {
    printJson({ title: hostile });
    const text = written.join('');
    expect(JSON.parse(text)).toEqual({ title: hostile });
    // oxlint-disable-next-line no-control-regex
    expect(text.trimEnd()).not.toMatch(/[\u0000-\u001F\u007F-\u009F\u200B\u202A-\u202E\u2066-\u2069]/);
  });
});
