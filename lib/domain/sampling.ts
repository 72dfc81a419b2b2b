import { isJsonObject, type Json, type JsonObject } from './json';
import { done, type Result, refuse } from './refusal';

export type MediaBlock<Kind extends 'image' | 'audio' = 'image' | 'audio'> = {
  readonly kind: Kind;
  readonly mimeType: string;
  /** Base64, as it came. */
  readonly data: string;
};

/** Of a type that MCP 2025-11-25 does not know: a person may still answer, a model cannot be asked. */
export type OtherBlock = { readonly kind: 'other'; readonly type: string };

export type TextBlock = { readonly kind: 'text'; readonly text: string };

type PlainBlock = TextBlock | MediaBlock<'image'> | MediaBlock<'audio'> | OtherBlock;

export type ToolUseBlock = {
  readonly kind: 'tool_use';
  readonly id: string;
  readonly name: string;
  readonly input: JsonObject;
};

export type ToolResultBlock = {
  readonly kind: 'tool_result';
  readonly toolUseId: string;
  readonly isError: boolean;
  readonly content: readonly PlainBlock[];
  readonly structured: JsonObject | null;
};

export type SamplingBlock = PlainBlock | ToolUseBlock | ToolResultBlock;

export interface SamplingMessage {
  readonly role: 'user' | 'assistant';
  /** MCP allows one block in place of a list. */
  readonly blocks: readonly SamplingBlock[];
}

export interface SamplingTool {
  readonly name: string;
  readonly description: string | null;
  readonly inputSchema: JsonObject;
}

export type ToolChoice = 'auto' | 'required' | 'none';

/** The params of `sampling/createMessage`, read. */
export interface Sampling {
  readonly systemPrompt: string | null;
  readonly messages: readonly SamplingMessage[];
  readonly maxTokens: number;
  readonly temperature: number | null;
  readonly stopSequences: readonly string[];
  /** Names of models the server would like, the best first; advisory. */
  readonly hints: readonly string[];
  /** Whether the server brought a list of tools, even an empty one: only then does it take a list of blocks as a reply. */
  readonly withTools: boolean;
  readonly tools: readonly SamplingTool[];
  readonly toolChoice: ToolChoice;
}

/** A refusal is the server's to hear, as invalid params (-32602). What is null counts as left out. */
export function readSampling(params: JsonObject): Result<Sampling> {
  const problems: string[] = [];
  const note: Note = (problem) => void problems.push(problem);
  const sampling = read(params, note);
  checkBalance(sampling.messages, note);
  const [first] = problems;
  return first === undefined ? done(sampling) : refuse('bad_input', first);
}

/** Takes down what is wrong; the value that is read on with stands in for it. */
type Note = (problem: string) => void;

function read(params: JsonObject, note: Note): Sampling {
  const { maxTokens } = params;
  const isCount = typeof maxTokens === 'number' && Number.isInteger(maxTokens) && maxTokens >= 1;
  if (!isCount) note('`maxTokens` must be a whole number from 1.');
  const temperature = params['temperature'] ?? null;
  if (temperature !== null && typeof temperature !== 'number') note('`temperature` must be a number.');
  const systemPrompt = params['systemPrompt'] ?? null;
  if (systemPrompt !== null && typeof systemPrompt !== 'string') note('`systemPrompt` must be a text.');
  const messages = params['messages'];
  if (!isList(messages) || messages.length === 0) note('`messages` must be a list of at least one message.');
  return {
    systemPrompt: typeof systemPrompt === 'string' ? systemPrompt : null,
    messages: isList(messages) ? messages.map((message) => readMessage(message, note)) : [],
    maxTokens: isCount ? maxTokens : 1,
    temperature: typeof temperature === 'number' ? temperature : null,
    stopSequences: optionalItems(params['stopSequences'], '`stopSequences`', note).flatMap((item) => {
      if (typeof item === 'string') return [item];
      note('`stopSequences` must hold texts.');
      return [];
    }),
    hints: readHints(params['modelPreferences']),
    withTools: (params['tools'] ?? null) !== null,
    tools: readTools(params['tools'], note),
    toolChoice: readToolChoice(params['toolChoice'] ?? null, note),
  };
}

function readMessage(value: Json, note: Note): SamplingMessage {
  const { role, content = null } = isJsonObject(value) ? value : {};
  if (role !== 'user' && role !== 'assistant') note('The `role` of a message must be "user" or "assistant".');
  const blocks = (isList(content) ? content : [content]).flatMap((block) => readBlock(block, note) ?? []);
  const isReply = role === 'assistant';
  if (isReply && blocks.some((block) => block.kind === 'tool_result'))
    note('Tool results stand in messages of the user.');
  if (!isReply && blocks.some((block) => block.kind === 'tool_use'))
    note('Tool uses stand in messages of the assistant.');
  return { role: isReply ? 'assistant' : 'user', blocks };
}

function readBlock(value: Json, note: Note): SamplingBlock | null {
  const type = isJsonObject(value) ? value['type'] : null;
  if (!isJsonObject(value) || typeof type !== 'string') {
    note('The `content` of a message must be a block with a `type`, or a list of such blocks.');
    return null;
  }
  switch (type) {
    case 'tool_use':
      return readToolUse(value, note);
    case 'tool_result':
      return readToolResult(value, note);
    default:
      return readPlain(type, value, note);
  }
}

function readPlain(type: string, value: JsonObject, note: Note): PlainBlock | null {
  const { text, data, mimeType } = value;
  if (type === 'text') {
    if (typeof text === 'string') return { kind: 'text', text };
    note('A text block needs `text`.');
    return null;
  }
  if (type !== 'image' && type !== 'audio') return { kind: 'other', type };
  if (typeof data === 'string' && typeof mimeType === 'string') return { kind: type, data, mimeType };
  note(`A block of type ${type} needs the texts \`data\` and \`mimeType\`.`);
  return null;
}

function readToolUse(value: JsonObject, note: Note): ToolUseBlock | null {
  const { id, name, input } = value;
  if (isName(id) && isName(name) && isJsonObject(input)) return { kind: 'tool_use', id, name, input };
  note('A tool_use block needs the texts `id` and `name`, and an object `input`.');
  return null;
}

function readToolResult(value: JsonObject, note: Note): ToolResultBlock | null {
  const { toolUseId, structuredContent = null, isError } = value;
  const content = optionalItems(value['content'], 'The `content` of a tool_result block', note).flatMap(
    (item) => readResultContent(item, note) ?? [],
  );
  if (structuredContent !== null && !isJsonObject(structuredContent))
    note('The `structuredContent` of a tool_result block must be an object.');
  const structured = isJsonObject(structuredContent) ? structuredContent : null;
  if (isName(toolUseId)) return { kind: 'tool_result', toolUseId, isError: isError === true, content, structured };
  note('A tool_result block needs the text `toolUseId`.');
  return null;
}

/** The text of an embedded resource is as good as a text block; a link or a file is not. */
function readResultContent(item: Json, note: Note): PlainBlock | null {
  const { type, resource } = isJsonObject(item) ? item : {};
  if (!isJsonObject(item) || typeof type !== 'string') {
    note('The `content` of a tool_result block must hold blocks with a `type`.');
    return null;
  }
  const text = type === 'resource' && isJsonObject(resource) ? resource['text'] : null;
  return typeof text === 'string' ? { kind: 'text', text } : readPlain(type, item, note);
}

/** MCP 2025-11-25, "Message Content Constraints". */
function checkBalance(messages: readonly SamplingMessage[], note: Note): void {
  let waiting: ReadonlySet<string> = new Set();
  for (const { blocks } of messages) {
    const results = blocks.flatMap((block) => (block.kind === 'tool_result' ? [block.toolUseId] : []));
    const uses = blocks.flatMap((block) => (block.kind === 'tool_use' ? [block.id] : []));
    const answered = new Set(results);
    if (results.length > 0 && results.length < blocks.length) note('Tool results mixed with other content.');
    if (results.some((id) => !waiting.has(id))) note('A tool result answers no tool use of the message before.');
    if (answered.size < results.length) note('Two tool results answer the same tool use.');
    if ([...waiting].some((id) => !answered.has(id))) note('Tool result missing in request.');
    waiting = new Set(uses);
    if (waiting.size < uses.length) note('Two tool uses of a message have the same id.');
  }
  if (waiting.size > 0) note('Tool result missing in request.');
}

function readHints(preferences: Json | undefined): readonly string[] {
  const hints = isJsonObject(preferences) ? preferences['hints'] : null;
  return (isList(hints) ? hints : []).flatMap((hint) => {
    const name = isJsonObject(hint) ? hint['name'] : null;
    return typeof name === 'string' && name.trim() !== '' ? [name.trim()] : [];
  });
}

function readTools(value: Json | undefined, note: Note): readonly SamplingTool[] {
  const tools = optionalItems(value, '`tools`', note).flatMap((item): readonly SamplingTool[] => {
    const { name, description, inputSchema } = isJsonObject(item) ? item : {};
    if (isName(name) && isJsonObject(inputSchema))
      return [{ name, description: typeof description === 'string' ? description : null, inputSchema }];
    note('A tool needs a text `name` and an object `inputSchema`.');
    return [];
  });
  if (new Set(tools.map((tool) => tool.name)).size < tools.length) note('Two tools have the same name.');
  return tools;
}

function readToolChoice(value: Json, note: Note): ToolChoice {
  const mode = isJsonObject(value) ? (value['mode'] ?? 'auto') : value === null ? 'auto' : null;
  if (mode === 'auto' || mode === 'required' || mode === 'none') return mode;
  note('The `mode` of `toolChoice` must be "auto", "required" or "none".');
  return 'auto';
}

function optionalItems(value: Json | undefined, what: string, note: Note): readonly Json[] {
  if (value === undefined || value === null) return [];
  if (isList(value)) return value;
  note(`${what} must be a list.`);
  return [];
}

function isName(value: Json | undefined): value is string {
  return typeof value === 'string' && value !== '';
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** What may be wrong with a result before it goes to the server that asked, for a person; null when nothing is. */
export function validateSamplingResult(result: JsonObject, ask: JsonObject): string | null {
  const reading = readSampling(ask);
  if (!reading.ok) return reading.message;
  const { role, model, stopReason = null, content = null } = result;
  if (role !== 'assistant') return 'The role of a reply must be "assistant".';
  if (!isName(model)) return 'A reply names the model that wrote it.';
  if (stopReason !== null && typeof stopReason !== 'string') return 'The reason a reply stopped must be a text.';
  if (isList(content) && !reading.value.withTools)
    return 'The server takes one block as a reply, not a list: it brought no tools.';
  if (isList(content) && content.length === 0) return 'The reply is empty.';
  const blocks = isList(content) ? content : [content];
  const problem = blocks.map((block) => replyBlockProblem(block, reading.value)).find((each) => each !== null);
  return problem ?? toolUsesProblem(blocks, stopReason);
}

function replyBlockProblem(block: Json, ask: Sampling): string | null {
  const problems: string[] = [];
  const read = readBlock(block, (problem) => void problems.push(problem));
  if (read === null) return problems[0] ?? 'A block of the reply was not understood.';
  switch (read.kind) {
    case 'text':
    case 'image':
    case 'audio':
      return null;
    case 'tool_result':
      return 'A reply may ask for tools, not hold their results.';
    case 'other':
      return 'A reply holds text, an image, audio or tool calls, nothing else.';
    case 'tool_use':
      if (ask.toolChoice === 'none') return 'The server asked for a reply without tool calls.';
      if (ask.tools.some((tool) => tool.name === read.name)) return null;
      return `The reply calls a tool that the server did not offer: ${JSON.stringify(read.name.slice(0, 64))}.`;
  }
}

function toolUsesProblem(blocks: readonly Json[], stopReason: string | null): string | null {
  const ids = blocks.flatMap((block) => (isJsonObject(block) && block['type'] === 'tool_use' ? [block['id']] : []));
  if (new Set(ids).size < ids.length) return 'Two tool calls of the reply have the same id.';
  if (ids.length > 0 && stopReason !== 'toolUse') return 'A reply with tool calls stops for "toolUse".';
  if (ids.length === 0 && stopReason === 'toolUse') return 'A reply that stops for "toolUse" needs a tool call.';
  return null;
}

/** What a person changes: the text of messages by their place, counted from 0. */
export interface SamplingEdits {
  /** Null leaves it as it is; an empty text takes it away. */
  readonly systemPrompt: string | null;
  readonly messages: readonly { readonly index: number; readonly text: string }[];
}

const betweenBlocks = '\n\n';

/** The text of a message, as it is shown for editing: its text blocks; null when it has none. */
export function editableText(message: Json): string | null {
  if (!isJsonObject(message)) return null;
  const texts = blocksOf(message['content']).flatMap((block) => textOf(block) ?? []);
  return texts.length === 0 ? null : texts.join(betweenBlocks);
}

/**
 * The ask with new words. Images, sound, tool calls, their results and all else stay as the server sent them, and so
 * does a message whose text is the same or that has no text. Of several text blocks the first takes the whole text.
 */
export function editedAsk(ask: JsonObject, edits: SamplingEdits): JsonObject {
  const texts = new Map(edits.messages.map(({ index, text }) => [index, text]));
  const messages = isList(ask['messages']) ? ask['messages'] : null;
  const { systemPrompt, ...others } = ask;
  const kept = edits.systemPrompt === null ? systemPrompt : edits.systemPrompt;
  return {
    ...others,
    ...(kept === undefined || kept === '' ? {} : { systemPrompt: kept }),
    ...(messages === null ? {} : { messages: messages.map((each, index) => editedMessage(each, texts.get(index))) }),
  };
}

function editedMessage(message: Json, text: string | undefined): Json {
  const before = editableText(message);
  if (!isJsonObject(message) || text === undefined || before === null || before === text) return message;
  const { content } = message;
  if (isJsonObject(content)) return { ...message, content: { ...content, text } };
  const blocks = blocksOf(content);
  const first = blocks.findIndex((block) => textOf(block) !== null);
  const edited = blocks.flatMap((block, place): readonly Json[] => {
    if (textOf(block) === null || !isJsonObject(block)) return [block];
    return place === first ? [{ ...block, text }] : [];
  });
  return { ...message, content: edited };
}

function blocksOf(content: Json | undefined): readonly Json[] {
  if (isList(content)) return content;
  return content === undefined ? [] : [content];
}

function textOf(block: Json): string | null {
  const isText = isJsonObject(block) && block['type'] === 'text' && typeof block['text'] === 'string';
  return isText && typeof block['text'] === 'string' ? block['text'] : null;
}
