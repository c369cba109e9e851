/** Lets other work of this thread run, so that requests are answered during long work. */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
