import { randomUUID } from 'node:crypto';
import { type CallToolResult, type Tool, UrlElicitationRequiredError } from '@modelcontextprotocol/sdk/types.js';
import { questionTag } from '@/tests/chaos/servers/journal';

export interface ToolRun {
  readonly mark: string;
  /** One run of one tool, whatever its mark. */
  readonly execution: string;
  readonly workMs: number;
  readonly ask: (method: string, params: Record<string, unknown>) => Promise<Record<string, unknown>>;
  readonly progress: (step: number, total: number) => Promise<void>;
}

export interface AttackedTool {
  readonly definition: Tool;
  readonly run: (run: ToolRun) => Promise<CallToolResult>;
  /** It is not run before a page was visited for its mark. */
  readonly comesAfter?: 'page';
}

const inputSchema: Tool['inputSchema'] = {
  type: 'object',
  properties: { mark: { type: 'string' }, workMs: { type: 'number' } },
  required: ['mark'],
};

const oneValue = {
  type: 'object',
  properties: { value: { type: 'string', title: 'Value' } },
  required: ['value'],
};

/** Tools of the servers under attack. Each result is unlike that of any other run. */
export const attackedTools: readonly AttackedTool[] = [
  { definition: { name: 'ask', description: 'Asks one question', inputSchema }, run: (run) => form(run, 1) },
  {
    definition: { name: 'ask_two', description: 'Asks two questions in turn', inputSchema },
    run: (run) => form(run, 2),
  },
  {
    definition: {
      name: 'ask_reading',
      description: 'Asks, and changes nothing',
      inputSchema,
      annotations: { readOnlyHint: true },
    },
    run: (run) => form(run, 1),
  },
  {
    definition: {
      name: 'ask_repeatable',
      description: 'Asks; running it twice is running it once',
      inputSchema,
      annotations: { readOnlyHint: false, idempotentHint: true },
    },
    run: (run) => form(run, 1),
  },
  { definition: { name: 'sample', description: 'Asks for a model’s words', inputSchema }, run: sample },
  { definition: { name: 'ask_link', description: 'Asks to open a link', inputSchema }, run: link },
  { definition: { name: 'work', description: 'Works for a while', inputSchema }, run: work },
  {
    definition: { name: 'after_page', description: 'Changes something, once a page was visited', inputSchema },
    run: done,
    comesAfter: 'page',
  },
  { definition: { name: 'held_write', description: 'Changes something at once', inputSchema }, run: done },
  { definition: { name: 'held_ask', description: 'Asks, once it may run', inputSchema }, run: (run) => form(run, 1) },
];

/** By mark; a server that is killed forgets it, and asks again. */
const namedPages = new Set<string>();

/** Thrown the first time: a call that comes again is taken to have visited. */
export function pageBefore({ comesAfter }: AttackedTool, mark: string): UrlElicitationRequiredError | null {
  if (comesAfter === undefined || namedPages.has(mark)) return null;
  namedPages.add(mark);
  const elicitationId = randomUUID();
  const url = `https://accounts.example.com/first?order=${mark}`;
  return new UrlElicitationRequiredError([{ mode: 'url', message: 'Sign in first.', elicitationId, url }]);
}

async function form(run: ToolRun, count: number): Promise<CallToolResult> {
  const answers: unknown[] = [];
  for (let number = 1; number <= count; number += 1) {
    const message = `Question ${number} ${questionTag(`${run.mark}/${run.execution}/${number}`)}`;
    answers.push(await run.ask('elicitation/create', { message, requestedSchema: oneValue }));
  }
  return told(run, answers);
}

async function sample(run: ToolRun): Promise<CallToolResult> {
  const text = `Write a word ${questionTag(`${run.mark}/${run.execution}/1`)}`;
  const messages = [{ role: 'user', content: { type: 'text', text } }];
  try {
    return told(run, [await run.ask('sampling/createMessage', { messages, maxTokens: 50 })]);
  } catch (error) {
    // A declined sampling comes as an error; it is this tool's answer like any other.
    return told(run, [error instanceof Error ? error.message : String(error)]);
  }
}

async function link(run: ToolRun): Promise<CallToolResult> {
  const answer = await run.ask('elicitation/create', {
    mode: 'url',
    message: `Please connect ${questionTag(`${run.mark}/${run.execution}/1`)}`,
    elicitationId: randomUUID(),
    url: `https://accounts.example.com/connect?order=${run.mark}`,
  });
  return told(run, [answer]);
}

async function work(run: ToolRun): Promise<CallToolResult> {
  const steps = 4;
  for (let step = 1; step <= steps; step += 1) {
    await new Promise((resolve) => setTimeout(resolve, run.workMs / steps));
    await run.progress(step, steps);
  }
  return told(run, []);
}

function done(run: ToolRun): Promise<CallToolResult> {
  return Promise.resolve(told(run, []));
}

function told({ mark, execution }: ToolRun, answers: readonly unknown[]): CallToolResult {
  const value = { mark, execution, answers };
  return { content: [{ type: 'text', text: JSON.stringify(value) }], structuredContent: value };
}
