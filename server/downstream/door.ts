import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AgentIdentity } from '@/server/engine/ports/agents';
import type { Directory } from '@/server/engine/ports/directory';
import type { Log } from '@/server/engine/ports/log';
import { bearerOf } from './bearer';
import { type HttpError, invalidRequestCode, refusedCode } from './http-error';
import { supportedVersions } from './version';

/** A request whose agent is known. */
export interface Contact {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly agent: AgentIdentity;
  /** The one server of `/mcp/{server}`; null for all. */
  readonly scope: string | null;
}

export interface DoorParts {
  readonly agentOf: Directory['agentOf'];
  readonly log: Log;
  /** Origins of pages that may act as agents; none unless given. Programs send no Origin. */
  readonly allowedOrigins?: readonly string[];
}

/** Who is asking, and for what; checked on every request (I11). */
export async function admit(
  req: IncomingMessage,
  res: ServerResponse,
  { agentOf, log, allowedOrigins }: DoorParts,
): Promise<Contact | HttpError> {
  const { origin } = req.headers;
  if (origin !== undefined && !(allowedOrigins ?? []).includes(origin)) {
    return {
      status: 403,
      code: refusedCode,
      message: 'Requests from web pages are not accepted: this Origin is not allowed.',
    };
  }
  const place = placeOf(req.url ?? '');
  if (place === null)
    return {
      status: 404,
      code: refusedCode,
      message: 'Nothing here. MCP is at /mcp, one server alone at /mcp/{server}.',
    };
  const key = bearerOf(req.headers);
  let agent: AgentIdentity | null;
  try {
    agent = key === null ? null : await agentOf(key);
  } catch (error) {
    log.error({ err: error }, 'an agent could not be recognised');
    return databaseAway;
  }
  return agent === null ? unauthorized(key === null) : { req, res, agent, ...place };
}

/** What is wrong with the headers of a request of a session; null when nothing is. */
export function headerProblem(req: IncomingMessage): HttpError | null {
  const version = req.headers['mcp-protocol-version'];
  if (version !== undefined && !supportedVersions.includes(String(version))) return unsupportedVersion;
  if (req.headers['mcp-session-id'] === undefined) return missingSession;
  return null;
}

/** A client must say that it understands both answers a request may get; a GET only gets a stream. */
export function acceptProblem(req: IncomingMessage): HttpError | null {
  const accept = req.headers.accept ?? '';
  const needed = req.method === 'GET' ? ['text/event-stream'] : ['application/json', 'text/event-stream'];
  if (needed.every((type) => accept.includes(type))) return null;
  return { status: 406, code: refusedCode, message: `Not Acceptable: accept ${needed.join(' and ')}.` };
}

export const methodNotAllowed: HttpError = {
  status: 405,
  code: refusedCode,
  message: 'Method not allowed.',
  headers: { allow: 'GET, POST, DELETE' },
};

/** `/mcp` is all servers, `/mcp/{server}` one. */
function placeOf(url: string): { readonly scope: string | null } | null {
  const path = url.split(/[?#]/, 1)[0] ?? '';
  const match = /^\/mcp(?:\/([^/]*))?\/?$/.exec(path);
  if (match === null) return null;
  const name = match[1] ?? '';
  if (name === '') return { scope: null };
  try {
    return { scope: decodeURIComponent(name) };
  } catch {
    return null;
  }
}

function unauthorized(missing: boolean): HttpError {
  const challenge = 'Bearer realm="holdpoint"';
  return {
    status: 401,
    code: refusedCode,
    message: missing
      ? 'An API key is needed: send it as "Authorization: Bearer <key>". An admin makes one in Holdpoint, under Agents.'
      : 'This API key is not known, or was revoked. Check the Authorization header, or ask an admin for a new key.',
    data: { code: 'bad_key' },
    headers: { 'www-authenticate': missing ? challenge : `${challenge}, error="invalid_token"` },
  };
}

const databaseAway: HttpError = {
  status: 503,
  code: refusedCode,
  message: 'The database cannot be reached right now, so this API key cannot be checked. Try again in a moment.',
  data: { code: 'cannot_save' },
  headers: { 'retry-after': '5' },
};

const missingSession: HttpError = {
  status: 400,
  code: invalidRequestCode,
  message:
    'The Mcp-Session-Id header is missing. Send initialize first, then the session id it returned with every request.',
};

const unsupportedVersion: HttpError = {
  status: 400,
  code: refusedCode,
  message: `Unsupported protocol version. Supported: ${supportedVersions.join(', ')}.`,
  data: { supported: supportedVersions },
};
