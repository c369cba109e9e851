/** How a standing wish is said, by language. A wish for the task at hand is none. */
import { trimEndOf } from '../../../../protocol/text';
import { regex } from '../../../lib/regex';

interface WishWords {
  /** It holds from now on, or at all times. */
  lasting: RegExp;
  /** Said of one piece of work as well: it lasts only as a prohibition, or as what `we` do. */
  recurring: RegExp;
  we: RegExp;
  /** It is said to Claude, or about how things are done here. */
  asks: RegExp;
  /** A question, or something observed about the program. */
  observed: RegExp;
  /** It holds for this task only. */
  momentary: RegExp;
  /** It forbids something. */
  against: RegExp;
  /** Words that do not tell what the wish is about. */
  filler: RegExp;
  /** Endings of words that a wish and its opposite do not share, and what stands in their place. */
  endings: readonly (readonly [RegExp, string])[];
}

const english: WishWords = {
  lasting: regex('i')`
    \b(?:always|never|from (?:now|here|this point|today) on(?:wards?)?|(?:going|moving) forward|
    in (?:the )?future|(?:each|every(?: single)?) time you|whenever you|
    (?:don'?t|do not) ever|not ever|under no circumstances|without exception|at all times|as a (?:general )?rule|
    remember (?:that|to)|note for (?:the )?future|we (?:always|never|only)|we use \S+(?: \S+)?,? not|
    our (?:convention|rule|style) is|(?:stop|quit) (?:adding|using|writing|putting|creating|leaving|inserting|generating|
    appending|apologi[sz]ing|explaining|repeating|summari[sz]ing)(?! (?:the|this|that|it|these|those)\b)|
    no more (?:\w+ ){1,3}(?:in|to|for|from)\b)
  `,
  recurring: regex('i')`
    \b(?:in (?:this|our) (?:repo(?:sitory)?|project|codebase)|(?:each|every(?: single)?) time)\b
  `,
  we: /\b(?:we|our)\b/i,
  asks: regex('i')`
    ^(?:(?:please|also|and|ok(?:ay)?|so|but|no|yes|btw|by the way|important|note|remember|seriously|again|
    from (?:now|here|this point|today) on(?:wards?)?|(?:going|moving) forward|as a (?:general )?rule|
    in (?:this|our) (?:repo(?:sitory)?|project|codebase)|in (?:the )?future|whenever|every (?:single )?time|each time|
    at all times|under no circumstances)
    [,:;!.]?\s+)*(?:please\s+|i (?:never )?(?:want|need|expect) you\b|you\s+(?:should|must|have to|need to|are to|may)\s+|
    we\s+(?:always|never|only|use|do|don'?t|should|must|want)\b|always\b|never\b|do(?:n'?t| not)\b|use\b|run\b|write\b|
    keep\b|make sure\b|prefer\b|remember\b|put\b|add\b|commit\b|ask\b|check\b|stop\b|quit\b|avoid\b|leave\b|name\b|test\b|
    format\b|reply\b|answer\b|touch\b|edit\b|change\b|delete\b|install\b|push\b|create\b|no more\b|when(?:ever)?\b|our\b)
  `,
  observed: regex('i')`
    \?\s*$|\b(?:why|how come|does|did|is it|are there|would it|could it|should it|it (?:will |would )?
    (?:always|never)|that (?:always|never)|which (?:always|never)|(?:this|the \w+|user|users|code|
    function|test|tests|it|agent|method|field|value|script|cli|command) (?:is|are|was|were|will|would|
    should|must|can|does|do|has|have)? ?(?:always|never)|always (?:return|show|list|happen|fail|get|warn|
    be |write|exist|seem|the|a |an )|never (?:return|called|used|happen|been|be |reach|get|exist|seen|
    mind|set|assigned|executed))|(?:i|we|they|he|it) (?:have |had )?(?:always|never) (?:had|have|saw|see|
    did|do|thought|think|knew|know|been|was|were|liked)\b
  `,
  momentary: regex('i')`
    \b(?:for now|right now|just this once|this (?:once|time|session|commit|pr|branch|task|run)|for (?:this|the) (?:task|pr|
    commit|session|change|moment|time being|demo|release)|at the moment|temporarily|in the meantime|today(?! on)|tonight|
    tomorrow|until (?:i|we|the|this|that|it|you)\b|while (?:i|we) |when you(?:'re| are) (?:done|finished)|
    once (?:you|that|this|it)\b|before (?:you )?(?:start|continue|going on)|as (?:a )?next step|in the next step)\b|\byet[.!]*$
  `,
  against: regex('i')`\b(?:never|don'?t|do not|not ever|avoid|stop|quit|no more|under no circumstances)\b`,
  filler: regex('gi')`
    \b(?:always|never|from (?:now|here|this point|today) on(?:wards?)?|(?:going|moving) forward|in (?:the )?future|please|also|and|
    ok|okay|so|but|just|ever|not ever|don'?t|do not|remember|to|that|you|should|must|we|i want|the|a|an|make sure|avoid|stop|quit|
    no more|under no circumstances|without exception|at all times|as a (?:general )?rule|(?:each|every(?: single)?) time|
    in (?:this|our) (?:repo(?:sitory)?|project|codebase))\b
  `,
  // adding, add; putting, put; using, use
  endings: [
    [/(?<=[a-z]{2})(?:ing|e)(?![a-z])/g, ''],
    [/([b-df-hj-np-tv-z])\1(?![a-z])/g, '$1'],
  ],
};

const german: WishWords = {
  lasting: regex('iu')`
    (?<!\p{L})(?:immer|niemals|nie(?: wieder| mehr)?|ab (?:jetzt|sofort|heute)|von (?:jetzt|nun|heute) an|künftig|zukünftig|
    in (?:der )?zukunft|grundsätzlich|stets|auf keinen fall|unter keinen umständen|merke? dir|denke? (?:bitte )?
    (?:immer )?daran|bei uns|hört? (?:bitte )?(?:endlich )?auf|vor jedem|nach jede[mr])(?!\p{L})
  `,
  recurring: /(?<!\p{L})(?:jedes ?mal|in diesem (?:projekt|repo(?:sitory)?))(?!\p{L})/iu,
  we: /(?<!\p{L})(?:wir|uns|unser(?:e[mnrs]?)?)(?!\p{L})/iu,
  asks: regex('iu')`
    ^(?:(?:bitte|also|und|ok(?:ay)?|aber|nein|ja|übrigens|wichtig)[,:;!.]?\s+)*(?:bitte|nie(?:mals)?|immer|ab|von|künftig|
    zukünftig|in|grundsätzlich|stets|merke?|denke?|wir|du|verwende|benutze?|nutze?|nimm|schreibe?|mache?|lasse?|füge?|führe?|
    teste?|hört?|auf keinen|unter keinen|bei uns|committe|pushe|frage?|antworte|keine?|vor|nach|jedes ?mal|ändere?|lösche?|
    starte?|prüfe?|setze?)(?!\p{L})
  `,
  observed: regex('iu')`
    \?\s*$|(?<!\p{L})(?:warum|wieso|weshalb|immer (?:noch|wieder|weniger|mehr)|nie (?:funktioniert|gesehen|gemacht)|
    (?:gibt|ist|wird|schlägt|kommt|wurde|war|liefert|bleibt|hat|geht) (?:\S+ ){0,2}(?:immer|nie(?:mals)?))(?!\p{L})
  `,
  momentary: regex('iu')`
    (?<!\p{L})(?:vorerst|erst ?mal|(?<!ab )(?<!von )heute|diesmal|dieses mal|für (?:diesen|diese|dieses|den moment|jetzt)|
    in diese[mr] (?:pr|commit|branch|sitzung)|bis (?:ich|wir|morgen|das|der|die)|im moment|gerade|vorübergehend|zunächst)(?!\p{L})
  `,
  against: regex(
    'iu',
  )`(?<!\p{L})(?:nie(?:mals)?|nicht|keine?[nmr]?|auf keinen fall|unter keinen umständen|hört? .*auf)(?!\p{L})`,
  filler: regex('giu')`
    (?<!\p{L})(?:immer|niemals|nie(?: wieder| mehr)?|nicht|keine?[nmr]?|bitte|ab (?:jetzt|sofort|heute)|von (?:jetzt|nun|heute) an|
    künftig|zukünftig|in (?:der )?zukunft|grundsätzlich|stets|jedes ?mal|auf keinen fall|unter keinen umständen|
    in diesem (?:projekt|repo(?:sitory)?)|der|die|das|ein|eine|einen|du|wir|und|auch)(?!\p{L})
  `,
  endings: [],
};

const french: WishWords = {
  lasting: regex('iu')`
    (?<!\p{L})(?:toujours|jamais|désormais|dorénavant|à partir (?:de maintenant|d['’]aujourd['’]hui)|à l['’]avenir|à chaque
    commit|systématiquement|en aucun cas|n['’]oublie pas|souviens-toi|retiens|rappelle-toi|
    arrêtez? de|sans exception)(?!\p{L})|(?<!\p{L})arrêtez? d['’]
  `,
  recurring: /(?<!\p{L})(?:chaque|dans ce (?:projet|dépôt|repo))(?!\p{L})/iu,
  we: /(?<!\p{L})(?:nous|on|notre|nos)(?!\p{L})/iu,
  asks: regex('iu')`
    ^(?:(?:s['’]il te plaît|stp|svp|et|ok|mais|non|oui|au fait|important)[,:;!.]?\s+)*(?:merci de|ne|n['’]|toujours|jamais|
    désormais|dorénavant|à|utilise|écris|mets|fais|ajoute|lance|exécute|garde|préfère|évite|vérifie|demande|commite|pousse|teste|
    réponds|on|nous|tu|vous|il (?:ne )?faut|arrête|souviens|retiens|rappelle|chaque|dans|en aucun|quand|avant|après|pas de)
  `,
  observed: regex('iu')`
    \?\s*$|(?<!\p{L})(?:pourquoi|toujours (?:pas|en|le même|la même)|(?:est|était|reste|échoue|renvoie|retourne|plante|a|ça) (?:\S+ )?
    (?:toujours|jamais)|n['’]a jamais|je n['’]ai jamais)(?!\p{L})
  `,
  momentary: regex('iu')`
    (?<!\p{L})(?:pour (?:l['’]instant|le moment|cette fois|ce commit|cette)|cette fois|(?<!d['’])aujourd['’]hui|(?<!de )maintenant|
    jusqu['’]à|dans cette (?:pr|branche|session)|temporairement|en attendant|d['’]abord)(?!\p{L})
  `,
  against: regex('iu')`(?<!\p{L})(?:jamais|ne|n['’]\p{L}+ pas|évite|arrête|en aucun cas|pas de)(?!\p{L})`,
  filler: regex('giu')`
    (?<!\p{L})(?:toujours|jamais|désormais|dorénavant|à partir (?:de maintenant|d['’]aujourd['’]hui)|à l['’]avenir|systématiquement|
    en aucun cas|sans exception|dans ce (?:projet|dépôt|repo)|à chaque fois|merci de|arrêtez?|évitez?|ne|pas|plus|de|du|le|la|les|
    un|une|des|tu|vous|on|et|stp|svp|s['’]il te plaît)(?!\p{L})|(?<!\p{L})[ndl]['’](?=\p{L})
  `,
  // ajouter, ajoute, ajoutez; écrire, écris; mettre, mets
  endings: [
    [/(?<=\p{L}{2})(?:e[rzs]?|re|s)(?!\p{L})/gu, ''],
    [/tt(?!\p{L})/gu, 't'],
  ],
};

const spanish: WishWords = {
  lasting: regex('iu')`
    (?<!\p{L})(?:siempre|nunca|jamás|a partir de ahora|de ahora en adelante|en el futuro|bajo ningún concepto|recuerda que|deja de)(?!\p{L})
  `,
  recurring: /(?<!\p{L})(?:cada vez|en este (?:proyecto|repo))(?!\p{L})/iu,
  we: /(?<!\p{L})(?:nosotros|nuestr[oa]s?|\p{L}{1,20}[ae]mos)(?!\p{L})/iu,
  asks: regex('iu')`
    ^(?:(?:por favor|y|ok|pero|no|sí|importante)[,:;!.]?\s+)*(?:usa|utiliza|no|nunca|jamás|siempre|a partir|de ahora|escribe|
    ejecuta|haz|evita|recuerda|cada vez|en este|en el futuro|debes|deja|usamos|añade|pon|pregunta|bajo|antes|por favor)(?!\p{L})
  `,
  observed: regex('iu')`\?\s*$|¿|(?<!\p{L})(?:por qué|(?:es|está|falla|devuelve|ha) (?:siempre|nunca))(?!\p{L})`,
  momentary: regex('iu')`
    (?<!\p{L})(?:por ahora|esta vez|hoy|(?<!de )ahora(?! en adelante)|hasta que|de momento|en esta (?:rama|sesión)|temporalmente)(?!\p{L})
  `,
  against: regex('iu')`(?<!\p{L})(?:nunca|jamás|no|evita|deja de|bajo ningún concepto)(?!\p{L})`,
  filler: regex('giu')`
    (?<!\p{L})(?:siempre|nunca|jamás|a partir de ahora|de ahora en adelante|en el futuro|bajo ningún concepto|recuerda que|deja de|
    evita|debes|en este (?:proyecto|repo)|cada vez|no|el|la|los|las|un|una|por favor|y)(?!\p{L})
  `,
  // usa, uses, usar; utiliza, utilices; toca, toques; agrega, agregues
  endings: [
    [/(?<!\p{L})(?:haz|hagas)(?!\p{L})/gu, 'hacer'],
    [/(?<!\p{L})pongas(?!\p{L})/gu, 'pon'],
    [/(?<=\p{L}{2})(?:[aei]r|[ae]s?)(?!\p{L})/gu, ''],
    [/gu(?!\p{L})/gu, 'g'],
    [/(?:qu|c)(?!\p{L})/gu, 'z'],
  ],
};

const chinese: WishWords = {
  lasting:
    /总是|一律|永远(?:不要|别)?|以后|今后|从现在(?:开始|起)|从今(?:天|以后)|记住|务必|每次.{0,30}(?:都要|都得|必须)|绝对不(?:要|能|许)|千万(?:不要|别)|再也不要|始终|不要再|别再/,
  recurring: /每次|(?:这个|本)(?:项目|仓库)/,
  we: /我们|咱们/,
  asks: /总是|一律|永远|以后|今后|从现在|从今|记住|务必|请|每次|绝对|千万|始终|不要|别/,
  observed: /[?？]\s*$|为什么|为何|吗[。.]?$|(?:总是|每次都|一直)(?:失败|报错|返回|出错|崩溃|超时)|从来没/,
  momentary: /这次|这一次|暂时|目前|今天|现在先|这个(?:提交|分支|任务)|等我|直到/,
  against: /不要|别|不能|不许|永远不/,
  filler:
    /总是|一律|永远|以后|今后|从现在(?:开始|起)|从今(?:天起?|以后)|记住|务必|每次|绝对|千万|始终|再也|不要|不能|不许|禁止|必须|一定|别|再|请|都|要|得/g,
  endings: [],
};

const japanese: WishWords = {
  lasting: /必ず|常に|いつも|絶対に?|決して|今後|これから(?:は|も)|以後|以降(?:は)?|二度と|覚えておいて/,
  recurring: /毎回|この(?:プロジェクト|リポジトリ)では/,
  we: /私たち|我々|うちでは/,
  asks: /(?:ください|下さい|て(?:ね|ほしい|欲しい|おいて)|で(?:ね|ほしい|欲しい)|ないで|すること|ないこと|ように|なさい|禁止|べき|お願いします|いけません|ならない|やめて|[るうくすつぬむぐぶ])[。.!！]*$/,
  observed:
    /[?？]\s*$|なぜ|どうして|ますか|ですか|(?:いつも|必ず|毎回|常に)(?:失敗|エラー|落ち|返|止ま)|て(?:いる|います|しまう|しまいます)[。.]*$|ました[。.]*$/,
  momentary:
    /今回|今は|今だけ|今日|とりあえず|一旦|いったん|ひとまず|しばらく|まで(?:は)?待|(?:この|その)(?!プロジェクト|リポジトリ)/,
  against: /ない|禁止|決して|絶対に?.{0,100}(?:ない|やめ)|二度と|やめて/,
  filler:
    /必ず|常に|いつも|絶対に?|決して|今後は?|これから[はも]|以後|以降は?|毎回|二度と|この(?:プロジェクト|リポジトリ)では|ください|下さい|お願いします|欲しい/g,
  // The verb at the end by its first letters: 書いて, 書かないで; プッシュして, プッシュしないで
  endings: [
    [/[はを]/g, ''],
    [/(?<!\p{Script=Hiragana})\p{Script=Hiragana}+$/u, ''],
  ],
};

const korean: WishWords = {
  lasting: /항상|언제나|절대로?|앞으로(?:는|도)?|이제부터(?:는)?|지금부터(?:는)?|결코|다시는|반드시|꼭|기억해/,
  recurring: /매번|때마다|이 (?:프로젝트|저장소|레포)에서는/,
  we: /우리/,
  asks: /(?:세요|십시오|시오|줘|줘요|지 ?마|지 ?말아(?:요|줘)?|말 것|할 것|해라|하자|해야 (?:해|한다|합니다)|마라|않도록|하도록(?: 해)?|바랍니다|금지|해|써|둬|쓴다|한다|합니다|것)[.!。]*$/,
  observed:
    /\?\s*$|왜|나요|까요?[.]?$|(?:항상|계속|매번) (?:실패|에러|오류|멈|느)|했(?:다|어|습니다)[.]?$|있(?:다|어|습니다)[.]?$/,
  momentary: /이번|지금은|오늘|일단|당분간|잠깐|우선은|(?:^|\s)(?:이|그) (?!프로젝트|저장소|레포)/,
  against: /지 ?마|지 ?말|않|금지|절대|결코|다시는/,
  filler:
    /항상|언제나|절대로?|앞으로(?:는|도)?|이제부터(?:는)?|지금부터(?:는)?|매번|결코|다시는|반드시|꼭|더 이상|이 (?:프로젝트|저장소|레포)에서는/g,
  // 사용하세요, 사용해 줘, 사용하지 마; 달아 주세요, 달지 마세요; 써 줘, 쓰지 말아줘
  endings: [
    [/[은는을를](?=\s|$)/g, ''],
    [/지 ?(?:마|말|않)\S{0,8}(?: \S{1,8})?$/, ''],
    [/ ?(?:으?(?:세요|십시오)|주?(?:세요|십시오)|줘요?|것|합니다|한다)$/, ''],
    [/써 ?$/, '쓰'],
    [/(?<=\S)(?:해야|[하해할한합아어여]) ?$/, ''],
  ],
};

const wishLanguages: Readonly<Record<string, WishWords>> = {
  english,
  german,
  french,
  spanish,
  chinese,
  japanese,
  korean,
};
const all = Object.values(wishLanguages);

// Marks of emphasis are no words: **never**, _always_.
const plainOf = (sentence: string): string =>
  sentence.replace(/(?<![\p{L}\p{N}])[*_~]+|[*_~]+(?![\p{L}\p{N}])/gu, '').trim();

/** The language in which a sentence wishes something, for now or for ever. */
const languageOf = (plain: string): WishWords | undefined =>
  all.find(
    ({ lasting, recurring, we, against, asks, observed }) =>
      (lasting.test(plain) || (recurring.test(plain) && (against.test(plain) || we.test(plain)))) &&
      asks.test(plain) &&
      !observed.test(plain),
  );

/** True when a sentence states how things are to be done from now on, in any of the languages. */
export function isStandingWish(sentence: string): boolean {
  const plain = plainOf(sentence);
  return !all.some(({ momentary }) => momentary.test(plain)) && languageOf(plain) !== undefined;
}

export const forbids = (sentence: string): boolean => (languageOf(plainOf(sentence)) ?? english).against.test(sentence);

/** What a wish is about: the same for its opposite. It is only compared, so neither spaces nor whole words are left. */
export function aboutOf(sentence: string): string {
  const plain = plainOf(sentence);
  const { filler, endings } = languageOf(plain) ?? english;
  const words = trimEndOf(plain.toLowerCase(), ' .!。！').replace(filler, ' ').trim();
  return endings
    .reduce((text, [ending, base]) => text.replace(ending, base), words)
    .replace(/[^\p{L}\p{M}\p{N}./_-]+/gu, '');
}
