// A vitest reporter that writes each event as a line of JSON when it happens, so that the results so far are on disk
// when the run is killed. scripts/test.mjs passes the file in TEST_PROGRESS.
import { appendFileSync, writeFileSync } from 'node:fs';

/** Vitest's own reporter, and this one when TEST_PROGRESS is set. */
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

  /** Before it is loaded: a file that never lets go of its thread says no more than that. */
  onTestModuleQueued(module) {
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
      messages: errors.map(briefOf),
    });
  }

  onTestSuiteResult(suite) {
    for (const error of suite.errors())
      this.#write({ event: 'error', file: suite.module.moduleId, message: messageOf(error) });
  }

  onTestModuleEnd(module) {
    // Tests that did not run because a hook failed have no events of their own.
    for (const test of module.children.allTests()) if (!this.#told.has(test.id)) this.onTestCaseResult(test);
    for (const error of module.errors())
      this.#write({ event: 'error', file: module.moduleId, message: messageOf(error) });
    this.#write({ event: 'fileEnd', file: module.moduleId });
  }

  onTestRunEnd(modules, unhandledErrors) {
    for (const error of unhandledErrors) {
      // vitest notes which file a worker was running. A late rejection is reported for the file running by then.
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
/**
 * One line: what was thrown, what Playwright was waiting for then, where, and what the editor showed. A build keeps
 * little more than this.
 */
const briefOf = (error) => {
  const [first = '', ...rest] = messageOf(error).split('\n');
  const waiting = rest.find((line) => line.trim().startsWith('- waiting for'))?.trim();
  const screen = rest.find((line) => line.startsWith('- on the screen'));
  const at = error.stacks?.find(({ file }) => !file.includes('node_modules'));
  const place = at && `at ${at.file.split('/').slice(-2).join('/')}:${at.line}`;
  return [first, waiting, place, screen].filter(Boolean).join(' ');
};
/** Includes the first line of our own code, because an error outside a test names no other place. */
const stackOf = (error) => {
  const ours = (error.stack ?? '').split('\n').find((line) => line.includes(' at ') && !line.includes('node_modules'));
  return `${messageOf(error)}${ours ? ` (${ours.trim()})` : ''}`;
};
