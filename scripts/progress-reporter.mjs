// A reporter for vitest that writes each event as a line of JSON when it happens: when the run is ended from outside,
// all that is known until then is on the disk. scripts/test.mjs names the file in TEST_PROGRESS.
import { appendFileSync, writeFileSync } from 'node:fs';

/** Vitest's own output, and the lines for the runner when there is one. */
export function chooseReporters(file = process.env.TEST_PROGRESS) {
  return file ? ['default', new ProgressReporter(file)] : ['default'];
}

class ProgressReporter {
  #file;
  #told = new Set();

  constructor(file) {
    this.#file = file;
    writeFileSync(file, '');
  }

  onTestModuleStart(module) {
    this.#write({ event: 'file', file: module.moduleId });
  }

  onTestCaseReady(test) {
    this.#write({ event: 'test', file: test.module.moduleId, name: nameOf(test) });
  }

  onTestCaseResult(test) {
    this.#told.add(test.id);
    const { state, errors = [] } = test.result();
    this.#write({
      event: 'result',
      file: test.module.moduleId,
      name: nameOf(test),
      state,
      ms: Math.round(test.diagnostic()?.duration ?? 0),
      messages: errors.map(messageOf),
    });
  }

  onTestSuiteResult(suite) {
    for (const error of suite.errors())
      this.#write({ event: 'error', file: suite.module.moduleId, message: messageOf(error) });
  }

  onTestModuleEnd(module) {
    // What a failed hook kept from running has no event of its own.
    for (const test of module.children.allTests()) if (!this.#told.has(test.id)) this.onTestCaseResult(test);
    for (const error of module.errors())
      this.#write({ event: 'error', file: module.moduleId, message: messageOf(error) });
    this.#write({ event: 'fileEnd', file: module.moduleId });
  }

  onTestRunEnd(modules, unhandledErrors) {
    for (const error of unhandledErrors) {
      // vitest notes which file a worker was at. A late rejection is reported at the file that runs by then.
      const file = error.VITEST_TEST_PATH ?? '';
      const name = error.VITEST_TEST_NAME;
      this.#write({
        event: 'error',
        file,
        message: `outside a test${name ? `, last "${name}"` : ''}: ${stackOf(error)}`,
      });
    }
    this.#write({ event: 'end', files: modules.length });
  }

  #write(line) {
    appendFileSync(this.#file, `${JSON.stringify(line)}\n`);
  }
}

const nameOf = (test) => (test.type === 'module' ? '' : `${nameOf(test.parent)} ${test.name}`.trim());
const messageOf = (error) => error.message || String(error.name ?? error);
/** With the first line of our own code: an error outside a test has no other place. */
const stackOf = (error) => {
  const ours = (error.stack ?? '').split('\n').find((line) => line.includes(' at ') && !line.includes('node_modules'));
  return `${messageOf(error)}${ours ? ` (${ours.trim()})` : ''}`;
};
