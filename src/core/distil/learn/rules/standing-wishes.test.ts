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
