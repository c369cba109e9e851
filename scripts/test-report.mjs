// Turns a vitest JSON report into checks. A file that did not load, an error outside a test, and a test skipped on a
// build machine count as failures too.
import { relative } from 'node:path';

const driverContract = 'test/contract/driver.contract.test.ts › driver:';

/** Tests that may be skipped on a build machine, by `file › full name`, in groups with a reason. */
const maySkip = new Set([
  // One contract for all drivers: tests about stored data apply to drivers that store, tests about losing it to the one
  // that does not.
  `${driverContract} disk keeps nothing`,
  `${driverContract} image keeps nothing`,
  `${driverContract} memory has everything again after closing and opening, and after a checkpoint`,
  `${driverContract} memory has every committed row when nobody closed it`,
]);

/**
 * Each test as a check: its name and its complaints.
 * @param {{ testResults: { name: string, status: string, message?: string, assertionResults: { status: string,
 * fullName: string, failureMessages?: string[] }[] }[] }} report
 * @param {{ code: number, root: string, isCi: boolean }} options
 * @returns {[string, string[]][]}
 */
export function judgeReport(report, { code, root, isCi }) {
  const checks = [];
  let skipped = 0;
  for (const file of report.testResults) {
    const name = relative(root, file.name);
    if (file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed')) {
      checks.push([name, [file.message || 'the file failed outside its tests']]);
    }
    for (const { status, fullName, failureMessages } of file.assertionResults) {
      const id = `${name} › ${fullName}`;
      if (status === 'passed') checks.push([id, []]);
      else if (status === 'failed') checks.push([id, [firstLine(failureMessages?.[0])]]);
      else if (isCi && !maySkip.has(id)) checks.push([id, [`was skipped (${status})`]]);
      else skipped += 1;
    }
  }
  if (skipped > 0) console.log(`${skipped} skipped`);
  const hasFailed = checks.some(([, complaints]) => complaints.length > 0);
  if (code !== 0 && !hasFailed)
    checks.push(['vitest', [`ended with ${code} although no test failed: an error outside the tests`]]);
  if (checks.length === 0) checks.push(['vitest', ['no test ran']]);
  return checks;
}

const firstLine = (text) => (text ?? 'failed').split('\n')[0];
