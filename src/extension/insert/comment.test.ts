import { describe, expect, it } from 'vitest';
import { cleanText, commentOut } from './comment';

describe('commentOut', () => {
  it.each<[string, string, string]>([
    ['typescript', 'a\n\n  b', '// a\n//\n//   b'],
    ['python', '# coding: utf-7', '# # coding : utf-7'],
    ['c', 'path C:\\', '// path C:\\ .'],
    ['c', 'what??/\nnow', '// what?? /\n// now'],
    ['java', String.raw`\u000a x \\uuu0041`, String.raw`// \ u000a x \\ uuu0041`],
    ['php', '<?php x ?>', '// < ?php x ? >'],
    ['css', 'a */ b', '/* a * / b */'],
    ['html', 'a --> b --!> </script>\nc', '<!-- a - - > b - - !> < /script> -->\n<!-- c -->'],
    ['xml', ']]> --', '<!-- ]] > - - -->'],
    ['yaml', 'run: ${{ x }}', '# run: ${ { x }}'],
    ['dockerfile', 'syntax=evil/image', '## syntax=evil/image'],
    ['makefile', '$(shell id)', '# $ (shell id)'],
    ['bat', '& calc %~\n%PATH% ^', 'REM - & calc %%~\nREM - %%PATH%% ^ .'],
    ['vb', 'x _', "' x _ ."],
    ['plsql', 'x -', '-- x - .'],
    ['lua', '[[ x', '-- [[ x'],
    ['handlebars', 'a --}} b', '{{!-- a - -} } b --}}'],
    ['razor', 'a *@ b', '@* a * @ b *@'],
    ['mdx', '*/} {x}', '{/* * /} {x} */}'],
    ['ocaml', 'a *) "b" (* {x|', "(* a * ) ''b'' ( * { x| *)"],
  ])('%s: %j', (language, text, expected) => {
    expect(commentOut(text, language)).toBe(expected);
  });

  it('breaks lines where any language might, and shows what would act unseen', () => {
    expect(commentOut('a\rb\u2028c\u2029d\ve\ff\u0085g\r\nh', 'go')).toBe(
      'abcdefgh'
        .split('')
        .map((letter) => `// ${letter}`)
        .join('\n'),
    );
    expect(commentOut('a\u0000\u001b[0m\u007f\u202e\u2066\u200f\u061cz', 'go')).toBe(
      '// a␀␛[0m␡[U+202E][U+2066][U+200F][U+061C]z',
    );
  });

  it('indents every line, drops blank ends and has nothing to say about nothing', () => {
    expect(commentOut('\n\na\nb\n \n', 'rust', '\t')).toBe('\t// a\n\t// b');
    expect(commentOut(' \n', 'rust', '\t')).toBe('');
  });

  it('refuses a language it does not know', () => {
    expect(() => commentOut('a', 'plaintext')).toThrow(RangeError);
  });
});

it('leaves plain text alone', () => {
  const text = 'Ünï¢ode 中文 👩‍👩‍👧\n\tand `code` --> */ stay';
  expect(cleanText(text)).toBe(text);
});
