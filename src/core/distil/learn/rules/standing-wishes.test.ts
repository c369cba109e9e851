/** Standing wishes in several languages. The second table of each kind was written after the rules, and not used for them. */
import { describe, expect, it } from 'vitest';
import { isStandingWish } from './standing-wishes';
import { subjectOf } from './told';

const wishes = {
  seen: [
    'From here on, use named exports.',
    'Do NOT ever edit generated files.',
    'Stop adding comments to obvious code.',
    '**Never** commit to main.',
    'Ab jetzt bitte immer pnpm verwenden.',
    'Niemals direkt auf main pushen.',
    'Désormais, utilise toujours pnpm.',
    'Ne pousse jamais sur main.',
    '今後は必ずテストを実行してください。',
    '絶対にmainに直接プッシュしないでください。',
    '앞으로는 항상 pnpm을 사용하세요.',
    '절대 main에 직접 푸시하지 마.',
    '不要再加没用的注释。',
    'Under no circumstances touch the vendor folder.',
    'Arrête d’ajouter des emojis.',
  ],
  heldOut: [
    'From this point on, write the changelog entry together with the change.',
    'Please quit apologizing in every answer.',
    'In the future, ask before you install a package.',
    'Führe vor jedem Commit die Tests aus.',
    'Künftig keine Kommentare auf Deutsch schreiben.',
    'Lösche auf keinen Fall Migrationen.',
    'Wir verwenden in diesem Projekt grundsätzlich Tabs.',
    'À partir de maintenant, écris les messages de commit en anglais.',
    'N’utilise jamais any dans ce projet.',
    'コミットメッセージは常に英語で書いてください。',
    'これからはコメントを日本語で書くようにしてください。',
    'このプロジェクトではdefault exportを使わないでください。',
    '지금부터는 커밋 메시지를 영어로 써 주세요.',
    '이 프로젝트에서는 any를 쓰지 말아줘.',
    '커밋하기 전에 반드시 테스트를 실행해줘.',
    'A partir de ahora usa siempre vitest.',
    '今后提交信息一律用英文。',
  ],
};

const others = {
  seen: [
    'For now, never mind the failing test, always use the mock.',
    'Always use the old key until I have rotated it.',
    'Warum ist das immer null?',
    'Der Test schlägt immer fehl.',
    'Pour l’instant, utilise toujours le mock.',
    'なぜいつも失敗するのですか？',
    '왜 항상 실패하나요?',
    '这次一律跳过测试。',
  ],
  heldOut: [
    'Remember to push when you are done.',
    'Do not start the server yet, we always do that later.',
    'From now on for this PR only touch the parser.',
    'Never run the migration today.',
    'Nimm diesmal immer den alten Schlüssel.',
    'Das hat nie funktioniert.',
    'Le build échoue toujours sur Windows.',
    'Cette fois, ne lance jamais les tests lents.',
    '今回は必ず古いキーを使ってください。',
    'このテストは毎回失敗しています。',
    '이번에는 반드시 이전 키를 사용하세요.',
    '빌드가 항상 실패했어.',
    '为什么每次都报错？',
    'it stops adding rows after the first page',
  ],
};

describe('a standing wish', () => {
  it.each(wishes.seen)('%s', (text) => expect(isStandingWish(text)).toBe(true));
  it.each(wishes.heldOut)('held out: %s', (text) => expect(isStandingWish(text)).toBe(true));
});

describe('no standing wish', () => {
  it.each(others.seen)('%s', (text) => expect(isStandingWish(text)).toBe(false));
  it.each(others.heldOut)('held out: %s', (text) => expect(isStandingWish(text)).toBe(false));
});

it('a wish and its opposite are about the same, in each language', () => {
  for (const [one, other] of [
    ['Immer Tabs schreiben.', 'Nie Tabs schreiben.'],
    ['Utilise toujours des tests.', 'N’utilise jamais des tests.'],
  ] as const) {
    expect(subjectOf(one).fact).toBe('always');
    expect(subjectOf(other).fact).toBe('never');
  }
  expect(subjectOf('Immer Leerzeilen setzen.').topic).toBe(subjectOf('Niemals Leerzeilen setzen.').topic);
});

it.each([
  ['Always add license headers.', 'Stop adding license headers'],
  ['From today on, put imports on top.', 'Please quit putting imports on top.'],
  ['Use named exports at all times.', 'Under no circumstances use named exports!'],
  ['In diesem Projekt grundsätzlich Umlaute im Code verwenden.', 'Nie wieder Umlaute im Code verwenden'],
  ['Schreibe immer Tests für Getter.', 'Schreibe künftig keine Tests für Getter.'],
  ['Ajoute toujours des commentaires.', 'Arrête d’ajouter des commentaires'],
  ['Utilise toujours lodash dans ce projet.', "N'utilise jamais lodash."],
  ['Écris toujours les messages en anglais.', "À l'avenir, évite d'écrire les messages en anglais."],
  ['Usa siempre comillas dobles.', 'No uses nunca comillas dobles'],
  ['A partir de ahora utiliza tablas temporales.', 'Nunca utilices tablas temporales.'],
  ['Añade siempre comentarios.', 'Deja de añadir comentarios.'],
  ['以后提交前都要运行测试。', '以后提交前不要运行测试。'],
  ['总是用中文写注释', '永远不要用中文写注释。'],
  ['务必直接推送到 main。', '千万别直接推送到 main'],
  ['常に英語でコメントを書いてください。', '英語でコメントは絶対に書かないでください。'],
  ['必ずmainに直接プッシュすること', '決してmainに直接プッシュしないこと。'],
  ['このプロジェクトでは必ずlodashを使ってください。', '今後はlodashを使うのはやめてください。'],
  ['항상 lodash를 사용하세요.', '앞으로는 lodash를 사용하지 마세요.'],
  ['주석을 반드시 달아 주세요', '주석은 절대 달지 마.'],
  ['이제부터 any를 써 줘.', '다시는 any를 쓰지 말아줘.'],
])('%s is about what its opposite is about: %s', (one, other) => {
  expect([one, other].map(isStandingWish)).toEqual([true, true]);
  const [first, second] = [subjectOf(one), subjectOf(other)];
  expect(first.topic).toBe(second.topic);
  expect([first.fact, second.fact]).toEqual(['always', 'never']);
});

it('wishes about two things are not about the same', () => {
  const topics = [
    'Always add license headers.',
    'Never add license checks.',
    'Usa siempre tabs.',
    '항상 테스트를 실행하세요.',
  ];
  expect(new Set(topics.map((each) => subjectOf(each).topic)).size).toBe(topics.length);
});

describe('what is asked of one piece of work', () => {
  it.each([
    'Add a row to the table each time the timer fires.',
    'In this project, create a folder for the fixtures.',
    'Every time a request fails, write a line to the log.',
    'Füge in diesem Projekt eine Datei für die Typen hinzu.',
    'Schreibe jedes Mal eine Zeile ins Log, wenn eine Anfrage scheitert.',
    'Ajoute un test pour chaque fonction du module.',
    'Dans ce projet, ajoute un dossier pour les images.',
    'Añade en este proyecto una carpeta para las imágenes.',
    'Escribe una línea cada vez que falla una petición.',
    '请在每次请求失败时加一个延迟。',
    'このプロジェクトでは画像用のフォルダを作ってください。',
    'リクエストごとに毎回ログを一行書いてください。',
    '이 프로젝트에서는 이미지 폴더를 만들어 줘.',
    '요청이 실패할 때마다 로그를 한 줄 써 줘.',
  ])('is no standing wish: %s', (text) => expect(isStandingWish(text)).toBe(false));

  it.each([
    'In this project we use tabs for indentation.',
    'In this repo, do not touch the generated client.',
    'Run the checks every time you change the schema.',
    'Wir schreiben in diesem Projekt keine Kommentare.',
    'Dans ce projet, on écrit les tests en premier.',
    'En este proyecto usamos tabs.',
    '每次提交之前都要运行测试。',
    '이 프로젝트에서는 우리 로거를 써 줘.',
  ])('is one where we do so, or it is forbidden: %s', (text) => expect(isStandingWish(text)).toBe(true));
});
