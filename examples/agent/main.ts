import { runAgent } from '@/examples/agent/run';

/**
 * Environment: `HOLDPOINT_URL` (default http://localhost:3000/mcp), `HOLDPOINT_API_KEY`,
 * `PAUSE_MS` between calls (default 4000), `AGENT_ROUNDS` (default: until stopped).
 */
async function main(): Promise<void> {
  const apiKey = process.env['HOLDPOINT_API_KEY'];
  if (apiKey === undefined || apiKey === '') throw new Error('HOLDPOINT_API_KEY is not set: make a key under Agents');
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  await runAgent({
    url: process.env['HOLDPOINT_URL'] ?? 'http://localhost:3000/mcp',
    apiKey,
    pauseMs: wholeNumber('PAUSE_MS') ?? 4_000,
    rounds: wholeNumber('AGENT_ROUNDS'),
    print: (line) => console.log(`${new Date().toTimeString().slice(0, 8)} agent ${line}`),
    signal: stop.signal,
  });
  // A connection that will not close must not keep a stopped agent.
  process.exit(0);
}

function wholeNumber(name: string): number | undefined {
  const text = process.env[name];
  if (text === undefined || text === '') return undefined;
  if (!/^\d+$/.test(text)) throw new Error(`${name} must be a whole number, not ${JSON.stringify(text)}`);
  return Number(text);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
