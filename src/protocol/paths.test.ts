import { describe, expect, it } from 'vitest';
import {
  endsWithPath,
  fileName,
  isInside,
  normalizeFolder,
  pathFrom,
  pathInside,
  pathParts,
  repositoryOfWorktree,
  withoutWorktree,
} from './paths';

describe('what lies in a folder', () => {
  it.each([
    ['/work/shop', '/work/shop/src/cart.ts', 'src/cart.ts'],
    ['/work/shop/', '/work/shop/src/./lib/../cart.ts', 'src/cart.ts'],
    ['/work/shop', '/work/shop/a\\b.ts', 'a\\b.ts'],
    ['C:\\work\\shop', 'C:\\work\\shop\\src\\cart.ts', 'src/cart.ts'],
    ['C:/work/shop', 'c:\\Work\\shop\\src\\cart.ts', 'src/cart.ts'],
    ['\\\\host\\share\\shop', '\\\\host\\share\\shop\\src\\cart.ts', 'src/cart.ts'],
  ])('from %s %s is %s', (folder, path, inside) => {
    expect(pathInside(folder, path)).toBe(inside);
    expect(isInside(folder, path)).toBe(true);
    expect(pathFrom(folder, path)).toBe(inside);
  });

  it.each([
    ['/work/shop', '/work/shop'],
    ['/work/shop', '/work/shopping/cart.ts'],
    ['/work/shop', '/work/shop/../api/cart.ts'],
    ['/work/shop', '/work/Shop/cart.ts'],
    ['/work/shop', 'src/cart.ts'],
    ['', '/work/cart.ts'],
    ['/', '/work/cart.ts'],
    ['C:/', 'C:/work/cart.ts'],
    ['C:/work/shop', 'D:/work/shop/cart.ts'],
    ['C:/work/shop', 'C:\\work\\shop\\..\\api\\cart.ts'],
    ['/work', 'C:/work/cart.ts'],
    ['\\\\host\\share\\shop', '\\\\host\\other\\shop\\cart.ts'],
  ])('not from %s: %s', (folder, path) => {
    expect(isInside(folder, path)).toBe(false);
    expect(pathFrom(folder, path)).toBe(path);
  });
});

describe('the names in a path', () => {
  it.each([
    ['/work/shop/cart.ts', 'cart.ts'],
    ['/work/shop/', 'shop'],
    ['/work/a\\b.ts', 'a\\b.ts'],
    ['C:\\work\\cart.ts', 'cart.ts'],
    ['src\\cart.ts', 'cart.ts'],
    ['\\\\host\\share\\cart.ts', 'cart.ts'],
    ['cart.ts', 'cart.ts'],
    ['/', '/'],
    ['', ''],
  ])('the last of %s is %s', (path, name) => {
    expect(fileName(path)).toBe(name);
  });

  it('has the drive among them', () => {
    expect(pathParts('C:/work\\shop')).toEqual(['C:', 'work', 'shop']);
  });
});

it.each([
  ['c:\\work\\shop\\', 'C:/work/shop'],
  ['C:', 'C:/'],
  ['/work/shop//', '/work/shop'],
  ['/', '/'],
])('the folder %s is spelled %s', (folder, normal) => {
  expect(normalizeFolder(folder)).toBe(normal);
});

describe('a worktree', () => {
  it.each([
    ['/work/shop/.worktrees/fix/src/cart.ts', '/work/shop', '/work/shop/src/cart.ts'],
    ['/work/shop/.claude/worktrees/fix/src/cart.ts', '/work/shop', '/work/shop/src/cart.ts'],
    ['C:\\work\\shop\\.worktrees\\fix\\src\\cart.ts', 'C:\\work\\shop', 'C:\\work\\shop\\src\\cart.ts'],
  ])('%s is of %s', (path, repository, home) => {
    expect(repositoryOfWorktree(path)).toBe(repository);
    expect(withoutWorktree(path)).toBe(home);
  });

  it('a folder that is only called so is none', () => {
    expect(repositoryOfWorktree('/work/shop/worktrees/fix/cart.ts')).toBeUndefined();
    expect(withoutWorktree('/work/shop/worktrees/fix/cart.ts')).toBe('/work/shop/worktrees/fix/cart.ts');
    expect(withoutWorktree('.worktrees/fix/cart.ts')).toBe('cart.ts');
  });
});

it.each([
  ['/work/shop/src/cart.ts', 'src/cart.ts', true],
  ['C:\\work\\shop\\src\\cart.ts', 'src/cart.ts', true],
  ['/work/shop/.worktrees/one/src/cart.ts', 'shop/src/cart.ts', true],
  ['/work/shop/src/cart.ts', './cart.ts', true],
  ['/work/shop/u\u0308ber.ts', '\u00FCber.ts', true],
  ['/work/shop/src/smart.ts', 'art.ts', false],
  ['cart.ts', 'src/cart.ts', false],
  ['/work/shop', '', false],
])('%s ends with the names of %s: %s', (path, end, isSo) => {
  expect(endsWithPath(path, end)).toBe(isSo);
});
