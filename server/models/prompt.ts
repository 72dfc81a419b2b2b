import type { Sampling, SamplingMessage, SamplingTool, ToolResultBlock } from '@/lib/domain/sampling';
import type { ModelEntry, ModelProvider } from '@/server/engine/ports/model-entry';
import type { AssistantMessage, CallOptions, PromptMessage, SdkTool, ToolResultPart, UserMessage } from './sdk';
import type { ToolNames } from './tool-names';

/** Bedrock cannot be told to call no tool while the conversation holds tool calls; the reply is checked for it. */
const noMoreTools = 'Answer in words now: no tool can be called any more.';

/** What the AI SDK is asked. The ask was found fit for the provider before. */
export function toCallOptions(ask: Sampling, entry: ModelEntry, names: ToolNames): CallOptions {
  const offer = toolOffer(ask, entry.provider.kind, names);
  const system = [ask.systemPrompt ?? '', offer.note ?? ''].filter((text) => text.trim() !== '').join('\n\n');
  const useNames = new Map<string, string>();
  for (const block of ask.messages.flatMap((message) => message.blocks))
    if (block.kind === 'tool_use') useNames.set(block.id, names.forProvider(block.name));
  const messages = ask.messages.flatMap((message) => toMessage(message, { useNames, provider: entry.provider.kind }));
  return {
    prompt: [...(system === '' ? [] : [{ role: 'system' as const, content: system }]), ...messages],
    maxOutputTokens: Math.min(ask.maxTokens, entry.maxOutputTokens ?? ask.maxTokens),
    ...(ask.temperature === null ? {} : { temperature: ask.temperature }),
    ...(ask.stopSequences.length === 0 ? {} : { stopSequences: [...ask.stopSequences] }),
    ...(offer.tools.length === 0 ? {} : { tools: [...offer.tools], toolChoice: { type: offer.choice } }),
  };
}

interface Context {
  /** By the id of the tool use: a result names its tool to some providers. */
  readonly useNames: ReadonlyMap<string, string>;
  readonly provider: ModelProvider['kind'];
}

/** Empty texts are left out, and a message of nothing else: providers refuse them. */
function toMessage(message: SamplingMessage, context: Context): readonly PromptMessage[] {
  const results = message.blocks.flatMap((block) =>
    block.kind === 'tool_result' ? [toToolResult(block, context)] : [],
  );
  if (results.length > 0) return [{ role: 'tool', content: results }];
  const made = message.role === 'user' ? toUser(message) : toAssistant(message, context);
  return made.content.length === 0 ? [] : [made];
}

function toUser({ blocks }: SamplingMessage): UserMessage {
  const content = blocks.flatMap((block): UserMessage['content'] => {
    if (block.kind === 'text') return block.text.trim() === '' ? [] : [{ type: 'text', text: block.text }];
    if (block.kind !== 'image' && block.kind !== 'audio') return [];
    return [{ type: 'file', data: block.data, mediaType: block.mimeType }];
  });
  return { role: 'user', content };
}

function toAssistant({ blocks }: SamplingMessage, { useNames }: Context): AssistantMessage {
  const content = blocks.flatMap((block): AssistantMessage['content'] => {
    if (block.kind === 'text') return block.text.trim() === '' ? [] : [{ type: 'text', text: block.text }];
    if (block.kind !== 'tool_use') return [];
    const toolName = useNames.get(block.id) ?? block.name;
    return [{ type: 'tool-call', toolCallId: block.id, toolName, input: block.input }];
  });
  return { role: 'assistant', content };
}

function toToolResult(block: ToolResultBlock, { useNames, provider }: Context): ToolResultPart {
  const toolName = useNames.get(block.toolUseId) ?? 'tool';
  const head = { type: 'tool-result', toolCallId: block.toolUseId, toolName } as const;
  const images = block.content.flatMap((part) => (part.kind === 'image' ? [part] : []));
  const texts = block.content.flatMap((part) => (part.kind === 'text' ? [part.text] : []));
  if (block.content.length === 0 && block.structured !== null) texts.push(JSON.stringify(block.structured));
  // Only Anthropic's API has a flag for it, and not beside images.
  const isFlagged = provider === 'anthropic' && images.length === 0;
  const text = `${block.isError && !isFlagged ? 'The tool failed: ' : ''}${texts.join('\n')}`;
  if (images.length === 0)
    return {
      ...head,
      output: { type: block.isError ? 'error-text' : 'text', value: text === '' ? '(nothing)' : text },
    };
  const pictures = images.map(({ data, mimeType }) => ({ type: 'image-data' as const, data, mediaType: mimeType }));
  return {
    ...head,
    output: { type: 'content', value: [...(text === '' ? [] : [{ type: 'text' as const, text }]), ...pictures] },
  };
}

interface ToolOffer {
  readonly tools: readonly SdkTool[];
  readonly choice: 'auto' | 'required' | 'none';
  readonly note: string | null;
}

/** A conversation that holds tool calls needs tools at Anthropic and Bedrock, even where none may be called. */
function toolOffer(ask: Sampling, provider: ModelProvider['kind'], names: ToolNames): ToolOffer {
  const offered = ask.tools.map((tool) => toTool(tool, names));
  const isFree = offered.length > 0 && ask.toolChoice !== 'none';
  if (isFree) return { tools: offered, choice: ask.toolChoice, note: null };
  const used = ask.messages.flatMap(({ blocks }) =>
    blocks.flatMap((block) => (block.kind === 'tool_use' ? [block] : [])),
  );
  const missing = [...new Set(used.map((block) => block.name))].filter(
    (name) => !ask.tools.some((tool) => tool.name === name),
  );
  const inputSchema = { type: 'object', properties: {} };
  const stubs = missing.map((name) => toTool({ name, description: null, inputSchema }, names));
  switch (provider) {
    case 'anthropic':
      return { tools: used.length === 0 ? offered : [...offered, ...stubs], choice: 'none', note: null };
    case 'bedrock':
      if (used.length === 0) return { tools: [], choice: 'none', note: null };
      return { tools: [...offered, ...stubs], choice: 'auto', note: noMoreTools };
    case 'openai-compatible':
      return { tools: offered, choice: 'none', note: null };
  }
}

function toTool(tool: SamplingTool, names: ToolNames): SdkTool {
  return {
    type: 'function',
    name: names.forProvider(tool.name),
    ...(tool.description === null || tool.description.trim() === '' ? {} : { description: tool.description }),
    inputSchema: tool.inputSchema as SdkTool['inputSchema'],
  };
}
