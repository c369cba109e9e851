// @vitest-environment happy-dom
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { expect, it } from 'vitest';
import { InlineMarkdown } from './inline-markdown';

async function draw(text: string): Promise<string> {
  globalThis.IS_REACT_ACT_ENVIRONMENT = true;
  const box = document.createElement('p');
  const root = createRoot(box);
  await act(async () => root.render(<InlineMarkdown text={text} />));
  const html = box.innerHTML;
  await act(async () => root.unmount());
  return html;
}

it.each([
  [
    'Use `npm ci`, **never** *ever* `npm i`',
    'Use <code>npm ci</code>, <strong>never</strong> <em>ever</em> <code>npm i</code>',
  ],
  ['## Rules\n\n- be __kind__\n> quoted', 'Rules be <strong>kind</strong> quoted'],
  ['```diff\n-a\n```', '-a'],
  ['see [the guide](https://example.com/a) and ![shot](x.png)', 'see the guide and shot'],
  ['~~old~~ new', '<del>old</del> new'],
  // What only looks like markers.
  ['src/*.ts and lib/*.js', 'src/*.ts and lib/*.js'],
  ['src/**/*.ts', 'src/**/*.ts'],
  ['keep_alive_timeout and __dirname', 'keep_alive_timeout and __dirname'],
  ['2 * 3 * 4 \\* 5', '2 * 3 * 4 * 5'],
  // Cut in the middle.
  ['`npm test` failed: `Type', '<code>npm test</code> failed: Type'],
  ['**Always sign', 'Always sign'],
  // Text stays text.
  ['<img src=x onerror=alert(1)> `<b>`\u202E', '&lt;img src=x onerror=alert(1)&gt; <code>&lt;b&gt;</code>‹U+202E›'],
])('%j', async (text, html) => {
  expect(await draw(text)).toBe(html);
});
