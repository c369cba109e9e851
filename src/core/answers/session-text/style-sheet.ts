/** How an exported session looks, on a screen in either colour and on paper. */
export const styleSheet = `
:root { color-scheme: light dark; --line: #8886; --soft: #8881; }
body { margin: 0; font: 16px/1.55 system-ui, sans-serif; }
main { max-width: 52rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1rem; margin: 0 0 .25rem; }
h3, h4, h5, h6 { font-size: 1.05rem; margin: 1rem 0 .25rem; }
time, .facts { font-size: .85rem; font-weight: normal; opacity: .75; }
article { margin: 1rem 0; overflow-wrap: anywhere; }
.prompt { padding: .6rem .9rem; border: 1px solid var(--line); border-radius: 6px; background: var(--soft); }
details { margin: .3rem 0; }
summary { cursor: pointer; overflow-wrap: anywhere; }
code, pre { font-family: ui-monospace, monospace; font-size: .88em; }
pre { margin: .4rem 0; padding: .6rem .8rem; border: 1px solid var(--line); border-radius: 6px; background: var(--soft);
  white-space: pre-wrap; overflow-wrap: anywhere; }
del, ins { display: block; text-decoration: none; border-inline-start: 3px solid #c33; padding-inline-start: .5rem; }
ins { border-color: #383; }
.failed { color: #c33; font-weight: 600; }
table { border-collapse: collapse; }
th, td { border: 1px solid var(--line); padding: .2rem .6rem; text-align: start; }
blockquote { margin: .5rem 0; padding-inline-start: .8rem; border-inline-start: 3px solid var(--line); }
@media print {
  :root { color-scheme: light; }
  @page { margin: 18mm 16mm; }
  body { font-size: 10pt; }
  main { max-width: none; padding: 0; }
  h1, h2, h3, h4, h5, h6, summary { break-after: avoid; }
  .prompt, tr { break-inside: avoid; }
  .on-screen { display: none; }
  a { color: inherit; }
  a::after { content: ' (' attr(href) ')'; font-size: .85em; overflow-wrap: anywhere; }
}
`;
