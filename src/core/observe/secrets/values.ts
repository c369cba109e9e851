/** Whether the value of a telling name is a secret, or code, a placeholder or a word of an interface. */
import { regex } from '../../lib/regex';
import { entropy, looksRandom, rarenessOf } from './chance';
import type { NameClass } from './names';

/** How the value is written. `data`: unquoted in a file of settings, where nothing else can stand. */
export type ValueForm = 'quoted' | 'data' | 'flag' | 'code' | 'prose';

const placeholder = regex('i')`
  ^(?:[x*.•●_#?-]{3,}|\.{3}.*|…|<.*|\[.*|\{.*|\$.*|%\w+%?|&.*|@.*|(?:your|my|the|a|an|some|any|no|new|old|
  this)[-_ ].*|example.*|sample.*|
  change[-_ ]?(?:me|it|this).*|place[-_ ]?holder.*|dummy.*|fake.*|mock.*|test.{0,8}|insert.*|replace.*|enter.*|
  todo.*|tbd|n\/?a|foo|bar|baz|
  foobar|null|nil|undefined|true|false|none|yes|no|on|off|empty|required|optional|invalid|missing|unknown|unset|hidden|inherit|
  string|number|boolean|bool|int|integer|object|array|any|text|str|bytes|char|varchar|void|never|default|auto|prompt|stdin|
  file|env|process\.env.*|os\.environ.*|env\..*|secrets?|password|passwd|pass|passphrase|pwd|token|key|api[-_]?key|basic|bearer|
  admin|root|guest|user|username|postgres|mysql|hunter2|letmein|qwerty|correct|incorrect|wrong|expired|weak|strong|
  (?:abc)?123(?:45*6*7*8*9*0*)?|abcd?e?f?g?h?\w{0,4}|s3cr3t|pa(?:ss|\$\$)w0rd)
  $
`;
/** Words of messages and labels; a phrase with one of them is a sentence, not a passphrase. */
const sentenceWord = regex('i')`
  \b(?:the|your|you|a|an|is|are|was|were|must|should|can|cannot|could|will|may|to|of|and|or|for|with|from|in|on|at|by|as|this|that|
  it|not|no|if|please|enter|type|choose|confirm|forgot|reset|change|required|invalid|incorrect|wrong|new|old|current|
  password|passwords|passphrase|token|tokens|secret|secrets|key|keys|field|value|least|characters|character|example|
  error|failed|missing|expired|provide|provided|use|using|used|set|get|string|optional|default|stored|update|create|login|log)\b
`;
/** A type or name of code: `CancellationToken`, `form.password.value`, `MAX_TOKENS`, `required|min:8`. */
const qualifiedName = /^[\w$]+(?:(?:\.|::|->|\?\.)[A-Za-z_$][\w$]*)+$/;
const fileName =
  /^[\w@-]+(?:\/[\w.@-]+)+\.[a-z]{1,5}$|\.(?:pem|key|crt|cer|pub|json|ya?ml|txt|env|ts|js|py|md|html?|php|go|rs|java)$/i;
const maxJudged = 512;
const uuid = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;
/** Formats and fields with a number. */
const namedFormat = regex('i')`
  ^(?:utf|latin|iso|cp|ascii|md|sha|base|u?int|float|aes|bcrypt|rc|ripemd|blake|text|field|input|step|page|line|
  item|h|col|row|level|oauth|x)\d
`;
const aboutSecrets = /pass|pwd|secret|token|key|cred|auth|login|hash|hidden|encrypt/i;

/** The mark of an earlier pass is looked for by itself: between two `.*` a long value of marks would take quadratic time. */
export const isPlaceholder = (value: string): boolean =>
  placeholder.test(value) || /REDACTED|\$\{|\{\{|<%|#\{|\$\(/i.test(value);

const words = (value: string) => value.split(/[^A-Za-z]+/).filter((word) => word !== '');
const hasDigit = (value: string): boolean => /\d/.test(value);
/** Signs that no name of code has. */
const hasSign = (value: string): boolean => /[!@#%^&*+=?~,;:/|"'<>(){}[\]\\-]/.test(value);

/** True for a value that may be printed nowhere. `name` is the name it was given to. */
export function isSecretValue(value: string, nameClass: NameClass, form: ValueForm, name: string): boolean {
  // Longer values are no words, and the patterns below are for short ones.
  if (value.length > maxJudged)
    return nameClass !== 'weak' && /^[\w+/=.~-]+$/.test(value) && looksRandom(value.slice(0, maxJudged));
  if (isPlaceholder(value) || value.toLowerCase() === name.toLowerCase()) return false;
  if (/^(?:0x[\da-f]+|[\d.]+\.[\d.]+)$/i.test(value) || /%[sdv](?!\w)|\\/.test(value)) return false;
  if (form !== 'quoted' && /^[\w.+-]+@(?:[\w.-]+)?$/.test(value)) return false;
  if (
    nameClass === 'weak' &&
    !/^[?&]/.test(name) &&
    (uuid.test(value) || (/^[\da-f]{32,64}$/i.test(value) && !/[^a-z]key$|[a-z]Key$|sig|hmac/i.test(name)))
  )
    return false;
  if (/\s/.test(value)) return nameClass === 'password' && form !== 'prose' && form !== 'code' && isPassphrase(value);
  if (form !== 'quoted' && /^#[A-Za-z]|^[*]|&(?:[a-z]+|#\d+);?$/.test(value)) return false;
  if (/^(?:https?|ftp|file|ssh|git|arn|urn|data|blob):/i.test(value)) return false;
  if (/^[./~\\]|^[A-Z]:\\/.test(value) && !/^\/[A-Za-z0-9+/]{30,}=*$/.test(value)) return false;
  if (fileName.test(value)) return false;
  if (qualifiedName.test(value) && value.split(/[^\w$]+/).every((part) => part.length < 20 || !looksRandom(part)))
    return false;
  if (form === 'code' && qualifiedName.test(value)) return false;
  if (nameClass === 'password') return isPassword(value, form);
  const least = nameClass === 'weak' || form === 'prose' ? 12 : 8;
  if (value.length < least || /^[\d.,:-]+[a-z%]{0,3}$/i.test(value))
    return nameClass === 'secret' && /^\d{8,}$/.test(value) && form !== 'code';
  if (nameClass === 'secret' && form !== 'code' && isLongRun(value)) return true;
  if (
    isWords(value) ||
    (form === 'code' &&
      !(/\d/.test(value) ? isIdentifierFree(value) : /^[a-z]{18,}$/.test(value) && rarenessOf(value) >= 2.8))
  )
    return false;
  if (looksRandom(value)) return true;
  return nameClass === 'secret' && form !== 'code' && form !== 'prose' && isOdd(value);
}

/** No word is as long, and no name has capitals in these places. */
const isLongRun = (value: string): boolean =>
  /^(?:[a-z]{16,}|[A-Z]{16,})$/.test(value) ||
  (/^[A-Za-z]{14,}$/.test(value) && /[a-z]/.test(value) && /[A-Z]{2}[a-z].*[A-Z]{2}/.test(value)) ||
  (/^[A-Za-z]{14,}$/.test(value) && /[a-z]/.test(value) && value.replace(/[^A-Z]/g, '').length * 3 > value.length);

/** Not the name of a variable or function, unless that looks random too. */
const isIdentifierFree = (value: string): boolean =>
  !/_|\.[A-Za-z_]|^[a-z]+(?:[A-Z][a-z]+)+\d?$/.test(value) || value.length >= 24;

/** Letters with digits and signs that no rule of language explains, too short or too regular to look random. */
const isOdd = (value: string): boolean =>
  hasDigit(value) && /[A-Za-z]/.test(value) && /[!@#%^&*+=?~]/.test(value) && !/[(){}<>;,]/.test(value);

function isPassword(value: string, form: ValueForm): boolean {
  if (value.length < 4 || entropy(value) < 1.3) return false;
  const letters = /[A-Za-z\p{L}]/u.test(value);
  if (!letters) {
    if (!hasDigit(value)) return false;
    return form === 'code'
      ? false
      : form === 'prose'
        ? /^\d{6,}$/.test(value)
        : /\d{4,}/.test(value) && !/^\d+\.\d+$/.test(value);
  }
  if (/^\d+(?:\.\d+)?[a-z]{1,3}$/i.test(value) && value.length < 7) return false;
  const isMixed = hasDigit(value) || hasSign(value);
  if (!isMixed) return isChosenWord(value, form);
  if (
    form === 'code' &&
    /[(){}<>;,|&=?:]|^\W|\W$/.test(value) &&
    !(hasDigit(value) && /[A-Za-z]/.test(value) && looksRandom(value))
  )
    return false;
  if (!hasDigit(value)) {
    // `current-password`, `auth.login`, `required|min`: words of code with signs between them.
    const found = words(value);
    const isJoined = /^[A-Za-z]+(?:[-_.:/|=+,@]+[A-Za-z]+)*[:,;.!?]?$/.test(value);
    if (isJoined && (form === 'code' || form === 'prose'))
      return found.some((word) => word.length >= 6 && rarenessOf(word) >= 4);
    if (isJoined && found.length < 4)
      return (
        (found.length > 1 && found.every((word) => !aboutSecrets.test(word)) && /[@!+=]/.test(value)) ||
        found.some((word) => word.length >= 6 && rarenessOf(word) >= 3.6)
      );
    if (isJoined) return !found.some((word) => aboutSecrets.test(word) || sentenceWord.test(word));
    return !/[(){}<>[\]]/.test(value);
  }
  if (!isWords(value)) return true;
  if (form === 'code' || form === 'prose') return false;
  if (
    /^[A-Za-z\d]{5,12}$/.test(value) &&
    /[a-z]/.test(value) &&
    /[A-Z]/.test(value) &&
    !typeWord.test(value.replace(/\d+$/, '')) &&
    !namedFormat.test(value)
  )
    return true;
  return (
    /[!@#%^&*+=?~]/.test(value) ||
    (/^[A-Za-z][a-z]{2,}\d{1,8}$/.test(value) && !namedFormat.test(value) && !aboutSecrets.test(value))
  );
}

/** A password of letters only. In quotes or a file of settings it need not look random. */
function isChosenWord(value: string, form: ValueForm): boolean {
  if (aboutSecrets.test(value) && rarenessOf(value) < 3.4) return false;
  if (form === 'code') return false;
  if (value.length >= 6 && looksRandom(value)) return true;
  if (/^[A-Z][A-Z_]+$/.test(value)) return false;
  // `jkGYmprc`: capitals where no word begins.
  if (
    value.length >= 7 &&
    /[a-z]/.test(value) &&
    /[A-Z]{2}[a-z]/.test(value) &&
    rarenessOf(value) >= 2.4 &&
    !aboutSecrets.test(value)
  )
    return true;
  const humps = value.match(/[A-Z][a-z]+/g) ?? [];
  if (humps.length >= 2 || /^[a-z]+(?:[A-Z][a-z]+)+$/.test(value))
    return humps.length === 2 && /^(?:[A-Z][a-z]+){2}$/.test(value) && value.length >= 8 && !typeWord.test(value);
  if (form === 'prose')
    return (
      value.length >= 9 &&
      /^\p{Ll}+$/u.test(value) &&
      !statement.test(value) &&
      !sentenceWord.test(value) &&
      !labelWord.test(value)
    );
  return (
    value.length >= 6 &&
    /^[\p{Ll}]+$|^\p{Lu}\p{Ll}+$/u.test(value) &&
    !sentenceWord.test(value) &&
    !labelWord.test(value)
  );
}

/** Ends of what is said of a password rather than of one: "is hashed", "ist abgelaufen". */
const statement = regex()`
  (?:ed|ing|able|ible|tion|ness|ment|ity|ive|ent|ant|ary|ory|ous|ful|less|al|ic|ly|er|or|es|ate|ure|ence|ance|
  ism|ist|en|et|ig|lich|sam|bar|ado|ada|ido|ida|ato|ata)$
`;
/** Ends of names of types. */
const typeWord = regex()`
  (?:Type|State|Result|Response|Request|Error|Exception|Handler|Service|Factory|Provider|Manager|Field|Input|
  Model|Schema|Policy|Options?|Config|Info|Data|Id|Name|String|Number|Value|View|Form|Event|Context|Class|
  Object|List|Map|Array|Set|Ref|Props|Params|Entity|Spec|Rule|Kind|Mode|Status|Required|Invalid)$
`;

/** Single words that interfaces and programs give to fields of this name. */
const labelWord = regex('i')`
  ^(?:\w*(?:ed|ing|able|ible|tion|ness|ment|ity)|kennwort|contraseña|contrasena|senha|wachtwoord|parola|salasana|
  geheim|clave|integer|custom|bcrypt|argon|sha|scrypt|plain|hashed|strict|always|manual|external|internal|plugin|
  basic|digest|cookie|session|header|query|oauth|ldap|local|options?|arguments?|flags?|records?|remote|number|
  object|double|simple|struct|
  vault|keychain|keyring|system|secure|textbox|input|button|submit|visible|oneof|random|symbol|select)$
`;

/** Names and words of code, each with few digits: `TokenResponseV2`, `prod-db-1`, `token_sha256_to_refresh`. */
function isWords(value: string): boolean {
  if (!/^[\w.:/@$+ -]+$/.test(value)) return false;
  const pieces = value.split(/[^A-Za-z0-9]+/).filter((piece) => piece !== '');
  if (
    pieces.length > 1 &&
    pieces.every(
      (piece) =>
        /^(?:[A-Z]{1,14}|[a-z]{1,14}|[A-Z][a-z]{1,13})\d{0,5}$|^\d{1,4}$/.test(piece) && rarenessOf(piece) < 4.4,
    )
  )
    return true;
  // Of short parts alone anything can be made.
  const long = value.match(/[A-Za-z][a-z]{3,}|[A-Z]{4,}/g)?.join('') ?? '';
  if (long.length * 2 < value.length && !/^(?:[A-Z]?[a-z]{1,2}|[A-Z]{2,3})\d{1,3}$/.test(value)) return false;
  const parts = value
    .split(/[^A-Za-z0-9]+|(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=\d)(?=[A-Z][a-z]{2})/)
    .filter((part) => part !== '');
  return parts.every(
    (part) =>
      /^\d{1,4}$/.test(part) ||
      (/^(?:[A-Za-z]{1,4}\d{0,4}|[A-Za-z]+\d{0,3}|\d{1,2}[a-z]{1,12})$/.test(part) &&
        (part.length < 5 || rarenessOf(part) < 3.8)),
  );
}

/** Three to ten words without one that makes a sentence of them. */
function isPassphrase(value: string): boolean {
  const parts = value.split(/\s+/);
  return (
    parts.length >= 3 &&
    parts.length <= 10 &&
    parts.every((part) => /^[\p{L}\d][\p{L}\d'-]{1,19}$/u.test(part)) &&
    !sentenceWord.test(value)
  );
}
