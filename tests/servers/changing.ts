import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { CallToolRequestSchema, ListToolsRequestSchema, type Tool } from '@modelcontextprotocol/sdk/types.js';
import { type HostOptions, type HttpHost, hostOverHttp } from '@/tests/servers/http-host';
import { Records } from '@/tests/servers/records';

export interface ChangingServer extends HttpHost {
  /** What is listed from now on. */
  tools: readonly Tool[];
  /** Called before each list is given, as by a server whose tools change at every look. */
  onList: () => void;
  /** Tools that were called, in order. */
  readonly called: readonly string[];
  /** Says that its tools changed, to everyone. */
  tell(): Promise<void>;
}

/** An MCP server of the stateful era whose tools are what the test says, when it says it. */
export async function startChangingServer(tools: readonly Tool[], options: HostOptions = {}): Promise<ChangingServer> {
  const servers = new Set<Server>();
  const called: string[] = [];
  const connect = async (transport: Transport): Promise<void> => {
    const server = new Server(
      { name: 'changing', version: '1.0.0' },
      { capabilities: { tools: { listChanged: true } } },
    );
    server.setRequestHandler(ListToolsRequestSchema, () => {
      changing.onList();
      return { tools: [...changing.tools] };
    });
    server.setRequestHandler(CallToolRequestSchema, ({ params }) => {
      called.push(params.name);
      return { content: [{ type: 'text', text: `${params.name} ran` }] };
    });
    servers.add(server);
    server.onclose = () => servers.delete(server);
    await server.connect(transport);
  };
  const host = await hostOverHttp(connect, new Records(), options);
  const changing: ChangingServer = {
    ...host,
    tools,
    onList: () => undefined,
    called,
    tell: async () => {
      await Promise.all([...servers].map((server) => server.sendToolListChanged()));
    },
  };
  return changing;
}

export const schema = { type: 'object', properties: { to: { type: 'string' } } } as const;

/** A tool that says it only reads. */
export function reader(name: string, description = `Reads ${name}`): Tool {
  return { name, description, inputSchema: { ...schema }, annotations: { readOnlyHint: true } };
}
