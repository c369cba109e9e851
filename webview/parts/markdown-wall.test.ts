// @vitest-environment happy-dom
/** What marked alone lets through before DOMPurify: no tag of the text, closed, unclosed or swallowing the next. */
import { array, assert, constantFrom, oneof, property, record, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isHttps } from '../../src/protocol/markdown';
import { markdownToHtml, renderMarkdown } from './render-markdown';

const tags = 'p|br|hr|h[1-6]|strong|em|del|code|pre|blockquote|ul|ol|li|a|table|thead|tbody|tr|th|td|span';
const ours = new RegExp(`</?(?:${tags})(?: (?:href|start|align|data-lang)="[^"<>]*")*>`, 'g');

/** Tags and links in the HTML of a text that are not the renderer's own. */
function gaps(text: string): string[] {
  const html = markdownToHtml(text) ?? '';
  const foreign = html.replaceAll(ours, '').match(/<.{0,40}/gs) ?? [];
  const links = [...html.matchAll(/ href="([^"]*)"/g)].map(([, href]) => (href ?? '').replaceAll('&amp;', '&'));
  return [...foreign, ...links.filter((href) => !isHttps(href))];
}

const names =
  'a b kbd code pre script style textarea title h1 p div table li img svg math iframe KBD Pre sCrIpT x-y kbd\0 k\0bd ' +
  'noscript template !-- ? ![CDATA[';
const values = ['"x"', "'x'", 'x', '"javascript:alert(1)"', '"a>b"', '"a<b', '&quot;x&quot;', '"\0"', '">'];
const marks =
  '\n|\n\n|*|**|_|~~|`|``|```\n|\n```html\n|> |\n- |\n1. |\n# |    |[|](|](https://a.example/|)|![|&amp;|&#x3c;|word|' +
  'https://a.example/|\\|[ ] | ';
const attribute = record({
  name: constantFrom('onclick', 'href', 'src', 'style', 'id', 'HREF'),
  value: constantFrom(...values),
}).map((each) => ` ${each.name}=${each.value}`);
const tag = tuple(
  constantFrom('<', '</', '< ', '<<', '&lt;', '\\<', '&#60;', '<\0'),
  constantFrom(...names.split(' ')),
  oneof(constantFrom('', ' ', '\n', '\t', ' /'), attribute),
  constantFrom('>', '', ' ', '/>', '&gt;', '\n', '\0>', '-->'),
).map((parts) => parts.join(''));
const mark = constantFrom(...marks.split('|'), '|', '|\n|-|\n|');
const markdown = array(oneof(tag, tag, mark), { minLength: 1, maxLength: 14 }).map((parts) => parts.join(''));

describe('the wall before DOMPurify', () => {
  it.each([
    '<kbd> <h1',
    'a <kbd> *x* <img src=x onerror=alert(1)',
    '<code> <svg onload=alert(1)//',
    '<KBD>\n<iframe src="https://evil.example"',
    '- <kbd> <h1\n- <h1',
    '[<kbd>](https://a.example/) <h1',
    '<kbd> a < b & c',
  ])('holds %j', (text) => {
    expect(gaps(text)).toEqual([]);
  });

  it('holds whatever tags stand in a text', () => {
    assert(
      property(markdown, (text) => {
        expect(gaps(text)).toEqual([]);
      }),
      { numRuns: 3000 },
    );
  });

  it('shows what stands behind a tag as the text it is', () => {
    const box = document.createElement('div');
    box.append(renderMarkdown('press <kbd> <h1 &amp; a &lt; b'));
    expect(box.textContent?.trim()).toBe('press <kbd> <h1 & a < b');
  });
});
