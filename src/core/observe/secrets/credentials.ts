/** Secrets that a place gives away: a private key's lines, a header, a cookie, an address, the flag of a command. */
import { regex } from '../../lib/regex';
import { looksRandom } from './chance';
import type { Finding } from './finding';
import { isPlaceholder, isSecretValue } from './values';

// Between the lines of a printed key are line numbers and arrows of `cat -n`, signs of a diff and quotes. A line break
// is \n in JSON and \\n in JSON inside JSON. A label matches its whole line or nothing; otherwise a chain of labels
// could be split in exponentially many ways. Both length limits prevent quadratic time and are far beyond any key.
const privateKey = regex('g')`
  -----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----(?:(?:Proc-Type|DEK-Info|Version|Comment)
  :[^\n\\]{0,1000}(?![^\n\\])|\\+[nrt]|[A-Za-z0-9+/=\s→|"',>]|-(?!-)){40,100000}
  (?:-?-----END [A-Z ]*PRIVATE KEY(?: BLOCK)?-----)?
`;
const header = regex('gi')`
  \b(?:(?:proxy-)?authorization|x-api-key|x-auth-token|api-key|private-token|x-access-token|x-vault-token|apikey)
  \\*["']?\s*[:=]\s*\\*["']?(?:(?:bearer|basic|token|bot|apikey|api-key|key)\s+)?([\w.~+/=:-]{8,})
`;
const bearer = /\bbearer\s+([\w.~+/-]{20,}=*)/gi;
const cookie = /\b(?:set-)?cookie:[ \t]*([^\r\n]{8,})/gi;
const jsonCookie = /\b(?:set-)?cookie\\*["']\s*:\s*(?:\[\s*)?\\*["']([^"'\\\r\n]{8,})/gi;
const urlPassword = /:\/\/[^\s:@/'"`]{0,100}:([^\s@/'"`]{3,200})@[\w[]/g;
/** A value of a flag: what follows in the same quotes, or one word. */
const word = String.raw`[ \t=]{0,4}(?:\\*(["'])(?:pass:)?([^"'\n\\]{3,200})\\*\1|(?:pass:)?([^\s"'\\;|&<>-][^\s"'\\;|&<>]{3,200}))`;
const rest = String.raw`[^\n|;&]{0,400}?\s`;
/** `-u name:password` of curl and its like. */
const userFlag = new RegExp(
  `\\b(?:curl|wget|httpie|https?|xh|svn|smbclient|ab|wrk)\\b${rest}(?:-u|--user|--proxy-user|-U|-a|--auth)[ =]?\\\\{0,8}` +
    `(?:(["'])[^\\s:"'%]{1,80}[:%]([^"'\n\\\\]{3,200})\\\\*\\1|[^\\s:"'%]{1,80}[:%]([^\\s"'\\\\]{3,200}))`,
  'gi',
);
/** Short flags of commands whose value is a password. */
const flagCommands = [
  'sshpass\\s{1,4}-p',
  `(?:docker|podman|nerdctl|helm|oc|az|heroku|cf|npm|nexus|harbor|oras|crane)\\s{1,4}(?:registry\\s{1,4})?login\\b` +
    `${rest}(?:-p|--password)`,
  `(?:mysql(?:dump|admin|import|sh)?|maria(?:db|db-dump)|mongo(?:sh|dump|restore|export|import)?|cqlsh|twine|7za?|unrar|rdesktop)\\b` +
    `${rest}-p`,
  `redis-cli\\b${rest}(?:-a|--pass)`,
  `ldap(?:search|modify|add|whoami|passwd|delete)\\b${rest}-w`,
  `(?:sqlcmd|bcp|mosquitto_(?:pub|sub)|(?:un)?zip)\\b${rest}-P`,
  'htpasswd\\s{1,4}-(?:\\w{0,20}n\\w{0,20}\\s{1,4}\\S{1,200}|\\w{0,20}b\\w{0,20}(?:\\s{1,4}\\S{1,200}){2})\\s',
  'rabbitmqctl\\s{1,4}(?:add_user|change_password)\\s{1,4}\\S{1,100}\\s',
  'net\\s{1,4}user\\s{1,4}\\S{1,100}\\s',
  '(?:>\\s{1,4}AUTH|"AUTH")\\s',
  `openssl\\b${rest}-(?:pass(?:in|out)?|k)`,
  `ssh-keygen\\b${rest}-[NP]`,
  `xfreerdp\\b${rest}/p:`,
  'net\\s{1,4}use\\s{1,4}(?:\\w:\\s{1,4})?\\\\{2,4}[^\\s"\']{1,120}\\s',
  `(?:keytool|jarsigner|apksigner)\\b${rest}-(?:storepass|keypass)`,
  `az\\s{1,4}keyvault\\s{1,4}secret\\s{1,4}set\\b${rest}--value`,
  'dotnet\\s{1,4}user-secrets\\s{1,4}set\\s{1,4}\\S{1,120}\\s',
  `gh\\s{1,4}secret\\s{1,4}set\\b${rest}(?:--body|-b)`,
  `put-(?:parameter|secret-value)\\b${rest}(?:--value|--secret-string)`,
  '(?:--->|C:|>)\\s{1,4}PASS\\s',
  'AUTH\\s{1,4}(?:PLAIN|LOGIN)\\s',
];
const shortFlag = new RegExp(`(?<![\\w-])(?:${flagCommands.join('|')})${word}`, 'gi');
/** One of them is in every line that `shortFlag` matches; looked for first because it is cheap. */
const anyShortFlag =
  / -(?:p|P|a|w|k|N|b|storepass|keypass)|--(?:pass|value|body|secret)|\/p:|AUTH|PASS |net |htpasswd|rabbitmqctl|user-secrets/i;
/** `echo secret | docker login --password-stdin`, `echo user:secret | chpasswd`. */
const piped = regex('gi')`
  \b(?:echo|printf)\s{1,4}(?:-n\s{1,4}|
  ["']?%s(?:\\n)?["']?\s{1,4})?(?:\\*(["'])(?:[a-z_][\w-]{0,40}:)?([^"'|:$\\\n]{4,200})(?:\\n)?\\*\1|
  (?:[a-z_][\w-]{0,40}:)?([^\s"'|:$\\]{4,200}))\s{0,4}\|\s{0,4}
  (?:sudo\s{1,4})?(?:\S{0,40}\/)?(?:chpasswd|passwd|sudo\s{1,4}-S|(?:docker|podman|gh|helm|oras|crane|vault|
  wrangler|npm|doctl)\b[^\n]{0,80}(?:login|auth|secret))
`;
const signedAddress = /[?&](?:x-(?:amz|goog)-signature|signature|sig)=([\w%+/=-]{20,})/gi;
/** `[smtp.example.com]:587 user:password` */
const relayPassword =
  /^(?:[ \t]{0,12}\d{1,6}[→\t:|])?[+-]?\[[\w.-]{1,100}\](?::\d{1,5})?[ \t]{1,8}[^\s:]{1,100}:(\S{4,100})$/gm;
const herePassword = /\b(?:chpasswd|passwd)\b[^\n<]{0,60}<<<\s{0,3}["']?(?:[a-z_][\w-]{0,40}:)?([^\s"']{4,200})/gi;
const identifiedBy =
  /\bidentified\s{1,4}(?:with\s{1,4}[\w']{1,40}\s{1,4})?(?:by|as)\s{1,4}(?:password\s{1,4})?(["'])([^"'\n]{4,200})\1/gi;
/** The expected prompt, and what is sent. */
const sentPassword = /assword:"?\s{0,5}\n\s{0,20}send\s{1,4}(?:--\s{1,4})?"([^"\\\n]{4,200})/g;
const mysqlAddress = /["'\s][^\s:@"']{1,60}:([^\s"']{3,100})@(?:tcp|unix|udp)\(/g;
const puttyKey = /Private-Lines: \d{1,4}\r?\n((?:[A-Za-z0-9+/=]{1,80}\r?\n){1,400})/g;
const oraclePassword = /\bjdbc:oracle:\w+:[^\s/:@]{1,60}\/([^\s@"']{3,100})@/gi;
/** What a program prints when it made a password for the first start. */
const printed = /\bpassword\b[^\n]{0,80}:[ \t]{0,5}\r?\n[ \t]{0,5}\r?\n[ \t]{0,20}(\S{6,80})[ \t]{0,5}\r?\n/gi;
/** Any command's `-p`, where only what looks random can be meant. */
const anyFlag = /\s-(?:p|P|pw|pass|k|w|t|a)[ =]\\*["']?([A-Za-z0-9!@#$%^&*+=?~_-]{8,200})(?=["'\s]|$)/g;

export function findCredentials(text: string): Finding[] {
  const found: Finding[] = [];
  const group = (kind: string, pattern: RegExp, isReal: (value: string) => boolean) => {
    for (const match of text.matchAll(pattern)) {
      const value = match[3] ?? match[2] ?? match[1] ?? '';
      if (!isReal(value)) continue;
      const start = match.index + match[0].lastIndexOf(value);
      found.push({ kind, start, end: start + value.length });
    }
  };
  for (const { 0: value, index } of text.matchAll(privateKey))
    found.push({ kind: 'private-key', start: index, end: index + value.length });
  group('authorization', header, isHeaderValue);
  group('bearer', bearer, (value) => !isPlaceholder(value) && looksRandom(value));
  for (const pattern of [cookie, jsonCookie]) group('cookie', pattern, isCookie);
  if (text.includes('://'))
    group('url-password', urlPassword, (value) => !isPlaceholder(value) && !/^[%{<]/.test(value));
  group('private-key', puttyKey, () => true);
  if (/@(?:tcp|unix|udp)\(/.test(text)) group('url-password', mysqlAddress, (value) => !isPlaceholder(value));
  group('url-password', oraclePassword, (value) => !isPlaceholder(value));
  group('signature', signedAddress, (value) => looksRandom(value));
  for (const pattern of [relayPassword, herePassword, sentPassword, identifiedBy])
    group('password', pattern, (value) => isSecretValue(value, 'password', 'flag', ''));
  group('password', userFlag, (value) => isSecretValue(value, 'password', 'flag', ''));
  if (anyShortFlag.test(text)) group('password', shortFlag, (value) => isSecretValue(value, 'password', 'flag', ''));
  group('password', piped, (value) => isSecretValue(value, 'password', 'flag', ''));
  group(
    'password',
    printed,
    (value) => (/\d/.test(value) || /^[a-z]{16,}$/.test(value)) && isSecretValue(value, 'password', 'prose', ''),
  );
  group('password', anyFlag, (value) => /\d/.test(value) && isSecretValue(value, 'weak', 'flag', ''));
  return found;
}

function isHeaderValue(value: string): boolean {
  if (isPlaceholder(value)) return false;
  if (
    /^[A-Za-z0-9+/]{8,}={0,2}$/.test(value) &&
    /^[\x20-\x7E]{1,100}:[\x20-\x7E]{1,200}$/.test(Buffer.from(value, 'base64').toString('latin1'))
  )
    return true;
  return isSecretValue(value, 'secret', 'data', 'authorization');
}

/** A cookie is one secret when any of its values looks random. */
const isCookie = (value: string): boolean =>
  /^[^\s=;,]{1,100}=/.test(value) &&
  value.split(/[;,]\s*/).some((pair) => {
    const content = pair.slice(pair.indexOf('=') + 1);
    return /^[\w%.~+/=-]{12,}$/.test(content) && !isPlaceholder(content) && looksRandom(content);
  });
