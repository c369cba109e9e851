/** Looks at a page of ours as people see, hear and hit it. */
import axe from 'axe-core';
import type { AxeResults } from 'axe-core';
import type { Frame } from 'playwright-core';
import { expect } from 'vitest';

/** Laws and standards ask for these; best practices are what people who use screen readers ask for. */
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Fails with each rule that is broken, and where. Rules that need a person to decide are not counted. */
export async function expectNoViolations(frame: Frame): Promise<void> {
  await frame.evaluate(axe.source);
  // The size of targets is left out unless it is named.
  const options = { runOnly: { type: 'tag', values: tags }, rules: { 'target-size': { enabled: true } } };
  const { violations } = await frame.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(options)})`);
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}\n${failureSummary ?? ''}`),
  );
  expect(found).toEqual([]);
}
