import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  CallToolRequestSchema,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
  ResultSchema,
} from '@modelcontextprotocol/sdk/types.js';
import type { CallToolResult, ServerNotification, ServerRequest } from '@modelcontextprotocol/sdk/types.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import { askTools } from '@/tests/servers/kitchen/ask-tools';
import { contentTools } from '@/tests/servers/kitchen/content-tools';
import { addedTool, effectTools } from '@/tests/servers/kitchen/effect-tools';
import { serveLibrary } from '@/tests/servers/kitchen/library';
import { pageTools } from '@/tests/servers/kitchen/page-tools';
import { progressTools } from '@/tests/servers/kitchen/progress-tools';
import { samplingTools } from '@/tests/servers/kitchen/sampling-tools';
import type { Switchboard } from '@/tests/servers/kitchen/switchboard';
import type { Arguments, KitchenCall, KitchenTool } from '@/tests/servers/kitchen/tool';
import { RecordingTransport } from '@/tests/servers/recording-transport';
import type { Records } from '@/tests/servers/records';

export interface KitchenOptions {
  /** `standalone`: questions go out on the GET stream instead of the call's own, as FastMCP does. */
  readonly questionsOn?: 'call' | 'standalone';
  /** Splits tools/list into pages of this size. */
  readonly toolsPerPage?: number;
}

export interface Kitchen {
  readonly records: Records;
  readonly switchboard: Switchboard;
  readonly options: KitchenOptions;
}

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

const dayMs = 24 * 60 * 60 * 1_000;
const builtIn: readonly KitchenTool[] = [
  ...contentTools,
  ...askTools,
  ...samplingTools,
  ...progressTools,
  ...effectTools,
  ...pageTools,
];

/** Connects one session's server: the low-level class, for McpServer would turn errors into results. */
export async function connectKitchen(inner: Transport, kitchen: Kitchen): Promise<void> {
  const { records, switchboard, options } = kitchen;
  const transport = new RecordingTransport(inner, records);
  const server = new Server(
    { name: 'kitchen-sink', title: 'Kitchen sink', version: '1.0.0' },
    {
      capabilities: {
        tools: { listChanged: true },
        resources: {},
        prompts: {},
        completions: {},
        logging: {},
      },
      instructions: 'Everything an MCP server can do, for tests.',
    },
  );
  server.oninitialized = () => {
    records.add({
      kind: 'session_opened',
      sessionId: transport.sessionId,
      clientName: server.getClientVersion()?.name ?? '',
      capabilities: server.getClientCapabilities(),
    });
  };
  server.onclose = () => switchboard.leave(server);
  const tools = (): readonly KitchenTool[] => [...builtIn, ...switchboard.addedTools.map(addedTool)];

  server.setRequestHandler(ListToolsRequestSchema, ({ params }) => {
    const definitions = tools().map((tool) => tool.definition);
    const start = Number(params?.cursor ?? 0);
    const end = start + (options.toolsPerPage ?? definitions.length);
    return {
      tools: definitions.slice(start, end),
      ...(end < definitions.length ? { nextCursor: String(end) } : {}),
    };
  });

  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra) => {
    const tool = tools().find(({ definition }) => definition.name === params.name);
    if (tool === undefined) throw new McpError(ErrorCode.InvalidParams, `No tool ${params.name}`);
    const args: Arguments = params.arguments ?? {};
    return recorded(tool, {
      args,
      server,
      extra,
      transport,
      records,
      switchboard,
      ...speaking(server, extra, options),
    });
  });

  serveLibrary(server);
  switchboard.join(server);
  await server.connect(transport);
}

function speaking(server: Server, extra: Extra, options: KitchenOptions): Pick<KitchenCall, 'ask' | 'notify'> {
  const related = options.questionsOn === 'standalone' ? {} : { relatedRequestId: extra.requestId };
  return {
    ask: (method, params) =>
      server.request({ method, params } as unknown as ServerRequest, ResultSchema, {
        ...related,
        signal: extra.signal,
        timeout: dayMs,
      }),
    notify: (method, params) => extra.sendNotification({ method, params } as unknown as ServerNotification),
  };
}

async function recorded(tool: KitchenTool, call: KitchenCall): Promise<CallToolResult> {
  const { records, extra } = call;
  const common = { execution: records.nextExecution(), tool: tool.definition.name, sessionId: extra.sessionId };
  records.add({
    kind: 'execution_started',
    ...common,
    requestId: extra.requestId,
    args: call.args,
    meta: extra._meta,
  });
  const finished = (outcome: 'result' | 'error'): void =>
    records.add({ kind: 'execution_finished', ...common, outcome: extra.signal.aborted ? 'cancelled' : outcome });
  try {
    const result = await tool.run(call);
    finished('result');
    return result;
  } catch (error) {
    finished('error');
    throw error;
  }
}
