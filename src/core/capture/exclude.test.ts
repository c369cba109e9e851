/** What people write into the list of excludes, and which folders they mean. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excludes, readPattern } from './exclude';
import type { PatternSurroundings } from './exclude';

const linux: PatternSurroundings = { home: '/home/ada', foldsCase: false };
const mac: PatternSurroundings = { home: '/Users/ada', foldsCase: true };
const windows: PatternSurroundings = { home: 'C:\\Users\\Ada', foldsCase: true };
const isOut = (pattern: string, folder: string, surroundings = linux) =>
  excludes([pattern], surroundings)(folder, folder);

describe('on Linux', () => {
  it.each([
    ['~/bank', '/home/ada/bank'],
    ['~/bank', '/home/ada/bank/api'],
    ['~', '/home/ada/anything'],
    ['~/bank/', '/home/ada/bank'],
    ['~/bank/**', '/home/ada/bank'],
    ['~/clients/*/notes', '/home/ada/clients/acme/notes'],
    ['$HOME/bank', '/home/ada/bank'],
    ['${userHome}/bank', '/home/ada/bank'],
    ['"/srv/my shop"', '/srv/my shop'],
    [' /srv/shop ', '/srv/shop/web'],
    ['/srv//shop/./web', '/srv/shop/web'],
    ['file:///srv/my%20shop', '/srv/my shop'],
    ['bank', '/srv/bank'],
    ['bank', '/srv/bank/api'],
    ['bank/', '/srv/bank'],
    ['./bank', '/srv/bank'],
    ['clients/acme', '/srv/clients/acme/web'],
    ['*-private', '/srv/shop-private'],
    ['**/bank/**', '/srv/bank'],
    ['/srv/{a,b}', '/srv/b'],
    ['/srv/{old}', '/srv/{old}'],
    ['/srv/[x] y', '/srv/[x] y/z'],
    ['/srv/(a) b*', '/srv/(a) bc'],
    ['[acme]', '/srv/[acme]'],
    ['/srv/c++', '/srv/c++'],
    ['/srv/!now', '/srv/!now'],
    ['!now', '/srv/!now'],
    ['/srv/a@b', '/srv/a@b'],
    ['/srv/.hidden', '/srv/.hidden/x'],
    ['/srv/*', '/srv/.hidden'],
    ['/srv/cafe\u0301', '/srv/caf\u00e9'],
    ['/', '/srv'],
    ['**', '/srv'],
  ])('%s excludes %s', (pattern, folder) => {
    expect(isOut(pattern, folder)).toBe(true);
  });

  it.each([
    ['~/bank', '/home/eve/bank'],
    ['~bank', '/home/ada/bank'],
    ['/srv/ban', '/srv/bank'],
    ['ban', '/srv/bank'],
    ['bank', '/srv/bank-two'],
    ['/srv/Bank', '/srv/bank'],
    ['/bank', '/srv/bank'],
    ['/srv/*/x', '/srv/x'],
    ['', '/srv'],
    ['  ', '/srv'],
    ['./', '/srv'],
  ])('%j does not exclude %s', (pattern, folder) => {
    expect(isOut(pattern, folder)).toBe(false);
  });
});

describe('on systems whose file names have no case', () => {
  it.each([
    ['/users/ADA/Bank', '/Users/ada/bank', mac],
    ['~/bank', '/Users/Ada/Bank', mac],
    ['BANK', '/Users/ada/bank/x', mac],
    ['d:\\Work\\bank', 'D:/work/Bank', windows],
    ['D:/Work/Bank/', 'd:\\work\\bank\\api', windows],
    ['/d:/work', 'D:\\Work', windows],
    ['~\\bank', 'c:\\users\\ada\\bank', windows],
    ['%USERPROFILE%\\bank', 'C:\\Users\\Ada\\bank', windows],
    ['\\\\nas\\Team\\bank', '\\\\NAS\\team\\bank\\x', windows],
    ['\\\\?\\D:\\Work', 'D:\\Work\\x', windows],
    ['D:\\*\\bank', 'd:\\work\\bank', windows],
    ['D:', 'D:\\work', windows],
  ])('%s excludes %s', (pattern, folder, surroundings) => {
    expect(isOut(pattern, folder, surroundings)).toBe(true);
  });

  it('a folder on a drive has none on any system', () => {
    expect(isOut('e:\\bank', 'E:/Bank')).toBe(true);
    expect(isOut('bank', 'E:/Bank')).toBe(true);
    expect(isOut('f:\\bank', 'E:/Bank')).toBe(false);
  });
});

it('says what a pattern was read as', () => {
  expect(readPattern('~/bank/', linux)?.readAs).toBe('/home/ada/bank');
  expect(readPattern('bank', linux)?.readAs).toBe('**/bank');
  expect(readPattern('D:\\Work', windows)?.readAs).toBe('D:/Work');
  expect(readPattern(' ', linux)).toBeUndefined();
});

it('a folder written as it is excludes itself and what is below, whatever its name', () => {
  const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter(
    // A file system has no such names, blanks at the ends are dropped, and a star at the end is a wildcard.
    (text) => !/[/\\\0]/.test(text) && text.trim() === text && text !== '.' && text !== '..' && !/\*+$/.test(text),
  );
  fc.assert(
    fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), name, (names, child) => {
      const folder = `/${names.join('/')}`;
      expect(isOut(folder, folder)).toBe(true);
      expect(isOut(folder, `${folder}/${child}`)).toBe(true);
      expect(isOut(`${folder}/`, folder)).toBe(true);
    }),
    { numRuns: 500 },
  );
});
