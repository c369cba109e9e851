import { expect, it } from 'vitest';
import { renderPage } from './html';
import type { PageParts } from './html';

const parts: PageParts = {
  cspSource: 'https://*.editor.example',
  title: 'A <b>title</b> & "more"',
  language: 'en',
  script: 'https://x.editor.example/main.js',
  styles: ['https://x.editor.example/main.css'],
  codicons: 'https://x.editor.example/codicon.css',
};
const policyOf = (page: string) => /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1];

it('lets in our own files and nothing else', () => {
  expect(policyOf(renderPage(parts, 'N'))).toBe(
    "default-src 'none'; script-src 'nonce-N'; style-src https://*.editor.example; img-src " +
      "https://*.editor.example data:; font-src https://*.editor.example; base-uri 'none'; form-action " +
      "'none'",
  );
});

it('makes a new nonce for every page, and gives it to the one script', () => {
  const [one, other] = [renderPage(parts), renderPage(parts)];
  const nonce = /'nonce-([\w-]{32})'/.exec(one)?.[1] ?? '';
  expect(nonce).not.toBe('');
  expect(other).not.toContain(nonce);
  expect(one.match(/<script/g)).toHaveLength(1);
  expect(one).toContain(`<script type="module" nonce="${nonce}" src="https://x.editor.example/main.js"></script>`);
});

it('has no inline script, style or handler, and escapes what it is given', () => {
  const page = renderPage(parts);
  expect(page).not.toMatch(/<style|style=|\son\w+=|<script[^>]*>[^<]/);
  expect(page).toContain('<title>A &#60;b&#62;title&#60;/b&#62; &#38; &#34;more&#34;</title>');
  expect(page).toContain('id="vscode-codicon-stylesheet"');
  expect(page).toContain('<div id="root"></div>');
});
