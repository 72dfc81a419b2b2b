import { CreateMessageRequestParamsSchema } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it } from 'vitest';
import { readSampling as readOnScreen } from '@/components/request/sampling-ask';
import type { Json, JsonObject } from '@/lib/domain/json';
import { editableText, editedAsk, readSampling, type Sampling, validateSamplingResult } from '@/lib/domain/sampling';

const text = (words: string): JsonObject => ({ type: 'text', text: words });
const user = (content: Json): JsonObject => ({ role: 'user', content });
const assistant = (content: Json): JsonObject => ({ role: 'assistant', content });
const toolUse = (id: string, name = 'add'): JsonObject => ({ type: 'tool_use', id, name, input: { a: 1 } });
const result = (toolUseId: string, more: JsonObject = {}): JsonObject => ({
  type: 'tool_result',
  toolUseId,
  content: [text('2')],
  ...more,
});
const asking = (messages: Json, more: JsonObject = {}): JsonObject => ({ messages, maxTokens: 10, ...more });
const add: JsonObject = { name: 'add', inputSchema: { type: 'object' } };

function read(params: JsonObject): Sampling {
  const reading = readSampling(params);
  if (!reading.ok) throw new Error(reading.message);
  return reading.value;
}

const full = asking(
  [
    user(text('one and one?')),
    assistant([text('let me see'), toolUse('a'), toolUse('b')]),
    user([result('b', { isError: true, structuredContent: { sum: 2 } }), result('a', { content: [] })]),
    assistant(text('two')),
    user([
      { type: 'image', data: 'AAAA', mimeType: 'image/png' },
      { type: 'audio', data: 'AAAA', mimeType: 'audio/wav' },
    ]),
  ],
  {
    systemPrompt: 'Count.',
    temperature: 0.5,
    stopSequences: ['END'],
    modelPreferences: { hints: [{ name: ' sonnet ' }, {}, { name: '' }, { name: 'claude' }], costPriority: 1 },
    tools: [{ ...add, description: 'Adds.' }],
    toolChoice: { mode: 'required' },
    metadata: { any: 'thing' },
  },
);

describe('an ask is read', () => {
  it('whole', () => {
    expect(CreateMessageRequestParamsSchema.safeParse(full).success).toBe(true);
    expect(read(full)).toEqual({
      systemPrompt: 'Count.',
      messages: [
        { role: 'user', blocks: [{ kind: 'text', text: 'one and one?' }] },
        {
          role: 'assistant',
          blocks: [
            { kind: 'text', text: 'let me see' },
            { kind: 'tool_use', id: 'a', name: 'add', input: { a: 1 } },
            { kind: 'tool_use', id: 'b', name: 'add', input: { a: 1 } },
          ],
        },
        {
          role: 'user',
          blocks: [
            {
              kind: 'tool_result',
              toolUseId: 'b',
              isError: true,
              content: [{ kind: 'text', text: '2' }],
              structured: { sum: 2 },
            },
            { kind: 'tool_result', toolUseId: 'a', isError: false, content: [], structured: null },
          ],
        },
        { role: 'assistant', blocks: [{ kind: 'text', text: 'two' }] },
        {
          role: 'user',
          blocks: [
            { kind: 'image', data: 'AAAA', mimeType: 'image/png' },
            { kind: 'audio', data: 'AAAA', mimeType: 'audio/wav' },
          ],
        },
      ],
      maxTokens: 10,
      temperature: 0.5,
      stopSequences: ['END'],
      hints: ['sonnet', 'claude'],
      withTools: true,
      tools: [{ name: 'add', description: 'Adds.', inputSchema: { type: 'object' } }],
      toolChoice: 'required',
    });
  });

  it('with what is left out, or null', () => {
    const bare = asking([user(text('hello'))]);
    const nothing = {
      systemPrompt: null,
      temperature: null,
      stopSequences: null,
      modelPreferences: null,
      tools: null,
      toolChoice: null,
    };
    expect(read({ ...bare, ...nothing })).toEqual(read(bare));
    expect(read(bare)).toMatchObject({ withTools: false, tools: [], toolChoice: 'auto', systemPrompt: null });
  });

  it('as the screen reads it', () => {
    const screen = readOnScreen(full);
    const here = read(full);
    expect(screen?.messages.map(({ role, parts }) => [role, parts.map((part) => part.kind)])).toEqual(
      here.messages.map(({ role, blocks }) => [role, blocks.map((block) => block.kind)]),
    );
    expect(screen).toMatchObject({
      systemPrompt: here.systemPrompt,
      maxTokens: here.maxTokens,
      stopSequences: here.stopSequences,
      toolChoice: here.toolChoice,
    });
  });

  it('with a block of a later protocol, for a person to see', () => {
    expect(read(asking([user([{ type: 'video' }])])).messages[0]?.blocks).toEqual([{ kind: 'other', type: 'video' }]);
  });
});

describe('an ask is refused', () => {
  const table: readonly (readonly [string, JsonObject, string])[] = [
    ['without messages', { maxTokens: 1 }, '`messages` must be a list'],
    ['with no message', asking([]), '`messages` must be a list of at least one message.'],
    ['without maxTokens', { messages: [user(text('a'))] }, '`maxTokens` must be a whole number from 1.'],
    ['with a broken maxTokens', asking([user(text('a'))], { maxTokens: 1.5 }), '`maxTokens`'],
    ['with another role', asking([{ role: 'system', content: text('a') }]), 'The `role` of a message'],
    ['with a message that is text', asking(['a']), 'The `role` of a message'],
    ['with content that is text', asking([user('a')]), 'The `content` of a message'],
    ['with text that is none', asking([user({ type: 'text', text: 1 })]), 'A text block needs `text`.'],
    ['with an image without data', asking([user({ type: 'image', mimeType: 'image/png' })]), 'A block of type image'],
    ['with a system prompt that is none', asking([user(text('a'))], { systemPrompt: 1 }), '`systemPrompt`'],
    ['with a temperature that is none', asking([user(text('a'))], { temperature: 'hot' }), '`temperature`'],
    ['with a stop that is none', asking([user(text('a'))], { stopSequences: [1] }), '`stopSequences` must hold texts.'],
    ['with stops that are none', asking([user(text('a'))], { stopSequences: 'a' }), '`stopSequences` must be a list.'],
    ['with a tool without a schema', asking([user(text('a'))], { tools: [{ name: 'a' }] }), 'A tool needs'],
    ['with a tool twice', asking([user(text('a'))], { tools: [add, add] }), 'Two tools have the same name.'],
    ['with another choice', asking([user(text('a'))], { toolChoice: { mode: 'any' } }), 'The `mode` of `toolChoice`'],
    ['with a tool use of the user', asking([user(toolUse('a'))]), 'Tool uses stand in messages of the assistant.'],
    [
      'with a result of the assistant',
      asking([assistant(toolUse('a')), assistant(result('a'))]),
      'Tool results stand in',
    ],
    ['with a use without an id', asking([assistant({ type: 'tool_use', name: 'a', input: {} })]), 'A tool_use block'],
    ['with a result of nothing', asking([user(result('a'))]), 'A tool result answers no tool use'],
    [
      'with a result too late',
      asking([assistant(toolUse('a')), user(text('b')), user(result('a'))]),
      'Tool result missing',
    ],
    [
      'with a result missing',
      asking([assistant([toolUse('a'), toolUse('b')]), user(result('a'))]),
      'Tool result missing in',
    ],
    ['with a use at its end', asking([user(text('a')), assistant(toolUse('a'))]), 'Tool result missing in request.'],
    [
      'with two results',
      asking([assistant(toolUse('a')), user([result('a'), result('a')])]),
      'Two tool results answer',
    ],
    [
      'with two uses alike',
      asking([assistant([toolUse('a'), toolUse('a')]), user(result('a'))]),
      'Two tool uses of a message',
    ],
    [
      'with results among words',
      asking([assistant(toolUse('a')), user([result('a'), text('b')])]),
      'Tool results mixed',
    ],
    [
      'with a result that is none',
      asking([assistant(toolUse('a')), user(result('a', { content: [1] }))]),
      'must hold blocks',
    ],
  ];
  it.each(table)('%s', (_what, params, words) => {
    expect(readSampling(params)).toMatchObject({
      ok: false,
      code: 'bad_input',
      message: expect.stringContaining(words),
    });
  });
});

describe('a result', () => {
  const plain = asking([user(text('a'))]);
  const tools = asking([user(text('a'))], { tools: [add] });
  const reply = (content: Json, stopReason: Json = 'endTurn'): JsonObject => ({
    role: 'assistant',
    model: 'm',
    content,
    stopReason,
  });

  const good: readonly (readonly [string, JsonObject, JsonObject])[] = [
    ['of words', reply(text('b')), plain],
    ['of an image', reply({ type: 'image', data: 'AAAA', mimeType: 'image/png' }), plain],
    ['that does not say why it stopped', { role: 'assistant', model: 'm', content: text('b') }, plain],
    ['that stopped for a reason of its own', reply(text('b'), 'paused'), plain],
    ['of words, where tools were offered', reply(text('b')), tools],
    ['of blocks, where tools were offered', reply([text('b')]), tools],
    ['of tool calls', reply([text('b'), toolUse('1'), toolUse('2')], 'toolUse'), tools],
    ['of one tool call in one block', reply(toolUse('1'), 'toolUse'), tools],
  ];
  it.each(good)('%s may go to the server', (_what, result_, ask) => {
    expect(validateSamplingResult(result_, ask)).toBeNull();
  });

  const none = asking([user(text('a'))], { tools: [add], toolChoice: { mode: 'none' } });
  const bad: readonly (readonly [string, JsonObject, JsonObject, string])[] = [
    ['of the user', { ...reply(text('b')), role: 'user' }, plain, 'The role of a reply'],
    ['of nobody', { ...reply(text('b')), model: '' }, plain, 'names the model'],
    ['with a reason that is no text', reply(text('b'), 1), plain, 'The reason a reply stopped'],
    ['of blocks, where none were asked', reply([text('b')]), plain, 'one block as a reply, not a list'],
    ['of no blocks', reply([]), tools, 'The reply is empty.'],
    ['without content', { role: 'assistant', model: 'm' }, plain, 'must be a block'],
    ['of a text that is none', reply({ type: 'text' }), plain, 'A text block needs `text`.'],
    ['of something else', reply({ type: 'video' }), plain, 'nothing else'],
    ['of tool results', reply([result('a')]), tools, 'not hold their results'],
    ['of a tool call, where no tool was offered', reply(toolUse('1'), 'toolUse'), plain, 'did not offer: "add"'],
    ['of a tool call, where another was offered', reply([toolUse('1', 'rm')], 'toolUse'), tools, 'did not offer: "rm"'],
    ['of a tool call, where none was wanted', reply([toolUse('1')], 'toolUse'), none, 'without tool calls'],
    [
      'of a tool call without input',
      reply([{ type: 'tool_use', id: '1', name: 'add' }]),
      tools,
      'A tool_use block needs',
    ],
    ['of tool calls alike', reply([toolUse('1'), toolUse('1')], 'toolUse'), tools, 'have the same id'],
    ['of a tool call that ended its turn', reply([toolUse('1')]), tools, 'stops for "toolUse"'],
    ['of words that call a tool', reply([text('b')], 'toolUse'), tools, 'needs a tool call'],
    ['for an ask that is none', reply(text('b')), {}, '`maxTokens`'],
  ];
  it.each(bad)('%s may not', (...[, result_, ask, words]) => {
    expect(validateSamplingResult(result_, ask)).toContain(words);
  });
});

describe('an edited ask', () => {
  const image = { type: 'image', data: 'AAAA', mimeType: 'image/png' };
  const ask = asking(
    [
      { ...user({ ...text('one'), annotations: { priority: 1 } }), _meta: { a: 1 } },
      user([text('two'), image, { ...text('three'), _meta: {} }]),
      assistant([toolUse('a')]),
      user([result('a')]),
    ],
    { systemPrompt: 'Be brief.', tools: [add] },
  );
  const edit = (systemPrompt: string | null, ...messages: readonly { index: number; text: string }[]): JsonObject =>
    editedAsk(ask, { systemPrompt, messages });

  it('is the same without edits, or with the same words', () => {
    expect(edit(null)).toEqual(ask);
    expect(edit('Be brief.', { index: 0, text: 'one' }, { index: 1, text: 'two\n\nthree' })).toEqual(ask);
  });

  it('has new words where there were words, and all else as it was', () => {
    const [, , third = null, fourth = null] = ask['messages'] as readonly Json[];
    const edited = edit(
      'Be long.',
      { index: 0, text: 'uno' },
      { index: 1, text: 'due' },
      { index: 2, text: 'never' },
      { index: 3, text: 'never' },
      { index: 9, text: 'never' },
    );
    expect(edited).toEqual({
      ...ask,
      systemPrompt: 'Be long.',
      messages: [
        { ...user({ ...text('uno'), annotations: { priority: 1 } }), _meta: { a: 1 } },
        user([text('due'), image]),
        third,
        fourth,
      ],
    });
  });

  it('can lose its system prompt, or get one', () => {
    expect(edit('')).not.toHaveProperty('systemPrompt');
    const { systemPrompt: _systemPrompt, ...bare } = ask;
    expect(editedAsk(bare, { systemPrompt: 'New.', messages: [] })).toEqual({ ...bare, systemPrompt: 'New.' });
    expect(editedAsk(bare, { systemPrompt: null, messages: [] })).toEqual(bare);
  });

  it.each<[string, Json, string | null]>([
    ['one block', user(text('a')), 'a'],
    ['several', user([text('a'), image, text('b')]), 'a\n\nb'],
    ['none', assistant([toolUse('a')]), null],
    ['no message', 'a', null],
  ])('shows the words of %s', (_what, message, words) => {
    expect(editableText(message)).toBe(words);
  });
});
