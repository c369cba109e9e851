import { describe, expect, it } from 'vitest';
import { planInsertion } from './plan';
import type { InsertStyle, InsertionTarget } from './plan';

/** Applies the plan to lines marked with `|` for a cursor and `[…]` for a selection, as an editor would. */
function insert(
  languageId: string,
  marked: string,
  text: string,
  style: InsertStyle = 'auto',
  width = 100,
  source?: string,
): string {
  const selections: InsertionTarget['selections'][number][] = [];
  const lines = marked.split('\n').map((line, number) => {
    const plain = line.replaceAll(/[|[\]]/g, '');
    let start: number | undefined;
    let column = 0;
    for (const sign of line) {
      if (sign === '|')
        selections.push({ start: { line: number, character: column }, end: { line: number, character: column } });
      else if (sign === '[') start = column;
      else if (sign === ']')
        selections.push({ start: { line: number, character: start ?? 0 }, end: { line: number, character: column } });
      else column += 1;
    }
    return plain;
  });
  const plan = planInsertion(
    { languageId, selections, lineAt: (line) => lines[line] ?? '', width },
    { text, ...(source !== undefined && { source }) },
    style,
  );
  for (const { start, end, text: written } of plan.toReversed()) {
    expect(end.line).toBe(start.line);
    const line = lines[start.line] ?? '';
    lines[start.line] = line.slice(0, start.character) + written + line.slice(end.character);
  }
  return lines.join('\n');
}

describe('in code', () => {
  it('writes comment lines above the line of the cursor, as deep as that line', () => {
    expect(insert('typescript', 'if (a) {\n  run(|b);\n}', 'one\n\ntwo')).toBe(
      'if (a) {\n  // one\n  //\n  // two\n  run(b);\n}',
    );
  });

  it('fills a blank line instead of adding one', () => {
    expect(insert('python', 'def f():\n    |', 'note')).toBe('def f():\n    # note');
  });

  it('writes at every cursor, once a line, and never over selected code', () => {
    expect(insert('go', '|a(|)\n[b]()', 'x')).toBe('// x\na()\n// x\nb()');
  });

  it('wraps at the width, under its own margin, and ends with where it is from', () => {
    const text = `- ${'word '.repeat(12).trim()}\n\`\`\`\n${'code '.repeat(14).trim()}\n\`\`\``;
    expect(insert('typescript', '  run(|);', text, 'auto', 48, '— Claude-Mem: A title').split('\n')).toEqual([
      '  // - word word word word word word word word',
      '  //   word word word word',
      '  // ```',
      `  // ${'code '.repeat(14).trim()}`,
      '  // ```',
      '  // — Claude-Mem: A title',
      '  run();',
    ]);
  });

  it('starts in column 0 in a makefile: an indented comment is a line of the recipe', () => {
    expect(insert('makefile', 'all:\n\techo |hi', 'x $(shell id)')).toBe('all:\n# x $ (shell id)\n\techo hi');
  });
});

it('asks the editor once for each line, and as text only for the lines that it writes', () => {
  const lines = Array.from({ length: 100 }, (_, number) => `run(${number});`);
  const selections = [90, 95, 95, 99].map((line) => ({ start: { line, character: 0 }, end: { line, character: 0 } }));
  const readsFor = (style: InsertStyle) => {
    const reads = new Map<number, number>();
    const lineAt = (line: number) => {
      reads.set(line, (reads.get(line) ?? 0) + 1);
      return lines[line] ?? '';
    };
    expect(
      planInsertion({ languageId: 'typescript', selections, lineAt, lineCount: 100 }, { text: 'x' }, style),
    ).toHaveLength(style === 'text' ? 4 : 3);
    return reads;
  };
  expect(readsFor('auto').get(50)).toBe(1);
  expect([...readsFor('text').keys()]).toEqual([90, 95, 99]);
});

describe('as text', () => {
  it('replaces what is selected and keeps the indent of the line', () => {
    expect(insert('markdown', '- a\n  [old] end', 'one\ntwo\n\nthree\n')).toBe('- a\n  one\n  two\n\n  three end');
  });

  it('writes Markdown as it is and code as comments, unless told otherwise', () => {
    expect(insert('markdown', '|', '**x**')).toBe('**x**');
    expect(insert('markdown', '|', '**x**', 'comment')).toBe('<!-- **x** -->');
    expect(insert('typescript', '|', 'x', 'text')).toBe('x');
    expect(insert('a-language-nobody-knows', '|', 'x', 'comment')).toBe('x');
  });

  it('shows what would reorder or hide text', () => {
    expect(insert('plaintext', '|', 'a\u202eb\u0000c\u2028d')).toBe('a[U+202E]b␀c\nd');
  });
});
