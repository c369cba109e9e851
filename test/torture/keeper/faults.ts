/** Planted faults that the keeper torture must find, and one that only makes it harder. */
import type { Patch } from '../../process/patched-bundle';

export interface Fault {
  /** What the harness must find with this fault. */
  finds: 'owners' | 'lost' | 'doubled';
  keeper: readonly Patch[];
  window: readonly Patch[];
}

const answer = '      return await (api[name] as (...all: unknown[]) => Promise<unknown>)(...args);';

/** Delays answers after a commit, so that many kills fall in between: every such call is then made twice. */
export const lateAnswers: readonly Patch[] = [
  {
    file: 'src/keeper/keeper.worker.ts',
    from: answer,
    to: `      const late = await (api[name] as (...all: unknown[]) => Promise<unknown>)(...args);
      await new Promise((resolve) => setTimeout(resolve, 15));
      return late;`,
  },
];

export const faults: Readonly<Record<string, Fault>> = {
  'lock that always says yes': {
    finds: 'owners',
    keeper: [],
    window: [
      {
        file: 'src/keeper/lock.ts',
        from: "error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),",
        to: "error.code === 'EADDRINUSE' ? resolve({ release: async () => {} }) : reject(error),",
      },
      // Without the keeper's address every window becomes a keeper.
      {
        file: 'src/keeper/connect.ts',
        from: 'const met = await this.#meet();',
        to: 'const met = this.#worker ? await this.#meet() : undefined;',
      },
    ],
  },
  'answer before the commit': {
    finds: 'lost',
    keeper: [
      {
        file: 'src/core/answers/learnings.ts',
        from: 'const learning = saveLearning(driver, ',
        to: `const early = [driver, { ...input, ...sealed }, clock.now()] as const;
      setTimeout(() => saveLearning(...early), 40);
      if (input.id !== '') return { id: input.id } as never;
      const learning = saveLearning(driver, `,
      },
    ],
    window: [],
  },
  'retry with a fresh id': {
    finds: 'doubled',
    keeper: lateAnswers,
    window: [
      {
        file: 'src/keeper/connect.ts',
        from: '        this.#drop(link);\n      }',
        to:
          "        this.#drop(link);\n        if (name === 'saveLearning') args = [{ ...(args[0] as " +
          'object), id: `again-${Math.random().toString(36).slice(2)}` }];\n      }',
      },
    ],
  },
};
