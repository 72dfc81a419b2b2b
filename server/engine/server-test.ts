import { mintId } from '@/lib/domain/ids';
import { maskText } from '@/lib/domain/mask';
import type { ServerTest, TestFailure } from '@/lib/domain/server';
import { oneLine } from './ask';
import { listTools } from './connections';
import type { EngineParts } from './parts';
import type { ServerEntry } from './ports/servers';
import type { OpenOutcome, UpstreamConnection, UpstreamInbox } from './ports/upstream';
import { handshakeOf } from './server-sights';
import { titleOf } from './tool-facts';

/** For all of it: a person waits. */
export const testWithinMs = 15_000;
const toolsShown = 200;
const closeGraceMs = 2_000;

const settled = (): Promise<void> => Promise.resolve();

/** Hears nothing: a trial asks no tool, so no question can be meant for anybody. */
const deaf: UpstreamInbox = {
  serverRequest: settled,
  serverCancelled: settled,
  callResult: settled,
  callError: settled,
  progress: settled,
  log: settled,
  elicitationComplete: settled,
  listChanged: settled,
  notification: settled,
  placeMoved: settled,
  traffic: () => undefined,
  callStreamLost: settled,
  lost: settled,
  reattaching: settled,
  reattached: settled,
};

type Parts = Pick<EngineParts, 'upstream' | 'clock' | 'random' | 'log'>;

/** Connects, lists the tools and closes again; nothing of it is a session or on any record. */
export async function testServer(parts: Parts, server: ServerEntry): Promise<ServerTest> {
  const { clock, random, upstream } = parts;
  const startedAt = clock.now();
  const took = (): number => clock.now() - startedAt;
  const opening = upstream.open(
    { connectionId: mintId('connection', random), sessionId: mintId('session', random), server },
    deaf,
  );
  const late = new Late(parts, opening);
  const outcome = await Promise.race([opening, late.passed]);
  if (outcome === 'late') return failed('timeout', `It did not answer within ${testWithinMs / 1_000} s.`, took());
  if (!outcome.ok) {
    late.stop();
    return failed(failureOf(outcome), maskText(outcome.message), took());
  }
  const { connection } = outcome;
  const listed = await Promise.race([listTools(connection, server.name), late.passed]);
  late.stop();
  const tookMs = took();
  end(parts, connection);
  const handshake = handshakeOf(connection.facts, clock.now());
  if (listed === 'late' || !listed.ok) {
    const toolsProblem = listed === 'late' ? 'It did not list its tools in time.' : maskText(listed.message);
    return { ok: true, tookMs, handshake, tools: [], toolCount: 0, toolsProblem };
  }
  const tools = listed.value.slice(0, toolsShown).map(({ name, definition }) => ({
    name: oneLine(name),
    title: oneLine(titleOf(definition)),
  }));
  return { ok: true, tookMs, handshake, tools, toolCount: listed.value.length, toolsProblem: null };
}

/** Time is up: what opens later is closed when it does. */
class Late {
  readonly passed: Promise<'late'>;
  readonly stop: () => void;

  constructor(parts: Parts, opening: Promise<OpenOutcome>) {
    let cancel: () => void = () => undefined;
    this.passed = new Promise((resolve) => {
      cancel = parts.clock.after(testWithinMs, () => {
        resolve('late');
        opening.then(
          (outcome) => (outcome.ok ? end(parts, outcome.connection) : undefined),
          () => undefined,
        );
      });
    });
    this.stop = () => cancel();
  }
}

function end({ log }: Parts, connection: UpstreamConnection): void {
  connection
    .close({ terminate: true, graceMs: closeGraceMs })
    .catch((error: unknown) => log.warn({ err: error }, 'a trial connection could not be closed'));
}

const tlsCode = /\((?:CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|EPROTO|HOSTNAME_MISMATCH)/;
const answeredGone = /answered (?:404|405|410)\b/;

function failureOf({ code, message }: Extract<OpenOutcome, { ok: false }>): TestFailure {
  switch (code) {
    case 'unauthorized':
      return 'unauthorized';
    case 'bad_version':
      return 'version';
    case 'spawn_failed':
      return 'program';
    case 'not_mcp':
      return answeredGone.test(message) ? 'not_found' : 'not_mcp';
    case 'unreachable':
      if (message.includes('(REFUSED_ADDRESS)')) return 'address';
      if (/\((?:ENOTFOUND|EAI_AGAIN)\)/.test(message)) return 'name';
      if (message.includes('(ECONNREFUSED)')) return 'refused';
      if (tlsCode.test(message)) return 'tls';
      return /within|TIMEOUT|ETIMEDOUT/.test(message) ? 'timeout' : 'network';
  }
}

const advice: { readonly [F in TestFailure]: string } = {
  address: 'Give the address of a server that is not the metadata service of this machine or an address of no host.',
  name: 'Check the spelling of the host name, and that this machine can look it up.',
  refused: 'Check the port, and that the server is running.',
  tls: 'Check the certificate of the server. A certificate of your own authority is trusted with NODE_EXTRA_CA_CERTS.',
  timeout: 'Check that a firewall between this machine and the server lets the connection through.',
  unauthorized: 'Check the headers: most servers expect Authorization with a value such as "Bearer …".',
  not_found: 'Check the path: the MCP endpoint of a server often ends in /mcp.',
  not_mcp: 'Something answers there, and not as an MCP server over Streamable HTTP does. Check the path.',
  version: 'The server speaks a version of MCP that Holdpoint does not. See which ones it offers.',
  program: 'Look at the command of this server in the configuration file.',
  network: 'Try again. If it stays so, look at the log of the server.',
};

function failed(failure: TestFailure, message: string, tookMs: number): ServerTest {
  return { ok: false, tookMs, failure, message, advice: advice[failure] };
}
