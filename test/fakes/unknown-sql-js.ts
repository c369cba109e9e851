/**
 * The real sql.js as a build nobody knows: its imports come in another order, so that their places mean nothing to us.
 */
import type initSqlJs from 'sql.js';

export const asUnknownBuild =
  (original: typeof initSqlJs): typeof initSqlJs =>
  (config) =>
    original({
      instantiateWasm(imports, receive) {
        const reordered = Object.entries(imports).map(
          ([module, calls]) => [module, Object.fromEntries(Object.entries(calls).toReversed())] as const,
        );
        return config.instantiateWasm(Object.fromEntries(reordered), receive);
      },
    });
