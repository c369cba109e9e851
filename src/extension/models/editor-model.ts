/** Summaries by a model of the editor, after a click and after the editor's own consent dialog. */
import { LanguageModelChatMessage, LanguageModelError, ProgressLocation, env, l10n, lm, window } from 'vscode';
import type { CancellationToken, LanguageModelChat } from 'vscode';
import { MemoryError } from '../../protocol/errors';
import type { SessionId } from '../../protocol/model';
import type { SessionSummary, SummaryQuestion } from '../../protocol/summary';
import { formatCount } from '../format';
import type { Parts } from '../parts';
import { lasting } from '../pick/lasting';

/** Text beyond this many letters per allowed token is not read. */
const lettersPerToken = 8;

/**
 * Null when the person chose no model or cancelled. @throws MemoryError `no_model` when the editor has none or refuses
 */
export async function askEditorModel({ memory }: Parts, sessionId: SessionId): Promise<SessionSummary | null> {
  const client = await memory.client();
  const models = await lm.selectChatModels();
  if (models.length === 0)
    throw new MemoryError('no_model', 'The editor offers no model.', { reason: 'no_editor_model' });
  const question = await client.summaryQuestion(sessionId);
  const model = await pickModel(models, question);
  if (!model) return null;
  const options = {
    location: ProgressLocation.Notification,
    title: l10n.t('{0} is summarising the session', model.name),
    cancellable: true,
  };
  const asked = {
    requestId: crypto.randomUUID(),
    sessionId,
    model: `${model.vendor}/${model.family}`,
    lastSequence: question.lastSequence,
  };
  const text = await window.withProgress(options, (_, token) =>
    ask(model, question, token, () => client.noteSummaryAsked(asked)),
  );
  if (text === undefined) return null;
  return client.keepSummary({ ...asked, text });
}

/** Shown even for a single model, because the list says to whom how much text is sent. */
async function pickModel(
  models: readonly LanguageModelChat[],
  { text, system }: SummaryQuestion,
): Promise<LanguageModelChat | undefined> {
  const size = formatCount(Math.ceil((text.length + system.length) / 4), env.language);
  const items = models.map((model) => ({
    label: model.name,
    description: model.vendor,
    detail: l10n.t('About {0} tokens of this session are sent to it, without secrets', size),
    model,
  }));
  return (
    await lasting(() =>
      window.showQuickPick(items, {
        title: l10n.t('Ask This Editor’s Model'),
        placeHolder: l10n.t('The editor itself asks once more before anything is sent'),
      }),
    )
  )?.model;
}

async function ask(
  model: LanguageModelChat,
  { system, text, maxTokens }: SummaryQuestion,
  token: CancellationToken,
  noteAsked: () => Promise<void>,
): Promise<string | undefined> {
  const message = `${system}\n\n${text}`;
  if ((await model.countTokens(message, token)) + maxTokens > model.maxInputTokens)
    throw new MemoryError('no_model', 'Too long.', { reason: 'too_long_for_model' });
  if (token.isCancellationRequested) return undefined;
  // Noted before sending: a call that is cancelled, refused or cut off may have been sent.
  await noteAsked();
  let answer = '';
  try {
    const response = await model.sendRequest(
      [LanguageModelChatMessage.User(message)],
      { justification: l10n.t('To summarise a session of Claude Code for your memory.') },
      token,
    );
    for await (const piece of response.text) {
      answer += piece;
      if (answer.length > maxTokens * lettersPerToken) break;
    }
  } catch (error) {
    if (token.isCancellationRequested) return undefined;
    throw explainRefusal(error);
  }
  return token.isCancellationRequested ? undefined : answer;
}

function explainRefusal(error: unknown): unknown {
  if (!(error instanceof LanguageModelError)) return error;
  if (error.code === LanguageModelError.NoPermissions.name) return new MemoryError('cancelled', 'Not allowed.');
  return new MemoryError('no_model', error.code, {
    reason: error.code === LanguageModelError.Blocked.name ? 'editor_model_blocked' : 'no_editor_model',
  });
}
