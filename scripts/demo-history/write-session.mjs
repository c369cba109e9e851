// Writes transcripts in the format of current Claude Code clients: one line per content block, tool results matched by
// id, meta lines in between. Everything is derived from the session's id, so the same script writes the same bytes.
import { createHash } from 'node:crypto';
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const clientVersion = '2.1.330';
const model = 'claude-opus-5-5';

/**
 * The name the client gives to the folder of a working folder. Long names end in a hash; the names used here are short.
 */
export const slugOf = (cwd) => cwd.replace(/[^a-zA-Z0-9]/g, '-');

/** A session to write into; see the .d.mts file beside this one. */
export function createSession({ id, cwd, startedAt, gitBranch = 'main', title, agentId }) {
  const lines = [];
  const agents = [];
  let taken = 0;
  let count = 0;
  let at = startedAt;
  let parentUuid = null;
  let promptId = '';
  let lastPrompt = '';

  const digest = (kind) =>
    createHash('sha256')
      .update(`${id}/${agentId ?? ''}/${kind}/${count++}`)
      .digest('hex');
  const makeUuid = (kind) => digest(kind).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5');
  const push = (line) => lines.push(JSON.stringify(line));

  function pushEnvelope(line, seconds = 2) {
    at += seconds * 1000;
    const uuid = makeUuid('line');
    push({
      parentUuid,
      isSidechain: agentId !== undefined,
      ...(agentId && { agentId }),
      ...line,
      uuid,
      timestamp: new Date(at).toISOString(),
      userType: 'external',
      entrypoint: 'cli',
      cwd,
      sessionId: id,
      version: clientVersion,
      gitBranch,
    });
    parentUuid = uuid;
    return uuid;
  }

  /** One API message of several blocks: several lines with the same message id and usage. */
  function pushAssistant(blocks, seconds) {
    const messageId = `msg_01${digest('message').slice(0, 22)}`;
    const usage = {
      input_tokens: 4,
      output_tokens: 40 + JSON.stringify(blocks).length,
      cache_creation_input_tokens: 900 + count,
      cache_read_input_tokens: 12_000 + count * 300,
      service_tier: 'standard',
    };
    const stopReason = blocks.at(-1).type === 'tool_use' ? 'tool_use' : 'end_turn';
    let uuid = '';
    for (const [apiBlockIndex, block] of blocks.entries()) {
      uuid = pushEnvelope(
        {
          type: 'assistant',
          requestId: `req_01${messageId.slice(6, 26)}`,
          apiBlockIndex,
          madeBy: 'model',
          effort: 'medium',
          message: {
            id: messageId,
            type: 'message',
            role: 'assistant',
            model,
            content: [block],
            stop_reason: stopReason,
            stop_sequence: null,
            usage,
          },
        },
        seconds ?? 3,
      );
    }
    return uuid;
  }

  const session = {
    id,
    cwd,
    prompt(text) {
      promptId = makeUuid('prompt');
      lastPrompt = text;
      const human =
        agentId === undefined ? { promptSource: 'typed', turnOrigin: 'human', permissionMode: 'default' } : {};
      pushEnvelope({ type: 'user', promptId, ...human, message: { role: 'user', content: text } }, 45);
      return session;
    },
    answer(text) {
      pushAssistant([{ type: 'text', text }], 6);
      if (agentId === undefined)
        push({
          type: 'last-prompt',
          lastPrompt: lastPrompt.replaceAll('\n', ' ').slice(0, 200),
          leafUuid: parentUuid,
          sessionId: id,
        });
      return session;
    },
    think(thinking) {
      pushAssistant([{ type: 'thinking', thinking, signature: 'c2lnbmF0dXJl' }], 4);
      return session;
    },
    tool(name, input, { content, result, isError = false, say }) {
      const toolId = `toolu_01${digest('tool').slice(0, 22)}`;
      const call = { type: 'tool_use', id: toolId, name, input };
      const sourceToolAssistantUUID = pushAssistant(say ? [{ type: 'text', text: say }, call] : [call]);
      pushEnvelope({
        type: 'user',
        promptId,
        toolUseResult: result,
        sourceToolAssistantUUID,
        message: {
          role: 'user',
          content: [{ tool_use_id: toolId, type: 'tool_result', content, ...(isError && { is_error: true }) }],
        },
      });
      return session;
    },
    bash(command, output = '', { description = 'Run a command', exitCode = 0, say } = {}) {
      const isError = exitCode !== 0;
      const content = isError ? `Exit code ${exitCode}\n${output}` : output;
      const result = isError ? `Error: ${content}` : { stdout: output, stderr: '', interrupted: false, isImage: false };
      return session.tool('Bash', { command, description }, { content, result, isError, say });
    },
    read(file, text, { say } = {}) {
      const rows = text.split('\n');
      return session.tool(
        'Read',
        { file_path: join(cwd, file) },
        {
          content: rows.map((row, index) => `${index + 1}\t${row}`).join('\n'),
          result: {
            type: 'text',
            file: {
              filePath: join(cwd, file),
              content: text,
              numLines: rows.length,
              startLine: 1,
              totalLines: rows.length,
            },
          },
          say,
        },
      );
    },
    edit(file, before, after, { say } = {}) {
      const filePath = join(cwd, file);
      const [old, fresh] = [before.split('\n'), after.split('\n')];
      const structuredPatch = [
        {
          oldStart: 1,
          oldLines: old.length,
          newStart: 1,
          newLines: fresh.length,
          lines: [...old.map((row) => `-${row}`), ...fresh.map((row) => `+${row}`)],
        },
      ];
      return session.tool(
        'Edit',
        { replace_all: false, file_path: filePath, old_string: before, new_string: after },
        {
          content: `The file ${filePath} has been updated successfully.`,
          result: {
            filePath,
            oldString: before,
            newString: after,
            originalFile: `${before}\n`,
            structuredPatch,
            userModified: false,
            replaceAll: false,
          },
          say,
        },
      );
    },
    write(file, text, { say } = {}) {
      const filePath = join(cwd, file);
      return session.tool(
        'Write',
        { file_path: filePath, content: text },
        {
          content: `File created successfully at: ${filePath}`,
          result: {
            type: 'create',
            filePath,
            content: text,
            structuredPatch: [],
            originalFile: null,
            userModified: false,
          },
          say,
        },
      );
    },
    agent(description, prompt, work, report) {
      const subId = `a${digest('agent').slice(0, 16)}`;
      const sub = createSession({ id, cwd, startedAt: at, gitBranch, agentId: subId });
      agents.push([subId, sub, description]);
      work(sub.prompt(prompt));
      return session.tool(
        'Agent',
        { description, prompt, subagent_type: 'general-purpose' },
        {
          content: [{ type: 'text', text: report }],
          result: {
            status: 'completed',
            agentId: subId,
            prompt,
            content: [{ type: 'text', text: report }],
            totalDurationMs: 21_000,
            totalTokens: 9000,
            totalToolUseCount: 2,
          },
        },
      );
    },
    wait(minutes) {
      at += minutes * 60_000;
      return session;
    },
    raw(line) {
      push(line);
      return session;
    },
    /** Lines written since the last call, as the client would append them. */
    takeNew() {
      const fresh = lines.slice(taken);
      taken = lines.length;
      return fresh.map((line) => `${line}\n`).join('');
    },
    fileIn: (configDir) => join(configDir, 'projects', slugOf(cwd), `${id}.jsonl`),
    save(configDir) {
      const file = session.fileIn(configDir);
      if (title && taken === 0) push({ type: 'ai-title', aiTitle: title, sessionId: id });
      saveLines(file, session.takeNew(), at);
      for (const [subId, sub, description] of agents) {
        const base = join(dirname(file), id, 'subagents', `agent-${subId}`);
        saveLines(`${base}.jsonl`, sub.takeNew(), at);
        writeFileSync(
          `${base}.meta.json`,
          JSON.stringify({ agentType: 'general-purpose', description, spawnDepth: 1, finished: true }),
        );
      }
      return file;
    },
  };
  return session;
}

/** The file gets the time of its session, because imports read the newest first. */
function saveLines(file, text, at) {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, text, { mode: 0o600 });
  utimesSync(file, at / 1000, at / 1000);
}
