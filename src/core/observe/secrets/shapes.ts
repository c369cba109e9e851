/** Tokens that their makers gave a shape of their own, with or without a name before them. */
import { looksRandom } from './chance';
import type { Finding } from './finding';

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
    'xox[abcdeoprs]-[A-Za-z0-9-]{10,}|xapp-\\d-[A-Za-z0-9-]{20,}|hooks\\.slack\\.com/(?:services|workflows)/[\\w/]{20,}',
  ],
  ['npm-token', 'npm_[A-Za-z0-9]{30,}'],
  ['pypi-token', 'pypi-[\\w-]{40,}'],
  ['huggingface-token', 'hf_[A-Za-z0-9]{30,}'],
  ['sendgrid-key', 'SG\\.[\\w-]{16,}\\.[\\w-]{16,}'],
  ['twilio-key', '(?:SK|AC)[0-9a-f]{32}'],
  ['digitalocean-token', 'do[opr]_v1_[0-9a-f]{40,}'],
  ['vault-token', 'hv[sbr]\\.[\\w-]{20,}'],
  ['linear-key', 'lin_(?:api|oauth)_[A-Za-z0-9]{30,}'],
  ['supabase-key', 'sb[ps]_(?:v\\d_)?[A-Za-z0-9]{30,}|sb_secret_[\\w-]{20,}'],
  ['sentry-token', 'sntry[su]_[A-Za-z0-9+/=_-]{30,}'],
  ['newrelic-key', 'NRAK-[A-Z0-9]{20,}'],
  ['postman-key', 'PMAK-[0-9a-f-]{40,}'],
  ['doppler-token', 'dp\\.(?:pt|st|ct|sa|scim|audit)\\.[A-Za-z0-9._-]{30,}'],
  ['age-key', 'AGE-SECRET-KEY-1[A-Z0-9]{50,}'],
  ['databricks-token', 'dapi[0-9a-f]{32}'],
  ['fly-token', 'FlyV1 fm\\d?_[A-Za-z0-9+/=,_-]{30,}'],
  ['groq-key', 'gsk_[A-Za-z0-9]{40,}'],
  ['replicate-token', 'r8_[A-Za-z0-9]{30,}'],
  ['shopify-token', 'shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}'],
  ['atlassian-token', 'ATATT3[\\w-]{60,}(?:=[0-9A-F]{8})?'],
  ['notion-token', 'ntn_[A-Za-z0-9]{40,}'],
  ['figma-token', 'fig[dou]_[\\w-]{30,}'],
  ['grafana-token', 'glsa_\\w{32,}|glc_[A-Za-z0-9+/=]{32,}'],
  ['docker-token', 'dckr_[po]at_[\\w-]{20,}'],
  ['rubygems-key', 'rubygems_[0-9a-f]{48}'],
  ['planetscale-token', 'pscale_(?:tkn|pw|oauth)_[\\w.-]{30,}'],
  ['pulumi-token', 'pul-[0-9a-f]{40}'],
  ['tailscale-key', 'tskey-[a-z]{3,12}-[\\w-]{20,}'],
  ['perplexity-key', 'pplx-[A-Za-z0-9]{40,}'],
  ['xai-key', 'xai-[A-Za-z0-9]{60,}'],
  ['langsmith-key', 'lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}'],
  ['mailgun-key', 'key-[0-9a-f]{32}'],
  ['square-token', 'sq0(?:atp|csp)-[\\w-]{22,}'],
  ['alibaba-key', 'LTAI[A-Za-z0-9]{12,}'],
  ['cloudflare-key', 'v1\\.0-[0-9a-f]{24}-[0-9a-f]{146}'],
  ['heroku-key', 'HRKU-[\\w-]{30,}'],
  [
    'gitlab-runner-token',
    'glrt-t\\d_[\\w-]{20,}|GR1348941[\\w-]{20}|glffct-[\\w-]{20,}|glimt-[\\w-]{20,}|gloas-[\\w-]{40,}',
  ],
  [
    'webhook',
    'discord(?:app)?\\.com/api/webhooks/\\d{15,}/[\\w-]{40,}|hooks\\.zapier\\.com/hooks/catch/\\d+/\\w+|' +
      'webhook\\.office\\.com/webhookb2/[\\w@/-]{60,}|chat\\.googleapis\\.com/v1/spaces/[\\w-]+/messages\\?key=[\\w&=%-]{40,}',
  ],
  ['google-refresh-token', '1//0[\\w-]{30,}|4/0A[\\w-]{40,}'],
  ['fly-token', 'fm2_[A-Za-z0-9+/=,_-]{30,}|fo1_[\\w-]{40,}'],
  ['dropbox-token', 'sl\\.(?:u\\.)?[\\w-]{60,}'],
  ['square-token', 'EAAA[\\w-]{56,}'],
  ['facebook-token', 'EAA[A-Za-z0-9]{80,}'],
  ['braintree-token', 'access_token\\$(?:production|sandbox)\\$[0-9a-z]{16}\\$[0-9a-f]{32}'],
  ['nuget-key', 'oy2[a-z0-9]{43}'],
  ['cargo-token', 'cio[A-Za-z0-9]{32}'],
  ['netlify-token', 'nf[pcobu]_[A-Za-z0-9_-]{36,}'],
  ['vercel-token', 'vc[parik]_[A-Za-z0-9_-]{24,}|vercel_blob_rw_\\w{30,}'],
  ['circleci-token', 'CC[IP][PA][AR][TJ]_[A-Za-z0-9_]{40,}'],
  ['buildkite-token', 'bk(?:ua|aj|ct|pat)_[0-9a-zA-Z]{32,}'],
  ['dynatrace-token', 'dt0[a-z]\\d\\d\\.[A-Z0-9]{24}\\.[A-Z0-9]{64}'],
  ['mongodb-secret', 'mdb_sa_sk_[\\w-]{30,}'],
  ['neon-key', 'napi_[a-z0-9]{40,}'],
  ['render-key', 'rnd_[A-Za-z0-9]{28,}'],
  ['resend-key', 're_[A-Za-z0-9]{8,}_[A-Za-z0-9]{16,}'],
  ['mapbox-token', '[sp]k\\.eyJ[\\w-]{30,}\\.[\\w-]{20,}'],
  ['mailersend-token', 'mlsn\\.[0-9a-f]{64}'],
  ['brevo-key', 'xkeysib-[0-9a-f]{64}-[A-Za-z0-9]{16}'],
  ['twitch-token', 'oauth:[a-z0-9]{30}'],
  ['twitter-token', 'AAAAAAAAAAAAAAAAAAAAA{0,4}(?!A)[A-Za-z0-9]{4,}%[23][A-F0-9][A-Za-z0-9%]{20,}'],
  ['airtable-token', 'pat[A-Za-z0-9]{14}\\.[0-9a-f]{64}'],
  ['bitbucket-token', 'ATBB[A-Za-z0-9_=-]{24,}|ATCTT3[\\w-]{60,}(?:=[0-9A-F]{8})?'],
  ['trello-token', 'ATTA[0-9a-f]{64}'],
  ['contentful-token', 'CFPAT-[\\w-]{40,}'],
  ['snyk-token', 'snyk_(?:uat|sat)\\.[\\w.-]{30,}'],
  ['sonar-token', 'sq[apu]_[0-9a-f]{40}'],
  ['jfrog-token', 'AKCp[A-Za-z0-9]{60,}|cmVmd[A-Za-z0-9+/=]{55,}'],
  ['1password-key', 'A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}'],
  ['launchdarkly-key', '(?:sdk|mob|api)-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'],
  ['posthog-key', 'ph[cxsr]_[A-Za-z0-9]{36,}'],
  ['prefect-key', 'pn[ub]_[A-Za-z0-9]{36}'],
  ['readme-key', 'rdme_[a-z0-9]{60,}'],
  ['shippo-token', 'shippo_(?:live|test)_[0-9a-f]{40}'],
  ['sourcegraph-token', 'sgp_(?:[0-9a-f]{16}_|local_)?[0-9a-f]{40}'],
  ['typeform-token', 'tfp_[\\w.-]{40,}'],
  ['easypost-key', 'EZ[AT]K[A-Za-z0-9]{54}'],
  ['duffel-token', 'duffel_(?:live|test)_[\\w-]{40,}'],
  ['adafruit-key', 'aio_[A-Za-z0-9]{28}'],
  ['clojars-token', 'CLOJARS_[0-9a-z]{60}'],
  ['deno-token', 'dd[pow]_[A-Za-z0-9]{36}'],
  ['pinecone-key', 'pcsk_[A-Za-z0-9_]{40,}'],
  ['langfuse-key', '[sp]k-lf-[0-9a-f-]{36}'],
  ['fireworks-key', 'fw_[A-Za-z0-9]{22,}'],
  ['e2b-key', 'e2b_[0-9a-f]{40}'],
  ['elevenlabs-key', 'sk_[0-9a-f]{48}'],
  ['wandb-key', 'wandb_v1_\\w{40,}'],
  ['plaid-token', 'access-(?:sandbox|development|production)-[0-9a-f-]{36}'],
  ['razorpay-key', 'rzp_(?:live|test)_[A-Za-z0-9]{14,}'],
  ['flutterwave-key', 'FLWSECK(?:_TEST)?-[0-9a-zA-Z]{30,}-X'],
  ['aws-bedrock-key', 'ABSK[A-Za-z0-9+/=]{60,}'],
  ['amazon-mws-token', 'amzn\\.mws\\.[0-9a-f-]{36}'],
  ['salesforce-token', '00D[A-Za-z0-9]{12,15}![\\w.]{60,}'],
  ['hubspot-token', 'pat-(?:na|eu)\\d-[0-9a-f-]{36}'],
  ['yandex-token', 'AQVN[\\w-]{35,38}|t1\\.[A-Z0-9a-z_-]{40,}\\.[A-Za-z0-9_-]{60,}|y[0123456]_[\\w-]{50,}'],
  ['openai-session', 'sess-[A-Za-z0-9]{40}'],
  ['cloudflare-token', 'cf(?:ut|at|k)_[A-Za-z0-9_-]{36,}'],
  ['newrelic-key', 'NRII-[\\w-]{32}|NRJS-[0-9a-f]{19}'],
  ['huggingface-token', 'api_org_[A-Za-z0-9]{30,}'],
  ['octopus-key', 'API-[A-Z0-9]{25,36}'],
  ['1password-token', 'ops_eyJ[A-Za-z0-9+/=]{300,}'],
  ['brevo-key', 'xsmtpsib-[0-9a-f]{64}-[A-Za-z0-9]{16}'],
  ['notion-token', 'secret_[A-Za-z0-9]{43}'],
  ['nvidia-key', 'nvapi-[\\w-]{40,}'],
  ['tavily-key', 'tvly-[\\w-]{28,}'],
  ['infracost-key', 'ico-[A-Za-z0-9]{32}'],
  ['scalingo-token', 'tk-us-[\\w-]{40,}'],
  ['openshift-token', 'sha256~[\\w-]{43}'],
  ['harness-token', 'pat\\.[\\w-]{22}\\.[0-9a-f]{24}\\.[A-Za-z0-9]{20}'],
  ['frameio-token', 'fio-u-[\\w-]{40,}'],
  ['adobe-secret', 'p8e-[\\w-]{32}'],
  ['grafana-token', 'eyJrIjoi[\\w-]{40,}={0,2}'],
  ['aws-key', 'AKIA[A-Z2-7]{16}[:,/ |]{1,3}[A-Za-z0-9+/]{40}'],
  // After a dash it is tried only at the beginning of a line; otherwise a chain of similar texts would take quadratic
  // time.
  ['jwt', 'eyJ(?<!(?:[\\w-]-)eyJ)[\\w-]{8,}\\.eyJ[\\w-]{8,}\\.[\\w-]{8,}'],
];

/** Shapes that do not begin with letters of their own: looked for only where the mark inside them stands. */
const inner: readonly [kind: string, mark: RegExp, pattern: string][] = [
  ['discord-token', /[MNO][\w-]{23,27}\.[\w-]{6,7}\.[\w-]{27}/, '[MNO][\\w-]{23,27}\\.[\\w-]{6,7}\\.[\\w-]{27,45}'],
  ['telegram-token', /\d:AA/, '\\d{8,10}:AA[\\w-]{32,}'],
  ['terraform-token', /\.atlasv1\./, '[A-Za-z0-9]{14}\\.atlasv1\\.[\\w-]{60,}'],
  ['mailchimp-key', /[0-9a-f]-us\d/, '[0-9a-f]{32}-us\\d{1,2}'],
  ['azure-secret', /\dQ~/, '[\\w~.-]{3}\\dQ~[\\w~.-]{31,34}'],
  ['azure-devops-token', /AZDO/, '[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}'],
  ['newrelic-key', /NRAL/, '[0-9a-f]{36}NRAL'],
  ['asana-token', /\d:[0-9a-f]{32}/, '\\d/\\d{10,16}(?:/\\d{10,16})?:[0-9a-f]{32}'],
  ['maxmind-key', /_mmk/, '[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk'],
  ['azure-storage-key', /\+A[SR][A-Za-z0-9+/]{7}==/, '[A-Za-z0-9+/]{76}\\+A[SR][A-Za-z0-9+/]{7}=='],
  ['us-ssn', /\d{3}-\d{2}-\d{4}/, '(?!000|666|9\\d\\d)\\d{3}-(?!00)\\d{2}-(?!0000)\\d{4}(?![\\d-])'],
];
/** What may stand before a token. It may follow the letter of an escaped line break in JSON, or `%3D` in an address. */
const boundary = '(?:(?<![A-Za-z0-9_])|(?<=\\\\[nrt])|(?<=%[0-9A-Fa-f]{2}))';
const boundaryPattern = new RegExp(boundary, 'y');
/** Beginnings that a pattern may have at most: `gh[pousr]_` has five. */
const maxFirsts = 30;

/** The alternatives of a pattern that are not inside a group. */
function alternativesOf(pattern: string): string[] {
  const found = [''];
  let depth = 0;
  for (const part of tokensOf(pattern)) {
    if (part === '(?:' || part === '(' || part === '(?!' || part === '(?=') depth++;
    if (part === ')') depth--;
    if (part === '|' && depth === 0) found.push('');
    else found[found.length - 1] += part;
  }
  return found;
}

const tokensOf = (pattern: string): string[] => pattern.match(/\\.|\[[^\]]*\]|\(\?[:!=]|\{[\d,]+\}|./g) ?? [];

/** The letters with which a match can begin: V8 looks for many fixed beginnings at once, but not for many patterns. */
function firstsOf(pattern: string): string[] {
  const tokens = tokensOf(pattern);
  let firsts = [''];
  for (let at = 0; at < tokens.length; at++) {
    let token = tokens[at] ?? '';
    let choices = /^[\w/:-]$/.test(token) ? [token] : /^\\[.$/]$/.test(token) ? [token.slice(1)] : undefined;
    if (/^\[[^-^\\]{1,8}\]$/.test(token)) choices = token.slice(1, -1).split('');
    if (token === '(?:') {
      const end = tokens.indexOf(')', at);
      const inside = tokens.slice(at + 1, end).join('');
      if (/^[\w-]+(?:\|[\w-]+)*$/.test(inside)) choices = inside.split('|');
      at = end;
      token = ')';
    }
    if (!choices || /^[{*+?]/.test(tokens[at + 1] ?? '')) break;
    const longer = firsts.flatMap((first) => choices.map((choice) => first + choice));
    if (longer.length > maxFirsts) break;
    firsts = longer;
  }
  return firsts;
}

const escape = (text: string): string => text.replace(/[.$/]/g, String.raw`\$&`);
/** By their first letter. Letters directly behind a token belong to it, or to a second token glued to it. */
const patterns = new Map<string, [kind: string, pattern: RegExp][]>();
const allFirsts = new Set<string>();
for (const [kind, all] of shapes)
  for (const each of alternativesOf(all))
    for (const first of firstsOf(each)) {
      if (first.length < 2) throw new Error(`A shape must begin with letters of its own: ${each}`);
      allFirsts.add(first);
      const letter = first.charAt(0);
      const same = patterns.get(letter) ?? [];
      if (!same.some(([, { source }]) => source === `(?:${each})\\w*`))
        same.push([kind, new RegExp(`(?:${each})\\w*`, 'y')]);
      patterns.set(letter, same);
    }
const firstPattern = new RegExp(
  [...allFirsts]
    .toSorted((one, other) => (one < other ? -1 : 1))
    .map(escape)
    .join('|'),
  'g',
);
const innerPatterns = inner.map(
  ([kind, mark, pattern]) => [kind, mark, new RegExp(`${boundary}(?:${pattern})\\w*`, 'g')] as const,
);

/** Words before a number or hash that is no secret there: `part no 512-34-7788`, `react key-5d41…`. */
const otherMeanings: Readonly<Record<string, RegExp>> = {
  'us-ssn': /\b(?:part|order|ref|reference|item|sku|model|serial|ticket|case|invoice|tel|phone|fax)\b[^\n]{0,10}$/i,
  'mailgun-key': /\b(?:react|cache|list|row|item|map|object|sort|etag) $/i,
};

/** Names of code have the shape of some tokens too: `sk-admin-dashboard-sidebar-toggle`. */
function isLikely(text: string, { kind, start, end }: Finding): boolean {
  // No name is as long; and a chain of beginnings would be read again at each of them.
  if (end - start > 200) return true;
  const value = text.slice(start, end);
  if (otherMeanings[kind]?.test(text.slice(Math.max(0, start - 40), start))) return false;
  if (/^[a-z]+(?:[-_.][a-z]+){2,}$/.test(value)) return false;
  return /\d/.test(value.replace(/^[a-z]+\d*/, '')) || /^[A-Z]{16,}$| /.test(value) || looksRandom(value);
}

export function findShapes(text: string): Finding[] {
  const found: Finding[] = [];
  firstPattern.lastIndex = 0;
  for (let match = firstPattern.exec(text); match; match = firstPattern.exec(text)) {
    const { index } = match;
    boundaryPattern.lastIndex = index;
    if (!boundaryPattern.test(text)) continue;
    // The longest: a pair of keys begins as one key does.
    let longest: Finding | undefined;
    for (const [kind, pattern] of patterns.get(match[0].charAt(0)) ?? []) {
      pattern.lastIndex = index;
      if (pattern.test(text) && pattern.lastIndex > (longest?.end ?? 0))
        longest = { kind, start: index, end: pattern.lastIndex };
    }
    // Another beginning may stand inside this one: `\napi_org_…` holds `napi_`.
    if (!longest || !isLikely(text, longest)) {
      firstPattern.lastIndex = index + 1;
      continue;
    }
    found.push(longest);
    firstPattern.lastIndex = longest.end;
  }
  for (const [kind, mark, pattern] of innerPatterns) {
    if (!mark.test(text)) continue;
    for (const { 0: value, index } of text.matchAll(pattern)) {
      const finding = { kind, start: index, end: index + value.length };
      if (isLikely(text, finding)) found.push(finding);
    }
  }
  return found;
}
