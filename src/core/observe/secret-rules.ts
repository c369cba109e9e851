/**
 * Our rules beside secretlint's, for forms that occur in tool output: headers, environment files, keys with line
 * numbers.
 */
import { regex } from '../lib/regex';

export interface Finding {
  kind: string;
  /** In UTF-16 units. */
  start: number;
  end: number;
}

/** Tokens that are recognised by their shape. A letter or digit in front means that it is another word. */
const shapes: readonly [kind: string, pattern: string][] = [
  ['anthropic-key', 'sk-ant-[a-z0-9]{3,8}-[\\w-]{20,}'],
  ['openai-key', 'sk-(?:proj|svcacct|admin|or-v1)-[\\w-]{20,}|sk-[A-Za-z0-9]{32,}'],
  ['github-token', 'gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\\w{30,}'],
  ['gitlab-token', 'gl(?:pat|ptt|rt|cbt|dt|ft|soat|agent)-[\\w-]{18,}'],
  ['aws-key', '(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}'],
  ['google-key', 'AIza[\\w-]{35}|ya29\\.[\\w-]{20,}|GOCSPX-[\\w-]{20,}'],
  ['stripe-key', '(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/=]{24,}'],
  [
    'slack-token',
    'xox[abeoprs]-[A-Za-z0-9-]{10,}|xapp-\\d-[A-Za-z0-9-]{20,}|hooks\\.slack\\.com/(?:services|workflows)/[\\w/]{20,}',
  ],
  ['npm-token', 'npm_[A-Za-z0-9]{30,}'],
  ['pypi-token', 'pypi-[\\w-]{40,}'],
  ['huggingface-token', 'hf_[A-Za-z0-9]{30,}'],
  ['sendgrid-key', 'SG\\.[\\w-]{16,}\\.[\\w-]{16,}'],
  ['twilio-key', '(?:SK|AC)[0-9a-f]{32}'],
  ['digitalocean-token', 'do[opr]_v1_[0-9a-f]{40,}'],
  ['vault-token', 'hv[sbr]\\.[\\w-]{20,}'],
  ['linear-key', 'lin_(?:api|oauth)_[A-Za-z0-9]{30,}'],
  ['supabase-key', 'sb[ps]_[A-Za-z0-9_]{30,}|sb_secret_[\\w-]{20,}'],
  ['sentry-token', 'sntry[su]_[A-Za-z0-9+/=_-]{30,}'],
  ['newrelic-key', 'NRAK-[A-Z0-9]{20,}'],
  ['postman-key', 'PMAK-[0-9a-f-]{40,}'],
  ['doppler-token', 'dp\\.(?:pt|st|ct|sa|scim|audit)\\.[A-Za-z0-9._-]{30,}'],
  ['telegram-token', '\\d{8,10}:AA[\\w-]{32,}'],
  ['age-key', 'AGE-SECRET-KEY-1[A-Z0-9]{50,}'],
  ['databricks-token', 'dapi[0-9a-f]{32}'],
  ['fly-token', 'FlyV1 fm\\d?_[A-Za-z0-9+/=,_-]{30,}'],
  ['groq-key', 'gsk_[A-Za-z0-9]{40,}'],
  ['replicate-token', 'r8_[A-Za-z0-9]{30,}'],
  ['shopify-token', 'shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}'],
  ['discord-token', '[MNO][\\w-]{23,27}\\.[\\w-]{6,7}\\.[\\w-]{27,45}'],
  ['atlassian-token', 'ATATT3[\\w-]{60,}(?:=[0-9A-F]{8})?'],
  ['notion-token', 'ntn_[A-Za-z0-9]{40,}'],
  ['figma-token', 'fig[dou]_[\\w-]{30,}'],
  ['grafana-token', 'glsa_\\w{32,}|glc_[A-Za-z0-9+/=]{32,}'],
  ['docker-token', 'dckr_[po]at_[\\w-]{20,}'],
  ['terraform-token', '[A-Za-z0-9]{14}\\.atlasv1\\.[\\w-]{60,}'],
  ['rubygems-key', 'rubygems_[0-9a-f]{48}'],
  ['planetscale-token', 'pscale_(?:tkn|pw|oauth)_[\\w.-]{30,}'],
  ['pulumi-token', 'pul-[0-9a-f]{40}'],
  ['tailscale-key', 'tskey-[a-z]{3,12}-[\\w-]{20,}'],
  ['perplexity-key', 'pplx-[A-Za-z0-9]{40,}'],
  ['xai-key', 'xai-[A-Za-z0-9]{60,}'],
  ['langsmith-key', 'lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}'],
  ['mailgun-key', 'key-[0-9a-f]{32}'],
  ['mailchimp-key', '[0-9a-f]{32}-us\\d{1,2}'],
  ['square-token', 'sq0(?:atp|csp)-[\\w-]{22,}'],
  ['alibaba-key', 'LTAI[A-Za-z0-9]{12,}'],
  ['cloudflare-key', 'v1\\.0-[0-9a-f]{24}-[0-9a-f]{146}'],
  ['heroku-key', 'HRKU-[\\w-]{30,}'],
  // After a dash it is tried only at the beginning of a line; otherwise a chain of similar texts would take quadratic
  // time.
  ['jwt', '(?<![\\w-]-)eyJ[\\w-]{8,}\\.eyJ[\\w-]{8,}\\.[\\w-]{8,}'],
  ['us-ssn', '(?!000|666|9\\d\\d)\\d{3}-(?!00)\\d{2}-(?!0000)\\d{4}(?![\\d-])'],
];
// A token may follow the letter of an escaped line break in JSON, or the digits of %3D in an address.
const boundary = '(?:(?<![A-Za-z0-9_])|(?<=\\\\[nrt])|(?<=%[0-9A-Fa-f]{2}))';
// Letters directly behind a token belong to it, or to a second token whose beginning was matched as the end of the
// first.
const shapePattern = new RegExp(`${boundary}(?:${shapes.map(([, pattern]) => `(${pattern})`).join('|')})\\w*`, 'g');

// Between the lines of a printed key are line numbers and arrows of `cat -n`, signs of a diff and quotes. A line break
// is \n in JSON and \\n in JSON inside JSON. A label matches its whole line or nothing; otherwise a chain of labels
// could be split in exponentially many ways. Both length limits prevent quadratic time and are far beyond any key.
const privateKey = regex('g')`
  -----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----(?:(?:Proc-Type|DEK-Info|Version|Comment)
  :[^\n\\]{0,1000}(?![^\n\\])|\\+[nrt]|[A-Za-z0-9+/=\s→|"',>]|-(?!-)){40,100000}
  (?:-?-----END [A-Z ]*PRIVATE KEY(?: BLOCK)?-----)?
`;
const header = regex('gi')`
  \b(?:authorization|x-api-key|x-auth-token|api-key|private-token)
  \\*["']?\s*[:=]\s*\\*["']?(?:(?:bearer|basic|token|bot|apikey)\s+)?([\w.~+/=:-]{12,})
`;
const bearer = /\bbearer\s+([\w.~+/-]{20,}=*)/gi;
const cookie = /\b(?:set-)?cookie:\s*([^\r\n]{8,})/gi;
const jsonCookie = /\b(?:set-)?cookie\\*["']\s*:\s*(?:\[\s*)?\\*["']([^"'\\\r\n]{8,})/gi;
const urlPassword = /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/'"`]{0,100}:([^\s@/'"`]{3,200})@[\w[]/gi;
const secretName =
  '(?:secret|token(?!iz)|passwd|password|passphrase|api[_-]?key|apikey|access[_-]?key|' +
  'private[_-]?key|auth[_-]?key|account[_-]?key|credential)';
// Quotes may be escaped. `(?=(…))\n` matches a value whole or not at all, which prevents backtracking.
const quotedValue = new RegExp(
  `${secretName}[\\w.-]{0,60}(?:\\\\*["'])?\\s*(?:=>|=|:)\\s*(\\\\*["'\`])(?=([^\\s"'\`\\\\]{8,}))\\2\\1`,
  'gi',
);
const bareValue = new RegExp(
  `${secretName}[\\w.-]{0,60}(?:\\\\*["'])?\\s*(?:=>|=|:)\\s*(?=([^\\s"'\`,;(){}<>[\\]$\\\\]{8,}))\\1`,
  'gi',
);
// Groups of four digits, American Express's 4-6-5, or no groups. With one more group on either side it is a table of
// numbers.
const card =
  /(?:(?<![\w.#-])|(?<=\\[nrt]))(?<!\d{4}[ -])(?:\d{13,19}|\d{4}([ -])\d{4}\1\d{4}\1\d{4}|\d{4}([ -])\d{6}\2\d{5})(?![\w-]|\.\d| \d{4}\b)/g;
const chineseId =
  /(?:(?<!\w)|(?<=\\[nrt]))[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\w)/g;

/** All secrets our rules find. Ranges may overlap. */
export function findOwnSecrets(text: string): Finding[] {
  const found: Finding[] = [];
  const whole = (kind: string, pattern: RegExp, isReal: (value: string) => boolean = () => true) => {
    for (const match of text.matchAll(pattern))
      if (isReal(match[0])) found.push({ kind, start: match.index, end: match.index + match[0].length });
  };
  const group = (kind: string, pattern: RegExp, index: number, isReal: (value: string, next: string) => boolean) => {
    for (const match of text.matchAll(pattern)) {
      const value = match[index] ?? '';
      const start = match.index + match[0].lastIndexOf(value);
      if (!isReal(value, text.charAt(start + value.length))) continue;
      found.push({ kind, start, end: start + value.length });
    }
  };
  for (const match of text.matchAll(shapePattern)) {
    const index = match.slice(1).findIndex((each) => each !== undefined);
    found.push({ kind: shapes[index]?.[0] ?? 'token', start: match.index, end: match.index + match[0].length });
  }
  whole('private-key', privateKey);
  group('authorization', header, 1, (value) => hasDigit(value) && !isPlaceholder(value));
  group('bearer', bearer, 1, (value) => hasDigit(value) && !isPlaceholder(value));
  for (const pattern of [cookie, jsonCookie]) group('cookie', pattern, 1, (value) => /[\w%.-]{12,}/.test(value));
  group('url-password', urlPassword, 1, (value) => !isPlaceholder(value));
  group('assignment', quotedValue, 2, isSecretValue);
  // An unquoted value before a bracket is a call. Checked here, because in the pattern it would search the rest of a
  // long chain again at each link.
  group('assignment', bareValue, 1, (value, next) => next !== '(' && next !== '[' && isSecretValue(value));
  whole('card-number', card, isCardNumber);
  whole('national-id', chineseId, isChineseId);
  return found;
}

const hasDigit = (value: string): boolean => /\d/.test(value);
const placeholder = regex('i')`
  ^(?:x{4,}|\*+|\.{3,}|<.*|\[+|\$.*|%\w+%|your[-_].*|my[-_].*|example.*|changeme|placeholder.*|test|
  dummy.*|null|undefined|true|false|none|string|process\.env.*|os\.environ.*|env\..*|%s|%v)
  $
`;
// The mark is looked for by itself: between two `.*` a long value of marks would take quadratic time.
const isPlaceholder = (value: string): boolean => placeholder.test(value) || /REDACTED/i.test(value);

/** True for values that look random: letters and digits mixed, without words of code. */
function isSecretValue(value: string): boolean {
  if (isPlaceholder(value) || !hasDigit(value) || !/[A-Za-z]/.test(value) || /^[\d.]+[a-z]{1,3}$/i.test(value))
    return false;
  // A name with dots or a path (config.token2.value) is code; a name has no long parts that mix letters and digits.
  if (
    /^[\w$]+(?:\.[A-Za-z_$][\w$]*)+$/.test(value) &&
    value.split('.').every((part) => part.length < 24 || !hasDigit(part))
  )
    return false;
  if (/^[./~@]/.test(value) || /^[\w@-]+(?:\/[\w.@-]+)+\.[a-z]{1,5}$/i.test(value) || /\$\{|\{\{/.test(value))
    return false;
  return entropy(value) >= 3;
}

/** Shannon entropy in bits per letter. */
function entropy(value: string): number {
  const counts = new Map<string, number>();
  for (const letter of value) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length);
  return bits;
}

/** Checks the Luhn digit, the prefix of a card network and its length; a long number alone may be a time or an id. */
function isCardNumber(text: string): boolean {
  const digits = text.replace(/[ -]/g, '');
  const isNetwork =
    /^(?:4\d{15}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|6(?:011|5\d\d)\d{12}|35\d{14}|62\d{14,17})$/.test(digits);
  if (!isNetwork || /^(\d)\1+$/.test(digits)) return false;
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits[digits.length - 1 - at]);
    const doubled = at % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** ISO 7064 MOD 11-2 over the first 17 digits. */
function isChineseId(text: string): boolean {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, at) => total + weight * Number(text[at]), 0);
  return '10X98765432'[sum % 11] === text[17]?.toUpperCase();
}
