/** What could be given of a session or a learning: single sentences, each with where it stands. */
import type { GivenItem, GivenKind } from '../../protocol/given';
import type { Learning, ProjectRef, SessionId } from '../../protocol/model';
import type { Claim, Evidence, SessionSummary } from '../../protocol/summary';
import { shortenAtWord } from '../../protocol/text';
import { sentencesOf } from '../distil/reading/sentences';
import type { SaidTurn } from '../store/tables/amendments';

/** A piece before it is weighed. */
export type Piece = Pick<GivenItem, 'id' | 'kind' | 'text' | 'sessionId' | 'title' | 'turn' | 'key' | 'project' | 'at'>;

/** Between an error and what made it go away. */
export const beforeFix = ' — ';

export interface SessionSource {
  id: SessionId;
  title: string;
  project: ProjectRef;
  at: number;
  summary: SessionSummary | undefined;
  said: readonly SaidTurn[];
}

const maxText = 420;
const maxLearning = 700;
/** Sentences of one turn that may stand for themselves. */
const maxSentences = 12;
const minSentence = 25;

export function piecesOfLearning(learning: Learning): Piece {
  const { id, title, description, deadEnd, project, updatedAt, sourceSessions } = learning;
  const told = deadEnd
    ? [
        `fails when ${deadEnd.when}`,
        deadEnd.because && `because ${deadEnd.because}`,
        deadEnd.instead && `instead: ${deadEnd.instead}`,
      ]
        .filter(Boolean)
        .join('; ')
    : description;
  return {
    id: `learning/${id}`,
    kind: 'learning',
    text: shortenAtWord(told === '' || told === title ? title : `${title}. ${told}`, maxLearning),
    title,
    at: updatedAt,
    ...(project && { project }),
    ...(sourceSessions[0] !== undefined && { sessionId: sourceSessions[0] }),
  };
}

/** A sentence as it is given. */
export const pieceText = (text: string): string => shortenAtWord(text, maxText);

/** Claims of the summary, and sentences as they were said. */
export function piecesOfSession({ id, title, project, at, summary, said }: SessionSource): Piece[] {
  const piece = (kind: GivenKind, number: number, text: string, place: Partial<Evidence>): Piece => ({
    id: `${id}/${kind}/${number}`,
    kind,
    text: pieceText(text),
    sessionId: id,
    title,
    project,
    at: place.at ?? at,
    ...(place.turn !== undefined && { turn: place.turn }),
    ...(place.key !== undefined && { key: place.key }),
  });
  const claims = (kind: GivenKind, list: readonly Claim[]) =>
    list.map(({ text, evidence }, number) => piece(kind, number, text, evidence[0] ?? {}));
  const summed = summary
    ? [
        ...claims('decision', summary.decisions),
        ...summary.errors.flatMap(({ text, fix, evidence }, number) =>
          fix
            ? [
                piece('fix', number, text + beforeFix + fix.text, {
                  ...evidence[0],
                  at: lastOf([...evidence, ...fix.evidence], at),
                }),
              ]
            : [],
        ),
        ...claims('done', summary.done),
        ...claims('open', summary.openEnds),
      ]
    : [];
  const sentences = said.flatMap(({ turn, at: when, prompt, answer }) =>
    [...tell(prompt), ...tell(answer)].map((text, number) =>
      piece('said', turn * 100 + number, text, { turn, at: when }),
    ),
  );
  return [...summed, ...sentences].filter(({ text }) => text !== '');
}

/** An error is known by its line, and was fixed later. */
const lastOf = (evidence: readonly Evidence[], at: number): number =>
  evidence.length === 0 ? at : Math.max(...evidence.map((each) => each.at));

/** Sentences that say something without the one before them. */
const tell = (text: string): string[] =>
  sentencesOf(text)
    .filter(({ kind, text: words }) => kind !== 'heading' && words.length >= minSentence && !/[:：]$/.test(words))
    .slice(0, maxSentences)
    .map(({ text: words }) => words);
