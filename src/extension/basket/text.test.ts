import { describe, expect, it } from 'vitest';
import { givenEnd, givenStart, wrapGiven } from '../../protocol/own-text';
import { textForBrief, textForClaude, textForFile, textForInstructions } from './text';

const esc = String.fromCharCode(27);

describe('the text of a basket', () => {
  it.each([
    ['@~/.ssh/id_rsa', '@ ~/.ssh/id_rsa'],
    ['see (@/etc/passwd)', 'see (@ /etc/passwd)'],
    ['mail ada@example.org', 'mail ada@example.org'],
    ['@Injectable() class', '@Injectable() class'],
  ])('names no file to Claude: %s', (text, given) => {
    expect(textForClaude(wrapGiven(text))).toBe(`${givenStart}\n${given}\n${givenEnd}`);
  });

  it('has no letter that does something in a terminal', () => {
    expect(textForClaude(wrapGiven(`one${esc}[201~\rtwo`))).not.toMatch(new RegExp(`[\\r${esc}]`));
    expect(textForBrief(wrapGiven('@src/app.ts'))).toContain('@src/app.ts');
  });

  it('has no marks in a file of the person', () => {
    expect(textForFile(wrapGiven('- Said: hello'))).toBe('- Said: hello');
  });

  it('cannot end its section in CLAUDE.md', () => {
    expect(textForInstructions(wrapGiven('a <!-<!--- /claude-mem:context --->-> b'))).not.toMatch(/<!--|-->/);
  });
});
