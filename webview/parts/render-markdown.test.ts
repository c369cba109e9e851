// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { isHttps } from '../../src/protocol/markdown';
import { growthOf, maxGrowth } from '../../test/growth';
import { renderMarkdown } from './render-markdown';

function draw(markdown: string): HTMLElement {
  const box = document.createElement('div');
  box.append(renderMarkdown(markdown));
  return box;
}

const allowed = new Set(
  'P BR HR H1 H2 H3 H4 H5 H6 STRONG EM DEL CODE PRE BLOCKQUOTE UL OL LI A TABLE THEAD TBODY TR TH TD SPAN'.split(' '),
);

/** Elements and attributes of the result that are not allowed. */
function findForbidden(box: HTMLElement): string[] {
  return [...box.querySelectorAll('*')].flatMap((element) => {
    const attributes = [...element.attributes].filter(
      ({ name, value }) =>
        !['href', 'start', 'align', 'data-lang'].includes(name) || (name === 'href' && !isHttps(value)),
    );
    return [
      ...(allowed.has(element.tagName) ? [] : [element.tagName]),
      ...attributes.map(({ name, value }) => `${element.tagName} ${name}=${value}`),
    ];
  });
}

describe('renderMarkdown', () => {
  it('draws what people write', () => {
    const box = draw(
      '# Title\n\nsome **bold** and `code`\n\n- one\n- [x] two\n\n| a | b |\n| - | - |\n| 1 | 2 ' +
        '|\n\n```ts\nconst a = 1;\n```\n\n[link](https://example.org/a?b=1&c=2)',
    );
    expect(box.querySelector('h1')?.textContent).toBe('Title');
    expect(box.querySelector('strong')?.textContent).toBe('bold');
    expect(box.querySelectorAll('li')).toHaveLength(2);
    expect(box.textContent).toContain('☑ two');
    expect(box.querySelectorAll('td')).toHaveLength(2);
    expect(box.querySelector('pre')?.getAttribute('data-lang')).toBe('ts');
    expect(box.querySelector('pre code')?.textContent).toBe('const a = 1;');
    expect(box.querySelector('a')?.getAttribute('href')).toBe('https://example.org/a?b=1&c=2');
    expect(findForbidden(box)).toEqual([]);
  });

  it.each([
    ['a script', '<script>alert(1)</script>'],
    ['a script in a paragraph', 'hello <script src="https://evil.example/x.js"></script> there'],
    ['an image that fails', '<img src=x onerror=alert(1)>'],
    ['a drawing', '<svg onload=alert(1)><script>alert(1)</script><use href="data:x"/></svg>'],
    ['a frame', '<iframe srcdoc="<script>alert(1)</script>" src="https://evil.example"></iframe>'],
    [
      'a form',
      '<form action="https://evil.example"><input name=q><button formaction="javascript:alert(1)">go</button></form>',
    ],
    ['a style sheet', '<style>*{display:none}</style><link rel=stylesheet href="https://evil.example/x.css">'],
    ['a styled cover', '<div style="position:fixed;inset:0" class="icon-button" id="root">x</div>'],
    [
      'a base and a redirect',
      '<base href="https://evil.example/"><meta http-equiv=refresh content="0;url=https://evil.example">',
    ],
    ['an object', '<object data="data:text/html,x"></object><embed src="x"><video src=x onloadstart=alert(1)>'],
    [
      'formulas as a carrier',
      '<math><mtext></p><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    ],
    ['a template', '<template><img src=x onerror=alert(1)></template>'],
    ['HTML in a table', '| <img src=x onerror=alert(1)> |\n| --- |\n| <b onclick=alert(1)>x</b> |'],
    ['HTML in a heading', '# <a href="javascript:alert(1)" onclick="alert(1)">x</a>'],
    ['half a tag', '<img src=x onerror=alert(1)//'],
    ['a comment that is none', '<!--><img src=x onerror=alert(1)>-->'],
    ['a language that breaks out', '```"><img src=x onerror=alert(1)>\ncode\n```'],
    ['an autolink', '<javascript:alert(1)> <data:text/html,x> <vbscript:x>'],
    ['an address that breaks out', '[x](https://example.org/"onmouseover="alert(1))'],
  ])('shows %s as text or not at all', (_name, markdown) => {
    const box = draw(markdown);
    expect(findForbidden(box)).toEqual([]);
    expect(box.querySelectorAll('script, img, svg, iframe, style, form, input, object, link, meta, base')).toHaveLength(
      0,
    );
  });

  it('shows raw HTML as the text it is', () => {
    expect(draw('a <b onclick="x()">bold</b> move').textContent).toContain('<b onclick="x()">bold</b>');
  });

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' javascript:alert(1)',
    'java\tscript:alert(1)',
    'data:text/html;base64,PHNjcmlwdD4=',
    'vbscript:x',
    'file:///etc/passwd',
    'http://example.org',
    '//evil.example',
    '/relative',
    'command:workbench.action.quit',
    'vscode://x',
    '#anchor',
  ])('does not link to %s', (href) => {
    const box = draw(`[text](<${href}>)`);
    expect(box.querySelector('a')).toBeNull();
    expect(box.textContent).toContain('text');
  });

  it('never loads an image, remote or inline', () => {
    const box = draw(
      '![a cat](https://evil.example/cat.png) ![](data:image/svg+xml,<svg/onload=alert(1)>) ![ref]\n\n[ref]: https://evil.example/r.png',
    );
    expect(box.querySelectorAll('img')).toHaveLength(0);
    expect(box.textContent).toContain('[image: a cat]');
  });

  it('ends a fence that was never closed with the text', () => {
    const box = draw('before\n\n```js\nlet a = "<script>";\n# not a heading');
    expect(box.querySelector('h1')).toBeNull();
    expect(box.querySelector('pre')?.textContent).toContain('# not a heading');
  });

  it('makes bidirectional and invisible characters visible, in text, code and links', () => {
    const box = draw('say \u202Eevil\u202C and `co\u2066de` and [te\u200Fxt](https://example.org)');
    expect(box.textContent).toContain('‹U+202E›evil‹U+202C›');
    expect(box.querySelector('code')?.textContent).toBe('co‹U+2066›de');
    expect(box.textContent).not.toMatch(/[\u200E\u200F\u202A-\u202E\u2066-\u2069]/);
  });

  it.each<[string, (size: number) => string]>([
    ['quotes', (size) => '>'.repeat(size)],
    ['quotes with spaces', (size) => '> '.repeat(size)],
    ['lists', (size) => `${'- '.repeat(size / 2)}x`],
    ['numbered lists', (size) => `${'1. '.repeat(size / 2)}x`],
    [
      'indented lists',
      (size) => Array.from({ length: Math.sqrt(size) * 14 }, (_, depth) => `${'  '.repeat(depth)}- x`).join('\n'),
    ],
    ['brackets', (size) => '['.repeat(size * 2.5)],
    ['links', (size) => '[a]('.repeat(size)],
    ['emphasis', (size) => '*a '.repeat(size)],
    ['stars', (size) => '*'.repeat(size * 2.5)],
    ['underscores', (size) => '_a_'.repeat(size)],
    [
      'backticks',
      (size) => Array.from({ length: Math.sqrt(size) * 3 }, (_, length) => '`'.repeat(length + 1)).join(' '),
    ],
    ['pipes', (size) => `${'|'.repeat(size / 4)}\n${'|-'.repeat(size / 4)}|\n`],
    ['entities', (size) => '&amp;'.repeat(size * 1.5)],
    ['tags', (size) => '<a '.repeat(size * 1.5)],
    ['comments', (size) => '<!--'.repeat(size * 1.5)],
    ['words', (size) => 'word '.repeat(size * 10)],
    // A plain table: each line is a marker between two runs of blanks.
    ['blanks between markers', (size) => `${'-   \t   '.repeat(23)}x\n`.repeat(size / 40)],
    ['fences of different lengths', (size) => `${'`'.repeat(size)}\n${'x\n'.repeat(size)}`],
  ])('survives endless %s, in time that grows with them', async (_name, make) => {
    expect(await growthOf((size) => draw(make(size)), 5000)).toBeLessThan(maxGrowth);
    const box = draw(make(20_000));
    expect(box.childNodes.length).toBeGreaterThan(0);
    expect(findForbidden(box)).toEqual([]);
  });
});
