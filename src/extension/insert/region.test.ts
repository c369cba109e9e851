/**
 * A memory in a file of several languages: the comment has the form of the language at the cursor, the file still
 * compiles, and nothing of the memory ends a comment.
 */
import { transform } from 'esbuild';
import { array, assert, asyncProperty, constantFrom, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planInsertion } from './plan';
import { regionAt } from './region';

const mark = '¦';

/** Inserts at the mark, as an editor would. */
function insertAt(languageId: string, marked: string, text: string): string {
  const lines = marked.split('\n');
  const line = lines.findIndex((each) => each.includes(mark));
  const character = lines[line]!.indexOf(mark);
  lines[line] = lines[line]!.replace(mark, '');
  const place = { line, character };
  const target = {
    languageId,
    selections: [{ start: place, end: place }],
    lineAt: (at: number) => lines[at] ?? '',
    lineCount: lines.length,
  };
  const [edit] = planInsertion(target, { text }, 'auto');
  const { start, end, text: written } = edit!;
  expect(end.line).toBe(start.line);
  const present = lines[start.line]!;
  lines[start.line] = present.slice(0, start.character) + written + present.slice(end.character);
  return lines.join('\n');
}

/** The lines that the insertion of `note` added, with the line after them. */
function shown(languageId: string, marked: string): string {
  const lines = insertAt(languageId, marked, 'note').split('\n');
  const at = lines.findIndex((line) => line.includes('note'));
  return lines.slice(at, at + 2).join('\n');
}

const vue = (script: string, template = '<p>{{ total }}</p>', style = 'p { color: red }') =>
  `<template>\n  <div>\n    ${template}\n  </div>\n</template>\n\n<script setup lang="ts">\n` +
  `import { ref } from 'vue';\n${script}\n</script>\n\n<style scoped>\n${style}\n</style>\n`;

describe('the form of the comment', () => {
  it.each<[string, string, string]>([
    ['vue', vue('¦const a = 1;'), '// note\nconst a = 1;'],
    ['vue', vue('', '¦<p/>'), '    <!-- note -->\n    <p/>'],
    ['vue', vue('', '', '¦p { }'), '/* note */\np { }'],
    ['vue', vue('', '{{\n¦  total\n}}'), '  /* note */\n  total'],
    ['vue', vue('', '<p\n¦class="a"\n>x</p>'), '    <!-- note -->\n    <p'],
    ['vue', '<template lang="pug">\ndiv\n¦  p x\n</template>', '  //- note\n  p x'],
    ['vue', '<i18n lang="yaml">\n¦en: x\n</i18n>', '# note\nen: x'],
    ['vue', '<i18n>\n¦{ "en": {} }\n</i18n>', '<!-- note -->\n<i18n>'],
    ['vue', '<style lang="scss">\n¦p { a { } }\n</style>', '// note\np { a { } }'],
    ['html', '<body>\n¦<p>\n</body>', '<!-- note -->\n<p>'],
    ['html', '<script>\n  ¦run();\n</script>', '  // note\n  run();'],
    ['html', '<SCRIPT type="module">\n¦run();\n</SCRIPT>', '// note\nrun();'],
    ['html', '<script>run()</script>\n¦<p>', '<!-- note -->\n<p>'],
    ['html', '<style media="print">\n¦p {}\n</style>', '/* note */\np {}'],
    [
      'html',
      '<script type="application/ld+json">\n¦{}\n</script>',
      '<!-- note -->\n<script type="application/ld+json">',
    ],
    ['html', '<script type="text/x-template">\n¦<p>\n</script>', '<!-- note -->\n<p>'],
    ['html', '<!-- <script>\n¦x\n-->', '<!-- note -->\n<!-- <script>'],
    ['html', '<textarea>\n¦x\n</textarea>', '<!-- note -->\n<textarea>'],
    ['html', '<a title="<script>">\n¦x</a>', '<!-- note -->\nx</a>'],
    ['html', '<script>\nconst a = `\n¦x`;\n</script>', '// note\nconst a = `'],
    ['svelte', '<script lang="ts">\n¦let a = 1;\n</script>', '// note\nlet a = 1;'],
    ['svelte', '<style>\n¦p {}\n</style>', '/* note */\np {}'],
    ['svelte', '{#if a}\n¦<p>\n{/if}', '<!-- note -->\n<p>'],
    ['svelte', '<button onclick={() => a > 1}>\n¦x\n</button>', '<!-- note -->\nx'],
    ['svelte', '<p>{run(\n¦a\n)}</p>', '/* note */\na'],
    ['astro', '---\n¦const a = 1;\n---\n<p>', '// note\nconst a = 1;'],
    ['astro', '---\nconst a = 1;\n---\n¦<p>', '<!-- note -->\n<p>'],
    ['astro', '---\n---\n{list.map((each) => (\n  <li>\n¦{each}\n  </li>\n))}', '<!-- note -->\n{each}'],
    ['astro', '---\n---\n{list.map((each) =>\n¦each)}', '/* note */\neach)}'],
    ['astro', '¦---\nconst a = 1;\n---', '// note\nconst a = 1;'],
    ['javascriptreact', "return (\n  <ul>\n    ¦<li>don't</li>\n  </ul>\n);", "    {/* note */}\n    <li>don't</li>"],
    ['typescriptreact', 'const a = (\n  <ul>\n    {list.map((x) =>\n¦f(x))}\n  </ul>);', '// note\nf(x))}'],
    ['typescriptreact', 'const a = <T,>(x: T) => {\n¦return x;\n};', '// note\nreturn x;'],
    ['typescriptreact', 'const a: Array<string> = f<number>(1);\n¦b();', '// note\nb();'],
    ['typescriptreact', 'if (a < b) {\n¦b();\n}', '// note\nb();'],
    ['typescriptreact', '<A>\n  it`s {"}"} {`${b}`} fine\n¦</A>', '{/* note */}\n</A>'],
    ['typescriptreact', 'const a = <p>x</p>;\n¦b();', '// note\nb();'],
    ['typescriptreact', 'const a = <><br />\n¦</>;', '{/* note */}\n</>;'],
    ['typescriptreact', '<p\n¦class="a">', '// note\nclass="a">'],
    ['typescript', 'const a = <T>(x: T) => {\n¦return x;\n};', '// note\nreturn x;'],
    ['typescript', 'const a = `\n${b}\n¦x`;', '// note\nconst a = `'],
    ['javascript', 'const a = /[`"]/g;\n¦b();', '// note\nb();'],
    ['javascript', 'const a = 1 / 2; // it`s\n¦b();', '// note\nb();'],
    ['javascript', '/*\n¦ * x */', '// note\n/*'],
    ['markdown', 'text\n\n```ts\n¦a();\n```', '// note\na();'],
    ['markdown', '```py title="x"\n    ¦a()\n```', '    # note\n    a()'],
    ['markdown', '~~~css\n¦p {}\n~~~', '/* note */\np {}'],
    ['markdown', '```jsx\nconst a = <p>\n¦x</p>\n```', '{/* note */}\nx</p>'],
    ['markdown', '````md\n```ts\n¦a();\n```\n````', '// note\na();'],
    ['markdown', '> ```ts\n> ¦a();\n> ```', '> // note\n> a();'],
    ['markdown', '1. x\n   ```ts\n¦\n   ```', '   // note\n   ```'],
    ['markdown', '---\n¦title: x\n---', '# note\ntitle: x'],
    ['markdown', '```ts\na();\n```\n¦', 'note'],
    ['markdown', '```unknown\n¦\n```', 'note\n```'],
    ['markdown', '---\n\n¦x', 'notex'],
    ['mdx', '¦# Title', '{/* note */}\n# Title'],
    ['mdx', '```js\n¦a();\n```', '// note\na();'],
    ['php', '<?php\n¦echo 1;', '// note\necho 1;'],
    ['php', '¦<?php\necho 1;', '// note\necho 1;'],
    ['php', '¦<?php', '// note'],
    ['php', '<p>\n¦<?= $a ?>\n</p>', '<!-- note -->\n<?= $a ?>'],
    ['php', '<?php $a = "?>";\n¦echo 1;', '// note\necho 1;'],
    ['php', '<?php // ?>\n¦<p>', '<!-- note -->\n<p>'],
    ['php', '<?php $a = 1 ?>\n<script>\n¦a(<?= $a ?>);\n</script>', '// note\na(<?= $a ?>);'],
    ['php', '<?php\n$a = <<<X\n¦b\nX;', '// note\n$a = <<<X'],
    ['erb', '<p>\n¦<%= a %>\n</p>', '<!-- note -->\n<%= a %>'],
    ['erb', '<%\n¦a = 1\n%>', '# note\na = 1'],
    ['erb', '<script>\n¦a(<%= b %>);\n</script>', '// note\na(<%= b %>);'],
    ['ejs', '<%\n¦a();\n%>', '// note\na();'],
    ['jsp', '<%\n¦a();\n%>', '// note\na();'],
    ['python', '%%bash\n¦ls', '# note\nls'],
    ['python', '¦%%html\n<p>', '<!-- note -->\n<p>'],
    ['python', '%%javascript\n¦a();', '// note\na();'],
    ['shellscript', '¦#!/bin/sh\nls', '# note\nls'],
  ])('%s: %j', (languageId, marked, expected) => {
    expect(shown(languageId, marked)).toBe(expected);
  });
});

const traps = [
  '*/',
  '-->',
  '--!>',
  '</script>',
  '</SCRIPT >',
  '</style>',
  '<script>',
  '<!--',
  '`',
  '${x}',
  '{',
  '}',
  '*/}',
  '?>',
  '<?php',
  '%>',
  '<%',
  '}}',
  '{{',
  '```',
  '\\',
  '\n',
  '\r\n',
  '\u2028',
  '\u202e',
  ' ',
  'src/**/*.ts',
  '"',
  "'",
  '//',
];
const hostile = array(constantFrom(...traps, 'live()'), { minLength: 1, maxLength: 16 }).map(
  (parts) => `x${parts.join('')}x`,
);

describe('a memory of any text', () => {
  const compile = async (code: string, loader: 'ts' | 'tsx' | 'css') =>
    (await transform(code, { loader, minify: true, legalComments: 'none', logLevel: 'silent' })).code;
  const blockOf = (file: string, name: string) =>
    new RegExp(`<${name}[^>]*>([\\s\\S]*?)</${name}`, 'i').exec(file)?.[1] ?? '';

  it.each<[string, string, string, 'ts' | 'tsx' | 'css']>([
    ['vue', vue('const total = ref(0);\n¦export { total };'), 'script', 'ts'],
    ['vue', vue('', '', 'a { color: red }\n¦p { color: blue }'), 'style', 'css'],
    ['svelte', '<script lang="ts">\nlet a = 1;\n¦export { a };\n</script>', 'script', 'ts'],
    ['html', '<script type="module">\n  ¦run();\n</script>', 'script', 'ts'],
    ['html', '<style>\n  ¦p { color: red }\n</style>', 'style', 'css'],
  ])('compiles in %s as before: %#', async (languageId, marked, name, loader) => {
    const before = await compile(blockOf(marked.replace(mark, ''), name), loader);
    await assert(
      asyncProperty(hostile, async (text) => {
        const file = insertAt(languageId, marked, text);
        expect(await compile(blockOf(file, name), loader)).toBe(before);
      }),
      { numRuns: 60 },
    );
  });

  it.each<[string, string]>([
    ['between tags', 'export const a = () => (\n  <ul>\n    ¦<li>one</li>\n  </ul>\n);'],
    ['between attributes', 'export const a = (\n  <ul\n    ¦title="x"\n  />\n);'],
    ['in braces', 'export const a = <ul>{list.map((each) => {\n¦return <li>{each}</li>;\n})}</ul>;'],
    ['in an attribute', 'export const a = <ul title="x\n¦y" />;'],
    ['in a template', 'export const a = `\n¦x ${b}`;'],
  ])('compiles in JSX as before: %s', async (_, marked) => {
    const before = await compile(marked.replace(mark, ''), 'tsx');
    await assert(
      asyncProperty(hostile, async (text) => {
        expect(await compile(insertAt('typescriptreact', marked, text), 'tsx')).toBe(before);
      }),
      { numRuns: 60 },
    );
  });

  it('stays in its fence, and in the HTML of a page', () => {
    assert(
      property(hostile, (text) => {
        const fenced = insertAt('markdown', 'a\n\n```ts\n¦run();\n```\nb', text);
        const fences = fenced.split('\n').filter((line) => /^ {0,3}```/.test(line));
        expect(fences).toHaveLength(2);
        const page = insertAt('html', '<p>\n¦<b>x</b>\n</p>', text);
        const left = page.replaceAll(/<!--[\s\S]*?--!?>/g, '').replaceAll(/\s/g, '');
        expect(left).toBe('<p><b>x</b></p>');
        const php = insertAt('php', '<?php\n¦echo 1;', text);
        expect(php.slice(5)).not.toMatch(/\?>|<\?/);
      }),
      { numRuns: 300 },
    );
  });

  it('a file of any text has some region, and one that is not safe begins above', () => {
    const languages = ['vue', 'svelte', 'astro', 'html', 'php', 'erb', 'ejs', 'jsp', 'markdown', 'typescriptreact'];
    const pieces = array(
      constantFrom(
        ...traps,
        '<p>',
        '<script>',
        '<style>',
        '---\n',
        '{',
        '(',
        '=> ',
        '/',
        'a',
        '<A b={',
        "'",
        '```ts\n',
        '\n',
      ),
      { maxLength: 30 },
    );
    assert(
      property(constantFrom(...languages), pieces, string(), (languageId, parts, more) => {
        const lines = (parts.join('') + more).split('\n');
        const { unsafeFrom = 0 } = regionAt(languageId, lines);
        expect(unsafeFrom).toBeGreaterThanOrEqual(0);
        expect(unsafeFrom).toBeLessThanOrEqual(lines.join('\n').length);
        insertAt(languageId, `${lines.join('\n').replaceAll(mark, '')}\n${mark}`, 'note');
      }),
      { numRuns: 1000 },
    );
  });
});
