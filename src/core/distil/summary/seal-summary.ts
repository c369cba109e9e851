/** Redacts a summary for the store: every sentence and quote, all in one call. */
import type { Redacted, Seal } from '../../observe/redact';
import type { LineQuote, NewSummary, QuotedClaim, SummaryBody } from '../../store/tables/summaries';

export async function sealSummary(summary: NewSummary, seal: Seal): Promise<NewSummary<Redacted>> {
  const texts: string[] = [];
  mapSummary(summary, (text) => {
    texts.push(text);
    return text;
  });
  const sealed = await seal(texts);
  let next = 0;
  return mapSummary(summary, () => sealed[next++] as Redacted);
}

/** The summary with each of its texts replaced, always in the same order. */
function mapSummary<Text extends string>(summary: NewSummary, visit: (text: string) => Text): NewSummary<Text> {
  const { body } = summary;
  const quotes = (evidence: readonly LineQuote[]): LineQuote<Text>[] =>
    evidence.map((each) => ({ ...each, quote: visit(each.quote) }));
  const claim = (each: QuotedClaim): QuotedClaim<Text> => ({ text: visit(each.text), evidence: quotes(each.evidence) });
  const mapped: SummaryBody<Text> = {
    asked: body.asked.map(claim),
    done: body.done.map(claim),
    decisions: body.decisions.map(claim),
    files: body.files.map((file) => ({ ...file, path: visit(file.path), evidence: quotes(file.evidence) })),
    errors: body.errors.map(({ fix, ...error }) => ({
      ...error,
      text: visit(error.text),
      evidence: quotes(error.evidence),
      ...(fix && { fix: claim(fix) }),
    })),
    commands: body.commands.map((command) => ({
      ...command,
      command: visit(command.command),
      evidence: quotes(command.evidence),
    })),
    openEnds: body.openEnds.map(claim),
    keyPoints: body.keyPoints.map(claim),
  };
  return { ...summary, title: visit(summary.title), body: mapped };
}
