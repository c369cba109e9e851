/** The HTML page of a webview, with a content security policy that allows only our own files. */
import { randomBytes } from 'node:crypto';

export interface PageParts {
  /** `webview.cspSource`. */
  cspSource: string;
  title: string;
  language: string;
  script: string;
  /** Style sheets in order. The codicons' one has an id of its own, which the icon element needs. */
  styles: readonly string[];
  codicons: string;
}

export function renderPage(
  { cspSource, title, language, script, styles, codicons }: PageParts,
  nonce = createNonce(),
): string {
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource}`,
    `img-src ${cspSource} data:`,
    `font-src ${cspSource}`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${escape(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escape(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<link rel="stylesheet" id="vscode-codicon-stylesheet" href="${escape(codicons)}">
${styles.map((style) => `<link rel="stylesheet" href="${escape(style)}">`).join('\n')}
</head>
<body>
<div id="root"></div>
<script type="module" nonce="${nonce}" src="${escape(script)}"></script>
</body>
</html>`;
}

function createNonce(): string {
  return randomBytes(24).toString('base64url');
}

/** Escapes text and double-quoted attributes. */
function escape(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
