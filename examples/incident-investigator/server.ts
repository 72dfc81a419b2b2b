import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';
import { alarms } from '@/examples/incident-investigator/alarms';
import { investigateAlarm } from '@/examples/incident-investigator/investigate';

export interface InvestigatorOptions {
  /** Pause of each of the three stages. */
  readonly stageMs: number;
}

const outcome = z
  .enum(['summarised', 'no_alarm_chosen', 'no_summary'])
  .describe('no_alarm_chosen and no_summary: a person declined, or no one answered');

/** One MCP server: a session has its own. */
export function createInvestigatorServer(options: InvestigatorOptions): McpServer {
  const server = new McpServer(
    { name: 'incident-investigator', title: 'Incident investigator', version: '1.0.0' },
    {
      instructions:
        'Investigates alarms. investigate_alarm may ask a person which alarm is meant, and asks for a model’s words to write its summary.',
    },
  );

  server.registerTool(
    'list_alarms',
    {
      title: 'List alarms',
      description: 'Lists the alarms that are firing now.',
      inputSchema: {},
      outputSchema: {
        alarms: z.array(z.object({ name: z.string(), title: z.string(), severity: z.enum(['page', 'ticket']) })),
      },
      annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
    },
    () => ({
      content: [{ type: 'text', text: alarms.map((alarm) => `${alarm.name}: ${alarm.title}`).join('\n') }],
      structuredContent: {
        alarms: alarms.map(({ name, title, severity }) => ({ name, title, severity })),
      },
    }),
  );

  server.registerTool(
    'investigate_alarm',
    {
      title: 'Investigate an alarm',
      description:
        'Collects metrics, correlates deploys and writes a summary of at most 60 words. Asks which alarm when none is given.',
      inputSchema: {
        alarm: z.string().optional().describe('Name of a firing alarm, as list_alarms gives it'),
      },
      outputSchema: {
        outcome,
        alarm: z.string().optional(),
        summary: z.string().optional(),
        summaryWords: z.number().int().optional(),
        model: z.string().optional(),
        suspect: z.string().optional().describe('The deploy nearest before the alarm'),
        reason: z.string().optional(),
      },
      annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
    },
    (args, extra) => investigateAlarm(args.alarm, { server: server.server, extra, stageMs: options.stageMs }),
  );

  return server;
}
