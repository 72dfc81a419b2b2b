import { countsPath, type EventKeeping } from './benched-server';
import { type RunningProcess, startProcess } from './process';
import type { Counts } from './witness';

/** The benched MCP server in its own process. */
export interface Benched {
  readonly mcpUrl: string;
  counts(): Promise<Counts>;
  readonly process: RunningProcess;
}

export async function startBenched(benchFile: string, events: EventKeeping): Promise<Benched> {
  const running = startProcess({
    words: 'the benched MCP server',
    args: [benchFile, 'serve', events],
    env: { NODE_ENV: 'production' },
  });
  const [, mcpUrl = ''] = await running.said(/listening on (\S+)/);
  return {
    mcpUrl,
    counts: async () => (await (await fetch(new URL(countsPath, mcpUrl))).json()) as Counts,
    process: running,
  };
}
