/** Lets what else waits in this thread run: questions are answered while long work goes on. */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
