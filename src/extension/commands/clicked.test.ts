import { expect, it } from 'vitest';
import { clickedKey, clickedPlace } from './clicked';

it('reads the session and the place that was clicked', () => {
  expect(clickedPlace({ webviewSection: 'hit', sessionId: '8dab-26', key: 'p1', turn: 2 })).toEqual({
    sessionId: '8dab-26',
    key: 'p1',
    turn: 2,
  });
});

it('reads the key of a row or of a learning', () => {
  expect(clickedKey({ webviewSection: 'row', key: 'o7' })).toBe('o7');
  expect(clickedKey({ learningId: 'abc' })).toBe('labc');
});

it.each([undefined, {}, { sessionId: '../x' }, { sessionId: 3 }, { sessionId: 'a', key: 'zzz' }])(
  'refuses %j',
  (clicked) => {
    expect(() => clickedPlace(clicked)).toThrow('sessionId');
  },
);

it.each([undefined, { key: 'x1' }, { learningId: '' }])('refuses the key of %j', (clicked) => {
  expect(() => clickedKey(clicked)).toThrow('key');
});
