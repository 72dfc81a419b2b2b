import type { Json } from '../json';
import type { RawMessage } from '../raw';
import { partsOf } from './raw-part';

/** Why a message cannot be sent again with curl, in words; null when it can. */
export function curlRefusal(raw: RawMessage, transport: 'http' | 'stdio' | 'unknown'): string | null {
  if (raw.side === 'server' && transport === 'stdio')
    return 'This server is a child process: no address takes messages.';
  const isPosted = (raw.side === 'agent') === (raw.direction === 'in');
  if (!isPosted) return 'It came from the other side: only what is sent to an address can be sent with curl.';
  if (raw.isCut === true) return 'Not all of it is kept.';
  return partsOf(raw).every(({ kind }) => kind === 'other') ? 'It is not JSON-RPC.' : null;
}

/** Longer arguments are refused by the system. */
const argumentMost = 100_000;

/**
 * The message as a command for a shell. What may open something is a variable that is to be set: the address, the
 * token, the session. What the message says is data to every shell: it stands in single quotes and holds no quote, no
 * backslash but those of \u escapes, and nothing a terminal acts on.
 */
export function curlOf(raw: RawMessage): string {
  const url = raw.side === 'agent' ? 'HOLDPOINT_MCP_URL' : 'SERVER_URL';
  const isOpening = partsOf(raw).some(({ method }) => method === 'initialize');
  const json = shellSafeJson(raw.message);
  const isLong = json.length > argumentMost;
  const lines = [
    `curl --silent --show-error --include "$${url}"`,
    '--header "Authorization: Bearer $TOKEN"',
    ...(isOpening ? [] : ['--header "Mcp-Session-Id: $MCP_SESSION_ID"']),
    "--header 'Content-Type: application/json'",
    "--header 'Accept: application/json, text/event-stream'",
    isLong ? "--data-binary @- <<'END_OF_MESSAGE'" : `--data-binary '${json}'`,
  ];
  const command = lines.join(' \\\n  ');
  return isLong ? `${command}\n${json}\nEND_OF_MESSAGE` : command;
}

/**
 * JSON in printable ASCII without quotes and backslashes that a shell might take for its own. Such characters stand
 * only inside JSON's texts, where an escape says the same.
 */
function shellSafeJson(message: Json): string {
  return JSON.stringify(message)
    .replace(/\\(["\\/bfnrt])/g, (_all, escaped: string) => escapeOf(meant[escaped] ?? escaped))
    .replace(/['!\u007f-\uffff]/g, escapeOf);
}

const meant: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

function escapeOf(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
