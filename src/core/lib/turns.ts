/** Lets other work of this thread run, so that requests are answered during long work. */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Does the steps of a long calculation, and lets other work run between them. */
export async function inTurns<T>(steps: Generator<undefined, T>): Promise<T> {
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) return step.value;
    await breathe();
  }
}
