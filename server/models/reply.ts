import { isJsonObject, isShallow, type Json, type JsonObject } from '@/lib/domain/json';
import { type Sampling, validateSamplingResult } from '@/lib/domain/sampling';
import type { ModelFailure } from '@/server/engine/ports/models';
import type { Generated } from './sdk';
import type { ToolNames } from './tool-names';

export type ReplyReading =
  | { readonly ok: true; readonly result: JsonObject; readonly text: string | null }
  | ModelFailure;

const orWrite = 'Try again, or write the reply yourself.';

/** The AI SDK's result as MCP's. Tool calls are handed on, never made. */
export function toReply(
  generated: Generated,
  {
    ask,
    read,
    names,
    model,
  }: {
    readonly ask: JsonObject;
    readonly read: Sampling;
    readonly names: ToolNames;
    readonly model: string;
  },
): ReplyReading {
  const { unified: finish, raw } = generated.finishReason;
  if (finish === 'content-filter')
    return fail(
      'The model refused, or its provider’s filter stopped it. Change the prompt, or write the reply yourself.',
    );
  if (finish === 'error') return fail(`The provider broke the reply off. ${orWrite}`);
  const text = generated.content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('');
  const uses = generated.content.flatMap((part) => (part.type === 'tool-call' ? [toToolUse(part, names)] : []));
  if (generated.content.some((part) => part.type === 'file'))
    return fail(`The model wrote a file, which is no reply. ${orWrite}`);
  if (uses.length > 0 && finish === 'length')
    return fail('The model ran out of tokens within a tool call. Allow more tokens, or write the reply yourself.');
  if (uses.length === 0 && text.trim() === '') return fail(emptyWords(finish));
  const made = uses.filter((use) => use !== null);
  if (made.length < uses.length) return fail(`The model wrote a tool call that is not JSON. ${orWrite}`);
  if (uses.length === 0 && read.toolChoice === 'required' && read.tools.length > 0)
    return fail(`The server asks for a tool call, and the model wrote words. ${orWrite}`);
  const words = { type: 'text', text };
  const result: JsonObject = {
    role: 'assistant',
    content: made.length === 0 ? words : [...(text.trim() === '' ? [] : [words]), ...made],
    model: nameOfModel(generated, model),
    stopReason: stopReason(finish, raw, made.length > 0),
  };
  const problem = validateSamplingResult(result, ask);
  return problem === null
    ? { ok: true, result, text: made.length === 0 ? text : null }
    : fail(`What the model wrote cannot be sent. ${problem} ${orWrite}`);
}

/** Null when its input is not a JSON object. */
function toToolUse(
  { toolCallId, toolName, input }: Extract<Generated['content'][number], { type: 'tool-call' }>,
  names: ToolNames,
): JsonObject | null {
  const parsed = parse(input);
  if (!isJsonObject(parsed) || !isShallow(parsed)) return null;
  return { type: 'tool_use', id: toolCallId, name: names.forServer(toolName), input: parsed };
}

/** Compatible servers leave the input out of a call without arguments. */
function parse(input: unknown): Json {
  if (typeof input !== 'string' || input.trim() === '') return {};
  try {
    return JSON.parse(input) as Json;
  } catch {
    return null;
  }
}

function emptyWords(finish: Generated['finishReason']['unified']): string {
  return finish === 'length'
    ? 'The model used up its tokens before it wrote a word. Allow more tokens, or write the reply yourself.'
    : `The model wrote nothing. ${orWrite}`;
}

/** OpenAI's API does not tell a stop sequence from an end. */
function stopReason(finish: Generated['finishReason']['unified'], raw: string | undefined, hasUses: boolean): string {
  if (hasUses) return 'toolUse';
  if (finish === 'length') return 'maxTokens';
  return raw === 'stop_sequence' ? 'stopSequence' : 'endTurn';
}

/** What the provider says it was, for a name may stand for the newest of several. */
function nameOfModel(generated: Generated, configured: string): string {
  const said = generated.response?.modelId;
  return said !== undefined && /^[\x21-\x7e]{1,512}$/.test(said) ? said : configured;
}

function fail(message: string): ModelFailure {
  return { ok: false, message };
}
