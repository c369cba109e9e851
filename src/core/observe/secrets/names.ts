/** Names that say that a secret follows: of variables, keys, flags, headers and columns, in the languages people use. */
import { regex } from '../../lib/regex';

/**
 * What a name says about its value. `password`: chosen by a person, so it may be a word, digits or a phrase. `secret`:
 * made by a machine. `weak`: often something else, so only a value that looks random is taken.
 */
export type NameClass = 'password' | 'secret' | 'weak';

/**
 * Words by which names are found. What they mean in a name is decided by `classOfName`. With the flag for Unicode, or one
 * letter that is not ASCII, looking for them would take seven times as long, so other letters have patterns of their own.
 */
export const tellingWord = regex('gi')`
  pass(?!ed|ing|es\b|age|ive|enger|port)|pwd|psw|pw\b|psk\b|kennwort|contrasen|palavra-passe|senha|mot[ _-]de[ _-]passe|mdp|
  wachtwoord|parola(?:[ ]d.ordine)?|haslo|secret|token|jeton|key|klucz|schluessel|clave|chave|chiave|cred|requirepass|
  masterauth|auth|jwt|bearer|cookie|salt|hmac
`;
export const accentedWord = /contraseñ|hasło|schlüssel|clé(?![a-zà-ÿ])/gi;
export const nativeWord = regex('g')`
  [Пп]ароль|ПАРОЛЬ|[Тт]окен|[Кк]люч|密码|密碼|口令|密钥|密鑰|秘钥|私钥|令牌|パスワード|トークン|キー|토큰|키(?=[는:은])|暗証番号|シークレット|비밀번호|암호
`;

const passwordEnd = regex()`
  (?:secret|secrets|password|passwords|passwd|passphrase|passcode|passwort|kennwort|pwd|pswd|passw|contraseña|
  contrasena|contrasenia|senha|passe|mdp|wachtwoord|parola|hasło|haslo|пароль)$
`;
const passEnd = /^(?!bypass|compass|trespass|surpass|overpass|underpass|encompass|multipass).*(?:pass|pw)$/;
const secretEnd = regex()`
  (?:token|tokens|credential|credentials|creds|apikey|apikeys|secretkey|accesskey|privatekey|authkey|
  encryptionkey|signingkey|masterkey|sharedkey|accountkey|authtoken|accesstoken|refreshtoken)$
`;
const nativeSecret = /(?:密钥|密鑰|秘钥|私钥|令牌|シークレット|トークン|キー|토큰|키)$/;
const nativePassword = /(?:密码|密碼|口令|パスワード|暗証番号|비밀번호|암호)$/;

/** Words before `key` that make it a secret one; before others only what looks random is taken. */
const secretKeys = new Set(
  (
    'access account admin aes algolia api app application auth client consumer crypto decryption deploy encrypt encryption ' +
    'function gpg hmac ingest ingestion instrumentation integration jwt license licence master org organization ' +
    'personal private project role root rsa secret secure sendgrid server service session shared sign signing ssh storage stripe ' +
    'subscription team webhook write'
  ).split(' '),
);
/** Words before `key` and `token` that make it none. */
const openKeys = new Set(
  (
    'primary foreign public cache sort partition routing unique index row group map object locale registry lookup hash ' +
    'shortcut hot arrow meta composite natural surrogate candidate translation i18n message react list item property ' +
    'dictionary query storage idempotency max min total input output prompt completion csrf num n count next prev page ' +
    'continuation cancellation cancel special start end first last bos eos pad unk mask sep cls stop think thinking'
  ).split(' '),
);
/** Glued to the word before: `sessionkey` is one word, `rowkey` too. */
const openEnds = /(?:row|sort|cache|hash|lookup|hot|locale)$/;
/** Ends that leave a name what it is. */
const transparentEnds = new Set(
  (
    'value val raw plain plaintext cleartext text str string base64 b64 encoded enc new old current confirm confirmation ' +
    'repeat again prod production dev development staging stage live test testing local main primary secondary default ' +
    'backup base v1 v2 v3 env var one two hex bytes data 1 2 3'
  ).split(' '),
);
const weakEnds = /^(?:auth|authorization|sig|jwt|bearer|cookie|sid|salt|hmac|pat|otp|cred|key)s?$/;

/** Parts of a name in small letters: `dbPassword_old` is `db`, `password`, `old`. */
function partsOf(name: string): string[] {
  return name
    .replace(/(?<=[\p{Ll}\d])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/gu, ' ')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((part) => part !== '');
}

/** What a whole name says; undefined when it says nothing. */
export function classOfName(name: string): NameClass | undefined {
  const parts = partsOf(name);
  while (parts.length > 1 && transparentEnds.has(parts.at(-1) ?? '')) parts.pop();
  const last = parts.at(-1) ?? '';
  const before = parts.at(-2) ?? '';
  const glued = parts.join('');
  if (passwordEnd.test(last) || passwordEnd.test(glued) || nativePassword.test(last)) return 'password';
  if (passEnd.test(last) || /^(?:psk|masterauth)$/.test(last) || glued.startsWith('parola')) return 'password';
  if (/^tokens?$/.test(last)) return openKeys.has(before) || last === 'tokens' ? 'weak' : 'secret';
  if (/^(?:klucz|schlüssel|schluessel|jeton|токен|ключ|clave|chave|chiave|clé)$/.test(last))
    return last === 'clave' || last === 'chiave' ? 'password' : 'secret';
  if (/^keys?$/.test(last)) {
    if (openKeys.has(before) || openEnds.test(before)) return undefined;
    return secretKeys.has(before) ? 'secret' : 'weak';
  }
  if (secretEnd.test(last) || nativeSecret.test(last)) return 'secret';
  if (weakEnds.test(last)) return 'weak';
  // `token_expires_at`, `secretName`, `passwordHash`: about a secret, and sometimes one.
  return parts.some((part) => passwordEnd.test(part) || secretEnd.test(part) || nativePassword.test(part))
    ? 'weak'
    : undefined;
}
