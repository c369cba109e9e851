/**
 * The real sql.js with its imports in another order, like an unknown build whose import positions mean nothing to us.
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
