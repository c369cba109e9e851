/** What exporting and importing share on the command line. */
import type { MemoryClient } from '../protocol/memory-api';

/** Ends with the first Ctrl+C. */
export function untilInterrupted(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  return controller.signal;
}

/** Shows how far it is, for people only. Answers the function that ends it. */
export function watchPortable(memory: MemoryClient): () => void {
  if (!process.stderr.isTTY) return () => {};
  const end = memory.on('portable', (event) => {
    if (event && event.total > 0)
      process.stderr.write(`\r${event.phase}: ${Math.floor((100 * event.done) / event.total)} %   `);
  });
  return () => {
    end();
    process.stderr.write('\n');
  };
}
