import { McpError } from '@modelcontextprotocol/sdk/types.js';
import type { TransportKind } from '@/lib/domain/event';
import type { OpenOutcome } from '@/server/engine/ports/upstream';
import { NotSent } from './client-bridge';
import { Stopping, TooLate } from './too-late';
import { wordsOf } from './words-of';

type Failure = Extract<OpenOutcome, { ok: false }>;

export interface OpenAttempt {
  readonly kind: TransportKind;
  readonly downWhy: string | null;
  readonly handshakeMs: number;
  /** Its requests carry a signature in place of configured credentials. */
  readonly isSigned: boolean;
}

/** Why a connection did not come about, in words that say what to do. */
export function openFailure(error: unknown, attempt: OpenAttempt): Failure {
  if (error instanceof Stopping) return failure('unreachable', 'Holdpoint is stopping.');
  if (attempt.downWhy !== null) {
    return failure(attempt.kind === 'stdio' ? 'spawn_failed' : 'not_mcp', attempt.downWhy);
  }
  if (error instanceof TooLate || isTimeout(error)) {
    return failure('unreachable', `The server did not answer the handshake within ${attempt.handshakeMs / 1_000} s.`);
  }
  if (error instanceof NotSent) return notSent(error, attempt);
  const words = wordsOf(error);
  if (/protocol version/i.test(words)) return failure('bad_version', words);
  if (error instanceof McpError) return failure('not_mcp', `The handshake failed: ${words}`);
  return failure('not_mcp', 'The server answered the handshake with something that is not MCP.');
}

function notSent({ outcome }: NotSent, attempt: OpenAttempt): Failure {
  const { status, message } = outcome;
  if (status === 401 || status === 403) {
    const hint = attempt.isSigned
      ? 'Check the AWS credentials, and that they may bedrock-agentcore:InvokeAgentRuntime.'
      : 'Check the headers of this server in the configuration.';
    return failure('unauthorized', `${message} ${hint}`);
  }
  if (status === null || status >= 500 || status === 429) return failure('unreachable', message);
  const hint =
    status === 404 || status === 405 ? ' Check that its url is the MCP endpoint of a Streamable HTTP server.' : '';
  return failure('not_mcp', `${message}${hint}`);
}

function isTimeout(error: unknown): boolean {
  return error instanceof McpError && /request timed out/i.test(error.message);
}

function failure(code: Failure['code'], message: string): Failure {
  return { ok: false, code, message };
}
