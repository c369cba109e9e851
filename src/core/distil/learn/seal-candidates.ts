/** Redacts candidates for the store, all their texts at once. */
import { evidenceMessages } from '../../../protocol/learning';
import type { SessionId } from '../../../protocol/model';
import type { Redacted, Seal } from '../../observe/redact';
import type { SealedEvidence, StoredOrigin } from '../../store/tables/learning-evidence';
import type { SealedProposal } from '../../store/tables/proposals';
import { factKeyOf, learningIdOf } from './candidate';
import type { Candidate, EvidenceDraft } from './candidate';
import type { FoundUndoing } from './later-undoings';
import type { SessionFacts } from './session-facts';

interface SealPorts {
  seal: Seal;
}

export interface SealedCandidate {
  candidate: Candidate;
  proposal: SealedProposal;
  evidence: SealedEvidence[];
}

/** All texts in one call, because each call of the rules has a high fixed cost. */
export async function sealCandidates(
  { seal }: SealPorts,
  candidates: readonly Candidate[],
  { head }: SessionFacts,
  origin: StoredOrigin = 'rules',
): Promise<SealedCandidate[]> {
  const texts: string[] = [];
  const later = (text: string): number => texts.push(text) - 1;
  const plans = candidates.map((candidate) => ({
    candidate,
    title: later(candidate.title),
    description: later(candidate.description),
    context: later(candidate.context),
    tags: candidate.tags.map(later),
    deadEnd: candidate.deadEnd && {
      when: later(candidate.deadEnd.when),
      because: later(candidate.deadEnd.because),
      instead: later(candidate.deadEnd.instead),
    },
    files: candidate.cites.files.map(later),
    symbols: candidate.cites.symbols.map(later),
    evidence: candidate.evidence.map((piece) => ({
      piece,
      args: piece.args.map((arg) => (typeof arg === 'string' ? { at: later(arg) } : arg)),
      quotes: piece.lines.map(({ quote }) => later(quote)),
    })),
  }));
  const safe = await seal(texts);
  const of = (at: number): Redacted => safe[at] as Redacted;
  return plans.map(({ candidate, ...plan }) => {
    const factKey = factKeyOf(candidate, head.projectRoot);
    const proposal: SealedProposal = {
      id: learningIdOf(factKey),
      factKey,
      category: candidate.category,
      title: of(plan.title),
      description: of(plan.description),
      context: of(plan.context),
      tags: plan.tags.map(of),
      ...(plan.deadEnd && {
        deadEnd: { when: of(plan.deadEnd.when), because: of(plan.deadEnd.because), instead: of(plan.deadEnd.instead) },
      }),
      memoryKind: candidate.memoryKind,
      importance: candidate.importance,
      cites: { files: plan.files.map(of), symbols: plan.symbols.map(of) },
      origin,
      sessionId: head.id,
      projectId: head.projectId,
      at: candidate.at,
    };
    const evidence = plan.evidence.map(({ piece, args, quotes }): SealedEvidence =>
      sealEvidence(
        piece,
        args.map((arg) => (typeof arg === 'number' ? arg : of(arg.at))),
        quotes.map(of),
        head.id,
      ),
    );
    return { candidate, proposal, evidence };
  });
}

export async function sealUndoings(
  { seal }: SealPorts,
  found: readonly FoundUndoing[],
): Promise<{ learning: string; evidence: SealedEvidence[] }[]> {
  const quotes = await seal(
    found.flatMap(({ evidence }) =>
      evidence.flatMap(({ lines, args }) => [...lines.map(({ quote }) => quote), ...args.map(String)]),
    ),
  );
  let at = 0;
  return found.map(({ learning, sessionId, evidence }) => ({
    learning,
    evidence: evidence.map((piece) => {
      const safe = quotes.slice(at, at + piece.lines.length);
      const args = quotes.slice(at + piece.lines.length, (at += piece.lines.length + piece.args.length));
      return sealEvidence(piece, args, safe, sessionId);
    }),
  }));
}

function sealEvidence(
  { key, kind, speaks, value, message, lines, at }: EvidenceDraft,
  args: (Redacted | number)[],
  quotes: readonly Redacted[],
  sessionId: SessionId,
): SealedEvidence {
  return {
    key,
    kind,
    speaks,
    ...(value !== undefined && { value }),
    message: evidenceMessages[message],
    args,
    sessionId,
    lines: lines.map(({ uid }, index) => ({ uid, quote: quotes[index] as Redacted })),
    at,
  };
}
