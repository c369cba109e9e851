/** The first proposals of an inbox over real sessions, with their evidence, to be read and judged by a person. */
import { cpSync } from 'node:fs';
import path from 'node:path';
import { withFolder } from '../bench/measure';
import { openBench } from '../bench/open';

const first = 20;
const maxText = 600;
const maxQuote = 200;

/** `projects` is a folder as Claude's own of that name. No repository is open, so git says nothing. */
export async function reportProposals(projects: string): Promise<void> {
  await withFolder(async (folder) => {
    const bench = await openBench(folder);
    cpSync(projects, path.join(bench.configDir, 'projects'), { recursive: true });
    await bench.import({ isArchiving: false });
    const { proposed } = await bench.memory.relearn();
    const { items } = await bench.memory.listLearnings({ state: 'proposed', limit: first });
    console.log(`# the first ${items.length} of ${proposed} proposals`);
    for (const [at, learning] of items.entries()) {
      const proof = await bench.memory.learningProof(learning.id);
      console.log(
        `\n## ${at + 1}. ${learning.category}: ${learning.title}\n` +
          `${learning.project?.name ?? 'all projects'}, confidence ${learning.confidence.toFixed(2)}, ` +
          `${learning.sourceSessions.length} sessions\n\n${learning.description.slice(0, maxText)}\n`,
      );
      for (const { kind, message, args, lines } of proof.evidence)
        console.log([`- ${kind}: ${message} ${JSON.stringify(args)}`, ...lines.map(showQuote)].join('\n'));
    }
    await bench.close();
  });
}

const showQuote = ({ quote }: { quote: string }): string => `  > ${quote.slice(0, maxQuote)}`;
