import { setTimeout as sleep } from 'node:timers/promises';
import { McpError } from '@modelcontextprotocol/sdk/types.js';
import type { CallToolResult, Progress } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { connectAgent } from '@/examples/agent/connection';
import type { AgentConnection, Endpoint } from '@/examples/agent/connection';
import { roundOfCalls } from '@/examples/agent/plan';
import type { PlannedCall } from '@/examples/agent/plan';

export interface AgentOptions extends Endpoint {
  readonly pauseMs: number;
  /** How many rounds to make; without it the agent goes on until `signal`. */
  readonly rounds?: number | undefined;
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Works in rounds until told to stop. An error is printed and the work goes on, with a new session if need be. */
export async function runAgent(options: AgentOptions): Promise<void> {
  const agent = new ExampleAgent(options);
  try {
    for (let round = 0; options.rounds === undefined || round < options.rounds; round += 1) {
      for (const call of roundOfCalls(round, () => ({ accountIds: agent.accountIds }))) {
        await agent.make(call);
        await sleep(options.pauseMs, undefined, { signal: options.signal });
      }
    }
  } catch (error) {
    if (!options.signal.aborted) throw error;
  } finally {
    await agent.close();
  }
}

class ExampleAgent {
  readonly #options: AgentOptions;
  #connection: AgentConnection | undefined;
  #accountIds: readonly string[] = [];

  constructor(options: AgentOptions) {
    this.#options = options;
  }

  get accountIds(): readonly string[] {
    return this.#accountIds;
  }

  async make(call: PlannedCall): Promise<void> {
    const { print, signal } = this.#options;
    const connection = this.#connection ?? (await this.#connect());
    print(`→ ${call.tool} ${JSON.stringify(call.args)}`);
    const startedAt = Date.now();
    try {
      const onProgress = (progress: Progress): void => print(`  … ${progressText(progress)}`);
      const result = await connection.call(call, { onProgress, signal });
      print(`  ${result.isError === true ? '✗' : '✓'} ${resultText(result)} (${seconds(startedAt)})`);
      this.#accountIds = accountsAfter(this.#accountIds, result);
    } catch (error) {
      if (signal.aborted) throw error;
      print(`  ✗ ${errorText(error)} (${seconds(startedAt)})`);
      // Holdpoint's refusal of one call leaves the session usable; anything else asks for a new one.
      if (!(error instanceof McpError) || error.code === connectionClosed) await this.close();
    }
  }

  async close(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    // The session may be gone already; there is nothing left to do about it then.
    await connection?.close().catch(() => undefined);
  }

  async #connect(): Promise<AgentConnection> {
    const { print, pauseMs, signal } = this.#options;
    for (;;) {
      signal.throwIfAborted();
      try {
        this.#connection = await connectAgent(this.#options);
        print(`● connected to ${this.#options.url}`);
        return this.#connection;
      } catch (error) {
        print(`○ cannot connect to ${this.#options.url}: ${errorText(error)}`);
        await sleep(pauseMs, undefined, { signal });
      }
    }
  }
}

const connectionClosed = -32_000;

function progressText({ progress, total, message }: Progress): string {
  // Heartbeats move the figure by next to nothing, since MCP wants it to grow.
  const step = Math.round(progress * 1_000) / 1_000;
  const position = step === 0 ? '' : total === undefined ? String(step) : `${step}/${total}`;
  return [position, message === undefined ? '' : oneLine(message)].filter((part) => part !== '').join(' ');
}

function resultText(result: CallToolResult): string {
  const parts = result.content.map((part) => (part.type === 'text' ? part.text : `[${part.type}]`));
  return parts.length === 0 ? '(no content)' : oneLine(parts.join(' · '));
}

function errorText(error: unknown): string {
  if (!(error instanceof Error)) return oneLine(String(error));
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return oneLine(`${error.message}${cause}`);
}

/** One line, and no control characters: what a server says must not drive the terminal. */
function oneLine(text: string): string {
  return text
    .replaceAll(/\s*\n\s*/g, ' · ')
    .replaceAll(/\p{Cc}/gu, ' ')
    .trim();
}

function seconds(startedAt: number): string {
  return `${((Date.now() - startedAt) / 1_000).toFixed(1)} s`;
}

const accountSchema = z.object({ id: z.string() });
const accountsResult = z.object({
  accounts: z.array(accountSchema).optional(),
  account: accountSchema.optional(),
  deleted: accountSchema.optional(),
});

function accountsAfter(known: readonly string[], result: CallToolResult): readonly string[] {
  const { data } = accountsResult.safeParse(result.structuredContent ?? {});
  if (data === undefined) return known;
  if (data.accounts !== undefined) return data.accounts.map(({ id }) => id);
  if (data.account !== undefined) return [...known, data.account.id];
  return known.filter((id) => id !== data.deleted?.id);
}
