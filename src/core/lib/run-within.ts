/** Work that is ended when it takes too long: nothing else can interrupt a regular expression that is being matched. */
import { Script, createContext } from 'node:vm';

const call = new Script('work()');
const place: { work: () => void } = { work: () => {} };
let context: ReturnType<typeof createContext> | undefined;

/** Runs `work` and ends it after `ms`; false when it was ended. */
export function runWithin(ms: number, work: () => void): boolean {
  place.work = work;
  context ??= createContext(place);
  try {
    call.runInContext(context, { timeout: ms });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false;
    throw error;
  } finally {
    place.work = () => {};
  }
}
