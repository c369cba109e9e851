/** Writes sessions and learnings as Markdown, a file for each session, for people to read and keep. */
import { fileName } from '../../protocol/paths';
import type { ExportReport } from '../../protocol/portable';
import { showInvisible, showLine } from '../../protocol/visible-text';
import { readRecords } from '../store/portable/read-records';
import type { PlainRecord, RecordValue } from '../store/portable/read-records';
import type { Door } from '../store/tables/way-out';
import { ExportFolder } from './export-folder';
import { leavingBy } from './may-leave';
import { finished, whatOf } from './write-export';
import type { ExportPorts, ExportWish } from './write-export';

/** Pieces of the text of a session, as `sessionText` gives them. */
export type SessionPieces = (
  sessionId: string,
  cursor: string | undefined,
  door: Door,
) => { text: string; next?: string };

export async function writeMarkdown(
  wish: Omit<ExportWish, 'format'>,
  ports: ExportPorts & { pieces: SessionPieces },
): Promise<ExportReport> {
  const { driver, signal, turn, pieces, version } = ports;
  const folder = await ExportFolder.create(wish.folder, wish.at);
  try {
    const sessions = wish.onlyLearnings ? [] : [...readRecords(driver, 'sessions', wish)].flat();
    const leaving = leavingBy(driver, wish);
    const allowed = sessions.map((record) => leaving.of('sessions', record)).filter((record) => record !== undefined);
    for (const [index, record] of allowed.entries()) {
      const id = textOf(record['id']);
      // oxlint-disable-next-line no-await-in-loop -- one file after the other
      await folder.begin(nameOf(record, index));
      for (let cursor: string | undefined, isFirst = true; isFirst || cursor !== undefined; isFirst = false) {
        signal.throwIfAborted();
        const piece = pieces(id, cursor, leaving.door);
        // oxlint-disable-next-line no-await-in-loop -- in order
        await folder.write(`${piece.text}\n`, 0);
        cursor = piece.next;
        // oxlint-disable-next-line no-await-in-loop -- questions are answered in between
        await turn();
      }
      // oxlint-disable-next-line no-await-in-loop -- one file after the other
      await folder.end();
      ports.onProgress(index + 1, allowed.length);
    }
    await folder.begin('learnings.md');
    let learnings = 0;
    await folder.write('# Learnings\n', 0);
    for (const slice of readRecords(driver, 'learnings', wish))
      for (const record of slice) {
        if (record['state'] !== 'accepted' || !leaving.of('learnings', record)) continue;
        learnings++;
        // oxlint-disable-next-line no-await-in-loop -- in order
        await folder.write(learningText(record));
      }
    await folder.end();
    signal.throwIfAborted();
    const report = await finished(
      folder,
      { format: 'markdown', counts: { sessions: allowed.length, learnings } },
      whatOf(wish),
      { version, at: wish.at, request: wish.request },
    );
    return { ...report, ...leaving.left() };
  } catch (error) {
    await folder.abandon();
    throw error;
  }
}

/** Made of the day, the title and the number: nothing of a session leaves its folder by its name. */
function nameOf(record: PlainRecord, index: number): string {
  const day = new Date(Number(record['createdAt'])).toISOString().slice(0, 10);
  const words = plainName(textOf(record['title']) || textOf(record['firstPrompt'])).slice(0, 60);
  return `${plainName(fileName(textOf(record['project']))) || 'project'}/${day} ${words || 'session'} ${index + 1}.md`;
}

const plainName = (text: string): string =>
  text
    .replace(/[^\p{L}\p{N} _-]+/gu, ' ')
    .replace(/ +/g, ' ')
    .slice(0, 80)
    .trim();

const textOf = (value: RecordValue | undefined): string => (typeof value === 'string' ? value : '');

function learningText(record: PlainRecord): string {
  const tags = Array.isArray(record['tags']) ? (record['tags'] as string[]) : [];
  const facts = [textOf(record['project']), ...tags.map((tag) => `#${tag}`)].filter((fact) => fact !== '');
  const context = textOf(record['context']);
  return [
    `\n## ${showLine(textOf(record['title']))}`,
    ...(facts.length > 0 ? [facts.map(showLine).join(' · ')] : []),
    showInvisible(textOf(record['description'])),
    ...(context === '' ? [] : [`> ${showLine(context)}`]),
    '',
  ].join('\n\n');
}
